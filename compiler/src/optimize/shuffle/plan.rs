//! Plans: instructions of SSE2 that put the bytes of some vectors where they are wanted.

use super::bytes::{ByteSet, contains};
use std::rc::Rc;

/// The instructions that make a vector.
#[derive(Debug)]
pub(super) struct Plan {
    /// How many there are, those that several operands share once for each.
    pub(super) cost: u32,
    /// The last one.
    pub(super) last: Instruction,
    /// The vectors that it works on: none, one, or two, which can be the same one.
    pub(super) operands: Vec<Rc<Plan>>,
}

/// An instruction without its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instruction {
    /// None: the vector is there.
    Source(u8),
    /// `pxor`: a vector of zeros.
    Zero,
    /// `punpckl` or `punpckh`: the low or the high lanes, of `width` bytes, of two vectors in turns.
    Interleave { width: u8, is_high: bool },
    /// `pshufd` or `shufps`: lanes of 32 bits, the low two of the first operand and the high two of the second.
    Words32([u8; 4]),
    /// `pshuflw` or `pshufhw`: lanes of 16 bits within a half; the other half stays.
    Words16 { words: [u8; 4], is_high: bool },
    /// `psll` or `psrl`: every lane of `width` bytes shifted by whole bytes.
    Shift { width: u8, bytes: u8, is_left: bool },
    /// `psrad`, after `pslld` for the low one: a half of each lane of 32 bits, sign-extended.
    Extend { is_high: bool },
    /// `packuswb`: each lane of 16 bits that anybody looks at is below 256.
    PackBytes,
    /// `packssdw`: each lane of 32 bits that anybody looks at is a sign-extended one of 16.
    PackWords,
    /// `pand`: zeros but for these bytes.
    Mask(ByteSet),
    /// `por`
    Or,
}

impl Instruction {
    /// How many operands it has.
    pub(super) fn arity(self) -> usize {
        match self {
            Self::Source(_) | Self::Zero => 0,
            Self::Words16 { .. } | Self::Shift { .. } | Self::Extend { .. } | Self::Mask(_) => 1,
            Self::Interleave { .. }
            | Self::Words32(_)
            | Self::PackBytes
            | Self::PackWords
            | Self::Or => 2,
        }
    }

    /// How many instructions of the machine it is.
    pub(super) fn cost(self) -> u32 {
        match self {
            Self::Source(_) => 0,
            Self::Extend { is_high: false } => 2,
            _ => 1,
        }
    }

    /// For one that only moves bytes: which byte of which operand it puts at `position`, or a zero.
    pub(super) fn origin(self, position: usize) -> Option<(usize, usize)> {
        match self {
            Self::Interleave { width, is_high } => {
                let lane = position >> width.trailing_zeros();
                let start = if is_high { 8 } else { 0 };
                let width = usize::from(width);
                Some((
                    lane % 2,
                    start + lane / 2 * width + (position & (width - 1)),
                ))
            }
            Self::Words32(words) => {
                let from = usize::from(words[position / 4]) * 4 + position % 4;
                Some((position / 8, from))
            }
            Self::Words16 { words, is_high } => {
                let half = usize::from(is_high);
                let from = half * 8 + usize::from(words[position / 2 % 4]) * 2 + position % 2;
                Some((0, if position / 8 == half { from } else { position }))
            }
            Self::Shift {
                width,
                bytes,
                is_left,
            } => {
                let (width, bytes) = (usize::from(width), usize::from(bytes));
                let within = position & (width - 1);
                let from = if is_left {
                    within.checked_sub(bytes)?
                } else {
                    within + bytes
                };
                (from < width).then_some((0, position - within + from))
            }
            Self::Mask(kept) => contains(kept, position).then_some((0, position)),
            other => unreachable!("{other:?} does more than move bytes"),
        }
    }
}
