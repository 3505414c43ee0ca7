//! The state of the linear memories when the program starts.
//!
//! ```text
//! base                                      base + size       base + kept_free     base + reservation
//! | zeros | mapped | zeros | mapped | zeros | kept free ............... | not mapped ....... |
//! ```
//!
//! The runs of the image come from the executable, see [`places`]; zeros are mapped between them, small pieces of the
//! image are copied. What must not be mapped behind the memory is kept free where it could be taken; elsewhere it is
//! free because nobody maps there, see [`is_apart`].
//!
//! # Safety
//!
//! The compiler wrote the addresses: a memory's range belongs to it alone, and a copy lies inside it.
#![allow(unsafe_code)]

use super::{mapped_len, places};
use crate::program::elements;
use crate::start::refuse_mapping;
use crate::sys::memory::Access;
use core::ptr::{copy_nonoverlapping, with_exposed_provenance, with_exposed_provenance_mut};
use elfin_abi::layout::{Memory, MemoryInit, Program, Range};
use rustix::io::Errno;

/// Brings all memories into their initial state, or ends the process with a message.
pub(crate) fn map_initial(program: &'static Program) {
    places::place(program);
    for init in elements(&program.memories) {
        // SAFETY: see above.
        let memory: &Memory = unsafe { &*with_exposed_provenance(init.memory as usize) };
        places::map_contents(memory, init);
        keep_free(memory, init);
        copy(memory, init);
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
    match places::map(start, len, Access::None) {
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

fn copy(memory: &Memory, init: &'static MemoryInit) {
    for copy in elements(&init.copies) {
        let from = with_exposed_provenance::<u8>(copy.from as usize);
        let to = with_exposed_provenance_mut::<u8>((memory.base + copy.to) as usize);
        // SAFETY: from read-only data into a memory that has just been mapped.
        unsafe { copy_nonoverlapping(from, to, copy.len as usize) };
    }
}
