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

/// Traps unless `start + count` is at most `limit`; all are 64 bits wide. Only a start that `is_64` can be so large that
/// the sum wraps: others are numbers of 32 bits, and counts no wider than starts.
pub(super) fn check_range(
    lowering: &mut Lowering<'_, '_>,
    start: (Value, bool),
    count: Value,
    limit: Value,
    trap: Trap,
) {
    let (start, is_64) = start;
    let ins = lowering.builder.ins();
    let end = if is_64 {
        ins.uadd_overflow_trap(start, count, trap_code(trap))
    } else {
        ins.iadd(start, count)
    };
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
    // The count is as wide as the narrower index.
    let memories = &lowering.env.program.memories;
    let narrower = if memories[to].ty.is_64 { from } else { to };
    let count = lowering.pop_index(narrower);
    let source = lowering.pop_index(from);
    let destination = lowering.pop_index(to);
    let source = checked_address(lowering, from, source, count);
    let destination = checked_address(lowering, to, destination, count);
    call_intrinsic(lowering, Intrinsic::Memmove, &[destination, source, count]);
}

/// `memory.fill`
pub(super) fn fill(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let count = lowering.pop_index(memory);
    let value = lowering.stack.pop();
    let start = lowering.pop_index(memory);
    let start = checked_address(lowering, memory, start, count);
    call_intrinsic(lowering, Intrinsic::Memset, &[start, value, count]);
}

/// `memory.init`
pub(super) fn init(lowering: &mut Lowering<'_, '_>, segment: DataIndex, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let count = lowering.pop_unsigned();
    let source = lowering.pop_unsigned();
    let destination = lowering.pop_index(memory);
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
    check_range(
        lowering,
        (source, false),
        count,
        len,
        Trap::MemoryOutOfBounds,
    );
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
    let is_64 = lowering.env.program.memories[memory].ty.is_64;
    check_range(
        lowering,
        (start, is_64),
        count,
        size,
        Trap::MemoryOutOfBounds,
    );
    let base = base(lowering, memory);
    lowering.builder.ins().iadd(base, start)
}
