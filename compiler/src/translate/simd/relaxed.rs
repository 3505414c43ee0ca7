//! Relaxed SIMD. Where the specification leaves a choice to the implementation, elfin takes the same one on every
//! target, so that a program computes the same everywhere:
//!
//! | instruction | choice |
//! | --- | --- |
//! | `relaxed_swizzle` | `swizzle`: an index above 15 gives zero |
//! | `relaxed_trunc` | `trunc_sat`: NaN gives zero, what is out of range the nearest |
//! | `relaxed_madd`, `relaxed_nmadd` | rounded after the product and after the sum, since not every target can fuse them |
//! | `relaxed_laneselect` | `bitselect`: every bit of the mask counts |
//! | `relaxed_min`, `relaxed_max` | `min`, `max`: NaN wins, -0 is less than +0 |
//! | `relaxed_q15mulr_s` | `q15mulr_sat_s` |
//! | `relaxed_dot_i8x16_i7x16` | both operands signed, sums wrap |
//!
//! Those that are another instruction are its lowering, see [`super::lower`]; the rest is here.

use super::integer::{dot_product, sum_of_neighbours};
use super::lanes::{pop, pop2, pop3, push};
use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{I8X16, I32X4};
use cranelift_codegen::ir::{InstBuilder, Type};

/// `relaxed_madd`: the product of the first two plus the third.
pub(super) fn multiply_add(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let (first, second, third) = pop3(lowering, ty);
    let product = lowering.builder.ins().fmul(first, second);
    let value = lowering.builder.ins().fadd(product, third);
    push(lowering, value);
}

/// `relaxed_nmadd`: the third minus the product of the first two.
pub(super) fn multiply_subtract(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let (first, second, third) = pop3(lowering, ty);
    let product = lowering.builder.ins().fmul(first, second);
    let value = lowering.builder.ins().fsub(third, product);
    push(lowering, value);
}

/// `i16x8.relaxed_dot_i8x16_i7x16_s`
pub(super) fn dot(lowering: &mut Lowering<'_, '_>) {
    let (left, right) = pop2(lowering, I8X16);
    let value = dot_product(lowering, left, right);
    push(lowering, value);
}

/// `i32x4.relaxed_dot_i8x16_i7x16_add_s`
pub(super) fn dot_add(lowering: &mut Lowering<'_, '_>) {
    let addend = pop(lowering, I32X4);
    let (left, right) = pop2(lowering, I8X16);
    let products = dot_product(lowering, left, right);
    let sums = sum_of_neighbours(
        lowering,
        products,
        |ins, a| ins.swiden_low(a),
        |ins, a| ins.swiden_high(a),
    );
    let value = lowering.builder.ins().iadd(sums, addend);
    push(lowering, value);
}
