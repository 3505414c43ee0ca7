//! The process among others.
//!
//! # Safety
//!
//! `sched_yield` touches no memory.
#![allow(unsafe_code)]

use crate::arch::system_call;
use linux_raw_sys::general::__NR_sched_yield;

/// Lets others run.
pub(crate) fn yield_now() {
    // SAFETY: see above.
    unsafe { system_call(__NR_sched_yield, [0; 4]) };
}

/// The number of this process.
pub(crate) fn id() -> u32 {
    rustix::process::getpid()
        .as_raw_nonzero()
        .get()
        .cast_unsigned()
}
