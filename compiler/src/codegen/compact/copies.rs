//! Short code that a jump leads to takes the jump's place.
//!
//! What an interpreter does at the end of each operation is to jump to where the next one is taken from the program and
//! found in a table. With a jump through the table at the end of each operation instead, the processor predicts the one
//! that follows each:
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

use super::flow::{Flow, Kind, Piece};
use iced_x86::FlowControl;
use std::ops::Range;

/// Bytes of what leads to a jump through a table, at most, and of all copies of such in a function.
const LONGEST_DISPATCH: u32 = 128;
const MOST_DISPATCHES: u32 = 16 << 10;

/// Bytes of what a loop begins with up to the branch that leaves it, at most, and those of the loop.
const LONGEST_TOP: u32 = 24;
const LONGEST_LOOP: u32 = 512;

/// What takes a jump's place.
enum Copy {
    /// These pieces, of which the last jumps through a table.
    Dispatch(Vec<usize>),
    /// These pieces, and a branch to behind the one at their end, on the other condition.
    Top {
        pieces: Range<usize>,
        /// Where that branch leads.
        exit: u32,
    },
}

/// Puts copies in the place of jumps.
pub(super) fn add(flow: &mut Flow) {
    let mut left = MOST_DISPATCHES;
    let copies: Vec<(usize, Copy)> = (0..flow.pieces.len())
        .filter_map(|jump| Some((jump, choose(flow, jump, &mut left)?)))
        .collect();
    if copies.is_empty() {
        return;
    }
    let mut arranged: Vec<(Piece, usize)> = Vec::with_capacity(flow.pieces.len());
    let mut copies = copies.into_iter().peekable();
    for (number, piece) in flow.pieces.iter().enumerate() {
        let Some((_, taking)) = copies.next_if(|(jump, _)| *jump == number) else {
            arranged.push((*piece, number));
            continue;
        };
        // Whoever comes to the jump comes to the copies.
        let kind = Kind::Dropped;
        arranged.push((Piece { kind, ..*piece }, number));
        let mut push = |original: usize, kind: Kind| {
            let is_copy = true;
            let original_piece = flow.pieces[original];
            arranged.push((
                Piece {
                    kind,
                    is_copy,
                    ..original_piece
                },
                original,
            ));
        };
        match taking {
            Copy::Dispatch(pieces) => {
                for original in pieces {
                    push(original, flow.pieces[original].kind);
                }
            }
            Copy::Top { pieces, exit } => {
                let branch = pieces.end;
                for original in pieces {
                    push(original, flow.pieces[original].kind);
                }
                let target = flow.pieces[branch].end();
                let inverted = true;
                push(branch, Kind::Branch { target, inverted });
                let next = flow.pieces.get(number + 1);
                if next.is_none_or(|next| next.start != exit) {
                    push(number, Kind::Jump { target: exit });
                }
            }
        }
    }
    flow.arrange(arranged.into_iter());
}

/// What takes the place of a piece, if that is a jump to something short.
fn choose(flow: &Flow, jump: usize, left: &mut u32) -> Option<Copy> {
    let Kind::Jump { target } = flow.pieces[jump].kind else {
        return None;
    };
    let first = flow.at(target)?;
    if let Some(pieces) = dispatch(flow, first) {
        let lens = pieces.iter().map(|piece| flow.pieces[*piece].len);
        *left = left.checked_sub(lens.sum())?;
        return Some(Copy::Dispatch(pieces));
    }
    top(flow, first, jump)
}

/// The pieces on the way from one to a jump through a table, if those are few and can be there twice.
fn dispatch(flow: &Flow, first: usize) -> Option<Vec<usize>> {
    let mut pieces = Vec::new();
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
                pieces.push(number);
                return Some(pieces);
            }
            Kind::Branch { .. } | Kind::Choose { .. } => {}
            _ if goes_on(flow, number) => {}
            _ => return None,
        }
        pieces.push(number);
        number += 1;
    }
}

/// What a loop begins with that a jump closes, if that is short and can be there twice.
fn top(flow: &Flow, first: usize, jump: usize) -> Option<Copy> {
    let len = |pieces: Range<usize>| {
        flow.pieces[pieces]
            .iter()
            .map(|piece| piece.len)
            .sum::<u32>()
    };
    if first >= jump || len(first..jump) > LONGEST_LOOP {
        return None;
    }
    let mut bytes = 0;
    for number in first..jump {
        let piece = &flow.pieces[number];
        bytes += piece.len;
        if bytes > LONGEST_TOP {
            return None;
        }
        if let Kind::Branch { target: exit, .. } = piece.kind {
            let is_outside = !(first..=jump).contains(&flow.at(exit)?);
            let pieces = first..number;
            return is_outside.then_some(Copy::Top { pieces, exit });
        }
        if !goes_on(flow, number) {
            return None;
        }
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
