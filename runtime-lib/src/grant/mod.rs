//! What the guest is given before it runs, besides the standard streams: one preparation a kind of grant
//! ([`elfin_abi::layout::Preparation`]), so that a program has the code of those that it lists.
//!
//! All of it happens at the start, whether or not the guest ever asks: a program whose directory is missing must not
//! run for an hour first. What can't be had ends the process, with a message that names it.

mod directory;
mod embedded;
mod listener;
mod more;
mod variable;

use crate::message::Message;
use crate::start::refuse;
use crate::sys::file::Errno;

/// Ends the process, since a grant can't be had: `what` can't be done, with the grant as it was written.
#[cold]
fn refuse_grant(what: &str, grant: &[u8], errno: Errno) -> ! {
    let mut message = Message::error();
    message.text(what).text(" `").foreign(grant).text("`: ");
    match errno {
        Errno::NOENT => message.text("No such file or directory"),
        Errno::NOTDIR => message.text("Not a directory"),
        Errno::ACCESS => message.text("Permission denied"),
        Errno::LOOP => message.text("Too many levels of symbolic links"),
        Errno::NAMETOOLONG => message.text("File name too long"),
        Errno::MFILE => message.text("Too many open files"),
        Errno::ADDRINUSE => message.text("Address already in use"),
        Errno::ADDRNOTAVAIL => message.text("This machine does not have the address"),
        Errno::AFNOSUPPORT => message.text("This machine does not speak this version of IP"),
        _ => message.text("error ").signed(errno.raw_os_error().into()),
    };
    refuse(&mut message)
}
