//! `i32.popcnt` and `i64.popcnt`.
//!
//! x86-64 has had an instruction for them since 2008, but not from the start. Code for any CPU finds out when the program
//! starts, and keeps the answer in the state: a test and a branch that always goes the same way, before the instruction or
//! before what takes its place, which lies apart. The corpus' `queens`, whose half is a solver of sudokus, goes from 1.00 to
//! 0.67 times native code's CPU time; that does without the instruction as well.

use super::function::Lowering;
use super::{entities, state};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use cranelift_frontend::FunctionBuilder;
use elfin_abi::cpu::x86_64;

/// Counts the bits of the topmost value.
pub(super) fn lower(lowering: &mut Lowering<'_, '_>) {
    let operand = lowering.stack.pop();
    let count = if lowering.env.finds_popcnt {
        by_what_was_found(lowering, operand)
    } else {
        lowering.builder.ins().popcnt(operand)
    };
    lowering.stack.push(count);
}

fn by_what_was_found(lowering: &mut Lowering<'_, '_>, operand: Value) -> Value {
    let (env, builder) = (lowering.env, &mut lowering.builder);
    let ty = builder.func.dfg.value_type(operand);
    let [has, lacks, next] = [(); 3].map(|()| builder.create_block());
    builder.set_cold_block(lacks);
    let count = builder.append_block_param(next, ty);

    let flags = entities::state_flags(builder.func, entities::Region::Sizes).with_readonly();
    let place = env.layout.cpu_features;
    let entities = &mut lowering.entities;
    let features = state::load(env, builder, entities, types::I32, place, flags);
    let popcnt = builder.ins().band_imm_u(features, x86_64::POPCNT as i64);
    builder.ins().brif(popcnt, has, &[], lacks, &[]);
    builder.seal_block(has);
    builder.seal_block(lacks);

    builder.switch_to_block(has);
    let by_instruction = builder.ins().popcnt(operand);
    builder.ins().jump(next, &[by_instruction.into()]);
    builder.switch_to_block(lacks);
    let by_sums = by_sums(builder, operand, ty);
    builder.ins().jump(next, &[by_sums.into()]);
    builder.seal_block(next);
    builder.switch_to_block(next);
    count
}

/// Adds up neighbours: bits to numbers of two, those to numbers of four, those to bytes, which a product adds up in its
/// highest byte. Warren, Hacker's Delight, 2nd edition, 5-1.
fn by_sums(builder: &mut FunctionBuilder<'_>, operand: Value, ty: Type) -> Value {
    let every = |builder: &mut FunctionBuilder<'_>, byte: u64| {
        let bytes = byte * (u64::MAX / 0xff);
        builder.ins().iconst(ty, (bytes >> (64 - ty.bits())) as i64)
    };
    let mask = every(builder, 0b0101_0101);
    let odd = builder.ins().ushr_imm_u(operand, 1);
    let odd = builder.ins().band(odd, mask);
    let pairs = builder.ins().isub(operand, odd);

    let mask = every(builder, 0b0011_0011);
    let odd = builder.ins().ushr_imm_u(pairs, 2);
    let odd = builder.ins().band(odd, mask);
    let even = builder.ins().band(pairs, mask);
    let fours = builder.ins().iadd(even, odd);

    let mask = every(builder, 0b0000_1111);
    let odd = builder.ins().ushr_imm_u(fours, 4);
    let bytes = builder.ins().iadd(fours, odd);
    let bytes = builder.ins().band(bytes, mask);

    let ones = every(builder, 1);
    let sum = builder.ins().imul(bytes, ones);
    builder.ins().ushr_imm_u(sum, i64::from(ty.bits() - 8))
}
