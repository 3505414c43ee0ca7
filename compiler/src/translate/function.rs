//! A function from its locals to its end.

use super::address::Bases;
use super::entities::Entities;
use super::environment::{Environment, clif_type};
use super::stack::{Frame, FrameKind, Stack};
use super::{constant, control, operators, state};
use crate::error::Result;
use crate::parse::legacy::LegacyTry;
use crate::parse::types;
use crate::program::{FuncId, Instance, InstanceId, MemoryId};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, SourceLoc, Type, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use std::rc::Rc;
use wasmparser::{BinaryReader, OperatorsReader};

/// The translation of one function.
pub(super) struct Lowering<'a, 'f> {
    /// What every translation reads.
    pub env: &'a Environment<'a>,
    /// The instance that the function belongs to.
    pub instance: &'a Instance<'a>,
    /// Its number.
    pub instance_id: InstanceId,
    /// Cranelift's builder.
    pub builder: FunctionBuilder<'f>,
    /// Values and open blocks.
    pub stack: Stack,
    /// What has been declared.
    pub entities: Entities,
    /// How memories are addressed.
    pub memory_bases: Bases,
    /// The function's locals, parameters first.
    pub locals: Vec<Variable>,
    /// How each `try` of the legacy form ends.
    pub tries: &'a [LegacyTry],
    /// Where the instruction that is being lowered lies in the module.
    pub offset: usize,
    /// Whether the condition of the present instruction is likely to hold, where the module says so.
    pub hint: Option<bool>,
}

/// Translates a function that a module defines into `func`, which is empty but for its name.
pub fn translate(
    env: &Environment<'_>,
    function: FuncId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) -> Result<()> {
    let definition = &env.program.functions[function];
    let instance = &env.program.instances[definition.instance];
    let body = instance
        .module
        .body(definition.index)
        .expect("only functions with a body are translated");
    func.signature = env.signature(env.program.type_of(function));
    let mut lowering = Lowering {
        env,
        instance,
        instance_id: definition.instance,
        builder: FunctionBuilder::new(func, context),
        stack: Stack::new(),
        entities: Entities::default(),
        memory_bases: Bases::default(),
        locals: Vec::new(),
        tries: &body.tries,
        offset: 0,
        hint: None,
    };
    let mut reader = body.code.get_binary_reader();
    lowering.set_offset(reader.original_position());
    lowering.enter(function);
    lowering.memory_bases = Bases::choose(&mut lowering, body);
    lowering.declare_locals(&mut reader)?;
    let mut reader = OperatorsReader::new(reader);
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset()?;
        lowering.set_offset(offset);
        lowering.hint = body.hint(offset);
        operators::lower(&mut lowering, &operator)?;
    }
    lowering.builder.finalize(env.isa.frontend_config());
    Ok(())
}

impl Lowering<'_, '_> {
    /// What follows comes from this offset of the module.
    fn set_offset(&mut self, offset: usize) {
        self.offset = offset;
        self.builder.set_srcloc(SourceLoc::new(offset as u32));
    }

    /// Begins the function: its parameters become the first locals, its frame the outermost.
    fn enter(&mut self, function: FuncId) {
        let ty = self.env.program.type_of(function);
        let block = self.builder.create_block();
        self.builder.append_block_params_for_function_params(block);
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
        for (index, ty) in ty.params.iter().enumerate() {
            let variable = self.builder.declare_var(clif_type(*ty));
            let value = self.builder.block_params(block)[index];
            self.builder.def_var(variable, value);
            self.locals.push(variable);
        }
        let exit = control::block_with_params(self, &ty.results);
        let results = ty.results.len();
        let kind = FrameKind::Block;
        self.stack.frames.push(Frame {
            kind,
            exit,
            exit_is_used: false,
            exit_is_likely: false,
            height: 0,
            params: 0,
            results,
            handlers: Rc::default(),
        });
    }

    fn declare_locals(&mut self, reader: &mut BinaryReader<'_>) -> Result<()> {
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let count = reader.read_var_u32()?;
            let ty = clif_type(types::value(reader.read()?, offset)?);
            let zero = self.zero(ty);
            for _ in 0..count {
                let variable = self.builder.declare_var(ty);
                self.builder.def_var(variable, zero);
                self.locals.push(variable);
            }
        }
        Ok(())
    }

    /// Zero, or a null reference.
    pub fn zero(&mut self, ty: Type) -> Value {
        constant::zero(&mut self.builder, ty)
    }

    /// A 64-bit constant.
    pub fn constant(&mut self, value: u64) -> Value {
        self.builder.ins().iconst(ir::types::I64, value as i64)
    }

    /// The address of something in the program's state, as a value.
    pub fn state_address(&mut self, address: u64) -> Value {
        state::address(self.env, &mut self.builder, &mut self.entities, address)
    }

    /// Loads a word of the program's state.
    pub fn load_state(&mut self, ty: Type, address: u64, flags: MemFlagsData) -> Value {
        let (builder, entities) = (&mut self.builder, &mut self.entities);
        state::load(self.env, builder, entities, ty, address, flags)
    }

    /// Stores to the program's state.
    pub fn store_state(&mut self, value: Value, address: u64, flags: MemFlagsData) {
        let (builder, entities) = (&mut self.builder, &mut self.entities);
        state::store(self.env, builder, entities, value, address, flags);
    }

    /// Pops an i32 and widens it to 64 bits, unsigned.
    pub fn pop_unsigned(&mut self) -> Value {
        let value = self.stack.pop();
        self.widen(value)
    }

    /// Pops an index of a memory; gives it as 64 bits.
    pub fn pop_index(&mut self, memory: MemoryId) -> Value {
        if self.env.program.memories[memory].ty.is_64 {
            self.stack.pop()
        } else {
            self.pop_unsigned()
        }
    }

    /// Widens an i32 to 64 bits, unsigned.
    pub fn widen(&mut self, value: Value) -> Value {
        self.builder.ins().uextend(ir::types::I64, value)
    }
}
