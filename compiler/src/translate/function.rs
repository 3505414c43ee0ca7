//! A function from its locals to its end.

use super::address::Bases;
use super::entities::Entities;
use super::environment::{Environment, clif_type};
use super::locals::Locals;
use super::location::{Locations, Site};
use super::stack::{Frame, FrameKind, Mark, Stack};
use super::{bulk_function, constant, control, multiply, operators, state};
use crate::error::Result;
use crate::optimize::{Anchors, Contents};
use crate::parse::module::{Body, ValType};
use crate::parse::types;
use crate::program::{FuncId, Instance, InstanceId, MemoryId};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Type, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::collections::HashSet;
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
    /// The body that is being lowered: the function's own or, inside of it, an inlined one's.
    pub body: &'a Body<'a>,
    /// Its frame among the open ones.
    pub body_frame: usize,
    /// Its locals, parameters first.
    pub locals: Locals,
    /// The instruction that is being lowered.
    pub site: Site,
    /// Where the instructions so far come from.
    pub locations: Locations,
    /// Indices that accesses have succeeded with.
    pub anchors: Anchors,
    /// Values that are multiples of [`crate::optimize::ALIGNMENT`].
    pub aligned: HashSet<Value>,
    /// What is known of memories.
    pub contents: Contents,
    /// The weight of what was inlined for being called in a loop.
    pub inlined_weight: u32,
    /// Whether what is lowered is for calls that hardly ever are.
    pub is_rare: bool,
    /// Whether the condition of the present instruction is likely to hold, where the module says so.
    pub hint: Option<bool>,
}

/// Translates a function that a module defines into `func`, which is empty but for its name. Gives what its source
/// locations stand for.
pub fn translate(
    env: &Environment<'_>,
    function: FuncId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) -> Result<Locations> {
    let instance_id = env.program.functions[function].instance;
    let instance = &env.program.instances[instance_id];
    let body = env.program.body(function);
    func.signature = env.signature(env.program.type_of(function));
    let mut lowering = Lowering {
        env,
        instance,
        instance_id,
        builder: FunctionBuilder::new(func, context),
        stack: Stack::new(),
        entities: Entities::default(),
        memory_bases: Bases::default(),
        body,
        body_frame: 0,
        locals: Locals::default(),
        site: Site { offset: 0, call: 0 },
        locations: Locations::default(),
        anchors: Anchors::default(),
        aligned: HashSet::new(),
        contents: Contents::default(),
        inlined_weight: 0,
        is_rare: false,
        hint: None,
    };
    lowering.set_offset(body.code.get_binary_reader().original_position());
    lowering.enter(function);
    lowering.memory_bases = Bases::choose(&mut lowering, body);
    lowering.lower_body(function)?;
    lowering.builder.finalize(env.isa.frontend_config());
    Ok(lowering.locations)
}

impl Lowering<'_, '_> {
    /// Lowers the present body, that of `function`, whose frame is open and whose parameters are its first locals.
    pub fn lower_body(&mut self, function: FuncId) -> Result<()> {
        let mut reader = self.body.code.get_binary_reader();
        self.set_offset(reader.original_position());
        if let Some(multiplication) = self.env.multiplications.get(function) {
            multiply::lower(self, multiplication);
            return Ok(());
        }
        if let Some(function) = self.env.bulk_functions.get(function) {
            bulk_function::lower(self, function);
            self.is_rare = true;
        }
        self.declare_locals(&mut reader)?;
        let mut reader = OperatorsReader::new(reader);
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset()?;
            self.set_offset(offset);
            self.hint = self.body.hint(offset);
            operators::lower(self, &operator)?;
        }
        Ok(())
    }

    /// What follows comes from this offset of the module.
    fn set_offset(&mut self, offset: usize) {
        self.site.offset = offset as u32;
        self.resume();
    }

    /// What follows comes from the present site.
    pub fn resume(&mut self) {
        let location = self.locations.add(self.site);
        self.builder.set_srcloc(location);
    }

    /// Begins the function: its parameters become the first locals, its frame the outermost.
    fn enter(&mut self, function: FuncId) {
        let ty = self.env.program.type_of(function);
        let block = self.builder.create_block();
        self.builder.append_block_params_for_function_params(block);
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
        for (index, ty) in ty.params.iter().enumerate() {
            let value = self.builder.block_params(block)[index];
            self.declare_local(*ty, value);
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
            start: self.mark(),
        });
    }

    /// Adds a local of the present body, which begins with a value.
    pub fn declare_local<T>(&mut self, ty: ValType<T>, value: Value) {
        let builder = &mut self.builder;
        self.locals.declare(builder, clif_type(ty), value);
    }

    fn declare_locals(&mut self, reader: &mut BinaryReader<'_>) -> Result<()> {
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let count = reader.read_var_u32()?;
            let ty = types::value(reader.read()?, offset)?;
            let zero = self.zero(clif_type(ty));
            for _ in 0..count {
                self.declare_local(ty, zero);
            }
        }
        Ok(())
    }

    /// The place that this is, for [`Self::join`].
    pub fn mark(&self) -> Mark {
        Mark {
            anchors: self.anchors.place(),
            locals: self.locals.place(),
        }
    }

    /// Control comes together, from places that have no more in common than what was known at this one.
    pub fn join(&mut self, mark: Mark) {
        self.anchors.forget_since(mark.anchors);
        self.locals.join(mark.locals);
        self.contents.forget();
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
        let index = self.stack.pop();
        self.widen_index(memory, index)
    }

    /// An index of a memory as 64 bits.
    pub fn widen_index(&mut self, memory: MemoryId, index: Value) -> Value {
        if self.env.program.memories[memory].ty.is_64 {
            index
        } else {
            self.widen(index)
        }
    }

    /// Widens an i32 to 64 bits, unsigned.
    pub fn widen(&mut self, value: Value) -> Value {
        self.builder.ins().uextend(ir::types::I64, value)
    }
}
