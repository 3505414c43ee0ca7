//! The instructions that could be the last one of a plan, and what their operands would have to be.
//!
//! Only those are named that bring bytes nearer to where they are in their sources: the search tries each of them.

use super::bytes::{ALL, ANY, Byte, Bytes, put, set};
use super::plan::Instruction;

/// A last instruction.
pub(super) struct Way {
    pub(super) last: Instruction,
    /// What each operand is put through before it.
    pub(super) before: Option<Instruction>,
    /// What its operands would have to be; the same one twice if it has only one.
    pub(super) operands: [Bytes; 2],
}

impl Way {
    /// Whether it has only one operand.
    pub(super) fn is_of_one(&self) -> bool {
        self.operands[0] == self.operands[1]
    }

    /// How many instructions it is with so many different operands.
    pub(super) fn cost(&self, operands: u32) -> u32 {
        self.last.cost() + self.before.map_or(0, |before| before.cost() * operands)
    }
}

/// The instructions that could be the last one.
pub(super) fn ways(wanted: &Bytes) -> Vec<Way> {
    let mut ways = Vec::with_capacity(16);
    ways.extend(mask(wanted));
    for order in [in_place, from_the_start] {
        ways.extend(moved(wanted, Instruction::Words32(order(wanted))));
    }
    ways.extend(
        [false, true]
            .map(|is_high| permute_words16(wanted, is_high))
            .into_iter()
            .flatten(),
    );
    shifts(wanted, &mut ways);
    ways.extend(pack_bytes(wanted));
    ways.extend(pack_zero_extended(wanted));
    ways.extend(
        [true, false]
            .map(|is_high| pack_words(wanted, is_high))
            .into_iter()
            .flatten(),
    );
    for width in [8, 4, 2, 1] {
        for is_high in [false, true] {
            ways.extend(moved(wanted, Instruction::Interleave { width, is_high }));
        }
    }
    parts(wanted, source, &mut ways);
    parts(wanted, distance, &mut ways);
    ways
}

/// For what is not found: the interleaving of the widest lanes that parts it.
pub(super) fn split(wanted: &Bytes) -> Way {
    [8, 4, 2, 1]
        .into_iter()
        .filter_map(|width| {
            let is_high = false;
            moved(wanted, Instruction::Interleave { width, is_high })
        })
        .find(|way| !way.operands.contains(&ANY))
        .expect("a byte alone is found")
}

/// An instruction that only moves bytes; `None` if it would have to put two in one place, or moves a zero in for another.
fn moved(wanted: &Bytes, last: Instruction) -> Option<Way> {
    let mut operands = [ANY; 2];
    for (position, byte) in wanted.iter().enumerate() {
        let fits = match last.origin(position) {
            Some((operand, from)) => put(&mut operands[operand], from, *byte),
            None => byte.index().is_none(),
        };
        if !fits {
            return None;
        }
    }
    if last.arity() == 1 {
        operands[1] = operands[0];
    }
    Some(Way {
        last,
        before: None,
        operands,
    })
}

/// Each lane of 32 bits from where its first byte is in its source.
fn in_place(wanted: &Bytes) -> [u8; 4] {
    std::array::from_fn(|word| {
        let first = wanted[word * 4..][..4].iter().find_map(|byte| byte.index());
        first.map_or(word, |index| index / 4) as u8
    })
}

/// The different lanes of 32 bits one after the other.
fn from_the_start(wanted: &Bytes) -> [u8; 4] {
    let mut different: Vec<&[Byte]> = Vec::new();
    std::array::from_fn(|word| {
        let bytes = &wanted[word * 4..][..4];
        if bytes == &ANY[..4] {
            return word as u8;
        }
        let known = different.iter().position(|other| *other == bytes);
        known.unwrap_or_else(|| {
            different.push(bytes);
            different.len() - 1
        }) as u8
    })
}

/// Lanes of 16 bits of one half, all from one half of one source.
fn permute_words16(wanted: &Bytes, is_high: bool) -> Option<Way> {
    let half = &wanted[if is_high { 8 } else { 0 }..][..8];
    let mut halves = half.iter().filter_map(|byte| Some(byte.index()? / 8));
    let first = halves.next()?;
    if halves.any(|other| other != first) {
        return None;
    }
    let words = std::array::from_fn(|word| {
        let first = half[word * 2..][..2].iter().find_map(|byte| byte.index());
        first.map_or(word, |index| index / 2 % 4) as u8
    });
    moved(wanted, Instruction::Words16 { words, is_high })
}

/// Shifts after which every byte is in its place within 32 bits, or 16 for a shift of such lanes.
fn shifts(wanted: &Bytes, ways: &mut Vec<Way>) {
    let in_place = |way: &Way, lane: usize| {
        let mut bytes = way.operands[0].iter().enumerate();
        bytes.all(|(at, byte)| byte.index().is_none_or(|index| index % lane == at % lane))
    };
    let mut distances = (0..16).filter_map(|at| Some(16 + at - wanted[at].index()?));
    // A shift that does not bring the first byte into its place need not be looked at.
    let Some(first) = distances.next() else {
        return;
    };
    for width in [2, 4, 8] {
        let lane = usize::from(width.min(4));
        for bytes in 1..width {
            for is_left in [false, true] {
                let distance = usize::from(if is_left { bytes } else { 16 - bytes });
                if distance % lane == first % lane {
                    let last = Instruction::Shift {
                        width,
                        bytes,
                        is_left,
                    };
                    ways.extend(moved(wanted, last).filter(|way| in_place(way, lane)));
                }
            }
        }
    }
}

/// Each byte as a lane of 16 bits.
fn pack_bytes(wanted: &Bytes) -> Option<Way> {
    let mut operands = [ANY; 2];
    for (position, byte) in wanted.iter().enumerate() {
        if *byte != Byte::ANY {
            let lane = position % 8 * 2;
            operands[position / 8][lane..lane + 2].copy_from_slice(&[*byte, Byte::ZERO]);
        }
    }
    let way = Way {
        last: Instruction::PackBytes,
        before: None,
        operands,
    };
    operands
        .iter()
        .all(|operand| is_uniform(operand, 2))
        .then_some(way)
}

/// Whether all bytes are from the same place within lanes.
fn is_uniform(wanted: &Bytes, lane: usize) -> bool {
    let mut places = wanted.iter().filter_map(|byte| Some(byte.index()? % lane));
    let first = places.next();
    places.all(|place| Some(place) == first)
}

/// Lanes of 16 bits whose high byte is zero as such of 32 bits.
fn pack_zero_extended(wanted: &Bytes) -> Option<Way> {
    let mut operands = [ANY; 2];
    for word in 0..8 {
        let [low, high] = [wanted[word * 2], wanted[word * 2 + 1]];
        if high.index().is_some() {
            return None;
        }
        if (low, high) != (Byte::ANY, Byte::ANY) {
            let low = if low == Byte::ANY { high } else { low };
            let lane = [low, Byte::ZERO, Byte::ZERO, Byte::ZERO];
            operands[word / 4][word % 4 * 4..][..4].copy_from_slice(&lane);
        }
    }
    let way = Way {
        last: Instruction::PackWords,
        before: None,
        operands,
    };
    operands
        .iter()
        .all(|operand| is_uniform(operand, 4))
        .then_some(way)
}

/// Lanes of 16 bits that are the same half of such of 32 bits.
fn pack_words(wanted: &Bytes, is_high: bool) -> Option<Way> {
    let mut operands = [ANY; 2];
    let half = if is_high { 2 } else { 0 };
    for (position, byte) in wanted.iter().enumerate() {
        let place = half + position % 2;
        if byte.index().is_some_and(|index| index % 4 != place) {
            return None;
        }
        operands[position / 8][position / 2 % 4 * 4 + place] = *byte;
    }
    Some(Way {
        last: Instruction::PackWords,
        before: Some(Instruction::Extend { is_high }),
        operands,
    })
}

/// Zeros by `pand`.
fn mask(wanted: &Bytes) -> Option<Way> {
    let kept = set(|position| wanted[position] != Byte::ZERO);
    if kept == ALL {
        return None;
    }
    moved(wanted, Instruction::Mask(kept))
}

/// What parts bytes into kinds.
type Kind = fn(usize, Byte) -> Option<usize>;

fn source(_: usize, byte: Byte) -> Option<usize> {
    byte.source()
}

/// How far a byte has to move within lanes of 64 bits.
fn distance(position: usize, byte: Byte) -> Option<usize> {
    byte.index().map(|index| 8 + index % 8 - position % 8)
}

/// The bytes of one kind, and the rest; each with zeros for the other.
fn parts(wanted: &Bytes, kind: Kind, ways: &mut Vec<Way>) {
    let kinds: Vec<Option<usize>> = (0..16).map(|at| kind(at, wanted[at])).collect();
    let mut different: Vec<usize> = kinds.iter().flatten().copied().collect();
    different.sort_unstable();
    different.dedup();
    let parted = match different.len() {
        // One is the rest of the other.
        2 => 1,
        3 => 3,
        _ => return,
    };
    for part in &different[..parted] {
        let operand = |is_part: bool| {
            std::array::from_fn(|position| match kinds[position] {
                Some(kind) if (kind == *part) != is_part => Byte::ZERO,
                _ => wanted[position],
            })
        };
        ways.push(Way {
            last: Instruction::Or,
            before: None,
            operands: [operand(true), operand(false)],
        });
    }
}
