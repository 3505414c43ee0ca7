//! Linear memories: their initial state, and growth.
//!
//! # Safety
//!
//! Generated code passes the address of a [`Memory`] that it alone reads and this module alone writes, on the thread
//! that runs the guest.
#![allow(unsafe_code)]

// Where memories lie, and how their images get there.
#[cfg(any(elfin_pie, test))]
mod anywhere;
#[cfg(any(not(elfin_pie), test))]
mod fixed;
mod initial;

#[cfg(elfin_pie)]
use anywhere as places;
#[cfg(not(elfin_pie))]
use fixed as places;

pub(crate) use initial::{is_apart, map_initial};

use crate::sys::memory::{Access, map_at, protect};
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::layout::Memory;

/// What `memory.grow` gives when it fails.
const FAILED: u64 = u64::MAX;

/// [`elfin_abi::host::intrinsic::MEMORY_GROW`].
///
/// # Safety
///
/// `memory` is a memory of the program.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_memory_grow(memory: *mut Memory, pages: u64) -> u64 {
    // SAFETY: see above.
    let memory = unsafe { &mut *memory };
    let before = memory.size >> memory.page_size_log2;
    match grown(memory, pages) {
        Some(size) if make_accessible(memory, size) => {
            memory.size = size;
            before
        }
        _ => FAILED,
    }
}

/// The size in bytes with this many pages more, if the memory may have it.
fn grown(memory: &Memory, pages: u64) -> Option<u64> {
    let size = pages
        .checked_mul(1 << memory.page_size_log2)?
        .checked_add(memory.size)?;
    (size <= memory.max).then_some(size)
}

/// Bytes that are mapped of a memory of this size: whole pages of any kernel. What lies behind the end is never
/// written, since such a memory's accesses are checked, so it is zero when the memory grows over it.
fn mapped_len(size: u64) -> u64 {
    size.next_multiple_of(MAX_PAGE_SIZE)
}

/// Makes the bytes from the present size to this one readable, writable and zero.
fn make_accessible(memory: &Memory, size: u64) -> bool {
    let start = memory.base + mapped_len(memory.size);
    let len = mapped_len(size) - mapped_len(memory.size);
    // The first where the address space was reserved, the second where it was not.
    len == 0
        // SAFETY: the range belongs to the memory.
        || unsafe { protect(start, len, Access::ReadWrite) }.is_ok()
        || map_at(start, len, Access::ReadWrite).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::memory::map_anywhere;
    use elfin_abi::address::WASM_PAGE_SIZE;

    fn memory(base: u64) -> Memory {
        Memory {
            base,
            size: 2 * WASM_PAGE_SIZE,
            max: 5 * WASM_PAGE_SIZE,
            page_size_log2: 16,
        }
    }

    fn grow(memory: &mut Memory, pages: u64) -> u64 {
        // SAFETY: the memory is exclusive.
        unsafe { elfin_memory_grow(memory, pages) }
    }

    #[test]
    fn grows_up_to_its_maximum() {
        let base = map_anywhere(5 * WASM_PAGE_SIZE).unwrap();
        // SAFETY: nothing refers to the mapping.
        unsafe { protect(base, 5 * WASM_PAGE_SIZE, Access::None) }.unwrap();
        let mut memory = memory(base);
        assert_eq!(grow(&mut memory, 0), 2);
        assert_eq!(grow(&mut memory, 1), 2);
        assert_eq!(grow(&mut memory, 2), 3);
        assert_eq!(grow(&mut memory, 1), FAILED);
        assert_eq!(grow(&mut memory, 0), 5);
        let last = (base + memory.size - 1) as usize;
        // SAFETY: inside of what has just become accessible.
        unsafe { core::ptr::with_exposed_provenance_mut::<u8>(last).write(1) };
    }

    #[test]
    fn grows_by_single_bytes() {
        let base = map_anywhere(2 * MAX_PAGE_SIZE).unwrap();
        // SAFETY: nothing refers to the mapping.
        unsafe { protect(base + MAX_PAGE_SIZE, MAX_PAGE_SIZE, Access::None) }.unwrap();
        let mut memory = Memory {
            base,
            size: 3,
            max: MAX_PAGE_SIZE + 1,
            page_size_log2: 0,
        };
        assert_eq!(grow(&mut memory, 2), 3);
        assert_eq!(grow(&mut memory, MAX_PAGE_SIZE - 5), 5);
        assert_eq!(grow(&mut memory, 2), FAILED);
        assert_eq!(grow(&mut memory, 1), MAX_PAGE_SIZE);
        let last = (base + memory.size - 1) as usize;
        // SAFETY: inside of what has just become accessible.
        unsafe { core::ptr::with_exposed_provenance_mut::<u8>(last).write(1) };
    }

    #[test]
    fn refuses_sizes_beyond_any_address_space() {
        let mut memory = memory(0);
        for pages in [4, 1 << 32, 1 << 48, u64::MAX] {
            assert_eq!(grow(&mut memory, pages), FAILED);
            assert_eq!(memory.size, 2 * WASM_PAGE_SIZE);
        }
    }
}
