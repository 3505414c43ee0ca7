//! Tables: arrays of 64-bit words at constant addresses.

use super::bulk::check_range;
use super::call::call_intrinsic;
use super::control::trap_code;
use super::entities::{Region, state_flags};
use super::function::Lowering;
use super::symbol::{Intrinsic, Symbol};
use crate::parse::index::{ElementIndex, TableIndex};
use crate::program::TableId;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use elfin_abi::layout::{self, ELEMENT_SIZE};
use elfin_abi::trap::Trap;
use std::mem::offset_of;

/// The number of elements: a constant where nothing reachable grows the table.
fn len(lowering: &mut Lowering<'_, '_>, table: TableId) -> Value {
    let definition = &lowering.env.program.tables[table];
    if definition.grows {
        let flags = state_flags(lowering.builder.func, Region::Sizes);
        let address = lowering.env.layout.tables[table] + offset_of!(layout::Table, len) as u64;
        lowering.load_state(types::I64, address, flags)
    } else {
        lowering.constant(definition.elements.len() as u64)
    }
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
    let base = lowering.env.layout.table_bases[table];
    let scaled = lowering
        .builder
        .ins()
        .ishl_imm_u(index, ELEMENT_SIZE.trailing_zeros() as i64);
    let base = lowering.constant(base);
    (lowering.builder.ins().iadd(base, scaled), 0)
}

/// The address of an element that was checked to exist, or of the end.
fn element_address(lowering: &mut Lowering<'_, '_>, table: TableId, index: Value) -> Value {
    element(lowering, table, index).0
}

/// `table.get`
pub(super) fn get(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let index = lowering.pop_unsigned();
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
    let index = lowering.pop_unsigned();
    check_index(lowering, table, index, Trap::TableOutOfBounds);
    let (address, offset) = element(lowering, table, index);
    let flags = state_flags(lowering.builder.func, Region::Tables);
    lowering.builder.ins().store(flags, value, address, offset);
}

/// `table.size`
pub(super) fn size(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let len = len(lowering, lowering.instance.tables[index]);
    let len = lowering.builder.ins().ireduce(types::I32, len);
    lowering.stack.push(len);
}

/// `table.grow`
pub(super) fn grow(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let delta = lowering.pop_unsigned();
    let value = lowering.stack.pop();
    let state = lowering.constant(lowering.env.layout.tables[lowering.instance.tables[index]]);
    let before = call_intrinsic(lowering, Intrinsic::TableGrow, &[state, delta, value])
        .expect("it has a result");
    let before = lowering.builder.ins().ireduce(types::I32, before);
    lowering.stack.push(before);
}

/// `table.fill`
pub(super) fn fill(lowering: &mut Lowering<'_, '_>, index: TableIndex) {
    let table = lowering.instance.tables[index];
    let count = lowering.pop_unsigned();
    let value = lowering.stack.pop();
    let start = lowering.pop_unsigned();
    let len = len(lowering, table);
    check_range(lowering, start, count, len, Trap::TableOutOfBounds);
    let first = element_address(lowering, table, start);
    call_intrinsic(lowering, Intrinsic::TableFill, &[first, value, count]);
}

/// `table.copy`
pub(super) fn copy(lowering: &mut Lowering<'_, '_>, to: TableIndex, from: TableIndex) {
    let (to, from) = (lowering.instance.tables[to], lowering.instance.tables[from]);
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = lowering.pop_unsigned();
    let source_len = len(lowering, from);
    check_range(lowering, source, count, source_len, Trap::TableOutOfBounds);
    let destination_len = len(lowering, to);
    check_range(
        lowering,
        destination,
        count,
        destination_len,
        Trap::TableOutOfBounds,
    );
    let source = element_address(lowering, from, source);
    let destination = element_address(lowering, to, destination);
    move_elements(lowering, destination, source, count);
}

/// `table.init`
pub(super) fn init(lowering: &mut Lowering<'_, '_>, segment: ElementIndex, table: TableIndex) {
    let table = lowering.instance.tables[table];
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = lowering.pop_unsigned();
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
    check_range(lowering, source, count, segment_len, Trap::TableOutOfBounds);
    let table_len = len(lowering, table);
    check_range(
        lowering,
        destination,
        count,
        table_len,
        Trap::TableOutOfBounds,
    );
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
