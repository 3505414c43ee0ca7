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
pub(super) fn proc_raise(_: &Guest, _signal: u32) -> Result<()> {
    Err(Errno::NOSYS)
}

pub(super) fn sched_yield(_: &Guest) -> Result<()> {
    yield_now();
    Ok(())
}

pub(super) fn random_get(guest: &Guest, buf: u32, buf_len: u32) -> Result<()> {
    random::fill(guest.bytes(buf, buf_len)?.spare())
}
