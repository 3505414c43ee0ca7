//! How an executable refuses to start.

use crate::message::Message;
use crate::sys::exit::exit;
use elfin_abi::START_EXIT_STATUS;
use rustix::io::Errno;

/// Sends a message that is complete but for its end of line, and ends the process.
pub(crate) fn refuse(message: &mut Message) -> ! {
    message.byte(b'\n').send();
    exit(START_EXIT_STATUS)
}

/// Refuses because so many bytes of address space for `what` could not be had.
pub(crate) fn refuse_mapping(what: &str, len: u64, error: Errno) -> ! {
    let mut message = Message::error();
    message
        .text("cannot start: no address space for ")
        .decimal(len);
    message.text(" bytes of ").text(what);
    let reason = match error {
        Errno::NOMEM => {
            ": out of memory, beyond the limit of `ulimit -v`, or beyond the addresses of this machine"
        }
        Errno::EXIST => ": something else is mapped there",
        _ => "",
    };
    message.text(reason).text(" (errno ");
    refuse(
        message
            .decimal(error.raw_os_error().unsigned_abs().into())
            .byte(b')'),
    )
}
