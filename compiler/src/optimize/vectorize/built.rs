//! What a vector is put together from.

use cranelift_codegen::ir::{DataFlowGraph, InstructionData, Opcode, Value};

/// The instructions that are looked through, at most.
const FURTHEST: usize = 32;

/// The scalar, and its byte, that a byte of a vector of 16 bytes is; `None` if it is none of those that the instructions
/// before have put into vectors.
pub(super) fn source(dfg: &DataFlowGraph, vector: Value, byte: u8) -> Option<(Value, u8)> {
    let size = |value| u8::try_from(dfg.value_type(value).bytes()).ok();
    let (mut vector, mut byte) = (vector, byte);
    for _ in 0..FURTHEST {
        let inst = dfg.value_def(dfg.resolve_aliases(vector)).inst()?;
        match dfg.insts[inst] {
            InstructionData::LoadNoOffset {
                opcode: Opcode::Bitcast,
                arg,
                ..
            } if dfg.value_type(arg).is_vector() => vector = arg,
            InstructionData::Unary { opcode, arg } => {
                return match opcode {
                    Opcode::ScalarToVector => (byte < size(arg)?).then_some((arg, byte)),
                    Opcode::Splat => Some((arg, byte % size(arg)?)),
                    _ => None,
                };
            }
            InstructionData::TernaryImm8 {
                opcode: Opcode::Insertlane,
                args: [before, lane],
                imm,
            } => {
                let size = size(lane)?;
                if byte / size == imm {
                    return Some((lane, byte % size));
                }
                vector = before;
            }
            InstructionData::Shuffle {
                opcode: Opcode::Shuffle,
                args,
                imm,
            } => {
                let from = *dfg.immediates.get(imm)?.as_slice().get(usize::from(byte))?;
                (vector, byte) = (args[usize::from(from / 16)], from % 16);
            }
            _ => return None,
        }
    }
    None
}
