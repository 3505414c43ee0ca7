//! Copies and fills, where [`crate::optimize::BulkFunctions`] has found a function that makes them.

use super::address::base;
use super::call::call_intrinsic;
use super::control::block_args;
use super::function::Lowering;
use super::memory::size_in_bytes;
use super::symbol::Intrinsic;
use crate::optimize::{BULK_COUNT_LIMIT, BulkFunction, BulkOperation};
use crate::parse::index::MemoryIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// Lowers what such a function, with its parameters as the first locals, does for a call that does not trap. What follows
/// is for the other calls.
pub(super) fn lower(lowering: &mut Lowering<'_, '_>, function: &BulkFunction) {
    let (locals, builder) = (&mut lowering.locals, &mut lowering.builder);
    let [address, second, count] = [0, 1, 2].map(|index| locals.get(builder, index));
    let memory = lowering.instance.memories[MemoryIndex::from_u32(function.memory)];
    let [to, length] = [address, count].map(|value| lowering.widen(value));
    let size = size_in_bytes(lowering, memory);
    let base = base(lowering, memory);
    let (intrinsic, from, start, may) = match function.operation {
        BulkOperation::Fill => {
            let is_below = is_below_limit(lowering, count);
            (Intrinsic::Memset, None, to, is_below)
        }
        BulkOperation::Copy { only_apart } => {
            let from = lowering.widen(second);
            let may_copy = if only_apart {
                are_apart(lowering, to, from, length)
            } else {
                is_below_limit(lowering, count)
            };
            let later = lowering.builder.ins().umax(to, from);
            (Intrinsic::Memmove, Some(from), later, may_copy)
        }
    };
    let ins = lowering.builder.ins();
    let end = ins.iadd(start, length);
    let is_inside = lowering
        .builder
        .ins()
        .icmp(IntCC::UnsignedLessThan, end, size);
    let is_bulk = lowering.builder.ins().band(is_inside, may);
    let [bulk, other] = [(), ()].map(|()| lowering.builder.create_block());
    lowering.builder.set_cold_block(other);
    lowering.builder.ins().brif(is_bulk, bulk, &[], other, &[]);
    for block in [bulk, other] {
        lowering.builder.seal_block(block);
    }
    lowering.builder.switch_to_block(bulk);
    let destination = lowering.builder.ins().iadd(base, to);
    let second = match from {
        Some(from) => lowering.builder.ins().iadd(base, from),
        None => second,
    };
    call_intrinsic(lowering, intrinsic, &[destination, second, length]);
    let (exit, _) = lowering.stack.target(0).branch();
    lowering.builder.ins().jump(exit, &block_args(&[address]));
    lowering.builder.switch_to_block(other);
}

/// Whether the proof is of a count.
fn is_below_limit(lowering: &mut Lowering<'_, '_>, count: Value) -> Value {
    let limit = lowering.builder.ins().iconst(types::I32, BULK_COUNT_LIMIT);
    let ins = lowering.builder.ins();
    ins.icmp(IntCC::UnsignedLessThan, count, limit)
}

/// Whether ranges that begin here have no byte in common.
fn are_apart(lowering: &mut Lowering<'_, '_>, one: Value, other: Value, length: Value) -> Value {
    let distance = lowering.builder.ins().isub(one, other);
    let distance = lowering.builder.ins().iabs(distance);
    let ins = lowering.builder.ins();
    ins.icmp(IntCC::UnsignedGreaterThanOrEqual, distance, length)
}
