//! The state of the linear memories when the program starts.
//!
//! ```text
//! base                                      base + size       base + kept_free     base + reservation
//! | zeros | mapped | zeros | mapped | zeros | kept free ............... | not mapped ....... |
//! ```
//!
//! The kernel has mapped the runs of the image from the executable; zeros are mapped between them, small pieces of the
//! image are copied. What must not be mapped behind the memory is kept free where it could be taken; elsewhere it is
//! free because nobody maps there, see [`is_apart`].
//!
//! # Safety
//!
//! The compiler wrote the addresses: a memory's range belongs to it alone, and a copy lies inside it.
#![allow(unsafe_code)]

use super::mapped_len;
use crate::program::elements;
use crate::start::{map_at_start, refuse_mapping};
use crate::sys::memory::Access;
use core::ptr::{copy_nonoverlapping, with_exposed_provenance, with_exposed_provenance_mut};
use elfin_abi::layout::{Memory, MemoryInit, Program, Range};
use rustix::io::Errno;

/// Brings all memories into their initial state, or ends the process with a message.
pub(crate) fn map_initial(program: &'static Program) {
    for init in elements(&program.memories) {
        // SAFETY: see above.
        let memory: &Memory = unsafe { &*with_exposed_provenance(init.memory as usize) };
        map_zeros(memory, init);
        keep_free(memory, init);
        copy(init);
    }
}

fn map_zeros(memory: &Memory, init: &'static MemoryInit) {
    let whole = Range {
        start: memory.base,
        len: mapped_len(memory.size),
    };
    for gap in gaps(whole, elements(&init.mapped)) {
        if let Err(error) = map_at_start(gap.start, gap.len, Access::ReadWrite) {
            refuse_mapping("linear memory", gap.len, error);
        }
    }
}

/// Where a limit does not allow it, unmapped is as good: the runtime makes every mapping itself, far from here.
fn keep_free(memory: &Memory, init: &MemoryInit) {
    let mapped = mapped_len(memory.size);
    let start = memory.base + mapped;
    let len = init.kept_free.saturating_sub(mapped);
    if len == 0 {
        return;
    }
    match map_at_start(start, len, Access::None) {
        Ok(()) | Err(Errno::NOMEM) => {}
        Err(error) => refuse_mapping("a linear memory's guard", len, error),
    }
}

/// Whether a range has no address in common with those that belong to memories.
pub(crate) fn is_apart(program: &'static Program, range: Range) -> bool {
    elements(&program.memories).iter().all(|init| {
        // SAFETY: see above.
        let memory: &Memory = unsafe { &*with_exposed_provenance(init.memory as usize) };
        range.start >= memory.base + init.reservation || range.start + range.len <= memory.base
    })
}

fn copy(init: &'static MemoryInit) {
    for copy in elements(&init.copies) {
        let from = with_exposed_provenance::<u8>(copy.from as usize);
        let to = with_exposed_provenance_mut::<u8>(copy.to as usize);
        // SAFETY: from read-only data into a memory that has just been mapped.
        unsafe { copy_nonoverlapping(from, to, copy.len as usize) };
    }
}

/// The parts of a range that no part of `mapped` covers; those are in the order of their addresses.
fn gaps(whole: Range, mapped: &[Range]) -> impl Iterator<Item = Range> {
    let end = whole.start + whole.len;
    let after = Range { start: end, len: 0 };
    let mut at = whole.start;
    mapped
        .iter()
        .copied()
        .chain([after])
        .filter_map(move |range| {
            let start = at;
            at = at.max(range.start + range.len);
            let len = range.start.min(end).saturating_sub(start);
            (len != 0).then_some(Range { start, len })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn gaps_of(mapped: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mapped: Vec<Range> = mapped
            .iter()
            .map(|&(start, len)| Range { start, len })
            .collect();
        let whole = Range {
            start: 100,
            len: 50,
        };
        gaps(whole, &mapped)
            .map(|gap| (gap.start, gap.len))
            .collect()
    }

    #[test]
    fn gaps_between_mapped_runs() {
        assert_eq!(gaps_of(&[]), [(100, 50)]);
        assert_eq!(gaps_of(&[(100, 50)]), []);
        assert_eq!(gaps_of(&[(100, 10)]), [(110, 40)]);
        assert_eq!(gaps_of(&[(110, 10), (120, 5)]), [(100, 10), (125, 25)]);
        assert_eq!(gaps_of(&[(110, 10), (140, 10)]), [(100, 10), (120, 20)]);
    }
}
