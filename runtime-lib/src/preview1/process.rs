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
#[cfg(not(elfin_planted))]
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

/// In the tests' archive alone: makes the system call whose number and arguments lie there, 64 bits each.
#[cfg(elfin_planted)]
pub(super) fn proc_raise(guest: &Guest, words: u32) -> Result<()> {
    let array = guest.array(words, 7, 8)?;
    let mut words = [0; 7];
    for (at, word) in words.iter_mut().enumerate() {
        let mut bytes = [0; 8];
        array.read_at(at * 8, &mut bytes);
        *word = u64::from_le_bytes(bytes);
    }
    match i32::try_from(-crate::planted::system_call(words)) {
        Ok(errno) if errno > 0 => Err(Errno::from_raw_os_error(errno)),
        _ => Ok(()),
    }
}

pub(super) fn sched_yield(_: &Guest) -> Result<()> {
    yield_now();
    Ok(())
}

pub(super) fn random_get(guest: &Guest, buf: u32, buf_len: u32) -> Result<()> {
    random::fill(guest.bytes(buf, buf_len)?.spare())
}
