//! What happens when the filter has refused a system call: SIGSYS, whose handler reports it and ends the process.
//!
//! # Safety
//!
//! As for the other handlers, [`crate::trap`].
#![allow(unsafe_code)]

use super::names::name;
use crate::arch::{TRAP_SIGNALS, registers};
use crate::message::Message;
use crate::sys::exit::exit;
use crate::sys::signal;
use crate::trap::report_refusal;
use linux_raw_sys::general::{SIGSYS, SYS_SECCOMP, siginfo_t};

/// Sets the handler.
pub(super) fn report() {
    let blocked = TRAP_SIGNALS
        .iter()
        .fold(0, |set, signal| set | 1 << (signal - 1));
    signal::handle(SIGSYS, handle, blocked);
}

/// The handler.
///
/// # Safety
///
/// The arguments are those of a signal handler.
unsafe extern "C" fn handle(_: i32, information: *const u8, context: *const u8) {
    // SAFETY: with SA_SIGINFO the second argument is this structure; the fields are those of SIGSYS, or unused.
    let (code, number) = unsafe {
        let information = &(*information.cast::<siginfo_t>())
            .__bindgen_anon_1
            .__bindgen_anon_1;
        (information.si_code, information._sifields._sigsys._syscall)
    };
    if code != SYS_SECCOMP as i32 {
        // Another process has sent it; the filter does not let this one die of it.
        exit(128 + SIGSYS as i32);
    }
    let number = number.cast_unsigned();
    let mut message = Message::error();
    message.text("internal error: the program made the system call ");
    match name(number) {
        Some(name) => message.text(name),
        None => message.text("number ").decimal(number.into()),
    };
    message.text(", for which it has no use; the kernel refused it\n");
    // SAFETY: as the caller promises.
    report_refusal(&mut message, &unsafe { registers(context) })
}
