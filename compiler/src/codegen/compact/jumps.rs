//! Jumps to where control goes anyway, and jumps to jumps.
//!
//! The register allocator puts moves on the ways between blocks, and where [`super::spills`] drops them nothing is left but
//! the jumps:
//!
//! ```text
//!      jne way                    je there
//!      jmp there
//! way: ..                         ..
//! ```
//!
//! SQLite and regex have some 600 of these, one of 50 to 90 jumps.

use super::flow::{Flow, Kind};
use crate::codegen::machine_code::MachineCode;

/// Jumps that lead to other jumps are followed so many times at most: they may lead in a circle.
const MOST_FOLLOWED: usize = 8;

/// Drops jumps of a function.
pub(super) fn drop(code: &MachineCode, flow: &mut Flow) {
    for piece in 0..flow.pieces.len() {
        let mut kind = flow.pieces[piece].kind;
        if let Kind::Jump { target } | Kind::Branch { target, .. } = &mut kind {
            *target = end(flow, *target);
            flow.pieces[piece].kind = kind;
        }
    }
    let mut targets = None;
    for piece in 0..flow.pieces.len() {
        let kind = flow.pieces[piece].kind;
        let (Kind::Jump { target } | Kind::Branch { target, .. }) = kind else {
            continue;
        };
        if leads_to(flow, piece + 1, target) {
            flow.pieces[piece].kind = Kind::Dropped;
        } else if let Kind::Branch { inverted, .. } = kind
            && let Some((jump, there)) = jump_over(flow, piece, target)
        {
            // Whoever else comes to the jump needs it.
            let targets = targets.get_or_insert_with(|| flow.targets(code));
            let behind = flow.pieces[piece + 1..=jump].iter();
            let is_target = |start: u32| targets.binary_search(&start).is_ok();
            if !behind.map(|piece| piece.start).any(is_target) {
                flow.pieces[jump].kind = Kind::Dropped;
                flow.pieces[piece].kind = Kind::Branch {
                    target: there,
                    inverted: !inverted,
                };
            }
        }
    }
}

/// The first piece from one on that is there.
fn there(flow: &Flow, piece: usize) -> Option<usize> {
    let pieces = flow.pieces.get(piece..)?.iter();
    let mut numbered = pieces.zip(piece..);
    numbered
        .find(|(piece, _)| piece.kind != Kind::Dropped)
        .map(|(_, number)| number)
}

/// Whether control that comes to a piece comes to what begins at an offset.
fn leads_to(flow: &Flow, piece: usize, target: u32) -> bool {
    let target = flow.at(target).and_then(|target| there(flow, target));
    target.is_some() && there(flow, piece) == target
}

/// Where jumps from an offset on end.
fn end(flow: &Flow, mut offset: u32) -> u32 {
    for _ in 0..MOST_FOLLOWED {
        let piece = flow.at(offset).and_then(|piece| there(flow, piece));
        match piece.map(|piece| flow.pieces[piece].kind) {
            Some(Kind::Jump { target }) => offset = target,
            _ => break,
        }
    }
    offset
}

/// The jump behind a branch to what follows it, and where it leads.
fn jump_over(flow: &Flow, branch: usize, target: u32) -> Option<(usize, u32)> {
    let jump = there(flow, branch + 1)?;
    match flow.pieces[jump].kind {
        Kind::Jump { target: to } if leads_to(flow, jump + 1, target) => Some((jump, to)),
        _ => None,
    }
}
