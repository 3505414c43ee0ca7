//! Integer arithmetic.

use super::function::Lowering;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use cranelift_frontend::FuncInstBuilder;

/// An instruction of two operands and a result.
pub(super) fn binary(
    lowering: &mut Lowering<'_, '_>,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value, Value) -> Value,
) {
    let (left, right) = lowering.stack.pop2();
    let value = build(lowering.builder.ins(), left, right);
    lowering.stack.push(value);
}

/// An instruction of one operand and a result.
pub(super) fn unary(
    lowering: &mut Lowering<'_, '_>,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value) -> Value,
) {
    let operand = lowering.stack.pop();
    let value = build(lowering.builder.ins(), operand);
    lowering.stack.push(value);
}

/// A comparison, whose result is an i32.
pub(super) fn compare(lowering: &mut Lowering<'_, '_>, condition: IntCC) {
    let (left, right) = lowering.stack.pop2();
    let value = lowering.builder.ins().icmp(condition, left, right);
    push_bool(lowering, value);
}

/// `i32.eqz`, `i64.eqz` and `ref.is_null`
pub(super) fn is_zero(lowering: &mut Lowering<'_, '_>) {
    let operand = lowering.stack.pop();
    let value = lowering.builder.ins().icmp_imm_s(IntCC::Equal, operand, 0);
    push_bool(lowering, value);
}

/// Pushes the result of a comparison as an i32.
pub(super) fn push_bool(lowering: &mut Lowering<'_, '_>, value: Value) {
    let value = lowering.builder.ins().uextend(types::I32, value);
    lowering.stack.push(value);
}

/// `extendN_s`: the low bits, sign-extended to the width that the operand has.
pub(super) fn sign_extend(lowering: &mut Lowering<'_, '_>, from: Type) {
    let operand = lowering.stack.pop();
    let to = lowering.builder.func.dfg.value_type(operand);
    let low = lowering.builder.ins().ireduce(from, operand);
    let value = lowering.builder.ins().sextend(to, low);
    lowering.stack.push(value);
}
