//! Integer lanes: what is more than one instruction of Cranelift's, or gives a scalar.

use super::lanes::{pop, pop2, pop3, push};
use crate::translate::function::Lowering;
use crate::translate::integer::push_bool;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8X16, I16X8, I32};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use cranelift_frontend::FuncInstBuilder;

/// Half of a vector's lanes as lanes of twice the width.
pub(super) type Widen = for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value) -> Value;

/// A comparison: a lane becomes all ones or all zeros.
pub(super) fn compare(lowering: &mut Lowering<'_, '_>, ty: Type, condition: IntCC) {
    let (left, right) = pop2(lowering, ty);
    let value = lowering.builder.ins().icmp(condition, left, right);
    push(lowering, value);
}

/// A shift of every lane by the same number of bits, modulo the lane's width.
pub(super) fn shift(
    lowering: &mut Lowering<'_, '_>,
    ty: Type,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value, Value) -> Value,
) {
    let bits = lowering.stack.pop();
    let vector = pop(lowering, ty);
    let value = build(lowering.builder.ins(), vector, bits);
    push(lowering, value);
}

/// `v128.bitselect`: bits of the first where the third has ones, of the second elsewhere.
pub(super) fn bitselect(lowering: &mut Lowering<'_, '_>) {
    let (ones, zeros, mask) = pop3(lowering, I8X16);
    let value = lowering.builder.ins().bitselect(mask, ones, zeros);
    push(lowering, value);
}

/// `any_true`
pub(super) fn any_true(lowering: &mut Lowering<'_, '_>) {
    let vector = pop(lowering, I8X16);
    let value = lowering.builder.ins().vany_true(vector);
    push_bool(lowering, value);
}

/// `all_true`
pub(super) fn all_true(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let vector = pop(lowering, ty);
    let value = lowering.builder.ins().vall_true(vector);
    push_bool(lowering, value);
}

/// `bitmask`: the high bits of the lanes.
pub(super) fn bitmask(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let vector = pop(lowering, ty);
    let value = lowering.builder.ins().vhigh_bits(I32, vector);
    lowering.stack.push(value);
}

/// `extmul`: products of widened lanes.
pub(super) fn multiply_extended(lowering: &mut Lowering<'_, '_>, ty: Type, widen: Widen) {
    let (left, right) = pop2(lowering, ty);
    let value = product(lowering, left, right, widen);
    push(lowering, value);
}

/// `extadd_pairwise`: sums of widened neighbours.
pub(super) fn add_pairwise_extended(
    lowering: &mut Lowering<'_, '_>,
    ty: Type,
    low: Widen,
    high: Widen,
) {
    let vector = pop(lowering, ty);
    let value = sum_of_neighbours(lowering, vector, low, high);
    push(lowering, value);
}

/// Sums of widened neighbours of a vector.
pub(super) fn sum_of_neighbours(
    lowering: &mut Lowering<'_, '_>,
    vector: Value,
    low: Widen,
    high: Widen,
) -> Value {
    let low = low(lowering.builder.ins(), vector);
    let high = high(lowering.builder.ins(), vector);
    lowering.builder.ins().iadd_pairwise(low, high)
}

/// `i32x4.dot_i16x8_s`
pub(super) fn dot(lowering: &mut Lowering<'_, '_>) {
    let (left, right) = pop2(lowering, I16X8);
    let value = dot_product(lowering, left, right);
    push(lowering, value);
}

/// Sums of products of signed neighbours.
pub(super) fn dot_product(lowering: &mut Lowering<'_, '_>, left: Value, right: Value) -> Value {
    let low = product(lowering, left, right, |ins, a| ins.swiden_low(a));
    let high = product(lowering, left, right, |ins, a| ins.swiden_high(a));
    lowering.builder.ins().iadd_pairwise(low, high)
}

fn product(lowering: &mut Lowering<'_, '_>, left: Value, right: Value, widen: Widen) -> Value {
    let left = widen(lowering.builder.ins(), left);
    let right = widen(lowering.builder.ins(), right);
    lowering.builder.ins().imul(left, right)
}
