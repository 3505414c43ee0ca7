//! Floating-point lanes: what is more than one instruction of Cranelift's.

use super::lanes::{bitcast, pop, pop2, push};
use crate::translate::function::Lowering;
use crate::translate::rounding::{Rounding, rounded};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value};

/// A comparison: a lane becomes all ones or all zeros.
pub(super) fn compare(lowering: &mut Lowering<'_, '_>, ty: Type, condition: FloatCC) {
    let (left, right) = pop2(lowering, ty);
    let value = lowering.builder.ins().fcmp(condition, left, right);
    push(lowering, value);
}

/// `ceil`, `floor`, `trunc` and `nearest`
pub(super) fn round(lowering: &mut Lowering<'_, '_>, ty: Type, rounding: Rounding) {
    let operand = pop(lowering, ty);
    let value = rounded(lowering, operand, rounding);
    push(lowering, value);
}

/// `pmin`: the second where it is less, else the first.
pub(super) fn pseudo_min(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let (first, second) = pop2(lowering, ty);
    let value = select_less(lowering, (second, first), second, first);
    push(lowering, value);
}

/// `pmax`: the second where the first is less, else the first.
pub(super) fn pseudo_max(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let (first, second) = pop2(lowering, ty);
    let value = select_less(lowering, (first, second), second, first);
    push(lowering, value);
}

/// `yes` where the first of two is less than the second, else `no`. It is one instruction on x86-64 where they are the
/// two.
pub(super) fn select_less(
    lowering: &mut Lowering<'_, '_>,
    (left, right): (Value, Value),
    yes: Value,
    no: Value,
) -> Value {
    let ty = lowering.builder.func.dfg.value_type(left);
    let is_less = lowering.builder.ins().fcmp(FloatCC::LessThan, left, right);
    let is_less = bitcast(&mut lowering.builder, ty, is_less);
    lowering.builder.ins().bitselect(is_less, yes, no)
}
