//! The process itself, and random numbers.

use super::errno::Result;
use crate::guest::Guest;
use crate::host::process::{self, Signal, exit, yield_now};
use crate::host::{Errno, random};

/// The guest's status is passed on as it is; the kernel keeps its low 8 bits.
pub(super) fn proc_exit(_: &Guest, code: u32) {
    exit(code.cast_signed())
}

/// A guest has no handlers, so the signal does what it does by default: it ends the process, stops it, or does nothing.
/// The numbers are Linux's, but that Linux has SIGSTKFLT between `term` and `chld`.
pub(super) fn proc_raise(_: &Guest, signal: u32) -> Result<()> {
    let number = match signal {
        0 => return Ok(()),
        1..=15 => signal,
        16..=30 => signal + 1,
        _ => return Err(Errno::INVAL),
    };
    let signal = Signal::from_named_raw(number.cast_signed());
    process::raise(signal.ok_or(Errno::INVAL)?);
    Ok(())
}

pub(super) fn sched_yield(_: &Guest) -> Result<()> {
    yield_now();
    Ok(())
}

pub(super) fn random_get(guest: &Guest, buf: u32, buf_len: u32) -> Result<()> {
    random::fill(guest.bytes(buf, buf_len)?.spare())
}
