//! Shuffles and swizzles on riscv64.
//!
//! `vrgather` gives zero for an index beyond the register, not beyond the 16 bytes of it that are a vector here: in a
//! register of 256 bits or more, index 16 is a byte that nobody has written and the CPU may have filled with ones.
//! Cranelift takes both for the same. So here every index that it sees is below 16, or its byte is masked off.

use super::lanes::bitcast;
use super::shuffle::{Lanes, choose};
use crate::translate::constant::vector;
use crate::translate::function::Lowering;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I8X16;
use cranelift_codegen::ir::{InstBuilder, Value};

/// Bytes of two vectors.
pub(super) fn shuffle(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Value {
    let from_first = lanes.map(|lane| (lane < 16).then_some(lane));
    let from_second = lanes.map(|lane| lane.checked_sub(16));
    if first == second {
        return gather(lowering, first, lanes.map(|lane| Some(lane % 16)));
    }
    if from_second.iter().all(Option::is_none) {
        return gather(lowering, first, from_first);
    }
    if from_first.iter().all(Option::is_none) {
        return gather(lowering, second, from_second);
    }
    let first = gather(lowering, first, from_first);
    let second = gather(lowering, second, from_second);
    choose(lowering, first, second, lanes.map(|lane| lane >= 16))
}

/// Bytes of a vector; those that nobody asks for can be any.
fn gather(lowering: &mut Lowering<'_, '_>, source: Value, lanes: [Option<u8>; 16]) -> Value {
    let in_place = |(index, lane): (u8, &Option<u8>)| lane.is_none_or(|lane| lane == index);
    if (0..).zip(&lanes).all(in_place) {
        return source;
    }
    let lanes = lanes.map(|lane| lane.unwrap_or(0));
    let lanes = vector(&mut lowering.builder, I8X16, lanes);
    lowering.builder.ins().swizzle(source, lanes)
}

/// Bytes of a vector that another vector chooses: an index above 15 gives zero.
pub(super) fn swizzle(lowering: &mut Lowering<'_, '_>, bytes: Value, indices: Value) -> Value {
    let builder = &mut lowering.builder;
    let end = vector(builder, I8X16, [16; 16]);
    let is_inside = builder.ins().icmp(IntCC::UnsignedLessThan, indices, end);
    let is_inside = bitcast(builder, I8X16, is_inside);
    let gathered = builder.ins().swizzle(bytes, indices);
    builder.ins().band(gathered, is_inside)
}
