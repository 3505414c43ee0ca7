//! How long each piece of a function becomes, and where it goes.

use super::encode::{compare, copy, copy_half, table_jump};
use super::flow::{Flow, HalfCopy, Kind, Piece};
use crate::codegen::machine_code::MachineCode;
use std::cmp::Reverse;

/// Constants keep their place modulo this many bytes, or the function's alignment where that is more.
const DATA_ALIGNMENT: u32 = 16;

/// What innermost loops begin at a multiple of, in bytes: what the machine fetches at once.
const LOOP_ALIGNMENT: u32 = 16;

/// Bytes of a line of the caches: what the machine keeps decoded instructions by.
const LINE: u32 = 64;

/// The bytes of code of a loop that lies in as few lines as it can, at most: one line fewer is little of three, and at the
/// beginning of a line a loop of 167 bytes (`fft`, on a virtual Intel Xeon) took 1.2 times as long as anywhere else.
const LONGEST_IN_LINES: u32 = 2 * LINE;

/// The bytes of an address.
const ADDRESS: u32 = 8;

/// The bytes of code of a loop that is aligned, at most.
const LONGEST_LOOP: u32 = 512;

/// The new places of a flow's pieces.
pub(super) struct Layout {
    /// Where each piece begins, and last where the function ends.
    pub starts: Vec<u32>,
    /// Where each piece ends: padding may follow.
    pub ends: Vec<u32>,
}

/// The state of a piece while places are sought.
struct Sizes<'f> {
    flow: &'f Flow,
    lens: Vec<u32>,
    /// The pieces that are aligned: to what, and at what remainder.
    alignments: Vec<(usize, u32, u32)>,
    /// The first and the last piece of each loop that lies in as few lines as it can, if it is short.
    in_lines: Vec<(usize, usize)>,
}

impl Layout {
    /// Finds the shortest branches that reach their targets: they begin short, and grow as long as one does not. Short
    /// innermost loops lie in as few lines as they can if they are to; also gives what the function's start must be a
    /// multiple of then.
    pub fn new(code: &MachineCode, flow: &Flow, in_lines: bool) -> (Self, u32) {
        let lens = flow.pieces.iter();
        let loops = innermost_loops(flow);
        let is_placed = in_lines && !loops.is_empty();
        let mut sizes = Sizes {
            flow,
            lens: lens.map(|piece| shortest(flow, piece)).collect(),
            alignments: alignments(code, flow, &loops),
            in_lines: if is_placed { loops } else { Vec::new() },
        };
        loop {
            let layout = sizes.place();
            if !sizes.grow(&layout) {
                let alignment = if is_placed { LINE } else { 1 };
                return (layout, alignment);
            }
        }
    }

    /// The new length of a piece.
    pub fn len(&self, piece: usize) -> u32 {
        self.ends[piece] - self.starts[piece]
    }

    /// The new place of what is at an offset: the start of a piece, or something inside of one that keeps its end.
    pub fn map(&self, flow: &Flow, offset: u32) -> u32 {
        match flow.owner(offset) {
            Some(piece) => self.inside(flow, piece, offset),
            None => self.starts[flow.pieces.len()],
        }
    }

    /// The same for what lies in a certain piece.
    pub fn inside(&self, flow: &Flow, piece: usize, offset: u32) -> u32 {
        let Piece { start, len, .. } = flow.pieces[piece];
        if offset == start {
            self.starts[piece]
        } else {
            self.ends[piece] - (start + len - offset)
        }
    }
}

/// The length of a piece if every branch reaches its target in 8 bits.
fn shortest(flow: &Flow, piece: &Piece) -> u32 {
    match piece.kind {
        Kind::Jump { .. } | Kind::Branch { .. } => 2,
        Kind::SmallImmediate { .. } => piece.len - 3,
        Kind::Dropped => 0,
        Kind::Compare { index, count } => compare(index, count).len() as u32,
        Kind::Choose { copy, .. } => 2 + len_of(copy),
        Kind::TableJump {
            index: Some(index), ..
        } => table_jump(index).len() as u32,
        // 64 bits for 32.
        Kind::Addresses => piece.len * 2,
        Kind::Copy { to, from } => copy(to, from).len() as u32,
        Kind::Enter | Kind::Leave if !flow.needs_frame => 0,
        Kind::ResetStack if !flow.moves_stack => 0,
        _ => piece.len,
    }
}

/// The bytes of a copy.
fn len_of(copy: Option<HalfCopy>) -> u32 {
    copy.map_or(0, |copy| copy_half(copy).len() as u32)
}

/// The pieces that are aligned: tables of addresses, constants as they were, and the beginnings of innermost loops.
fn alignments(code: &MachineCode, flow: &Flow, loops: &[(usize, usize)]) -> Vec<(usize, u32, u32)> {
    let pieces = flow.pieces.iter().enumerate();
    let constants = pieces.filter(|(_, piece)| piece.kind == Kind::Data);
    let alignment = code.alignment.max(DATA_ALIGNMENT);
    let constants = constants.map(|(number, piece)| (number, alignment, piece.start % alignment));
    let pieces = flow.pieces.iter().enumerate();
    let tables = pieces.filter(|(_, piece)| piece.kind == Kind::Addresses);
    let tables = tables.map(|(number, _)| (number, ADDRESS, 0));
    let loops = loops.iter();
    let loops = loops.map(|(first, _)| (*first, LOOP_ALIGNMENT, 0));
    let mut alignments: Vec<_> = constants.chain(tables).chain(loops).collect();
    alignments.sort_unstable();
    alignments
}

/// The pieces that innermost loops begin and end with: targets of branches from behind them without another such between.
fn innermost_loops(flow: &Flow) -> Vec<(usize, usize)> {
    let mut loops: Vec<(usize, usize)> = Vec::new();
    for (number, piece) in flow.pieces.iter().enumerate() {
        let (Kind::Jump { target } | Kind::Branch { target, .. }) = piece.kind else {
            continue;
        };
        let Some(first) = flow.at(target).filter(|first| *first <= number) else {
            continue;
        };
        let has_inner = loops.last().is_some_and(|(inner, _)| *inner > first);
        let mut bytes = 0;
        let is_short = flow.pieces[first..=number].iter().all(|piece| {
            bytes += piece.len;
            bytes <= LONGEST_LOOP
        });
        if !has_inner && is_short && first > 0 {
            loops.push((first, number));
        }
    }
    // Of those that begin alike, the longest.
    loops.sort_unstable_by_key(|(first, last)| (*first, Reverse(*last)));
    loops.dedup_by_key(|(first, _)| *first);
    loops
}

impl Sizes<'_> {
    fn place(&self) -> Layout {
        let pieces = self.lens.len();
        let (mut starts, mut ends) = (Vec::with_capacity(pieces + 1), Vec::with_capacity(pieces));
        let mut alignments = self.alignments.iter().peekable();
        let mut in_lines = self.in_lines.iter().peekable();
        let mut at = 0u32;
        for (number, len) in self.lens.iter().enumerate() {
            if let Some((_, alignment, remainder)) =
                alignments.next_if(|(aligned, ..)| *aligned == number)
            {
                at += (remainder + alignment - at % alignment) % alignment;
            }
            if let Some((_, last)) = in_lines.next_if(|(first, _)| *first == number) {
                let len: u32 = self.lens[number..=*last].iter().sum();
                let lines = |start: u32| (start % LINE + len).div_ceil(LINE);
                if len <= LONGEST_IN_LINES && lines(at) > lines(0) {
                    at = at.next_multiple_of(LINE);
                }
            }
            starts.push(at);
            at += len;
            ends.push(at);
        }
        starts.push(at);
        Layout { starts, ends }
    }

    /// Makes the branches long that don't reach their targets. Says whether there was one.
    fn grow(&mut self, layout: &Layout) -> bool {
        let mut grown = false;
        for (number, piece) in self.flow.pieces.iter().enumerate() {
            let (target, long, behind) = match piece.kind {
                Kind::Jump { target } => (target, 5, 0),
                Kind::Branch { target, .. } => (target, 6, 0),
                Kind::Choose { target, copy } => (target, 6, len_of(copy)),
                _ => continue,
            };
            let target = layout.map(self.flow, target);
            let distance = i64::from(target) - i64::from(layout.ends[number] - behind);
            if self.lens[number] == 2 + behind && i8::try_from(distance).is_err() {
                self.lens[number] = long + behind;
                grown = true;
            }
        }
        grown
    }
}
