//! The process itself, and random numbers.

use super::errno::Result;
use crate::guest::Guest;
use crate::host::process::{exit, yield_now};
use crate::host::{Errno, random};

/// The guest's status is passed on as it is; the kernel keeps its low 8 bits.
pub(super) fn proc_exit(_: &Guest, code: u32) {
    exit(code.cast_signed())
}

/// No signal means anything to a guest; the specification of preview 1 drops the function.
#[cfg(not(elfin_planted))]
pub(super) fn proc_raise(_: &Guest, _signal: u32) -> Result<()> {
    Err(Errno::NOSYS)
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
