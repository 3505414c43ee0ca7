//! Wide arithmetic: 128-bit integers as two of 64 bits, the low one first.
//!
//! <https://github.com/WebAssembly/wide-arithmetic/blob/main/proposals/wide-arithmetic/Overview.md>

use super::function::Lowering;
use cranelift_codegen::ir::types::I128;
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use cranelift_frontend::FuncInstBuilder;

/// `i64.add128` and `i64.sub128`
pub(super) fn binary(
    lowering: &mut Lowering<'_, '_>,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value, Value) -> Value,
) {
    let right = pop(lowering);
    let left = pop(lowering);
    let value = build(lowering.builder.ins(), left, right);
    push(lowering, value);
}

/// `i64.mul_wide_s` and `i64.mul_wide_u`, which Cranelift knows as a product of extended operands.
pub(super) fn multiply(
    lowering: &mut Lowering<'_, '_>,
    extend: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Type, Value) -> Value,
) {
    let (left, right) = lowering.stack.pop2();
    let left = extend(lowering.builder.ins(), I128, left);
    let right = extend(lowering.builder.ins(), I128, right);
    let value = lowering.builder.ins().imul(left, right);
    push(lowering, value);
}

fn pop(lowering: &mut Lowering<'_, '_>) -> Value {
    let (low, high) = lowering.stack.pop2();
    lowering.builder.ins().iconcat(low, high)
}

fn push(lowering: &mut Lowering<'_, '_>, value: Value) {
    let (low, high) = lowering.builder.ins().isplit(value);
    lowering.stack.extend(&[low, high]);
}
