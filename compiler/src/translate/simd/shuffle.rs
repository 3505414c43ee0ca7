//! `shuffle` and `swizzle`: bytes of vectors, chosen by constants or by another vector.

use super::lanes::{pop, pop2, push};
use super::{gather, permute};
use crate::target::Target;
use crate::translate::constant::{vector, zero};
use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{I8, I8X16, I64};
use cranelift_codegen::ir::{
    ConstantData, InstBuilder, MemFlagsData, StackSlot, StackSlotData, StackSlotKind, Value,
};

/// Which byte of two vectors each byte of the result is: 0 to 15 of the first, 16 to 31 of the second.
pub(super) type Lanes = [u8; 16];

/// `i8x16.shuffle`
pub(super) fn shuffle(lowering: &mut Lowering<'_, '_>, lanes: Lanes) {
    let (first, second) = pop2(lowering, I8X16);
    let value = if lowering.env.target == Target::Riscv64 {
        gather::shuffle(lowering, first, second, lanes)
    } else if lowering.env.permutes_bytes {
        instruction(lowering, first, second, lanes)
    } else {
        permute::permute(lowering, first, second, lanes)
    };
    push(lowering, value);
}

/// Cranelift's shuffle.
pub(super) fn instruction(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Value {
    let mask = ConstantData::from(lanes.as_slice());
    let mask = lowering.builder.func.dfg.immediates.push(mask);
    lowering.builder.ins().shuffle(first, second, mask)
}

/// A shuffle of lanes of 32 bits, numbered 0 to 7.
pub(super) fn words32(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    words: [u8; 4],
) -> Value {
    let lanes = std::array::from_fn(|index| words[index / 4] * 4 + index as u8 % 4);
    instruction(lowering, first, second, lanes)
}

/// Each byte from the second vector where `is_second`.
pub(super) fn choose(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    is_second: [bool; 16],
) -> Value {
    let mask = is_second.map(|is_second| if is_second { 0xff } else { 0 });
    let mask = vector(&mut lowering.builder, I8X16, mask);
    lowering.builder.ins().bitselect(mask, second, first)
}

/// `i8x16.swizzle`: an index above 15 gives zero.
pub(super) fn swizzle(lowering: &mut Lowering<'_, '_>) {
    let indices = pop(lowering, I8X16);
    let bytes = pop(lowering, I8X16);
    let value = if lowering.env.target == Target::Riscv64 {
        gather::swizzle(lowering, bytes, indices)
    } else if lowering.env.permutes_bytes {
        lowering.builder.ins().swizzle(bytes, indices)
    } else {
        swizzle_in_memory(lowering, bytes, indices)
    };
    push(lowering, value);
}

/// The bytes are loaded one by one, from a table that holds a zero at the end.
fn swizzle_in_memory(lowering: &mut Lowering<'_, '_>, bytes: Value, indices: Value) -> Value {
    let table = stack_slot(lowering, 32);
    let result = stack_slot(lowering, 16);
    let builder = &mut lowering.builder;
    let zero = zero(builder, I8X16);
    let end = vector(builder, I8X16, [16; 16]);
    let indices = builder.ins().umin(indices, end);
    builder.ins().stack_store(I64, bytes, table, 0);
    builder.ins().stack_store(I64, zero, table, 16);
    builder.ins().stack_store(I64, indices, result, 0);
    let table = builder.ins().stack_addr(I64, table, 0);
    for lane in 0..16 {
        let index = builder.ins().stack_load(I64, I8, result, lane);
        let index = builder.ins().uextend(I64, index);
        let address = builder.ins().iadd(table, index);
        let flags = MemFlagsData::trusted();
        let byte = builder.ins().load(I8, flags, address, 0);
        builder.ins().stack_store(I64, byte, result, lane);
    }
    builder.ins().stack_load(I64, I8X16, result, 0)
}

/// A place for vectors in the function's frame.
pub(super) fn stack_slot(lowering: &mut Lowering<'_, '_>, bytes: u32) -> StackSlot {
    let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
    lowering.builder.create_sized_stack_slot(data)
}
