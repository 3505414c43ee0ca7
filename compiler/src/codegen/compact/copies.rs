//! Short code that a jump leads to takes the jump's place.
//!
//! What an interpreter does at the end of each operation is to jump to where the next one is taken from the program and
//! found in a table. With a jump through the table at the end of each operation instead, the processor predicts the one
//! that follows each, and [`super::spills`] finds what this operation has in registers:
//!
//! ```text
//! add %ecx, %eax                add %ecx, %eax
//! jmp next                      movzbq (%rsi), %rcx
//!                               cmp $20, %ecx
//!                               jae default
//!                               jmp *table(, %rcx, 8)
//! ```
//!
//! And a loop that is left at its top has a branch there and a jump at its end, of which the branch does both:
//!
//! ```text
//! top: test %eax, %eax          top: test %eax, %eax
//!      je out                        je out
//!      ..                       next: ..
//!      jmp top                       test %eax, %eax
//!                                    jne next
//! out:                          out:
//! ```
//!
//! SQLite goes from 1.37 to 1.28 times native code's CPU time, Lua's strings from 1.10 to 1.04, the interpreter `bytecode` from
//! 1.08 to 1.02, the CoreMark-like program from 1.01 to 0.98; SQLite's text grows by 1.5 %, Lua's by 3.5 %. Copies of what ends
//! with another jump, of 16 or 32 bytes, gave nothing more.

use super::flow::{Flow, Kind, Piece};
use iced_x86::FlowControl;

/// Bytes of what leads to a jump through a table, at most, and of all copies of such in a function.
const LONGEST_DISPATCH: u32 = 128;
const MOST_DISPATCHES: u32 = 16 << 10;

/// Bytes of what a loop begins with up to the branch that leaves it, at most, and those of the loop.
const LONGEST_TOP: u32 = 24;
const LONGEST_LOOP: u32 = 512;

/// What takes a jump's place: pieces of these kinds, each made from the one with this number.
type Copies = Vec<(Kind, usize)>;

/// Puts copies in the place of jumps.
pub(super) fn add(flow: &mut Flow) {
    let mut left = MOST_DISPATCHES;
    let found: Vec<(usize, Copies)> = (0..flow.pieces.len())
        .filter_map(|number| Some((number, copies(flow, number, &mut left)?)))
        .collect();
    if found.is_empty() {
        return;
    }
    let more: usize = found.iter().map(|(_, copies)| copies.len()).sum();
    let mut arranged: Vec<(Piece, usize)> = Vec::with_capacity(flow.pieces.len() + more);
    let mut found = found.into_iter().peekable();
    for (number, piece) in flow.pieces.iter().enumerate() {
        let Some((_, copies)) = found.next_if(|(jump, _)| *jump == number) else {
            arranged.push((*piece, number));
            continue;
        };
        // Whoever comes to the jump comes to the copies.
        let kind = Kind::Dropped;
        arranged.push((Piece { kind, ..*piece }, number));
        let is_copy = true;
        arranged.extend(copies.into_iter().map(|(kind, original)| {
            let original_piece = flow.pieces[original];
            let copy = Piece {
                kind,
                is_copy,
                ..original_piece
            };
            (copy, original)
        }));
    }
    flow.arrange(arranged.into_iter());
}

/// What takes the place of a piece, if that is a jump to something short; so many bytes are left.
fn copies(flow: &Flow, jump: usize, left: &mut u32) -> Option<Copies> {
    let Kind::Jump { target } = flow.pieces[jump].kind else {
        return None;
    };
    let first = flow.at(target)?;
    let Some(dispatch) = dispatch(flow, first) else {
        return top(flow, first, jump);
    };
    let lens = dispatch
        .iter()
        .map(|(_, original)| flow.pieces[*original].len);
    *left = left.checked_sub(lens.sum())?;
    Some(dispatch)
}

/// What is on the way from a piece to a jump through a table, if that is little and can be there twice.
fn dispatch(flow: &Flow, first: usize) -> Option<Copies> {
    let mut copies = Vec::new();
    let mut bytes = 0;
    let mut number = first;
    loop {
        let piece = flow.pieces.get(number)?;
        bytes += piece.len;
        if bytes > LONGEST_DISPATCH {
            return None;
        }
        match piece.kind {
            Kind::Jump { target } => {
                number = flow.at(target)?;
                continue;
            }
            Kind::TableJump { .. } => {
                copies.push((piece.kind, number));
                return Some(copies);
            }
            Kind::Branch { .. } | Kind::Choose { .. } => {}
            _ if goes_on(flow, number) => {}
            _ => return None,
        }
        copies.push((piece.kind, number));
        number += 1;
    }
}

/// What a loop begins with that a jump closes, up to the branch that leaves it, which goes back on the other condition; if
/// that is short and can be there twice.
fn top(flow: &Flow, first: usize, jump: usize) -> Option<Copies> {
    let [start, end] = [first, jump].map(|piece| flow.pieces[piece].start);
    if end.checked_sub(start)? > LONGEST_LOOP {
        return None;
    }
    let mut copies = Vec::new();
    let mut bytes = 0;
    for number in first..jump {
        let piece = &flow.pieces[number];
        bytes += piece.len;
        if bytes > LONGEST_TOP {
            return None;
        }
        if let Kind::Branch { target: exit, .. } = piece.kind {
            let target = piece.end();
            let inverted = true;
            copies.push((Kind::Branch { target, inverted }, number));
            let is_next = flow.at(exit)? == jump + 1;
            if !is_next {
                copies.push((Kind::Jump { target: exit }, jump));
            }
            let is_outside = !(first..=jump).contains(&flow.at(exit)?);
            return is_outside.then_some(copies);
        }
        if !goes_on(flow, number) {
            return None;
        }
        copies.push((piece.kind, number));
    }
    None
}

/// Whether a piece is an instruction without consequence for where control goes.
fn goes_on(flow: &Flow, number: usize) -> bool {
    let is_instruction = matches!(
        flow.pieces[number].kind,
        Kind::Plain
            | Kind::SmallImmediate { .. }
            | Kind::Reference { .. }
            | Kind::Compare { .. }
            | Kind::Copy { .. }
            | Kind::Dropped
    );
    is_instruction && flow.instructions[number].flow_control() == FlowControl::Next
}
