//! A jump through a table compares its index and branches, as other compilers have it.
//!
//! Cranelift makes the smaller one of the index and the number of entries, which waits for the comparison in each jump. Here
//! the branch is predicted, and the address of the entry does not wait:
//!
//! ```text
//! mov $0x13, %ebx
//! cmp %ebx, %r12d              cmp $0x13, %r12d
//! cmovb %r12d, %ebx            jae default; mov %r12d, %ebx
//! lea table(%rip), %r12        lea table(%rip), %r12
//! movslq (%r12, %rbx, 4), ..   movslq (%r12, %rbx, 4), ..
//! add ..; jmp ..               add ..; jmp ..
//! ```
//!
//! Where the instruction that made the index has left zeros in the upper half of its register, and the jump takes its
//! address from the table by itself ([`super::tables`]), it does so with that register, and the copy goes.
//!
//! The interpreter `bytecode` goes from 1.15 to 1.11 times native code's CPU time, regex from 1.25 to 1.22; SQLite loses a
//! hundredth.
//!
//! What the second register has is of the jump alone, so the default target may find another value in it.

use super::effect::{Reg, has_zeros, reg};
use super::flow::{Flow, HalfCopy, Kind, target_of_entry};
use crate::codegen::machine_code::MachineCode;
use iced_x86::{Code, Instruction, OpKind};

/// Pieces between the number of entries and its comparison, at most.
const MOST_BETWEEN: usize = 6;

/// Has the jumps of a function, whose blocks start at these offsets, branch.
pub(super) fn branch(code: &MachineCode, flow: &mut Flow, blocks: &[u32]) {
    let mut entries = None;
    for jump in 0..flow.pieces.len() {
        if let Kind::TableJump { table, .. } = flow.pieces[jump].kind {
            let entries = entries.get_or_insert_with(|| flow.entries(blocks));
            branch_one(code, flow, jump, table, entries);
        }
    }
}

fn branch_one(
    code: &MachineCode,
    flow: &mut Flow,
    jump: usize,
    table: u32,
    entries: &[u32],
) -> Option<()> {
    // cmp, cmovb, lea, movslq, add, jmp
    let compare = jump.checked_sub(5)?;
    let choose = compare + 1;
    let [clamped, index] = operands(&flow.instructions[choose], Code::Cmovb_r32_rm32)?;
    let compared = operands(&flow.instructions[compare], Code::Cmp_rm32_r32)
        .or_else(|| operands(&flow.instructions[compare], Code::Cmp_r32_rm32))?;
    let load = &flow.instructions[choose + 2];
    let is_loaded =
        load.code() == Code::Movsxd_r64_rm32 && reg(load.memory_index()) == Some(clamped);
    if compared != [index, clamped] || !is_loaded {
        return None;
    }
    let first = compare.saturating_sub(MOST_BETWEEN);
    let count = (first..compare).rfind(|piece| {
        let instruction = &flow.instructions[*piece];
        instruction.code() == Code::Mov_r32_imm32
            && reg(instruction.op0_register()) == Some(clamped)
    })?;
    let piece = flow.pieces[flow.at(table)?];
    let last = piece.len / 4 - 1;
    let between = &flow.instructions[count + 1..compare];
    let is_apart = between
        .iter()
        .all(|instruction| is_apart(instruction, clamped));
    if flow.instructions[count].immediate32() != last || !is_apart {
        return None;
    }
    let target = target_of_entry(&code.bytes, piece.start, piece.end() - 4);
    flow.pieces[count].kind = Kind::Dropped;
    flow.pieces[compare].kind = Kind::Compare { index, count: last };
    let is_taken_by_itself = matches!(
        flow.pieces[jump].kind,
        Kind::TableJump { index: Some(_), .. }
    );
    let copy = if is_taken_by_itself && has_zeros(flow, compare, index, entries) {
        let index = Some(index);
        flow.pieces[jump].kind = Kind::TableJump { table, index };
        None
    } else {
        Some(HalfCopy {
            to: clamped,
            from: index,
        })
    };
    flow.pieces[choose].kind = Kind::Choose { target, copy };
    Some(())
}

/// The registers of an instruction with this code and two of them.
fn operands(instruction: &Instruction, code: Code) -> Option<[Reg; 2]> {
    let are_registers = (0..2).all(|operand| instruction.op_kind(operand) == OpKind::Register);
    if instruction.code() != code || !are_registers {
        return None;
    }
    let [first, second] = [0, 1].map(|operand| reg(instruction.op_register(operand)));
    Some([first?, second?])
}

/// Whether an instruction is a move that has nothing to do with a register.
fn is_apart(instruction: &Instruction, register: Reg) -> bool {
    let is_move = matches!(
        instruction.code(),
        Code::Mov_r32_rm32 | Code::Mov_rm32_r32 | Code::Mov_r64_rm64 | Code::Mov_rm64_r64
    );
    let registers = (0..2)
        .filter(|operand| instruction.op_kind(*operand) == OpKind::Register)
        .map(|operand| instruction.op_register(operand));
    let mut all = registers.chain([instruction.memory_base(), instruction.memory_index()]);
    is_move && all.all(|other| reg(other) != Some(register))
}
