//! The stack that guest code and the host functions that it calls run on.
//!
//! ```text
//! start          bottom                top                 end
//! | guard (none) | guest stack  <-- sp | signal stack <-- |
//! ```
//!
//! The guest's frames are probed page by page, so the guard is always hit; it is larger than any frame of a host
//! function.

use super::process::process;
use super::refuse::refuse_mapping;
use crate::sys::memory::{Access, map_stack, protect};
use core::sync::atomic::{AtomicU64, Ordering};
use elfin_abi::address::MAX_PAGE_SIZE;
use linux_raw_sys::auxvec::AT_MINSIGSTKSZ;

/// Bytes of the guard.
const GUARD: u64 = 4 * MAX_PAGE_SIZE;

/// Bytes that the trap handler needs of its stack, besides the frame that the kernel writes.
const HANDLER: u64 = 32 << 10;

/// Addresses of the guest stack and of what is around it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GuestStack {
    /// The guard's first address.
    pub(crate) start: u64,
    /// The stack's lowest address.
    pub(crate) bottom: u64,
    /// The first address behind the stack, where the signal stack begins.
    pub(crate) top: u64,
    /// The first address behind the signal stack.
    pub(crate) end: u64,
}

static START: AtomicU64 = AtomicU64::new(0);
static TOP: AtomicU64 = AtomicU64::new(0);
static END: AtomicU64 = AtomicU64::new(0);

/// Maps a guest stack of this many bytes, with its guard and a signal stack.
pub(super) fn map(size: u64) {
    let frame = process().auxiliary(AT_MINSIGSTKSZ as usize).unwrap_or(0) as u64;
    let signal_stack = (frame + HANDLER).next_multiple_of(MAX_PAGE_SIZE);
    let len = GUARD + size + signal_stack;
    let start = match map_stack(len) {
        Ok(start) => start,
        Err(error) => refuse_mapping("stack", len, error),
    };
    if let Err(error) = protect(start, GUARD, Access::None) {
        refuse_mapping("stack guard", GUARD, error);
    }
    START.store(start, Ordering::Relaxed);
    TOP.store(start + GUARD + size, Ordering::Relaxed);
    END.store(start + len, Ordering::Relaxed);
}

/// The guest stack; empty, at address 0, before it is mapped.
pub(crate) fn guest_stack() -> GuestStack {
    let start = START.load(Ordering::Relaxed);
    GuestStack {
        start,
        bottom: if start == 0 { 0 } else { start + GUARD },
        top: TOP.load(Ordering::Relaxed),
        end: END.load(Ordering::Relaxed),
    }
}
