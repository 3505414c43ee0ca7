//! Swaps of a number's bytes, for which WebAssembly has no instruction.
//!
//! Compilers put them together of shifts, rotations and masks that `or` joins, each in its own way; Cranelift knows two of
//! them. Here an `or` is followed back: each byte of what it joins is 0 or a byte of one number, or it is given up. If all
//! bytes of the number are there, in the opposite order, it is a swap, whatever the way.
//!
//! On riscv64 without Zbb a swap is 15 instructions, more than the usual ways: there they are left as they are.
//!
//! SHA-256's compression function of `tests/bench` has 256 instructions on x86-64 instead of 337; SQLite, whose files have
//! the highest byte first, swaps in 157 places.

use super::function::Lowering;
use crate::optimize::constant;
use cranelift_codegen::ir::{DataFlowGraph, InstBuilder, InstructionData, Opcode, Value};

/// Instructions one behind the other that are followed back from an `or`: clang's swap of 64 bits has four.
const DEEPEST: usize = 6;

/// `i32.or` and `i64.or`
pub(super) fn or(lowering: &mut Lowering<'_, '_>) {
    let (left, right) = lowering.stack.pop2();
    let number = if lowering.env.swaps {
        swapped(&lowering.builder.func.dfg, left, right)
    } else {
        None
    };
    let ins = lowering.builder.ins();
    let value = match number {
        Some(number) => ins.bswap(number),
        None => ins.bor(left, right),
    };
    lowering.stack.push(value);
}

/// The number whose bytes are in the opposite order in what `or` makes of two values.
fn swapped(dfg: &DataFlowGraph, left: Value, right: Value) -> Option<Value> {
    // Most are joined of something else.
    let is_part = |value| operation(dfg, value).is_some();
    if !is_part(left) || !is_part(right) {
        return None;
    }
    let bytes = Bytes::of(dfg, left, DEEPEST).or(&Bytes::of(dfg, right, DEEPEST))?;
    let highest = bytes.bytes.len() - 1;
    let mut places = bytes.bytes.iter().enumerate();
    let is_swap = places.all(|(place, byte)| *byte == Some(highest - place));
    is_swap.then_some(bytes.number)
}

/// A value of which each byte is 0 or one of a number.
struct Bytes {
    number: Value,
    /// Where each is in the number, the lowest first.
    bytes: Vec<Option<usize>>,
}

impl Bytes {
    /// Those of a value: of what it is made of, or its own.
    fn of(dfg: &DataFlowGraph, value: Value, depth: usize) -> Self {
        let parts = depth
            .checked_sub(1)
            .and_then(|depth| Self::made(dfg, value, depth));
        parts.unwrap_or_else(|| Self {
            number: dfg.resolve_aliases(value),
            bytes: (0..dfg.value_type(value).bytes() as usize)
                .map(Some)
                .collect(),
        })
    }

    fn made(dfg: &DataFlowGraph, value: Value, depth: usize) -> Option<Self> {
        let (opcode, [left, right]) = operation(dfg, value)?;
        let mut made = Self::of(dfg, left, depth);
        if opcode == Opcode::Bor {
            return made.or(&Self::of(dfg, right, depth));
        }
        let by = constant(dfg, right)? as u64;
        let bytes = &mut made.bytes;
        if opcode == Opcode::Band {
            for (place, byte) in bytes.iter_mut().enumerate() {
                *byte = match (by >> (8 * place)) as u8 {
                    0 => None,
                    0xff => *byte,
                    _ => return None,
                };
            }
            return Some(made);
        }
        let bits = by % (8 * bytes.len() as u64);
        let distance = bits.is_multiple_of(8).then_some(bits as usize / 8)?;
        match opcode {
            Opcode::Ishl | Opcode::Rotl => bytes.rotate_right(distance),
            _ => bytes.rotate_left(distance),
        }
        let kept = bytes.len() - distance;
        match opcode {
            Opcode::Ishl => bytes[..distance].fill(None),
            Opcode::Ushr => bytes[kept..].fill(None),
            _ => {}
        }
        Some(made)
    }

    /// Those of both, if they are bytes of one number and none has two in a place.
    fn or(mut self, other: &Self) -> Option<Self> {
        if self.number != other.number {
            return None;
        }
        for (byte, other) in self.bytes.iter_mut().zip(&other.bytes) {
            *byte = match (*byte, *other) {
                (None, byte) | (byte, None) => byte,
                (Some(one), Some(other)) if one == other => Some(one),
                _ => return None,
            };
        }
        Some(self)
    }
}

/// The instruction that moves, masks or joins bytes to make a value, and its operands.
fn operation(dfg: &DataFlowGraph, value: Value) -> Option<(Opcode, [Value; 2])> {
    use Opcode as O;
    let inst = dfg.value_def(dfg.resolve_aliases(value)).inst()?;
    match dfg.insts[inst] {
        InstructionData::Binary {
            opcode: opcode @ (O::Band | O::Bor | O::Ishl | O::Ushr | O::Rotl | O::Rotr),
            args,
        } => Some((opcode, args)),
        _ => None,
    }
}
