//! Conversions between integer and floating-point lanes.

use super::float::select_less;
use super::lanes::{bitcast, pop, push};
use super::shuffle;
use crate::translate::constant::{vector, zero};
use crate::translate::function::Lowering;
use crate::translate::rounding::{Rounding, rounded};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::types::{F32X4, F64X2, I8X16, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Value};

/// `i32x4.trunc_sat_f32x4`
pub(super) fn truncate_f32x4(lowering: &mut Lowering<'_, '_>, is_signed: bool) {
    let operand = pop(lowering, F32X4);
    let ins = lowering.builder.ins();
    let value = if is_signed {
        ins.fcvt_to_sint_sat(I32X4, operand)
    } else {
        ins.fcvt_to_uint_sat(I32X4, operand)
    };
    push(lowering, value);
}

/// `f32x4.convert_i32x4`
pub(super) fn to_f32x4(lowering: &mut Lowering<'_, '_>, is_signed: bool) {
    let operand = pop(lowering, I32X4);
    let ins = lowering.builder.ins();
    let value = if is_signed {
        ins.fcvt_from_sint(F32X4, operand)
    } else {
        ins.fcvt_from_uint(F32X4, operand)
    };
    push(lowering, value);
}

/// `f64x2.convert_low_i32x4`
pub(super) fn to_f64x2(lowering: &mut Lowering<'_, '_>, is_signed: bool) {
    let operand = pop(lowering, I32X4);
    let value = if is_signed {
        let wide = lowering.builder.ins().swiden_low(operand);
        lowering.builder.ins().fcvt_from_sint(F64X2, wide)
    } else {
        let wide = lowering.builder.ins().uwiden_low(operand);
        lowering.builder.ins().fcvt_from_uint(F64X2, wide)
    };
    push(lowering, value);
}

/// `i32x4.trunc_sat_f64x2_s_zero`
pub(super) fn truncate_f64x2_signed(lowering: &mut Lowering<'_, '_>) {
    let operand = pop(lowering, F64X2);
    let wide = lowering.builder.ins().fcvt_to_sint_sat(I64X2, operand);
    let zero = zero(&mut lowering.builder, I64X2);
    let value = lowering.builder.ins().snarrow(wide, zero);
    push(lowering, value);
}

/// `i32x4.trunc_sat_f64x2_u_zero`
pub(super) fn truncate_f64x2_unsigned(lowering: &mut Lowering<'_, '_>) {
    let operand = pop(lowering, F64X2);
    let value = if lowering.env.rounds_in_one_instruction {
        let wide = lowering.builder.ins().fcvt_to_uint_sat(I64X2, operand);
        let zero = zero(&mut lowering.builder, I64X2);
        lowering.builder.ins().uunarrow(wide, zero)
    } else {
        truncate_by_addition(lowering, operand)
    };
    push(lowering, value);
}

/// Cranelift would call a library for the rounding in it. Adding 2^52 to an integer below 2^32 leaves the integer in
/// the low half of the lane.
fn truncate_by_addition(lowering: &mut Lowering<'_, '_>, operand: Value) -> Value {
    let both = |bits: u64| (u128::from(bits) << 64 | u128::from(bits)).to_le_bytes();
    let builder = &mut lowering.builder;
    let zero = zero(builder, F64X2);
    let maximum = vector(builder, F64X2, both(f64::from(u32::MAX).to_bits()));
    let two_to_the_52nd = vector(builder, F64X2, both(4_503_599_627_370_496_f64.to_bits()));
    // A negative number and a NaN become zero.
    let is_positive = builder
        .ins()
        .fcmp(FloatCC::GreaterThanOrEqual, operand, zero);
    let is_positive = bitcast(builder, F64X2, is_positive);
    let operand = builder.ins().band(operand, is_positive);
    let operand = select_less(lowering, (operand, maximum), operand, maximum);
    let integer = rounded(lowering, operand, Rounding::Trunc);
    let pushed = lowering.builder.ins().fadd(integer, two_to_the_52nd);
    let [pushed, zero] = [pushed, zero].map(|value| bitcast(&mut lowering.builder, I8X16, value));
    shuffle::words32(lowering, pushed, zero, [0, 2, 4, 4])
}
