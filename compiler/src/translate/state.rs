//! Where the program's state, its memories and its functions are: constants where the executable has fixed addresses,
//! found from the program counter where it is position-independent.
//!
//! In come addresses of the layout, which are those of an executable at fixed addresses. A position-independent one has
//! its state at a symbol, in the same order; the bases of memories and of tables that grow are words of the state that
//! the runtime writes before the program runs, so loads of them may move.

use super::entities::{Entities, Region, state_flags};
use super::environment::Environment;
use super::symbol::Symbol;
use crate::program::{MemoryId, Placed, TableId};
use crate::target::Target;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FunctionBuilder;
use elfin_abi::address::STATE_BASE;
use elfin_abi::layout;
use std::mem::offset_of;

/// An address in the state as a value and an offset for a load or store.
fn place(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    address: u64,
) -> (Value, i32) {
    match (env.is_pie, env.target) {
        // One register serves all of the state.
        (true, Target::X86_64) => {
            let start = self::address(env, builder, entities, STATE_BASE);
            (start, (address - STATE_BASE) as i32)
        }
        _ => {
            let place = Placed::at(address);
            let base = self::address(env, builder, entities, place.base);
            (base, place.offset)
        }
    }
}

/// An address in the state as a value.
pub(super) fn address(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    address: u64,
) -> Value {
    if env.is_pie {
        let offset = address - STATE_BASE;
        let place = entities.data_at(builder.func, Symbol::State, offset as i64);
        builder.ins().symbol_value(types::I64, place)
    } else {
        builder.ins().iconst(types::I64, address as i64)
    }
}

/// Loads a word of the state.
pub(super) fn load(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    ty: Type,
    address: u64,
    flags: MemFlagsData,
) -> Value {
    let (base, offset) = place(env, builder, entities, address);
    builder.ins().load(ty, flags, base, offset)
}

/// Stores a word of the state.
pub(super) fn store(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    value: Value,
    address: u64,
    flags: MemFlagsData,
) {
    let (base, offset) = place(env, builder, entities, address);
    builder.ins().store(flags, value, base, offset);
}

/// Loads the size of a memory or table.
pub(super) fn load_size(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    address: u64,
) -> Value {
    let flags = state_flags(builder.func, Region::Sizes);
    load(env, builder, entities, types::I64, address, flags)
}

/// The address of byte 0 of a memory.
pub(super) fn memory_base(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    memory: MemoryId,
) -> Value {
    if env.is_pie {
        let address = env.layout.memories[memory] + offset_of!(layout::Memory, base) as u64;
        load_base(env, builder, entities, address)
    } else {
        let base = env.layout.memory_places[memory].base;
        builder.ins().iconst(types::I64, base as i64)
    }
}

/// The address of element 0 of a table.
pub(super) fn table_base(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    table: TableId,
) -> Value {
    let definition = &env.program.tables[table];
    if env.is_pie && definition.grows {
        let address = env.layout.tables[table] + offset_of!(layout::Table, base) as u64;
        load_base(env, builder, entities, address)
    } else if env.is_pie && !definition.is_written {
        let elements = entities.data(builder.func, Symbol::Table(table));
        builder.ins().symbol_value(types::I64, elements)
    } else {
        address(env, builder, entities, env.layout.table_bases[table])
    }
}

fn load_base(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    address: u64,
) -> Value {
    let flags = MemFlagsData::trusted().with_readonly().with_can_move();
    load(env, builder, entities, types::I64, address, flags)
}

/// What the code addresses in references are relative to, see [`layout::ELEMENT_SIZE`]; `None` for 0.
pub(super) fn code_origin(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
) -> Option<Value> {
    env.is_pie.then(|| {
        let origin = entities.data(builder.func, Symbol::Origin);
        builder.ins().symbol_value(types::I64, origin)
    })
}
