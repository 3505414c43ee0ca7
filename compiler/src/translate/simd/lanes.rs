//! Vectors as lanes: a vector lies on the stack as 16 bytes, and each instruction looks at it as the lanes that it
//! works on. Neither costs an instruction of the machine.

use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{I8X16, I32};
use cranelift_codegen::ir::{
    Endianness, InstBuilder, MemFlagsData, Opcode, Type, Value, ValueDef, types,
};
use cranelift_frontend::{FuncInstBuilder, FunctionBuilder};

/// An instruction of one operand.
type Unary = for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value) -> Value;

/// An instruction of two operands.
type Binary = for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Value, Value) -> Value;

/// The same 128 bits as lanes of another type.
pub(super) fn bitcast(builder: &mut FunctionBuilder<'_>, ty: Type, value: Value) -> Value {
    let value = before_bitcast(builder, value);
    if builder.func.dfg.value_type(value) == ty {
        return value;
    }
    // Lane 0 has the lowest address, on every target.
    let flags = MemFlagsData::new().with_endianness(Endianness::Little);
    builder.ins().bitcast(ty, flags, value)
}

/// What a bitcast of a vector was made from; its own value is then not needed.
fn before_bitcast(builder: &FunctionBuilder<'_>, value: Value) -> Value {
    let dfg = &builder.func.dfg;
    match dfg.value_def(value) {
        ValueDef::Result(inst, _) if dfg.insts[inst].opcode() == Opcode::Bitcast => {
            dfg.inst_args(inst)[0]
        }
        _ => value,
    }
}

/// Pops a vector.
pub(super) fn pop(lowering: &mut Lowering<'_, '_>, ty: Type) -> Value {
    let value = lowering.stack.pop();
    bitcast(&mut lowering.builder, ty, value)
}

/// Pops two vectors, the topmost last.
pub(super) fn pop2(lowering: &mut Lowering<'_, '_>, ty: Type) -> (Value, Value) {
    let second = pop(lowering, ty);
    (pop(lowering, ty), second)
}

/// Pops three vectors, the topmost last.
pub(super) fn pop3(lowering: &mut Lowering<'_, '_>, ty: Type) -> (Value, Value, Value) {
    let third = pop(lowering, ty);
    let (first, second) = pop2(lowering, ty);
    (first, second, third)
}

/// Pushes a vector of any lanes.
pub(super) fn push(lowering: &mut Lowering<'_, '_>, value: Value) {
    let value = bitcast(&mut lowering.builder, I8X16, value);
    lowering.stack.push(value);
}

/// An instruction of one vector.
pub(super) fn unary(lowering: &mut Lowering<'_, '_>, ty: Type, build: Unary) {
    let operand = pop(lowering, ty);
    let value = build(lowering.builder.ins(), operand);
    push(lowering, value);
}

/// An instruction of two vectors.
pub(super) fn binary(lowering: &mut Lowering<'_, '_>, ty: Type, build: Binary) {
    let (left, right) = pop2(lowering, ty);
    let value = build(lowering.builder.ins(), left, right);
    push(lowering, value);
}

/// `splat`: a scalar in every lane.
pub(super) fn splat(lowering: &mut Lowering<'_, '_>, ty: Type) {
    let scalar = pop_lane(lowering, ty);
    let value = lowering.builder.ins().splat(ty, scalar);
    push(lowering, value);
}

/// `replace_lane`
pub(super) fn replace(lowering: &mut Lowering<'_, '_>, ty: Type, lane: u8) {
    let scalar = pop_lane(lowering, ty);
    let vector = pop(lowering, ty);
    let value = lowering.builder.ins().insertlane(vector, scalar, lane);
    push(lowering, value);
}

/// `extract_lane` of a lane that is a value type.
pub(super) fn extract(lowering: &mut Lowering<'_, '_>, ty: Type, lane: u8) {
    let vector = pop(lowering, ty);
    let value = lowering.builder.ins().extractlane(vector, lane);
    lowering.stack.push(value);
}

/// `extract_lane_s` and `extract_lane_u`: a narrow lane becomes an i32.
pub(super) fn extract_narrow(
    lowering: &mut Lowering<'_, '_>,
    ty: Type,
    lane: u8,
    extend: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, Type, Value) -> Value,
) {
    let vector = pop(lowering, ty);
    let narrow = lowering.builder.ins().extractlane(vector, lane);
    let value = extend(lowering.builder.ins(), I32, narrow);
    lowering.stack.push(value);
}

/// Pops a scalar for a lane; narrow lanes take the low bits of an i32.
fn pop_lane(lowering: &mut Lowering<'_, '_>, ty: Type) -> Value {
    let scalar = lowering.stack.pop();
    match ty.lane_type() {
        lane @ (types::I8 | types::I16) => lowering.builder.ins().ireduce(lane, scalar),
        _ => scalar,
    }
}
