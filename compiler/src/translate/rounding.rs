//! `ceil`, `floor`, `trunc` and `nearest`.
//!
//! They are one instruction, but on x86-64 below SSE4.1, where Cranelift would call a library. There they are made of
//! additions: adding 2^52 (2^23 for f32) to a smaller positive number pushes its fraction out of the significand and
//! rounds to nearest, ties to even, and subtracting it again leaves the integer. A number of at least that size, an
//! infinity or a NaN has no fraction; subtracting zero from it only quiets a signalling NaN.

use super::constant::vector;
use super::function::Lowering;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FunctionBuilder;

/// Which way to round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// Up.
    Ceil,
    /// Down.
    Floor,
    /// Towards zero.
    Trunc,
    /// To the nearest, ties to even.
    Nearest,
}

/// Rounds the topmost value.
pub(super) fn round(lowering: &mut Lowering<'_, '_>, rounding: Rounding) {
    let operand = lowering.stack.pop();
    let value = rounded(lowering, operand, rounding);
    lowering.stack.push(value);
}

/// Rounds a number, or every lane of a vector.
pub(super) fn rounded(
    lowering: &mut Lowering<'_, '_>,
    operand: Value,
    rounding: Rounding,
) -> Value {
    if !lowering.env.rounds_in_one_instruction {
        return by_addition(&mut lowering.builder, operand, rounding);
    }
    let ins = lowering.builder.ins();
    match rounding {
        Rounding::Ceil => ins.ceil(operand),
        Rounding::Floor => ins.floor(operand),
        Rounding::Trunc => ins.trunc(operand),
        Rounding::Nearest => ins.nearest(operand),
    }
}

fn by_addition(builder: &mut FunctionBuilder<'_>, operand: Value, rounding: Rounding) -> Value {
    let ty = builder.func.dfg.value_type(operand);
    let limit = match ty.lane_type() {
        types::F32 => constant(builder, ty, 8_388_608.0),
        _ => constant(builder, ty, 4_503_599_627_370_496.0),
    };
    let zero = constant(builder, ty, 0.0);
    let magnitude = builder.ins().fabs(operand);
    let pushed = builder.ins().fadd(magnitude, limit);
    let nearest = builder.ins().fsub(pushed, limit);
    // The rounded magnitude; ceil and floor compare and correct with the operand's sign.
    let rounded = match rounding {
        Rounding::Nearest => nearest,
        Rounding::Trunc => {
            let excess = one_where(builder, FloatCC::GreaterThan, nearest, magnitude);
            builder.ins().fsub(nearest, excess)
        }
        Rounding::Floor => {
            let signed = with_sign(builder, nearest, operand);
            let excess = one_where(builder, FloatCC::GreaterThan, signed, operand);
            builder.ins().fsub(signed, excess)
        }
        Rounding::Ceil => {
            let signed = with_sign(builder, nearest, operand);
            let lack = one_where(builder, FloatCC::LessThan, signed, operand);
            builder.ins().fadd(signed, lack)
        }
    };
    let rounded = with_sign(builder, rounded, operand);
    let has_fraction = builder.ins().fcmp(FloatCC::LessThan, magnitude, limit);
    let quieted = builder.ins().fsub(operand, zero);
    if ty.is_vector() {
        let has_fraction = mask(builder, ty, has_fraction);
        builder.ins().bitselect(has_fraction, rounded, quieted)
    } else {
        builder.ins().select(has_fraction, rounded, quieted)
    }
}

/// A number, in every lane of a vector.
fn constant(builder: &mut FunctionBuilder<'_>, ty: Type, value: f64) -> Value {
    match ty {
        types::F32 => builder.ins().f32const(value as f32),
        types::F64 => builder.ins().f64const(value),
        types::F32X4 => {
            let lane = (value as f32).to_le_bytes();
            vector(builder, ty, std::array::from_fn(|index| lane[index % 4]))
        }
        _ => {
            let lane = value.to_le_bytes();
            vector(builder, ty, std::array::from_fn(|index| lane[index % 8]))
        }
    }
}

/// 1 where the comparison holds, 0 elsewhere.
fn one_where(
    builder: &mut FunctionBuilder<'_>,
    condition: FloatCC,
    left: Value,
    right: Value,
) -> Value {
    let ty = builder.func.dfg.value_type(left);
    let one = constant(builder, ty, 1.0);
    let holds = builder.ins().fcmp(condition, left, right);
    if ty.is_vector() {
        let holds = mask(builder, ty, holds);
        builder.ins().band(holds, one)
    } else {
        let zero = constant(builder, ty, 0.0);
        builder.ins().select(holds, one, zero)
    }
}

/// A value that is no negative number, or has the sign of `operand` already, with the sign of `operand`.
fn with_sign(builder: &mut FunctionBuilder<'_>, value: Value, operand: Value) -> Value {
    let ty = builder.func.dfg.value_type(value);
    if ty.is_vector() {
        let sign = constant(builder, ty, -0.0);
        let sign = builder.ins().band(operand, sign);
        builder.ins().bor(value, sign)
    } else {
        builder.ins().fcopysign(value, operand)
    }
}

/// A comparison's lanes of ones and zeros, in the type that was compared.
fn mask(builder: &mut FunctionBuilder<'_>, ty: Type, comparison: Value) -> Value {
    let flags = MemFlagsData::new().with_endianness(Endianness::Little);
    builder.ins().bitcast(ty, flags, comparison)
}
