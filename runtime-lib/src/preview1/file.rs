//! Open files: reading, writing, position, size, storage.

use super::errno::Result;
use super::rights;
use crate::guest::{Guest, Vectors};
use crate::host::Errno;
use crate::host::file::{self, Advice, SeekFrom};

pub(super) fn fd_read(guest: &Guest, fd: u32, iovs: u32, iovs_len: u32, nread: u32) -> Result<()> {
    let place = guest.place(nread)?;
    let mut vectors = Vectors::new();
    let buffers = vectors.read(guest, iovs, iovs_len)?;
    rights::need(fd, rights::FD_READ)?;
    let read = file::read(fd, buffers.vectors)?;
    place.set((read as u32).to_le_bytes());
    Ok(())
}

pub(super) fn fd_write(
    guest: &Guest,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    nwritten: u32,
) -> Result<()> {
    let place = guest.place(nwritten)?;
    let mut vectors = Vectors::new();
    let buffers = vectors.read(guest, iovs, iovs_len)?;
    rights::need(fd, rights::FD_WRITE)?;
    let written = file::write(fd, buffers.vectors)?;
    place.set((written as u32).to_le_bytes());
    Ok(())
}

pub(super) fn fd_pread(
    guest: &Guest,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    offset: u64,
    nread: u32,
) -> Result<()> {
    let place = guest.place(nread)?;
    let mut vectors = Vectors::new();
    let buffers = vectors.read(guest, iovs, iovs_len)?;
    rights::need(fd, rights::FD_READ | rights::FD_SEEK)?;
    let read = file::read_at(fd, buffers.vectors, offset)?;
    place.set((read as u32).to_le_bytes());
    Ok(())
}

pub(super) fn fd_pwrite(
    guest: &Guest,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    offset: u64,
    nwritten: u32,
) -> Result<()> {
    let place = guest.place(nwritten)?;
    let mut vectors = Vectors::new();
    let buffers = vectors.read(guest, iovs, iovs_len)?;
    rights::need(fd, rights::FD_WRITE | rights::FD_SEEK)?;
    let written = file::write_at(fd, buffers.vectors, offset)?;
    place.set((written as u32).to_le_bytes());
    Ok(())
}

pub(crate) fn fd_seek(
    guest: &Guest,
    fd: u32,
    offset: u64,
    whence: u32,
    position: u32,
) -> Result<()> {
    let to = match whence {
        0 => SeekFrom::Start(offset),
        1 => SeekFrom::Current(offset.cast_signed()),
        2 => SeekFrom::End(offset.cast_signed()),
        _ => return Err(Errno::INVAL),
    };
    let place = guest.place(position)?;
    let right = match to {
        SeekFrom::Current(0) => rights::FD_TELL,
        _ => rights::FD_SEEK,
    };
    rights::need(fd, right)?;
    place.set(file::seek(fd, to)?.to_le_bytes());
    Ok(())
}

pub(super) fn fd_tell(guest: &Guest, fd: u32, position: u32) -> Result<()> {
    let place = guest.place(position)?;
    rights::need(fd, rights::FD_TELL)?;
    place.set(file::seek(fd, SeekFrom::Current(0))?.to_le_bytes());
    Ok(())
}

pub(super) fn fd_sync(_: &Guest, fd: u32) -> Result<()> {
    rights::need(fd, rights::FD_SYNC)?;
    file::sync(fd)
}

pub(super) fn fd_datasync(_: &Guest, fd: u32) -> Result<()> {
    rights::need(fd, rights::FD_DATASYNC)?;
    file::sync_data(fd)
}

pub(super) fn fd_filestat_set_size(_: &Guest, fd: u32, size: u64) -> Result<()> {
    rights::need(fd, rights::FD_FILESTAT_SET_SIZE)?;
    file::set_size(fd, size)
}

pub(super) fn fd_allocate(_: &Guest, fd: u32, offset: u64, len: u64) -> Result<()> {
    rights::need(fd, rights::FD_ALLOCATE)?;
    file::allocate(fd, offset, len)
}

pub(super) fn fd_advise(_: &Guest, fd: u32, offset: u64, len: u64, advice: u32) -> Result<()> {
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::INVAL),
    };
    rights::need(fd, rights::FD_ADVISE)?;
    file::advise(fd, offset, len, advice)
}
