//! Zeros in the upper half of a register are not made where they are.
//!
//! An instruction that writes the lower half of a register sets the upper one to zero. Cranelift does not count on that for
//! every instruction, and extends what has been extended:
//!
//! ```text
//! cmovl %edx, %ecx
//! mov %ecx, %ecx            nothing
//! mov (%rdi, %rcx), %al
//! ```

use super::effect::{has_zeros, reg};
use super::flow::{Flow, Kind};
use iced_x86::{Code, OpKind, Register};

/// Drops extensions of a function, whose blocks start at these offsets.
pub(super) fn drop(flow: &mut Flow, blocks: &[u32]) {
    let extensions =
        (0..flow.pieces.len()).filter_map(|piece| Some((piece, extended(flow, piece)?)));
    let extensions: Vec<(usize, Register)> = extensions.collect();
    if extensions.is_empty() {
        return;
    }
    let entries = flow.entries(blocks);
    for (piece, register) in extensions {
        if reg(register).is_some_and(|register| has_zeros(flow, piece, register, &entries)) {
            flow.pieces[piece].kind = Kind::Dropped;
        }
    }
}

/// The register whose lower half a piece moves to itself.
fn extended(flow: &Flow, piece: usize) -> Option<Register> {
    let instruction = &flow.instructions[piece];
    let is_extension = matches!(instruction.code(), Code::Mov_r32_rm32 | Code::Mov_rm32_r32)
        && instruction.op0_kind() == OpKind::Register
        && instruction.op1_kind() == OpKind::Register
        && instruction.op0_register() == instruction.op1_register();
    is_extension.then(|| instruction.op0_register())
}
