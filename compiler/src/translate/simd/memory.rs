//! Loads and stores of lanes; those of whole vectors are [`crate::translate::memory`]'s, which loads and stores bytes.

use super::integer::Widen;
use super::lanes::{bitcast, pop, push};
use crate::target::Target;
use crate::translate::address::{address, address_of, place};
use crate::translate::entities::memory_flags;
use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{F32X4, F64X2, I8, I32, I32X4, I64, I64X2};
use cranelift_codegen::ir::{InstBuilder, InstructionData, MemFlagsData, Opcode, Type, Value};
use cranelift_frontend::{FuncInstBuilder, FunctionBuilder};
use wasmparser::MemArg;

/// `v128.load8x8_s` and its like: eight bytes as lanes that are extended to twice their width.
pub(super) fn load_extended(
    lowering: &mut Lowering<'_, '_>,
    memarg: &MemArg,
    ty: Type,
    widen: Widen,
    build: for<'s, 'f> fn(FuncInstBuilder<'s, 'f>, MemFlagsData, Value, i32) -> Value,
) {
    let (address, offset) = address(lowering, memarg, 8);
    let flags = memory_flags(lowering.builder.func);
    let value = if lowering.env.target == Target::Riscv64 {
        // Cranelift would load a vector of one element, and a CPU may refuse an element that is not aligned, which not
        // every kernel and firmware makes up for. A scalar may lie anywhere.
        let builder = &mut lowering.builder;
        let bytes = builder.ins().load(I64, flags, address, offset);
        let vector = builder.ins().scalar_to_vector(I64X2, bytes);
        let narrow = bitcast(builder, ty, vector);
        widen(builder.ins(), narrow)
    } else {
        build(lowering.builder.ins(), flags, address, offset)
    };
    push(lowering, value);
}

/// `v128.load_splat`: one number in every lane.
pub(super) fn load_splat(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) {
    let lane = load_lane_value(lowering, memarg, ty);
    let value = lowering.builder.ins().splat(ty, lane);
    push(lowering, value);
}

/// `v128.load_zero`: one number in lane 0, zeros elsewhere.
pub(super) fn load_zero(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) {
    let ty = in_register_of_vectors(lowering, ty);
    let lane = load_lane_value(lowering, memarg, ty);
    let value = lowering.builder.ins().scalar_to_vector(ty, lane);
    push(lowering, value);
}

/// `v128.load_lane`: one number replaces a lane.
pub(super) fn load_lane(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type, index: u8) {
    let ty = in_register_of_vectors(lowering, ty);
    let vector = pop(lowering, ty);
    let vector = without_zeros(&mut lowering.builder, vector, ty, index);
    let lane = load_lane_value(lowering, memarg, ty);
    let value = lowering.builder.ins().insertlane(vector, lane, index);
    push(lowering, value);
}

/// `v128.store_lane`
pub(super) fn store_lane(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type, index: u8) {
    let ty = in_register_of_vectors(lowering, ty);
    let vector = pop(lowering, ty);
    let width = ty.lane_type().bytes();
    let place = place(lowering, memarg);
    let (address, offset) = address_of(lowering, place, width.into());
    lowering.contents.overwrite(place, width);
    let lane = lowering.builder.ins().extractlane(vector, index);
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().store(flags, lane, address, offset);
}

/// A vector of which another lane is overwritten: one lane and zeros need no zeros where that is the only other one.
fn without_zeros(
    builder: &mut FunctionBuilder<'_>,
    vector: Value,
    ty: Type,
    overwritten: u8,
) -> Value {
    let definition = builder.func.dfg.value_def(vector).inst();
    match definition.map(|inst| builder.func.dfg.insts[inst]) {
        Some(InstructionData::Unary {
            opcode: Opcode::ScalarToVector,
            arg,
        }) if ty == F64X2 && overwritten == 1 => builder.ins().splat(ty, arg),
        _ => vector,
    }
}

/// The type whose lanes get from memory into a vector and back by the shortest way: on x86-64 a number of 32 or 64 bits is
/// loaded and stored as a float, whose bits stay as they are, since integers take the way through a general register.
fn in_register_of_vectors(lowering: &Lowering<'_, '_>, ty: Type) -> Type {
    match ty {
        I32X4 if lowering.env.target == Target::X86_64 => F32X4,
        I64X2 if lowering.env.target == Target::X86_64 => F64X2,
        _ => ty,
    }
}

fn load_lane_value(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) -> Value {
    let (address, offset) = address(lowering, memarg, ty.lane_type().bytes().into());
    let flags = memory_flags(lowering.builder.func);
    let builder = &mut lowering.builder;
    let lane = ty.lane_type();
    if lane == I8 && !lowering.env.permutes_bytes {
        // No instruction puts a byte into a vector: it goes there as 32 bits, and is loaded as such.
        let wide = builder.ins().uload8(I32, flags, address, offset);
        return builder.ins().ireduce(I8, wide);
    }
    builder.ins().load(lane, flags, address, offset)
}
