//! `ceil`, `floor`, `trunc` and `nearest`.
//!
//! They are one instruction, but on x86-64 below SSE4.1, where Cranelift would call a library. There they are made of
//! additions: adding 2^52 (2^23 for f32) to a smaller positive number pushes its fraction out of the significand and
//! rounds to nearest, ties to even, and subtracting it again leaves the integer. A number of at least that size, an
//! infinity or a NaN has no fraction; subtracting zero from it only quiets a signalling NaN.

use super::function::Lowering;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

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
    let value = if lowering.env.rounds_in_one_instruction {
        let ins = lowering.builder.ins();
        match rounding {
            Rounding::Ceil => ins.ceil(operand),
            Rounding::Floor => ins.floor(operand),
            Rounding::Trunc => ins.trunc(operand),
            Rounding::Nearest => ins.nearest(operand),
        }
    } else {
        by_addition(lowering, operand, rounding)
    };
    lowering.stack.push(value);
}

fn by_addition(lowering: &mut Lowering<'_, '_>, operand: Value, rounding: Rounding) -> Value {
    let builder = &mut lowering.builder;
    let is_f32 = builder.func.dfg.value_type(operand) == types::F32;
    let float = |builder: &mut cranelift_frontend::FunctionBuilder<'_>, value: f64| {
        if is_f32 {
            builder.ins().f32const(value as f32)
        } else {
            builder.ins().f64const(value)
        }
    };
    let limit = float(
        builder,
        if is_f32 {
            8_388_608.0
        } else {
            4_503_599_627_370_496.0
        },
    );
    let zero = float(builder, 0.0);
    let one = float(builder, 1.0);
    let magnitude = builder.ins().fabs(operand);
    let pushed = builder.ins().fadd(magnitude, limit);
    let nearest = builder.ins().fsub(pushed, limit);
    // The rounded magnitude; ceil and floor compare and correct with the operand's sign.
    let rounded = match rounding {
        Rounding::Nearest => nearest,
        Rounding::Trunc => {
            let is_above = builder.ins().fcmp(FloatCC::GreaterThan, nearest, magnitude);
            let less = builder.ins().fsub(nearest, one);
            builder.ins().select(is_above, less, nearest)
        }
        Rounding::Floor => {
            let signed = builder.ins().fcopysign(nearest, operand);
            let is_above = builder.ins().fcmp(FloatCC::GreaterThan, signed, operand);
            let less = builder.ins().fsub(signed, one);
            builder.ins().select(is_above, less, signed)
        }
        Rounding::Ceil => {
            let signed = builder.ins().fcopysign(nearest, operand);
            let is_below = builder.ins().fcmp(FloatCC::LessThan, signed, operand);
            let more = builder.ins().fadd(signed, one);
            builder.ins().select(is_below, more, signed)
        }
    };
    let rounded = builder.ins().fcopysign(rounded, operand);
    let has_fraction = builder.ins().fcmp(FloatCC::LessThan, magnitude, limit);
    let quieted = builder.ins().fsub(operand, zero);
    builder.ins().select(has_fraction, rounded, quieted)
}
