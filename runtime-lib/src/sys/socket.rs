//! System calls on sockets; messages are sent and received in [`super::vector`].

use super::file::{BorrowedFd, Errno, OwnedFd, retry};

pub(crate) use rustix::net::sockopt::socket_type;
pub(crate) use rustix::net::{Shutdown, SocketFlags, SocketType, shutdown};

/// Takes a connection that waits on a listening socket.
pub(crate) fn accept(fd: BorrowedFd<'_>, flags: SocketFlags) -> Result<OwnedFd, Errno> {
    retry(|| rustix::net::accept_with(fd, flags | SocketFlags::CLOEXEC))
}
