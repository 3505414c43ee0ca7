//! Conversions between value types.

use super::function::Lowering;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value};
use cranelift_frontend::FuncInstBuilder;

/// A conversion to `ty`.
pub(super) fn to(
    lowering: &mut Lowering<'_, '_>,
    ty: Type,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Type, Value) -> Value,
) {
    let operand = lowering.stack.pop();
    let value = build(lowering.builder.ins(), ty, operand);
    lowering.stack.push(value);
}

/// `reinterpret`: the same bits as another type.
pub(super) fn reinterpret(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let operand = lowering.stack.pop();
    let value = lowering
        .builder
        .ins()
        .bitcast(ty, MemFlagsData::new(), operand);
    lowering.stack.push(value);
}
