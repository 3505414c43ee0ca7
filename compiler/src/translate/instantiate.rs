//! Instantiation: what could not be folded into the initial state, then the start function.
//!
//! <https://webassembly.github.io/spec/core/exec/modules.html#instantiation>

use super::control::trap_code;
use super::entities::{Entities, Region, state_flags};
use super::entry::runtime_call;
use super::environment::Environment;
use super::symbol::{Intrinsic, Symbol};
use crate::program::{Initializer, InstanceId, MemoryId, Placed, TableId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use elfin_abi::layout::{self, ELEMENT_SIZE};
use elfin_abi::trap::Trap;
use std::mem::offset_of;

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
                let size = table_size(env, builder, *table);
                require(builder, size, Some(*elements), Trap::IncompatibleImport);
            }
            Initializer::RequireMemory(memory, bytes) => {
                let size = memory_size(env, builder, *memory);
                require(builder, size, Some(*bytes), Trap::IncompatibleImport);
            }
            Initializer::Elements {
                table,
                start,
                contents,
            } => {
                let size = table_size(env, builder, *table);
                let end = start.checked_add(contents.len() as u64);
                require(builder, size, end, Trap::TableOutOfBounds);
                let to =
                    env.layout.table_bases[*table].wrapping_add(start.wrapping_mul(ELEMENT_SIZE));
                let symbol = Symbol::Initializer(id, index as u32);
                let len = contents.len() as u64 * ELEMENT_SIZE;
                copy(builder, entities, to, symbol, len);
            }
            Initializer::Data {
                memory,
                start,
                contents,
            } => {
                let size = memory_size(env, builder, *memory);
                let end = start.checked_add(contents.len() as u64);
                require(builder, size, end, Trap::MemoryOutOfBounds);
                let to = env.layout.memory_places[*memory].base.wrapping_add(*start);
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

/// Copies read-only data to an address whose range was checked.
fn copy(
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    to: u64,
    from: Symbol,
    len: u64,
) {
    if len == 0 {
        return;
    }
    let to = builder.ins().iconst(types::I64, to as i64);
    let from = entities.data(builder.func, from);
    let from = builder.ins().symbol_value(types::I64, from);
    let len = builder.ins().iconst(types::I64, len as i64);
    let callee = entities.intrinsic(builder.func, Intrinsic::Memmove);
    builder.ins().call(callee, &[to, from, len]);
}

/// A table's number of elements at run time.
fn table_size(env: &Environment<'_>, builder: &mut FunctionBuilder<'_>, table: TableId) -> Value {
    let definition = &env.program.tables[table];
    if !definition.grows {
        let len = definition.elements.len();
        return builder.ins().iconst(types::I64, len as i64);
    }
    let address = env.layout.tables[table] + offset_of!(layout::Table, len) as u64;
    load_size(builder, address)
}

/// A memory's size in bytes at run time.
fn memory_size(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    memory: MemoryId,
) -> Value {
    let definition = &env.program.memories[memory];
    if !definition.grows {
        let size = definition.initial;
        return builder.ins().iconst(types::I64, size as i64);
    }
    let address = env.layout.memories[memory] + offset_of!(layout::Memory, size) as u64;
    load_size(builder, address)
}

fn load_size(builder: &mut FunctionBuilder<'_>, address: u64) -> Value {
    let place = Placed::at(address);
    let flags = state_flags(builder.func, Region::Sizes);
    let base = builder.ins().iconst(types::I64, place.base as i64);
    builder.ins().load(types::I64, flags, base, place.offset)
}
