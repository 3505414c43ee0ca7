//! Sockets that the program was started with, and connections that they accept.

use super::{Errno, Result, descriptors};
use crate::sys::socket::{self, Shutdown, SocketFlags};
use crate::sys::vector::{self, RecvFlags, ReturnFlags};

pub(crate) use crate::sys::vector::IoVector;

/// Takes a connection, and gives its descriptor.
pub(crate) fn accept(fd: u32, nonblocking: bool) -> Result<u32> {
    let flags = match nonblocking {
        true => SocketFlags::NONBLOCK,
        false => SocketFlags::empty(),
    };
    descriptors::insert(socket::accept(descriptors::get(fd)?, flags)?, false)
}

/// What was received.
pub(crate) struct Received {
    /// Bytes.
    pub(crate) len: usize,
    /// Whether the message was longer.
    pub(crate) truncated: bool,
}

/// Receives; `peek` leaves the data there, `wait_all` waits until the buffers are full.
pub(crate) fn receive(
    fd: u32,
    vectors: &mut [IoVector],
    peek: bool,
    wait_all: bool,
) -> Result<Received> {
    let mut flags = RecvFlags::empty();
    flags.set(RecvFlags::PEEK, peek);
    flags.set(RecvFlags::WAITALL, wait_all);
    let (len, flags) = vector::receive(descriptors::get(fd)?, vectors, flags)?;
    Ok(Received {
        len,
        truncated: flags.contains(ReturnFlags::TRUNC),
    })
}

/// Sends, and says how much.
pub(crate) fn send(fd: u32, vectors: &[IoVector]) -> Result<usize> {
    vector::send(descriptors::get(fd)?, vectors)
}

/// Ends one direction or both.
pub(crate) fn shutdown(fd: u32, read: bool, write: bool) -> Result<()> {
    let fd = descriptors::get(fd)?;
    let how = match (read, write) {
        (true, true) => Shutdown::Both,
        (true, false) => Shutdown::Read,
        (false, true) => Shutdown::Write,
        (false, false) => return Err(Errno::INVAL),
    };
    socket::shutdown(fd, how)
}
