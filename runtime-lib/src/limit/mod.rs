//! The time that a program may take, from its start on: an alarm whose handler ends the process.
//!
//! # Safety
//!
//! The handler runs on the stack of signals, and ends the process: what it interrupts never goes on.
#![allow(unsafe_code)]

use crate::message::Message;
use crate::sys::exit::exit;
use crate::sys::signal;
use core::sync::atomic::{AtomicU64, Ordering};
use elfin_abi::TIMEOUT_EXIT_STATUS;
use linux_raw_sys::general::SIGALRM;

/// The limit, in milliseconds.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// [`elfin_abi::host::intrinsic::LIMIT_TIME`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_limit_time(milliseconds: u64) {
    LIMIT.store(milliseconds, Ordering::Relaxed);
    signal::handle(SIGALRM, end, 0);
    signal::unblock(SIGALRM);
    signal::alarm(milliseconds);
}

/// The handler of SIGALRM.
unsafe extern "C" fn end(_signal: i32, _information: *const u8, _context: *const u8) {
    let mut message = Message::error();
    write(&mut message, LIMIT.load(Ordering::Relaxed)).send();
    exit(TIMEOUT_EXIT_STATUS)
}

fn write(message: &mut Message, milliseconds: u64) -> &mut Message {
    message.text("ended: the program was compiled to run no longer than ");
    match milliseconds % 1000 {
        0 => message.decimal(milliseconds / 1000).text(" s\n"),
        _ => message.decimal(milliseconds).text(" ms\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::output::Stream;

    #[test]
    fn says_how_long() {
        for (milliseconds, text) in [(2000, "longer than 2 s\n"), (1500, "longer than 1500 ms\n")] {
            let mut message = Message::new(Stream::Error);
            let found = write(&mut message, milliseconds).collected();
            assert!(found.ends_with(text), "{found}");
        }
    }
}
