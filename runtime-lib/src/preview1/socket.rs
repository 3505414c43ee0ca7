//! Sockets.

use super::errno::Result;
use super::flags::descriptor_flags;
use super::rights;
use crate::guest::{Buffers, Guest, Vectors};
use crate::host::socket::{self, IoVector};
use crate::host::{Errno, OFlags};

const RIFLAGS_PEEK: u32 = 1;
const RIFLAGS_WAITALL: u32 = 1 << 1;
const ROFLAGS_DATA_TRUNCATED: u16 = 1;
const SDFLAGS_RD: u32 = 1;
const SDFLAGS_WR: u32 = 1 << 1;

pub(super) fn sock_accept(guest: &Guest, fd: u32, flags: u32, accepted: u32) -> Result<()> {
    let place = guest.place(accepted)?;
    let flags = descriptor_flags(flags)?;
    if !(flags - OFlags::NONBLOCK).is_empty() {
        return Err(Errno::INVAL);
    }
    rights::need(fd, rights::SOCK_ACCEPT)?;
    let accepted = socket::accept(fd, flags.contains(OFlags::NONBLOCK))?;
    place.set(accepted.to_le_bytes());
    Ok(())
}

pub(super) fn sock_recv(
    guest: &Guest,
    fd: u32,
    data: u32,
    data_len: u32,
    flags: u32,
    received: u32,
    out_flags: u32,
) -> Result<()> {
    let (len_place, flags_place) = (guest.place(received)?, guest.place(out_flags)?);
    if flags & !(RIFLAGS_PEEK | RIFLAGS_WAITALL) != 0 {
        return Err(Errno::INVAL);
    }
    let mut vectors = Vectors::new();
    let buffers = whole(vectors.read(guest, data, data_len)?)?;
    let (peek, wait_all) = (flags & RIFLAGS_PEEK != 0, flags & RIFLAGS_WAITALL != 0);
    rights::need(fd, rights::FD_READ)?;
    let received = socket::receive(fd, buffers, peek, wait_all)?;
    let flags = match received.truncated {
        true => ROFLAGS_DATA_TRUNCATED,
        false => 0,
    };
    len_place.set((received.len as u32).to_le_bytes());
    flags_place.set(flags.to_le_bytes());
    Ok(())
}

/// No `siflags` are defined.
pub(super) fn sock_send(
    guest: &Guest,
    fd: u32,
    data: u32,
    data_len: u32,
    flags: u32,
    sent: u32,
) -> Result<()> {
    let place = guest.place(sent)?;
    if flags != 0 {
        return Err(Errno::INVAL);
    }
    let mut vectors = Vectors::new();
    let buffers = whole(vectors.read(guest, data, data_len)?)?;
    rights::need(fd, rights::FD_WRITE)?;
    let sent = socket::send(fd, buffers)?;
    place.set((sent as u32).to_le_bytes());
    Ok(())
}

pub(super) fn sock_shutdown(_: &Guest, fd: u32, how: u32) -> Result<()> {
    if how & !(SDFLAGS_RD | SDFLAGS_WR) != 0 {
        return Err(Errno::INVAL);
    }
    rights::need(fd, rights::SOCK_SHUTDOWN)?;
    socket::shutdown(fd, how & SDFLAGS_RD != 0, how & SDFLAGS_WR != 0)
}

/// A message can't be cut.
fn whole(buffers: Buffers<'_>) -> Result<&mut [IoVector]> {
    match buffers.complete {
        true => Ok(buffers.vectors),
        false => Err(Errno::MSGSIZE),
    }
}
