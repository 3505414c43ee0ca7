//! Memories at the addresses that the compiler chose: the kernel has mapped the runs of the image where they belong.
//!
//! # Safety
//!
//! Nothing but safe calls.

use super::mapped_len;
use crate::program::elements;
use crate::start::{map_at_start, refuse_mapping};
use crate::sys::memory::Access;
use elfin_abi::layout::{Copy, Memory, MemoryInit, Program, Range};
use rustix::io::Errno;

/// Every memory says already where it lies.
pub(super) fn place(_: &'static Program) {}

/// Maps zeros between the runs of a memory's image.
pub(super) fn map_contents(memory: &Memory, init: &'static MemoryInit) {
    for gap in gaps(mapped_len(memory.size), elements(&init.mapped)) {
        if let Err(error) = map(memory.base + gap.start, gap.len, Access::ReadWrite) {
            refuse_mapping("linear memory", gap.len, error);
        }
    }
}

/// Maps zeros at exactly this range.
pub(super) fn map(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    map_at_start(start, len, access)
}

/// The parts of the first `end` bytes that no part of `mapped` covers; those are in the order of their addresses.
fn gaps(end: u64, mapped: &[Copy]) -> impl Iterator<Item = Range> {
    let runs = mapped.iter().map(|part| (part.to, part.len));
    let mut at = 0;
    runs.chain([(end, 0)]).filter_map(move |(to, run)| {
        let start = at;
        at = at.max(to + run);
        let len = to.min(end).saturating_sub(start);
        (len != 0).then_some(Range { start, len })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn gaps_of(mapped: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let part = |&(to, len): &(u64, u64)| Copy { to, from: 0, len };
        let mapped: Vec<Copy> = mapped.iter().map(part).collect();
        gaps(50, &mapped).map(|gap| (gap.start, gap.len)).collect()
    }

    #[test]
    fn gaps_between_mapped_runs() {
        assert_eq!(gaps_of(&[]), [(0, 50)]);
        assert_eq!(gaps_of(&[(0, 50)]), []);
        assert_eq!(gaps_of(&[(0, 10)]), [(10, 40)]);
        assert_eq!(gaps_of(&[(10, 10), (20, 5)]), [(0, 10), (25, 25)]);
        assert_eq!(gaps_of(&[(10, 10), (40, 10)]), [(0, 10), (20, 20)]);
    }
}
