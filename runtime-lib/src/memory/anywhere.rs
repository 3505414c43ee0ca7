//! Memories of a position-independent executable: at a random address, far from everything else.
//!
//! ```text
//! LOWEST          any multiple of 64 KiB                  half of the address space        the other half
//! | free          | memory 0 | memory 1 | ... | free      |                                image, mappings, stack |
//! ```
//!
//! A kernel puts the stack at the end of the address space, and the image at two thirds of it or among the mappings: below
//! the stack or, where that is unlimited, from a third on. So the stack tells how large the address space is, which nothing else does.
//! Memories that need more than half of it go behind the stack: qemu-user puts that far below the end.
//!
//! # Safety
//!
//! The compiler wrote the addresses of the memories' states. Nothing refers to the pages that are moved.
#![allow(unsafe_code)]

use super::mapped_len;
use crate::program::elements;
use crate::start::{is_far, is_far_from_kernel, process, refuse_mapping};
use crate::sys::memory::{Access, map_at, move_pages};
use core::ptr::{copy_nonoverlapping, with_exposed_provenance, with_exposed_provenance_mut};
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::layout::{Memory, MemoryInit, Program};
use linux_raw_sys::auxvec::AT_RANDOM;
use rustix::io::Errno;

/// No memory lies lower: what a 32-bit number can say is no address of one.
const LOWEST: u64 = 1 << 32;

/// Where the addresses end that are taken behind the stack.
const END: u64 = 0x1000_0000_0000;

/// How often another place is tried.
const TRIES: u64 = 64;

/// Chooses where the memories lie.
pub(super) fn place(program: &'static Program) {
    let memories = elements(&program.memories);
    let sizes = memories.iter().map(size);
    let len: u64 = sizes.fold(0, u64::saturating_add);
    let image = core::ptr::from_ref(program).addr() as u64;
    let is_good = |start| is_far_from_kernel(start, len) && is_far(image, start, len);
    let Some(mut next) = choose(random(), process().stack_pointer() as u64, len, is_good) else {
        refuse_mapping("linear memories", len, Errno::NOMEM)
    };
    for init in memories {
        let memory = with_exposed_provenance_mut::<Memory>(init.memory as usize);
        // SAFETY: see above; nothing refers to the state yet.
        unsafe { (*memory).base = next };
        next += size(init);
    }
}

/// Bytes that belong to a memory, whole pages of any kernel.
fn size(init: &MemoryInit) -> u64 {
    init.reservation.next_multiple_of(MAX_PAGE_SIZE)
}

/// A place for `len` bytes that is good, below the stack if there is room.
fn choose(
    [seed, step]: [u64; 2],
    stack: u64,
    len: u64,
    is_good: impl Fn(u64) -> bool,
) -> Option<u64> {
    let half = 1 << stack.max(1).ilog2();
    let regions = [(LOWEST, half), (2 * half, END)];
    let is_large = |&(start, end): &(u64, u64)| start <= end && len <= end - start;
    let (start, end) = regions.into_iter().find(is_large)?;
    let places = (end - start - len) / MAX_PAGE_SIZE + 1;
    let place = |index: u64| seed.wrapping_add(index.wrapping_mul(step | 1)) % places;
    (0..TRIES)
        .map(|index| start + place(index) * MAX_PAGE_SIZE)
        .find(|start| is_good(*start))
}

/// The random bytes that every process gets from the kernel.
fn random() -> [u64; 2] {
    match process().auxiliary(AT_RANDOM as usize) {
        // SAFETY: it is the address of 16 bytes on the initial stack.
        Some(address) => unsafe { with_exposed_provenance::<[u64; 2]>(address).read_unaligned() },
        None => [process().stack_pointer() as u64 >> 4, 0],
    }
}

/// Maps zeros, and moves the runs of the image over them: they stay what the kernel reads from the file when they are
/// touched first.
pub(super) fn map_contents(memory: &Memory, init: &'static MemoryInit) {
    let len = mapped_len(memory.size);
    if len == 0 {
        return;
    }
    if let Err(error) = map(memory.base, len, Access::ReadWrite) {
        refuse_mapping("linear memory", len, error);
    }
    for part in elements(&init.mapped) {
        let to = memory.base + part.to;
        // SAFETY: the program knows these pages as the memory's only.
        if unsafe { move_pages(part.from, part.len, to) }.is_err() {
            let from = with_exposed_provenance::<u8>(part.from as usize);
            let to = with_exposed_provenance_mut::<u8>(to as usize);
            // SAFETY: the memory has just been mapped, and the pages are where they were.
            unsafe { copy_nonoverlapping(from, to, part.len as usize) };
        }
    }
}

/// Maps zeros at exactly this range.
pub(super) fn map(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    map_at(start, len, access)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stack at the end of 38 bits of addresses, as Sv39 has them.
    const STACK: u64 = 0x3f_ffff_e000;
    const HALF: u64 = 1 << 37;

    #[test]
    fn places_are_multiples_of_any_page_and_have_room() {
        let len = 8 << 30;
        for seed in [0, 1, 12_345, u64::MAX, 1 << 63] {
            let start = choose([seed, seed], STACK, len, |_| true).unwrap();
            assert!(start >= LOWEST && start + len <= HALF, "{start:#x}");
            assert!(start.is_multiple_of(MAX_PAGE_SIZE));
            let start = choose([seed, seed], STACK, HALF, |_| true).unwrap();
            assert!(start >= 2 * HALF && start + HALF <= END, "{start:#x}");
        }
        let all = choose([7, 7], STACK, HALF - LOWEST, |_| true);
        assert_eq!(all, Some(LOWEST));
        assert_eq!(choose([7, 7], STACK, END, |_| true), None);
        assert_eq!(choose([7, 7], 1 << 46, 1 << 46, |_| true), None);
    }

    #[test]
    fn another_place_is_tried() {
        let first = choose([5, 3], STACK, 0, |_| true).unwrap();
        let other = choose([5, 3], STACK, 0, |start| start != first).unwrap();
        assert_ne!(other, first);
        assert_eq!(choose([5, 3], STACK, 0, |_| false), None);
    }
}
