//! The stack that guest code and the host functions that it calls run on.
//!
//! ```text
//! signal_stack     guard          bottom                top
//! | signal stack   | no access    | guest stack  <-- sp |
//! ```
//!
//! The signal stack is not above: qemu-user takes a stack pointer at its very beginning as being on it.
//!
//! The guest's frames are probed page by page, so the guard is always hit; it is larger than any frame of a host
//! function.
//!
//! # Safety
//!
//! The mapping is made here, and handed out as addresses and words only.
#![allow(unsafe_code)]

use super::mapping::map_apart;
use super::process::process;
use super::refuse::refuse_mapping;
use crate::sys::memory::{Access, protect};
use core::ptr::with_exposed_provenance;
use core::sync::atomic::{AtomicU64, Ordering};
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::layout::Program;
use linux_raw_sys::auxvec::AT_MINSIGSTKSZ;

/// Bytes of the guard.
const GUARD: u64 = 4 * MAX_PAGE_SIZE;

/// Bytes that the trap handler needs of its stack, besides the frame that the kernel writes.
const HANDLER: u64 = 32 << 10;

/// Addresses of the guest stack and of what is below it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GuestStack {
    /// The signal stack's lowest address.
    pub(crate) signal_stack: u64,
    /// The guard's first address, where the signal stack ends.
    pub(crate) guard: u64,
    /// The stack's lowest address, where the guard ends.
    pub(crate) bottom: u64,
    /// The first address behind the stack.
    pub(crate) top: u64,
}

impl GuestStack {
    /// The word at an address, if that is one of the stack's.
    pub(crate) fn word(&self, address: u64) -> Option<u64> {
        let inside = address.is_multiple_of(8) && (self.bottom..self.top).contains(&address);
        // SAFETY: an aligned word of the stack, which is mapped; the guest does not run meanwhile.
        inside.then(|| unsafe { *with_exposed_provenance(address as usize) })
    }
}

static SIGNAL_STACK: AtomicU64 = AtomicU64::new(0);
static GUARD_START: AtomicU64 = AtomicU64::new(0);
static TOP: AtomicU64 = AtomicU64::new(0);

/// Maps a program's guest stack, with its guard and a signal stack.
pub(super) fn map(program: &'static Program) {
    let size = program.stack_size;
    let frame = process().auxiliary(AT_MINSIGSTKSZ as usize).unwrap_or(0) as u64;
    let signal_stack = (frame + HANDLER).next_multiple_of(MAX_PAGE_SIZE);
    let len = signal_stack + GUARD + size;
    let start = map_apart("stack", len);
    let guard = start + signal_stack;
    // SAFETY: it has just been mapped, and nothing refers to it.
    if let Err(error) = unsafe { protect(guard, GUARD, Access::None) } {
        refuse_mapping("stack guard", GUARD, error);
    }
    SIGNAL_STACK.store(start, Ordering::Relaxed);
    GUARD_START.store(guard, Ordering::Relaxed);
    TOP.store(start + len, Ordering::Relaxed);
}

/// The guest stack; of no bytes before it is mapped.
pub(crate) fn guest_stack() -> GuestStack {
    let guard = GUARD_START.load(Ordering::Relaxed);
    GuestStack {
        signal_stack: SIGNAL_STACK.load(Ordering::Relaxed),
        guard,
        bottom: guard + GUARD,
        top: TOP.load(Ordering::Relaxed),
    }
}
