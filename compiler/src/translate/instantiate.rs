//! Instantiation: what could not be folded into the initial state, then the start function.
//!
//! <https://webassembly.github.io/spec/core/exec/modules.html#instantiation>

use super::control::trap_code;
use super::entities::Entities;
use super::entry::runtime_call;
use super::environment::Environment;
use super::symbol::{Intrinsic, Symbol};
use super::{memory, state, table};
use crate::program::{Initializer, InstanceId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use elfin_abi::layout::ELEMENT_SIZE;
use elfin_abi::trap::Trap;

/// Generates what a test script instantiates by; its parameters mean nothing.
pub fn instantiate(
    env: &Environment<'_>,
    instance: InstanceId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) {
    func.signature = runtime_call();
    let mut builder = FunctionBuilder::new(func, context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    initialize(env, instance, &mut builder, &mut Entities::default());
    builder.ins().return_(&[]);
    builder.finalize(env.isa.frontend_config());
}

/// Appends the initialisers of an instance and the call of its start function.
pub(super) fn initialize(
    env: &Environment<'_>,
    id: InstanceId,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
) {
    let instance = &env.program.instances[id];
    for (index, initializer) in instance.initializers.iter().enumerate() {
        match initializer {
            Initializer::RequireTable(table, elements) => {
                let size = table::size_of(env, builder, entities, *table);
                require(builder, size, Some(*elements), Trap::IncompatibleImport);
            }
            Initializer::RequireMemory(memory, bytes) => {
                let size = memory::size_of(env, builder, entities, *memory);
                require(builder, size, Some(*bytes), Trap::IncompatibleImport);
            }
            Initializer::Elements {
                table,
                start,
                contents,
            } => {
                let size = table::size_of(env, builder, entities, *table);
                let end = start.checked_add(contents.len() as u64);
                require(builder, size, end, Trap::TableOutOfBounds);
                let base = state::table_base(env, builder, entities, *table);
                let to = (base, start.wrapping_mul(ELEMENT_SIZE));
                let symbol = Symbol::Initializer(id, index as u32);
                let len = contents.len() as u64 * ELEMENT_SIZE;
                copy(builder, entities, to, symbol, len);
            }
            Initializer::Data {
                memory,
                start,
                contents,
            } => {
                let size = memory::size_of(env, builder, entities, *memory);
                let end = start.checked_add(contents.len() as u64);
                require(builder, size, end, Trap::MemoryOutOfBounds);
                let to = (state::memory_base(env, builder, entities, *memory), *start);
                let symbol = Symbol::Initializer(id, index as u32);
                copy(builder, entities, to, symbol, contents.len() as u64);
            }
        }
    }
    if let Some(start) = instance.module.start {
        let callee = entities.function(env, builder.func, instance.functions[start]);
        builder.ins().call(callee, &[]);
    }
}

/// Traps unless `size` is at least `needed`, which `None` says is more than 64 bits hold.
fn require(builder: &mut FunctionBuilder<'_>, size: Value, needed: Option<u64>, trap: Trap) {
    let is_small = match needed {
        Some(needed) => {
            let needed = builder.ins().iconst(types::I64, needed as i64);
            builder.ins().icmp(IntCC::UnsignedLessThan, size, needed)
        }
        None => builder.ins().iconst(types::I8, 1),
    };
    builder.ins().trapnz(is_small, trap_code(trap));
}

/// Copies read-only data to an offset from an address; the range was checked.
fn copy(
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    (base, offset): (Value, u64),
    from: Symbol,
    len: u64,
) {
    if len == 0 {
        return;
    }
    let offset = builder.ins().iconst(types::I64, offset as i64);
    let to = builder.ins().iadd(base, offset);
    let from = entities.data(builder.func, from);
    let from = builder.ins().symbol_value(types::I64, from);
    let len = builder.ins().iconst(types::I64, len as i64);
    let callee = entities.intrinsic(builder.func, Intrinsic::Memmove);
    builder.ins().call(callee, &[to, from, len]);
}
