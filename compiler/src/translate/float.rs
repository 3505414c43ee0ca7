//! Floating-point comparisons and constants; arithmetic is one instruction each, see [`super::operators`].

use super::function::Lowering;
use super::integer::push_bool;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::FloatCC;

/// A comparison, whose result is an i32.
pub(super) fn compare(lowering: &mut Lowering<'_, '_>, condition: FloatCC) {
    let (left, right) = lowering.stack.pop2();
    let value = lowering.builder.ins().fcmp(condition, left, right);
    push_bool(lowering, value);
}
