//! A jump through a table takes the address of its target from there.
//!
//! Cranelift's tables have distances, which hold wherever the code lies. An executable whose addresses are known when it
//! is linked has addresses, in the order of the instructions behind the code:
//!
//! ```text
//! lea table(%rip), %r12
//! movslq (%r12, %rbx, 4), %rcx
//! add %rcx, %r12
//! jmp *%r12                        jmp *table(, %rbx, 8)
//! ```
//!
//! SQLite goes from 1.45 to 1.34 times native code's CPU time, Lua's objects from 1.11 to 1.07 and strings from 1.22 to 1.10, the
//! interpreter `bytecode` from 1.13 to 1.08, the CoreMark-like program from 1.02 to 0.99.

use super::effect::{Reg, reg};
use super::flow::{Flow, Kind};
use iced_x86::{Code, FlowControl, Mnemonic};

/// Finds the jumps through tables; `absolute` says whether they may take addresses.
pub(super) fn find(flow: &mut Flow, absolute: bool) {
    for table in 0..flow.pieces.len() {
        if flow.pieces[table].kind == Kind::Table {
            find_one(flow, table, absolute);
        }
    }
    if flow
        .pieces
        .iter()
        .any(|piece| piece.kind == Kind::Addresses)
    {
        move_behind(flow);
    }
}

fn find_one(flow: &mut Flow, table: usize, absolute: bool) -> Option<()> {
    // lea, movslq, add, jmp
    let first = table.checked_sub(4)?;
    let jump = table - 1;
    let start = flow.pieces[table].start;
    let index = index(flow, first, start)?;
    flow.pieces[jump].kind = Kind::TableJump {
        table: start,
        index: absolute.then_some(index),
    };
    if absolute {
        for piece in &mut flow.pieces[first..jump] {
            piece.kind = Kind::Dropped;
        }
        flow.pieces[table].kind = Kind::Addresses;
    }
    Some(())
}

/// The register that is the index of a jump through a table, which begins with a piece.
fn index(flow: &Flow, first: usize, table: u32) -> Option<Reg> {
    let [address, load, sum, jump] = flow.instructions.get(first..first + 4)?.first_chunk()?;
    let is_reference =
        matches!(flow.pieces[first].kind, Kind::Reference { target, .. } if target == table);
    let base = address.op0_register();
    let distance = load.op0_register();
    let is_load = load.code() == Code::Movsxd_r64_rm32
        && load.memory_base() == base
        && load.memory_index_scale() == 4
        && load.memory_displacement64() == 0;
    let is_sum = matches!(sum.code(), Code::Add_rm64_r64 | Code::Add_r64_rm64)
        && sum.op0_register() == base
        && sum.op1_register() == distance;
    let is_jump = jump.flow_control() == FlowControl::IndirectBranch && jump.op0_register() == base;
    let is_known =
        is_reference && address.mnemonic() == Mnemonic::Lea && is_load && is_sum && is_jump;
    is_known.then(|| reg(load.memory_index())).flatten()
}

/// Moves the tables of addresses to the end.
fn move_behind(flow: &mut Flow) {
    let pieces: Vec<_> = flow.pieces.iter().copied().zip(0..).collect();
    let (tables, code): (Vec<_>, Vec<_>) = pieces
        .into_iter()
        .partition(|(piece, _)| piece.kind == Kind::Addresses);
    flow.arrange(code.into_iter().chain(tables));
}
