//! Constants that take more than one instruction's immediate.

use cranelift_codegen::ir::{ConstantData, InstBuilder, Type, Value, types};
use cranelift_frontend::FunctionBuilder;

/// Zero of any type, or a null reference.
pub(super) fn zero(builder: &mut FunctionBuilder<'_>, ty: Type) -> Value {
    match ty {
        types::F32 => builder.ins().f32const(0.0),
        types::F64 => builder.ins().f64const(0.0),
        ty if ty.is_vector() => vector(builder, ty, [0; 16]),
        ty => builder.ins().iconst(ty, 0),
    }
}

/// A vector of these bytes in memory order.
pub(super) fn vector(builder: &mut FunctionBuilder<'_>, ty: Type, bytes: [u8; 16]) -> Value {
    let data = ConstantData::from(bytes.as_slice());
    let constant = builder.func.dfg.constants.insert(data);
    builder.ins().vconst(ty, constant)
}
