//! The directories that were granted while compiling, preopened from descriptor 3 on.
//!
//! They are opened before the guest runs, whether or not it ever asks: a program whose directory is missing must not
//! run for an hour first. A program without grants makes no system call here.
//!
//! # Safety
//!
//! The compiler ends the host path of a granted directory with a zero byte.
#![allow(unsafe_code)]

use super::{Errno, Result, descriptors};
use crate::message::Message;
use crate::program::elements;
use crate::start::{process, refuse};
use crate::sys::file::BorrowedFd;
use crate::sys::path::open_host_directory;
use core::ffi::CStr;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::Directory;

/// The guest's descriptor of the first granted directory; the others follow.
const FIRST: u32 = 3;

/// Opens the granted directories, or ends the process with a message that names the one that can't be opened.
pub(crate) fn start() {
    for (number, directory) in (1..).zip(granted()) {
        if let Err(errno) = preopen(directory, number) {
            refuse_directory(directory, errno);
        }
    }
}

/// The granted directories that were opened, each with whether it may only be read.
pub(crate) fn opened() -> impl Iterator<Item = Result<(BorrowedFd<'static>, bool)>> {
    let descriptors = FIRST..;
    descriptors
        .zip(granted())
        .map(|(fd, directory)| Ok((descriptors::get(fd)?, directory.is_read_only != 0)))
}

/// The name under which the guest knows the directory.
pub(crate) fn name(fd: u32) -> Result<&'static [u8]> {
    let directory = granted().get(descriptors::grant(fd)?);
    let directory = directory.ok_or(Errno::BADF)?;
    Ok(elements(&directory.guest))
}

fn granted() -> &'static [Directory] {
    elements(&process().program().directories)
}

fn preopen(directory: &'static Directory, number: u16) -> Result<()> {
    // SAFETY: the path ends with a zero byte and is never written to.
    let path = unsafe { CStr::from_ptr(with_exposed_provenance(directory.host.address as usize)) };
    let opened = open_host_directory(path)?;
    descriptors::insert_granted(opened, number, directory.is_read_only != 0)?;
    Ok(())
}

#[cold]
fn refuse_directory(directory: &'static Directory, errno: Errno) -> ! {
    let mut message = Message::error();
    message.text("cannot open the granted directory `");
    message.foreign(elements(&directory.host)).text("`: ");
    match errno {
        Errno::NOENT => message.text("No such file or directory"),
        Errno::NOTDIR => message.text("Not a directory"),
        Errno::ACCESS => message.text("Permission denied"),
        Errno::LOOP => message.text("Too many levels of symbolic links"),
        Errno::MFILE => message.text("Too many open files"),
        _ => message.text("error ").signed(errno.raw_os_error().into()),
    };
    refuse(&mut message)
}
