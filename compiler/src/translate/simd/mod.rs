//! SIMD instructions, one arm each: where the lowering of each is found.
//!
//! A vector lies on the stack, in a local and in a block's parameter as bytes (I8X16); [`lanes`] gives and takes the
//! lanes that an instruction works on.

mod convert;
mod float;
mod gather;
mod integer;
mod lanes;
mod memory;
mod relaxed;
mod shuffle;

use super::constant::vector;
use super::function::Lowering;
use super::memory as whole;
use super::rounding::Rounding;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};
use integer::Widen;
use lanes::{binary, unary};
use wasmparser::Operator;

const SIGNED_LOW: Widen = |ins, a| ins.swiden_low(a);
const SIGNED_HIGH: Widen = |ins, a| ins.swiden_high(a);
const UNSIGNED_LOW: Widen = |ins, a| ins.uwiden_low(a);
const UNSIGNED_HIGH: Widen = |ins, a| ins.uwiden_high(a);

/// Lowers one instruction that can be reached.
pub(super) fn lower(l: &mut Lowering<'_, '_>, operator: &Operator<'_>) {
    use Operator as O;
    match operator {
        O::V128Load { memarg } => whole::load(l, memarg, I8X16),
        O::V128Store { memarg } => whole::store(l, memarg),
        O::V128Load8x8S { memarg } => {
            memory::load_extended(l, memarg, I8X16, SIGNED_LOW, |ins, flags, a, at| {
                ins.sload8x8(flags, a, at)
            })
        }
        O::V128Load8x8U { memarg } => {
            memory::load_extended(l, memarg, I8X16, UNSIGNED_LOW, |ins, flags, a, at| {
                ins.uload8x8(flags, a, at)
            })
        }
        O::V128Load16x4S { memarg } => {
            memory::load_extended(l, memarg, I16X8, SIGNED_LOW, |ins, flags, a, at| {
                ins.sload16x4(flags, a, at)
            })
        }
        O::V128Load16x4U { memarg } => {
            memory::load_extended(l, memarg, I16X8, UNSIGNED_LOW, |ins, flags, a, at| {
                ins.uload16x4(flags, a, at)
            })
        }
        O::V128Load32x2S { memarg } => {
            memory::load_extended(l, memarg, I32X4, SIGNED_LOW, |ins, flags, a, at| {
                ins.sload32x2(flags, a, at)
            })
        }
        O::V128Load32x2U { memarg } => {
            memory::load_extended(l, memarg, I32X4, UNSIGNED_LOW, |ins, flags, a, at| {
                ins.uload32x2(flags, a, at)
            })
        }
        O::V128Load8Splat { memarg } => memory::load_splat(l, memarg, I8X16),
        O::V128Load16Splat { memarg } => memory::load_splat(l, memarg, I16X8),
        O::V128Load32Splat { memarg } => memory::load_splat(l, memarg, I32X4),
        O::V128Load64Splat { memarg } => memory::load_splat(l, memarg, I64X2),
        O::V128Load32Zero { memarg } => memory::load_zero(l, memarg, I32X4),
        O::V128Load64Zero { memarg } => memory::load_zero(l, memarg, I64X2),
        O::V128Load8Lane { memarg, lane } => memory::load_lane(l, memarg, I8X16, *lane),
        O::V128Load16Lane { memarg, lane } => memory::load_lane(l, memarg, I16X8, *lane),
        O::V128Load32Lane { memarg, lane } => memory::load_lane(l, memarg, I32X4, *lane),
        O::V128Load64Lane { memarg, lane } => memory::load_lane(l, memarg, I64X2, *lane),
        O::V128Store8Lane { memarg, lane } => memory::store_lane(l, memarg, I8X16, *lane),
        O::V128Store16Lane { memarg, lane } => memory::store_lane(l, memarg, I16X8, *lane),
        O::V128Store32Lane { memarg, lane } => memory::store_lane(l, memarg, I32X4, *lane),
        O::V128Store64Lane { memarg, lane } => memory::store_lane(l, memarg, I64X2, *lane),

        O::V128Const { value } => {
            let value = vector(&mut l.builder, I8X16, *value.bytes());
            l.stack.push(value);
        }
        O::I8x16Shuffle { lanes } => shuffle::shuffle(l, *lanes),
        O::I8x16Swizzle | O::I8x16RelaxedSwizzle => shuffle::swizzle(l),
        O::I8x16Splat => lanes::splat(l, I8X16),
        O::I16x8Splat => lanes::splat(l, I16X8),
        O::I32x4Splat => lanes::splat(l, I32X4),
        O::I64x2Splat => lanes::splat(l, I64X2),
        O::F32x4Splat => lanes::splat(l, F32X4),
        O::F64x2Splat => lanes::splat(l, F64X2),
        O::I8x16ExtractLaneS { lane } => {
            lanes::extract_narrow(l, I8X16, *lane, |ins, ty, a| ins.sextend(ty, a))
        }
        O::I8x16ExtractLaneU { lane } => {
            lanes::extract_narrow(l, I8X16, *lane, |ins, ty, a| ins.uextend(ty, a))
        }
        O::I16x8ExtractLaneS { lane } => {
            lanes::extract_narrow(l, I16X8, *lane, |ins, ty, a| ins.sextend(ty, a))
        }
        O::I16x8ExtractLaneU { lane } => {
            lanes::extract_narrow(l, I16X8, *lane, |ins, ty, a| ins.uextend(ty, a))
        }
        O::I32x4ExtractLane { lane } => lanes::extract(l, I32X4, *lane),
        O::I64x2ExtractLane { lane } => lanes::extract(l, I64X2, *lane),
        O::F32x4ExtractLane { lane } => lanes::extract(l, F32X4, *lane),
        O::F64x2ExtractLane { lane } => lanes::extract(l, F64X2, *lane),
        O::I8x16ReplaceLane { lane } => lanes::replace(l, I8X16, *lane),
        O::I16x8ReplaceLane { lane } => lanes::replace(l, I16X8, *lane),
        O::I32x4ReplaceLane { lane } => lanes::replace(l, I32X4, *lane),
        O::I64x2ReplaceLane { lane } => lanes::replace(l, I64X2, *lane),
        O::F32x4ReplaceLane { lane } => lanes::replace(l, F32X4, *lane),
        O::F64x2ReplaceLane { lane } => lanes::replace(l, F64X2, *lane),

        O::I8x16Eq => integer::compare(l, I8X16, IntCC::Equal),
        O::I8x16Ne => integer::compare(l, I8X16, IntCC::NotEqual),
        O::I8x16LtS => integer::compare(l, I8X16, IntCC::SignedLessThan),
        O::I8x16LtU => integer::compare(l, I8X16, IntCC::UnsignedLessThan),
        O::I8x16GtS => integer::compare(l, I8X16, IntCC::SignedGreaterThan),
        O::I8x16GtU => integer::compare(l, I8X16, IntCC::UnsignedGreaterThan),
        O::I8x16LeS => integer::compare(l, I8X16, IntCC::SignedLessThanOrEqual),
        O::I8x16LeU => integer::compare(l, I8X16, IntCC::UnsignedLessThanOrEqual),
        O::I8x16GeS => integer::compare(l, I8X16, IntCC::SignedGreaterThanOrEqual),
        O::I8x16GeU => integer::compare(l, I8X16, IntCC::UnsignedGreaterThanOrEqual),
        O::I16x8Eq => integer::compare(l, I16X8, IntCC::Equal),
        O::I16x8Ne => integer::compare(l, I16X8, IntCC::NotEqual),
        O::I16x8LtS => integer::compare(l, I16X8, IntCC::SignedLessThan),
        O::I16x8LtU => integer::compare(l, I16X8, IntCC::UnsignedLessThan),
        O::I16x8GtS => integer::compare(l, I16X8, IntCC::SignedGreaterThan),
        O::I16x8GtU => integer::compare(l, I16X8, IntCC::UnsignedGreaterThan),
        O::I16x8LeS => integer::compare(l, I16X8, IntCC::SignedLessThanOrEqual),
        O::I16x8LeU => integer::compare(l, I16X8, IntCC::UnsignedLessThanOrEqual),
        O::I16x8GeS => integer::compare(l, I16X8, IntCC::SignedGreaterThanOrEqual),
        O::I16x8GeU => integer::compare(l, I16X8, IntCC::UnsignedGreaterThanOrEqual),
        O::I32x4Eq => integer::compare(l, I32X4, IntCC::Equal),
        O::I32x4Ne => integer::compare(l, I32X4, IntCC::NotEqual),
        O::I32x4LtS => integer::compare(l, I32X4, IntCC::SignedLessThan),
        O::I32x4LtU => integer::compare(l, I32X4, IntCC::UnsignedLessThan),
        O::I32x4GtS => integer::compare(l, I32X4, IntCC::SignedGreaterThan),
        O::I32x4GtU => integer::compare(l, I32X4, IntCC::UnsignedGreaterThan),
        O::I32x4LeS => integer::compare(l, I32X4, IntCC::SignedLessThanOrEqual),
        O::I32x4LeU => integer::compare(l, I32X4, IntCC::UnsignedLessThanOrEqual),
        O::I32x4GeS => integer::compare(l, I32X4, IntCC::SignedGreaterThanOrEqual),
        O::I32x4GeU => integer::compare(l, I32X4, IntCC::UnsignedGreaterThanOrEqual),
        O::I64x2Eq => integer::compare(l, I64X2, IntCC::Equal),
        O::I64x2Ne => integer::compare(l, I64X2, IntCC::NotEqual),
        O::I64x2LtS => integer::compare(l, I64X2, IntCC::SignedLessThan),
        O::I64x2GtS => integer::compare(l, I64X2, IntCC::SignedGreaterThan),
        O::I64x2LeS => integer::compare(l, I64X2, IntCC::SignedLessThanOrEqual),
        O::I64x2GeS => integer::compare(l, I64X2, IntCC::SignedGreaterThanOrEqual),
        O::F32x4Eq => float::compare(l, F32X4, FloatCC::Equal),
        O::F32x4Ne => float::compare(l, F32X4, FloatCC::NotEqual),
        O::F32x4Lt => float::compare(l, F32X4, FloatCC::LessThan),
        O::F32x4Gt => float::compare(l, F32X4, FloatCC::GreaterThan),
        O::F32x4Le => float::compare(l, F32X4, FloatCC::LessThanOrEqual),
        O::F32x4Ge => float::compare(l, F32X4, FloatCC::GreaterThanOrEqual),
        O::F64x2Eq => float::compare(l, F64X2, FloatCC::Equal),
        O::F64x2Ne => float::compare(l, F64X2, FloatCC::NotEqual),
        O::F64x2Lt => float::compare(l, F64X2, FloatCC::LessThan),
        O::F64x2Gt => float::compare(l, F64X2, FloatCC::GreaterThan),
        O::F64x2Le => float::compare(l, F64X2, FloatCC::LessThanOrEqual),
        O::F64x2Ge => float::compare(l, F64X2, FloatCC::GreaterThanOrEqual),

        O::V128Not => unary(l, I8X16, |ins, a| ins.bnot(a)),
        O::V128And => binary(l, I8X16, |ins, a, b| ins.band(a, b)),
        O::V128AndNot => binary(l, I8X16, |ins, a, b| ins.band_not(a, b)),
        O::V128Or => binary(l, I8X16, |ins, a, b| ins.bor(a, b)),
        O::V128Xor => binary(l, I8X16, |ins, a, b| ins.bxor(a, b)),
        O::V128Bitselect
        | O::I8x16RelaxedLaneselect
        | O::I16x8RelaxedLaneselect
        | O::I32x4RelaxedLaneselect
        | O::I64x2RelaxedLaneselect => integer::bitselect(l),
        O::V128AnyTrue => integer::any_true(l),
        O::I8x16AllTrue => integer::all_true(l, I8X16),
        O::I16x8AllTrue => integer::all_true(l, I16X8),
        O::I32x4AllTrue => integer::all_true(l, I32X4),
        O::I64x2AllTrue => integer::all_true(l, I64X2),
        O::I8x16Bitmask => integer::bitmask(l, I8X16),
        O::I16x8Bitmask => integer::bitmask(l, I16X8),
        O::I32x4Bitmask => integer::bitmask(l, I32X4),
        O::I64x2Bitmask => integer::bitmask(l, I64X2),

        O::I8x16Abs => unary(l, I8X16, |ins, a| ins.iabs(a)),
        O::I8x16Neg => unary(l, I8X16, |ins, a| ins.ineg(a)),
        O::I8x16Popcnt => unary(l, I8X16, |ins, a| ins.popcnt(a)),
        O::I8x16Shl => integer::shift(l, I8X16, |ins, a, b| ins.ishl(a, b)),
        O::I8x16ShrS => integer::shift(l, I8X16, |ins, a, b| ins.sshr(a, b)),
        O::I8x16ShrU => integer::shift(l, I8X16, |ins, a, b| ins.ushr(a, b)),
        O::I8x16Add => binary(l, I8X16, |ins, a, b| ins.iadd(a, b)),
        O::I8x16AddSatS => binary(l, I8X16, |ins, a, b| ins.sadd_sat(a, b)),
        O::I8x16AddSatU => binary(l, I8X16, |ins, a, b| ins.uadd_sat(a, b)),
        O::I8x16Sub => binary(l, I8X16, |ins, a, b| ins.isub(a, b)),
        O::I8x16SubSatS => binary(l, I8X16, |ins, a, b| ins.ssub_sat(a, b)),
        O::I8x16SubSatU => binary(l, I8X16, |ins, a, b| ins.usub_sat(a, b)),
        O::I8x16MinS => binary(l, I8X16, |ins, a, b| ins.smin(a, b)),
        O::I8x16MinU => binary(l, I8X16, |ins, a, b| ins.umin(a, b)),
        O::I8x16MaxS => binary(l, I8X16, |ins, a, b| ins.smax(a, b)),
        O::I8x16MaxU => binary(l, I8X16, |ins, a, b| ins.umax(a, b)),
        O::I8x16AvgrU => binary(l, I8X16, |ins, a, b| ins.avg_round(a, b)),
        O::I16x8Abs => unary(l, I16X8, |ins, a| ins.iabs(a)),
        O::I16x8Neg => unary(l, I16X8, |ins, a| ins.ineg(a)),
        O::I16x8Shl => integer::shift(l, I16X8, |ins, a, b| ins.ishl(a, b)),
        O::I16x8ShrS => integer::shift(l, I16X8, |ins, a, b| ins.sshr(a, b)),
        O::I16x8ShrU => integer::shift(l, I16X8, |ins, a, b| ins.ushr(a, b)),
        O::I16x8Add => binary(l, I16X8, |ins, a, b| ins.iadd(a, b)),
        O::I16x8AddSatS => binary(l, I16X8, |ins, a, b| ins.sadd_sat(a, b)),
        O::I16x8AddSatU => binary(l, I16X8, |ins, a, b| ins.uadd_sat(a, b)),
        O::I16x8Sub => binary(l, I16X8, |ins, a, b| ins.isub(a, b)),
        O::I16x8SubSatS => binary(l, I16X8, |ins, a, b| ins.ssub_sat(a, b)),
        O::I16x8SubSatU => binary(l, I16X8, |ins, a, b| ins.usub_sat(a, b)),
        O::I16x8Mul => binary(l, I16X8, |ins, a, b| ins.imul(a, b)),
        O::I16x8MinS => binary(l, I16X8, |ins, a, b| ins.smin(a, b)),
        O::I16x8MinU => binary(l, I16X8, |ins, a, b| ins.umin(a, b)),
        O::I16x8MaxS => binary(l, I16X8, |ins, a, b| ins.smax(a, b)),
        O::I16x8MaxU => binary(l, I16X8, |ins, a, b| ins.umax(a, b)),
        O::I16x8AvgrU => binary(l, I16X8, |ins, a, b| ins.avg_round(a, b)),
        O::I32x4Abs => unary(l, I32X4, |ins, a| ins.iabs(a)),
        O::I32x4Neg => unary(l, I32X4, |ins, a| ins.ineg(a)),
        O::I32x4Shl => integer::shift(l, I32X4, |ins, a, b| ins.ishl(a, b)),
        O::I32x4ShrS => integer::shift(l, I32X4, |ins, a, b| ins.sshr(a, b)),
        O::I32x4ShrU => integer::shift(l, I32X4, |ins, a, b| ins.ushr(a, b)),
        O::I32x4Add => binary(l, I32X4, |ins, a, b| ins.iadd(a, b)),
        O::I32x4Sub => binary(l, I32X4, |ins, a, b| ins.isub(a, b)),
        O::I32x4Mul => binary(l, I32X4, |ins, a, b| ins.imul(a, b)),
        O::I32x4MinS => binary(l, I32X4, |ins, a, b| ins.smin(a, b)),
        O::I32x4MinU => binary(l, I32X4, |ins, a, b| ins.umin(a, b)),
        O::I32x4MaxS => binary(l, I32X4, |ins, a, b| ins.smax(a, b)),
        O::I32x4MaxU => binary(l, I32X4, |ins, a, b| ins.umax(a, b)),
        O::I64x2Abs => unary(l, I64X2, |ins, a| ins.iabs(a)),
        O::I64x2Neg => unary(l, I64X2, |ins, a| ins.ineg(a)),
        O::I64x2Shl => integer::shift(l, I64X2, |ins, a, b| ins.ishl(a, b)),
        O::I64x2ShrS => integer::shift(l, I64X2, |ins, a, b| ins.sshr(a, b)),
        O::I64x2ShrU => integer::shift(l, I64X2, |ins, a, b| ins.ushr(a, b)),
        O::I64x2Add => binary(l, I64X2, |ins, a, b| ins.iadd(a, b)),
        O::I64x2Sub => binary(l, I64X2, |ins, a, b| ins.isub(a, b)),
        O::I64x2Mul => binary(l, I64X2, |ins, a, b| ins.imul(a, b)),

        O::I16x8Q15MulrSatS | O::I16x8RelaxedQ15mulrS => {
            binary(l, I16X8, |ins, a, b| ins.sqmul_round_sat(a, b))
        }
        O::I32x4DotI16x8S => integer::dot(l),
        O::I8x16NarrowI16x8S => binary(l, I16X8, |ins, a, b| ins.snarrow(a, b)),
        O::I8x16NarrowI16x8U => binary(l, I16X8, |ins, a, b| ins.unarrow(a, b)),
        O::I16x8NarrowI32x4S => binary(l, I32X4, |ins, a, b| ins.snarrow(a, b)),
        O::I16x8NarrowI32x4U => binary(l, I32X4, |ins, a, b| ins.unarrow(a, b)),
        O::I16x8ExtendLowI8x16S => unary(l, I8X16, |ins, a| ins.swiden_low(a)),
        O::I16x8ExtendLowI8x16U => unary(l, I8X16, |ins, a| ins.uwiden_low(a)),
        O::I16x8ExtendHighI8x16S => unary(l, I8X16, |ins, a| ins.swiden_high(a)),
        O::I16x8ExtendHighI8x16U => unary(l, I8X16, |ins, a| ins.uwiden_high(a)),
        O::I32x4ExtendLowI16x8S => unary(l, I16X8, |ins, a| ins.swiden_low(a)),
        O::I32x4ExtendLowI16x8U => unary(l, I16X8, |ins, a| ins.uwiden_low(a)),
        O::I32x4ExtendHighI16x8S => unary(l, I16X8, |ins, a| ins.swiden_high(a)),
        O::I32x4ExtendHighI16x8U => unary(l, I16X8, |ins, a| ins.uwiden_high(a)),
        O::I64x2ExtendLowI32x4S => unary(l, I32X4, |ins, a| ins.swiden_low(a)),
        O::I64x2ExtendLowI32x4U => unary(l, I32X4, |ins, a| ins.uwiden_low(a)),
        O::I64x2ExtendHighI32x4S => unary(l, I32X4, |ins, a| ins.swiden_high(a)),
        O::I64x2ExtendHighI32x4U => unary(l, I32X4, |ins, a| ins.uwiden_high(a)),
        O::I16x8ExtMulLowI8x16S => integer::multiply_extended(l, I8X16, SIGNED_LOW),
        O::I16x8ExtMulLowI8x16U => integer::multiply_extended(l, I8X16, UNSIGNED_LOW),
        O::I16x8ExtMulHighI8x16S => integer::multiply_extended(l, I8X16, SIGNED_HIGH),
        O::I16x8ExtMulHighI8x16U => integer::multiply_extended(l, I8X16, UNSIGNED_HIGH),
        O::I32x4ExtMulLowI16x8S => integer::multiply_extended(l, I16X8, SIGNED_LOW),
        O::I32x4ExtMulLowI16x8U => integer::multiply_extended(l, I16X8, UNSIGNED_LOW),
        O::I32x4ExtMulHighI16x8S => integer::multiply_extended(l, I16X8, SIGNED_HIGH),
        O::I32x4ExtMulHighI16x8U => integer::multiply_extended(l, I16X8, UNSIGNED_HIGH),
        O::I64x2ExtMulLowI32x4S => integer::multiply_extended(l, I32X4, SIGNED_LOW),
        O::I64x2ExtMulLowI32x4U => integer::multiply_extended(l, I32X4, UNSIGNED_LOW),
        O::I64x2ExtMulHighI32x4S => integer::multiply_extended(l, I32X4, SIGNED_HIGH),
        O::I64x2ExtMulHighI32x4U => integer::multiply_extended(l, I32X4, UNSIGNED_HIGH),
        O::I16x8ExtAddPairwiseI8x16S => {
            integer::add_pairwise_extended(l, I8X16, SIGNED_LOW, SIGNED_HIGH)
        }
        O::I16x8ExtAddPairwiseI8x16U => {
            integer::add_pairwise_extended(l, I8X16, UNSIGNED_LOW, UNSIGNED_HIGH)
        }
        O::I32x4ExtAddPairwiseI16x8S => {
            integer::add_pairwise_extended(l, I16X8, SIGNED_LOW, SIGNED_HIGH)
        }
        O::I32x4ExtAddPairwiseI16x8U => {
            integer::add_pairwise_extended(l, I16X8, UNSIGNED_LOW, UNSIGNED_HIGH)
        }

        O::F32x4Ceil => float::round(l, F32X4, Rounding::Ceil),
        O::F32x4Floor => float::round(l, F32X4, Rounding::Floor),
        O::F32x4Trunc => float::round(l, F32X4, Rounding::Trunc),
        O::F32x4Nearest => float::round(l, F32X4, Rounding::Nearest),
        O::F32x4Abs => unary(l, F32X4, |ins, a| ins.fabs(a)),
        O::F32x4Neg => unary(l, F32X4, |ins, a| ins.fneg(a)),
        O::F32x4Sqrt => unary(l, F32X4, |ins, a| ins.sqrt(a)),
        O::F32x4Add => binary(l, F32X4, |ins, a, b| ins.fadd(a, b)),
        O::F32x4Sub => binary(l, F32X4, |ins, a, b| ins.fsub(a, b)),
        O::F32x4Mul => binary(l, F32X4, |ins, a, b| ins.fmul(a, b)),
        O::F32x4Div => binary(l, F32X4, |ins, a, b| ins.fdiv(a, b)),
        O::F32x4Min | O::F32x4RelaxedMin => binary(l, F32X4, |ins, a, b| ins.fmin(a, b)),
        O::F32x4Max | O::F32x4RelaxedMax => binary(l, F32X4, |ins, a, b| ins.fmax(a, b)),
        O::F32x4PMin => float::pseudo_min(l, F32X4),
        O::F32x4PMax => float::pseudo_max(l, F32X4),
        O::F32x4RelaxedMadd => relaxed::multiply_add(l, F32X4),
        O::F32x4RelaxedNmadd => relaxed::multiply_subtract(l, F32X4),
        O::F64x2Ceil => float::round(l, F64X2, Rounding::Ceil),
        O::F64x2Floor => float::round(l, F64X2, Rounding::Floor),
        O::F64x2Trunc => float::round(l, F64X2, Rounding::Trunc),
        O::F64x2Nearest => float::round(l, F64X2, Rounding::Nearest),
        O::F64x2Abs => unary(l, F64X2, |ins, a| ins.fabs(a)),
        O::F64x2Neg => unary(l, F64X2, |ins, a| ins.fneg(a)),
        O::F64x2Sqrt => unary(l, F64X2, |ins, a| ins.sqrt(a)),
        O::F64x2Add => binary(l, F64X2, |ins, a, b| ins.fadd(a, b)),
        O::F64x2Sub => binary(l, F64X2, |ins, a, b| ins.fsub(a, b)),
        O::F64x2Mul => binary(l, F64X2, |ins, a, b| ins.fmul(a, b)),
        O::F64x2Div => binary(l, F64X2, |ins, a, b| ins.fdiv(a, b)),
        O::F64x2Min | O::F64x2RelaxedMin => binary(l, F64X2, |ins, a, b| ins.fmin(a, b)),
        O::F64x2Max | O::F64x2RelaxedMax => binary(l, F64X2, |ins, a, b| ins.fmax(a, b)),
        O::F64x2PMin => float::pseudo_min(l, F64X2),
        O::F64x2PMax => float::pseudo_max(l, F64X2),
        O::F64x2RelaxedMadd => relaxed::multiply_add(l, F64X2),
        O::F64x2RelaxedNmadd => relaxed::multiply_subtract(l, F64X2),

        O::I32x4TruncSatF32x4S | O::I32x4RelaxedTruncF32x4S => convert::truncate_f32x4(l, true),
        O::I32x4TruncSatF32x4U | O::I32x4RelaxedTruncF32x4U => convert::truncate_f32x4(l, false),
        O::I32x4TruncSatF64x2SZero | O::I32x4RelaxedTruncF64x2SZero => {
            convert::truncate_f64x2_signed(l)
        }
        O::I32x4TruncSatF64x2UZero | O::I32x4RelaxedTruncF64x2UZero => {
            convert::truncate_f64x2_unsigned(l)
        }
        O::F32x4ConvertI32x4S => convert::to_f32x4(l, true),
        O::F32x4ConvertI32x4U => convert::to_f32x4(l, false),
        O::F64x2ConvertLowI32x4S => convert::to_f64x2(l, true),
        O::F64x2ConvertLowI32x4U => convert::to_f64x2(l, false),
        O::F32x4DemoteF64x2Zero => unary(l, F64X2, |ins, a| ins.fvdemote(a)),
        O::F64x2PromoteLowF32x4 => unary(l, F32X4, |ins, a| ins.fvpromote_low(a)),

        O::I16x8RelaxedDotI8x16I7x16S => relaxed::dot(l),
        O::I32x4RelaxedDotI8x16I7x16AddS => relaxed::dot_add(l),

        other => unreachable!("{other:?} was refused while parsing"),
    }
}
