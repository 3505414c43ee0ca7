//! System calls on sockets; messages are sent and received in [`super::vector`].

use super::file::{BorrowedFd, Errno, OwnedFd, retry};
use core::net::SocketAddr;
use rustix::net::AddressFamily;

pub(crate) use rustix::net::sockopt::socket_type;
pub(crate) use rustix::net::{Shutdown, SocketFlags, SocketType, shutdown};

/// The number of connections that may wait to be accepted; the kernel allows as many or fewer, by `somaxconn`.
const BACKLOG: i32 = 4096;

/// A socket that listens at an address, at once again after a server that was there before.
pub(crate) fn listen(address: &SocketAddr) -> Result<OwnedFd, Errno> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let flags = SocketFlags::CLOEXEC;
    let socket = rustix::net::socket_with(family, SocketType::STREAM, flags, None)?;
    rustix::net::sockopt::set_socket_reuseaddr(&socket, true)?;
    rustix::net::bind(&socket, address)?;
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(socket)
}

/// Takes a connection that waits on a listening socket.
pub(crate) fn accept(fd: BorrowedFd<'_>, flags: SocketFlags) -> Result<OwnedFd, Errno> {
    retry(|| rustix::net::accept_with(fd, flags | SocketFlags::CLOEXEC))
}
