//! One number or two become a vector by one instruction at most.
//!
//! Of the lower halves of two registers, `movlhps` makes a vector in the place of the first one. Cranelift is told to copy
//! the first one to both halves before, since it has no other vector that begins with a number and may end with anything:
//!
//! ```text
//! pshufd $0x44, %xmm1, %xmm1          nothing, or movaps from another register
//! movlhps %xmm0, %xmm1                movlhps %xmm0, %xmm1
//! ```
//!
//! The upper half that `pshufd` makes is overwritten, and the lower one is what it was.
//!
//! A number that is to have zeros beside it is moved into zeros. One that has been loaded has them already:
//!
//! ```text
//! movss (%rdi), %xmm1                 movss (%rdi), %xmm1
//! xorps %xmm0, %xmm0                  movaps %xmm1, %xmm0
//! movss %xmm1, %xmm0
//! ```
//!
//! With the lanes that are loaded as floats, the product of matrices of bytes goes from 1.55 to 0.98 times native code's CPU
//! time, PolyBench's syr2k with SIMD from 1.78 to 1.01.

use super::effect::{reg, written_before};
use super::flow::{Flow, Kind};
use iced_x86::{Code, Instruction, OpKind};

/// The lower half in both halves.
const LOWER_TWICE: u8 = 0x44;

/// Joins the numbers of a function, whose blocks start at these offsets.
pub(super) fn join(flow: &mut Flow, blocks: &[u32]) {
    let is_move = |piece: &usize| {
        let instruction = &flow.instructions[*piece];
        instruction.op0_kind() == OpKind::Register
            && instruction.op1_kind() == OpKind::Register
            && matches!(
                instruction.code(),
                Code::Movlhps_xmm_xmm | Code::Movss_xmm_xmmm32 | Code::Movsd_xmm_xmmm64
            )
    };
    let moves: Vec<usize> = (1..flow.pieces.len()).filter(is_move).collect();
    if moves.is_empty() {
        return;
    }
    let entries = flow.entries(blocks);
    for second in moves {
        // Control goes from the first to the second alone.
        if entries.binary_search(&flow.pieces[second].start).is_ok() {
            continue;
        }
        let kinds = match flow.instructions[second].code() {
            Code::Movlhps_xmm_xmm => pair(flow, second),
            _ => with_zeros(flow, second, &entries),
        };
        if let Some([first_kind, second_kind]) = kinds {
            flow.pieces[second - 1].kind = first_kind;
            flow.pieces[second].kind = second_kind;
        }
    }
}

/// What becomes of a `movlhps` and the `pshufd` in front of it.
fn pair(flow: &Flow, joining: usize) -> Option<[Kind; 2]> {
    let first = &flow.instructions[joining - 1];
    let to = first.op0_register();
    let is_needless = first.code() == Code::Pshufd_xmm_xmmm128_imm8
        && first.op1_kind() == OpKind::Register
        && first.immediate8() == LOWER_TWICE
        && flow.instructions[joining].op0_register() == to;
    let from = first.op1_register();
    let kind = if from == to {
        Kind::Dropped
    } else {
        Kind::Copy { to, from }
    };
    is_needless.then_some([kind, flow.pieces[joining].kind])
}

/// What becomes of a move into zeros, and the instruction in front of it that makes these.
fn with_zeros(flow: &Flow, second: usize, entries: &[u32]) -> Option<[Kind; 2]> {
    let [zeros, moving] = [second - 1, second].map(|piece| &flow.instructions[piece]);
    let are_zeros = matches!(
        zeros.code(),
        Code::Xorps_xmm_xmmm128 | Code::Xorpd_xmm_xmmm128 | Code::Pxor_xmm_xmmm128
    ) && zeros.op1_kind() == OpKind::Register
        && zeros.op0_register() == zeros.op1_register();
    if !are_zeros || moving.op0_register() != zeros.op0_register() {
        return None;
    }
    let [to, from] = [moving.op0_register(), moving.op1_register()];
    let writer = written_before(flow, second - 1, reg(from)?, entries)?;
    let is_alone = loads_alone(&flow.instructions[writer], moving);
    let is_there = flow.pieces[writer].kind == Kind::Plain;
    (to != from && is_alone && is_there).then_some([Kind::Dropped, Kind::Copy { to, from }])
}

/// Whether an instruction loads what a move is of, with zeros beside it.
fn loads_alone(instruction: &Instruction, moving: &Instruction) -> bool {
    instruction.code() == moving.code()
        && instruction.op0_kind() == OpKind::Register
        && instruction.op1_kind() == OpKind::Memory
        && instruction.op0_register() == moving.op1_register()
}
