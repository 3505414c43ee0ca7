//! Waiting for a word of memory.

use super::clock::Timespec;
use super::file::Errno;
use core::num::NonZeroU32;
use core::sync::atomic::AtomicU32;
use rustix::thread::futex::{Flags, wait_bitset};

/// Waits while the word is `expected`, until somebody wakes those who wait for it or the monotonic clock shows
/// `deadline`. `AGAIN` when the word is another, `TIMEDOUT`, or `INTR`.
pub(crate) fn wait(
    word: &AtomicU32,
    expected: u32,
    deadline: Option<&Timespec>,
) -> Result<(), Errno> {
    wait_bitset(word, Flags::PRIVATE, expected, deadline, NonZeroU32::MAX)
}
