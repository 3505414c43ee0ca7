//! Clocks and random numbers.

use super::file::Errno;
use core::mem::MaybeUninit;

pub(crate) use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};

/// Fills the beginning of the buffer with random bytes and says how much of it. The kernel fills 256 bytes or all of a
/// shorter buffer at least, unless a signal interrupts.
pub(crate) fn random(buffer: &mut [MaybeUninit<u8>]) -> Result<usize, Errno> {
    let flags = rustix::rand::GetRandomFlags::empty();
    rustix::rand::getrandom(buffer, flags).map(|(filled, _)| filled.len())
}
