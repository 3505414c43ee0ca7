//! Tables: arrays of 64-bit words.

use super::bulk::check_range;
use super::call::call_intrinsic;
use super::control::trap_code;
use super::entities::{Entities, Region, state_flags};
use super::environment::Environment;
use super::function::Lowering;
use super::state;
use super::symbol::{Intrinsic, Symbol};
use crate::parse::index::{ElementIndex, TableIndex};
use crate::program::TableId;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;
use elfin_abi::layout::{self, ELEMENT_SIZE};
use elfin_abi::trap::Trap;
use std::mem::offset_of;

/// The number of elements: a constant where nothing reachable grows the table.
fn len(lowering: &mut Lowering<'_, '_>, table: TableId) -> Value {
    let entities = &mut lowering.entities;
    size_of(lowering.env, &mut lowering.builder, entities, table)
}

/// The same for code that no function of a module has.
pub(super) fn size_of(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    table: TableId,
) -> Value {
    let definition = &env.program.tables[table];
    if !definition.grows {
        let len = definition.elements.len();
        return builder.ins().iconst(types::I64, len as i64);
    }
    let address = env.layout.tables[table] + offset_of!(layout::Table, len) as u64;
    state::load_size(env, builder, entities, address)
}

/// Pops an index of a table; gives it as 64 bits.
pub(super) fn pop_index(lowering: &mut Lowering<'_, '_>, table: TableId) -> Value {
    if lowering.env.program.tables[table].is_64 {
        lowering.stack.pop()
    } else {
        lowering.pop_unsigned()
    }
}

/// Pushes a number of elements as wide as the table's indices.
fn push_len(lowering: &mut Lowering<'_, '_>, table: TableId, len: Value) {
    let len = if lowering.env.program.tables[table].is_64 {
        len
    } else {
        lowering.builder.ins().ireduce(types::I32, len)
    };
    lowering.stack.push(len);
}

/// Traps unless the table holds this range of elements.
fn check_elements(lowering: &mut Lowering<'_, '_>, table: TableId, start: Value, count: Value) {
    let len = len(lowering, table);
    let start = (start, lowering.env.program.tables[table].is_64);
    check_range(lowering, start, count, len, Trap::TableOutOfBounds);
}

/// Traps unless a 64-bit index lies in the table.
pub(super) fn check_index(
    lowering: &mut Lowering<'_, '_>,
    table: TableId,
    index: Value,
    trap: Trap,
) {
    let len = len(lowering, table);
    let outside = lowering
        .builder
        .ins()
        .icmp(IntCC::UnsignedGreaterThanOrEqual, index, len);
    lowering.builder.ins().trapnz(outside, trap_code(trap));
}

/// The address of an element that was checked to exist, and an offset to add to it.
pub(super) fn element(
    lowering: &mut Lowering<'_, '_>,
    table: TableId,
    index: Value,
) -> (Value, i32) {
    let scaled = lowering
        .builder
        .ins()
        .ishl_imm_u(index, ELEMENT_SIZE.trailing_zeros() as i64);
    let (builder, entities) = (&mut lowering.builder, &mut lowering.entities);
    let base = state::table_base(lowering.env, builder, entities, table);
    (lowering.builder.ins().iadd(base, scaled), 0)
}

/// The address of an element that was checked to exist, or of the end.
fn element_address(lowering: &mut Lowering<'_, '_>, table: TableId, index: Value) -> Value {
    element(lowering, table, index).0
}

/// `table.get`
pub(super) fn get(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let index = pop_index(lowering, table);
    check_index(lowering, table, index, Trap::TableOutOfBounds);
    let (address, offset) = element(lowering, table, index);
    let flags = state_flags(lowering.builder.func, Region::Tables);
    let value = lowering
        .builder
        .ins()
        .load(types::I64, flags, address, offset);
    lowering.stack.push(value);
}

/// `table.set`
pub(super) fn set(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let value = lowering.stack.pop();
    let index = pop_index(lowering, table);
    check_index(lowering, table, index, Trap::TableOutOfBounds);
    let (address, offset) = element(lowering, table, index);
    let flags = state_flags(lowering.builder.func, Region::Tables);
    lowering.builder.ins().store(flags, value, address, offset);
}

/// `table.size`
pub(super) fn size(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let len = len(lowering, table);
    push_len(lowering, table, len);
}

/// `table.grow`
pub(super) fn grow(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let delta = pop_index(lowering, table);
    let value = lowering.stack.pop();
    let state = lowering.state_address(lowering.env.layout.tables[table]);
    let before = call_intrinsic(lowering, Intrinsic::TableGrow, &[state, delta, value])
        .expect("it has a result");
    push_len(lowering, table, before);
}

/// `table.fill`
pub(super) fn fill(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let count = pop_index(lowering, table);
    let value = lowering.stack.pop();
    let start = pop_index(lowering, table);
    check_elements(lowering, table, start, count);
    let first = element_address(lowering, table, start);
    call_intrinsic(lowering, Intrinsic::TableFill, &[first, value, count]);
}

/// `table.copy`
pub(super) fn copy(lowering: &mut Lowering<'_, '_>, to: TableIndex, from: TableIndex) {
    let (to, from) = (lowering.instance.tables[to], lowering.instance.tables[from]);
    // The count is as wide as the narrower index.
    let tables = &lowering.env.program.tables;
    let narrower = if tables[to].is_64 { from } else { to };
    let count = pop_index(lowering, narrower);
    let source = pop_index(lowering, from);
    let destination = pop_index(lowering, to);
    check_elements(lowering, from, source, count);
    check_elements(lowering, to, destination, count);
    let source = element_address(lowering, from, source);
    let destination = element_address(lowering, to, destination);
    move_elements(lowering, destination, source, count);
}

/// `table.init`
pub(super) fn init(lowering: &mut Lowering<'_, '_>, segment: ElementIndex, table: TableIndex) {
    let table = lowering.instance.tables[table];
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = pop_index(lowering, table);
    let contents = &lowering.instance.elements[segment].contents;
    let segment_len = match lowering
        .env
        .layout
        .element_lengths
        .get(&(lowering.instance_id, segment))
    {
        Some(address) => {
            let flags = state_flags(lowering.builder.func, Region::Sizes);
            lowering.load_state(types::I64, *address, flags)
        }
        None => lowering.constant(contents.len() as u64),
    };
    let start = (source, false);
    check_range(lowering, start, count, segment_len, Trap::TableOutOfBounds);
    check_elements(lowering, table, destination, count);
    if contents.is_empty() {
        return;
    }
    let data = Symbol::Elements(lowering.instance_id, segment);
    let data = lowering.entities.data(lowering.builder.func, data);
    let data = lowering.builder.ins().symbol_value(types::I64, data);
    let scaled = lowering
        .builder
        .ins()
        .ishl_imm_u(source, ELEMENT_SIZE.trailing_zeros() as i64);
    let source = lowering.builder.ins().iadd(data, scaled);
    let destination = element_address(lowering, table, destination);
    move_elements(lowering, destination, source, count);
}

/// `elem.drop`
pub(super) fn drop(lowering: &mut Lowering<'_, '_>, segment: ElementIndex) {
    if let Some(address) = lowering
        .env
        .layout
        .element_lengths
        .get(&(lowering.instance_id, segment))
    {
        let flags = state_flags(lowering.builder.func, Region::Sizes);
        let zero = lowering.constant(0);
        lowering.store_state(zero, *address, flags);
    }
}

fn move_elements(lowering: &mut Lowering<'_, '_>, to: Value, from: Value, count: Value) {
    let bytes = lowering
        .builder
        .ins()
        .ishl_imm_u(count, ELEMENT_SIZE.trailing_zeros() as i64);
    call_intrinsic(lowering, Intrinsic::Memmove, &[to, from, bytes]);
}
