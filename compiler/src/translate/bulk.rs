//! Bulk memory instructions: one check for each range, then C's `memmove` or `memset`.

use super::address::base;
use super::call::call_intrinsic;
use super::control::trap_code;
use super::entities::{Region, state_flags};
use super::function::Lowering;
use super::memory::size_in_bytes;
use super::symbol::{Intrinsic, Symbol};
use crate::parse::index::{DataIndex, MemoryIndex};
use crate::program::MemoryId;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use elfin_abi::trap::Trap;

/// Traps unless `start + count` is at most `limit`. All are 64 bits wide and hold numbers of 33 bits at the most, so
/// the sum does not wrap.
pub(super) fn check_range(
    lowering: &mut Lowering<'_, '_>,
    start: Value,
    count: Value,
    limit: Value,
    trap: Trap,
) {
    let end = lowering.builder.ins().iadd(start, count);
    let outside = lowering
        .builder
        .ins()
        .icmp(IntCC::UnsignedGreaterThan, end, limit);
    lowering.builder.ins().trapnz(outside, trap_code(trap));
}

/// `memory.copy`
pub(super) fn copy(lowering: &mut Lowering<'_, '_>, to: MemoryIndex, from: MemoryIndex) {
    let (to, from) = (
        lowering.instance.memories[to],
        lowering.instance.memories[from],
    );
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = lowering.pop_unsigned();
    let source = checked_address(lowering, from, source, count);
    let destination = checked_address(lowering, to, destination, count);
    call_intrinsic(lowering, Intrinsic::Memmove, &[destination, source, count]);
}

/// `memory.fill`
pub(super) fn fill(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let count = lowering.pop_unsigned();
    let value = lowering.stack.pop();
    let start = lowering.pop_unsigned();
    let start = checked_address(lowering, memory, start, count);
    call_intrinsic(lowering, Intrinsic::Memset, &[start, value, count]);
}

/// `memory.init`
pub(super) fn init(lowering: &mut Lowering<'_, '_>, segment: DataIndex, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = lowering.pop_unsigned();
    let contents = lowering.instance.data[segment].contents;
    let len = match lowering
        .env
        .layout
        .data_lengths
        .get(&(lowering.instance_id, segment))
    {
        Some(address) => {
            let flags = state_flags(lowering.builder.func, Region::Sizes);
            lowering.load_state(types::I64, *address, flags)
        }
        None => lowering.constant(contents.len() as u64),
    };
    check_range(lowering, source, count, len, Trap::MemoryOutOfBounds);
    let destination = checked_address(lowering, memory, destination, count);
    if contents.is_empty() {
        return;
    }
    let data = lowering.entities.data(
        lowering.builder.func,
        Symbol::Data(lowering.instance_id, segment),
    );
    let data = lowering.builder.ins().symbol_value(types::I64, data);
    let source = lowering.builder.ins().iadd(data, source);
    call_intrinsic(lowering, Intrinsic::Memmove, &[destination, source, count]);
}

/// `data.drop`
pub(super) fn drop(lowering: &mut Lowering<'_, '_>, segment: DataIndex) {
    if let Some(address) = lowering
        .env
        .layout
        .data_lengths
        .get(&(lowering.instance_id, segment))
    {
        let flags = state_flags(lowering.builder.func, Region::Sizes);
        let zero = lowering.constant(0);
        lowering.store_state(zero, *address, flags);
    }
}

/// The address of a range of a memory, after a check that the memory holds it.
fn checked_address(
    lowering: &mut Lowering<'_, '_>,
    memory: MemoryId,
    start: Value,
    count: Value,
) -> Value {
    let size = size_in_bytes(lowering, memory);
    check_range(lowering, start, count, size, Trap::MemoryOutOfBounds);
    let base = base(lowering, memory);
    lowering.builder.ins().iadd(base, start)
}
