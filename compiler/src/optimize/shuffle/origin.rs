//! Instructions that only move bytes, and bytes that are zero.

use crate::optimize::constant;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode, Type, Value, ValueDef};

/// Where a byte comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// It is zero.
    Zero,
    /// It is this byte of a value.
    At(Value, usize),
}

/// How many instructions are looked at one behind the other to know that a byte is zero.
const DEPTH: u32 = 6;

/// Where an instruction has one of its result's bytes from; `None` if it does not only move it.
pub(super) fn origin(func: &Function, inst: Inst, index: usize) -> Option<Origin> {
    let ty = |value: Value| func.dfg.value_type(value);
    match func.dfg.insts[inst] {
        InstructionData::Shuffle { args, imm, .. } => {
            let byte = usize::from(func.dfg.immediates[imm].as_slice()[index]);
            Some(Origin::At(args[byte / 16], byte % 16))
        }
        InstructionData::TernaryImm8 {
            opcode: Opcode::Insertlane,
            args: [vector, lane],
            imm,
        } => {
            let width = width(ty(lane));
            let is_lane = index / width == usize::from(imm);
            Some(if is_lane {
                Origin::At(lane, index % width)
            } else {
                Origin::At(vector, index)
            })
        }
        InstructionData::BinaryImm8 {
            opcode: Opcode::Extractlane,
            arg,
            imm,
        } => Some(Origin::At(
            arg,
            usize::from(imm) * width(ty(arg).lane_type()) + index,
        )),
        InstructionData::LoadNoOffset {
            opcode: Opcode::Bitcast,
            arg,
            ..
        } => {
            let is_known = ty(arg).is_vector() || ty(arg).bits() <= I64.bits();
            is_known.then_some(Origin::At(arg, index))
        }
        InstructionData::Unary { opcode, arg } => extended(opcode, arg, ty(arg), index),
        InstructionData::Binary { opcode, args } => narrowed(func, opcode, args, index),
        InstructionData::UnaryConst {
            opcode: Opcode::Vconst,
            constant_handle,
        } => {
            let byte = func.dfg.constants.get(constant_handle).as_slice()[index];
            (byte == 0).then_some(Origin::Zero)
        }
        InstructionData::UnaryImm {
            opcode: Opcode::Iconst,
            imm,
        } => (imm.bits() >> (index * 8) & 0xff == 0).then_some(Origin::Zero),
        _ => None,
    }
}

/// Conversions that only drop bytes or add zeros.
fn extended(opcode: Opcode, arg: Value, ty: Type, index: usize) -> Option<Origin> {
    match opcode {
        Opcode::Ireduce => Some(Origin::At(arg, index)),
        Opcode::Splat => Some(Origin::At(arg, index % width(ty))),
        Opcode::Uextend | Opcode::ScalarToVector => Some(if index < width(ty) {
            Origin::At(arg, index)
        } else {
            Origin::Zero
        }),
        Opcode::UwidenLow | Opcode::UwidenHigh => {
            let width = width(ty.lane_type());
            let start = if opcode == Opcode::UwidenLow { 0 } else { 8 };
            Some(if index % (width * 2) < width {
                Origin::At(arg, start + index / (width * 2) * width + index % width)
            } else {
                Origin::Zero
            })
        }
        _ => None,
    }
}

fn width(ty: Type) -> usize {
    ty.bytes() as usize
}

/// Where a byte of a narrowed lane comes from, if the lane fits.
fn narrowed(func: &Function, opcode: Opcode, args: [Value; 2], index: usize) -> Option<Origin> {
    if !matches!(opcode, Opcode::Snarrow | Opcode::Unarrow) {
        return None;
    }
    let arg = args[index / 8];
    let lane = width(func.dfg.value_type(arg).lane_type());
    let narrow = lane / 2;
    let start = index % 8 / narrow * lane;
    // Of a signed lane, the byte with the sign is zero, too, and it is not the only one.
    let first_zero = match opcode {
        Opcode::Unarrow => narrow,
        _ if narrow > 1 => narrow - 1,
        _ => return None,
    };
    let fits = (first_zero..lane).all(|byte| is_zero(func, arg, start + byte));
    fits.then_some(Origin::At(arg, start + index % narrow))
}

/// Whether a byte of a value is zero, whatever the program does. A number has zeros above itself.
pub(super) fn is_zero(func: &Function, value: Value, index: usize) -> bool {
    is_zero_within(func, value, index, DEPTH)
}

fn is_zero_within(func: &Function, value: Value, index: usize, depth: u32) -> bool {
    let value = func.dfg.resolve_aliases(value);
    if index >= width(func.dfg.value_type(value)) {
        return true;
    }
    let ValueDef::Result(inst, _) = func.dfg.value_def(value) else {
        return false;
    };
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let is_zero = |value: Value, index: usize| is_zero_within(func, value, index, depth);
    let lane = width(func.dfg.value_type(value).lane_type());
    match func.dfg.insts[inst] {
        InstructionData::Binary {
            opcode: Opcode::Band,
            args,
        } => args.iter().any(|arg| is_zero(*arg, index)),
        InstructionData::Binary {
            opcode: Opcode::Bor | Opcode::Bxor,
            args,
        } => args.iter().all(|arg| is_zero(*arg, index)),
        InstructionData::Binary {
            opcode: Opcode::Ushr,
            args: [arg, bits],
        } => constant(&func.dfg, bits).is_some_and(|bits| {
            let first = index % lane + bits as usize % (lane * 8) / 8;
            let last = (index % lane * 8 + 7 + bits as usize % (lane * 8)) / 8;
            let start = index / lane * lane;
            (first..=last).all(|byte| byte >= lane || is_zero(arg, start + byte))
        }),
        InstructionData::Load {
            opcode: Opcode::Uload8x8 | Opcode::Uload16x4 | Opcode::Uload32x2,
            ..
        } => index % lane >= lane / 2,
        InstructionData::Load {
            opcode: Opcode::Uload8,
            ..
        } => index >= 1,
        _ => match origin(func, inst, index) {
            Some(Origin::Zero) => true,
            Some(Origin::At(from, at)) => is_zero(from, at),
            None => false,
        },
    }
}
