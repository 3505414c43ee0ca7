//! Output of the runtime's own: messages, and the results of an invoked function.
//!
//! # Safety
//!
//! The descriptors are only borrowed for the length of a write; a closed one gives an error.
#![allow(unsafe_code)]

use rustix::fd::BorrowedFd;
use rustix::io::{Errno, write};

/// A standard stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// Standard output.
    Output = 1,
    /// Standard error.
    Error = 2,
}

/// Writes all bytes, or what is possible of them: there is nobody to tell of an error.
pub(crate) fn write_all(stream: Stream, mut bytes: &[u8]) {
    // SAFETY: see above.
    let descriptor = unsafe { BorrowedFd::borrow_raw(stream as i32) };
    while !bytes.is_empty() {
        match write(descriptor, bytes) {
            Ok(written) if written > 0 => bytes = bytes.get(written..).unwrap_or(&[]),
            Err(Errno::INTR) => {}
            _ => return,
        }
    }
}
