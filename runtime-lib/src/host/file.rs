//! Reading, writing and what else is done with an open file.

use super::descriptors::{self, File};
use super::{Errno, Result, embedded};
use crate::sys::file::{self, BorrowedFd, OFlags};
use crate::sys::vector::{self, IoVector};

pub(crate) use crate::sys::file::{Advice, SeekFrom};

/// Reads at the file's position, and says how much.
pub(crate) fn read(fd: u32, vectors: &mut [IoVector]) -> Result<usize> {
    match descriptors::file(fd)? {
        File::Host(file) => vector::read(file, vectors),
        File::Embedded(node) => embedded::read(fd, node, vectors),
    }
}

/// Writes at the file's position, and says how much.
pub(crate) fn write(fd: u32, vectors: &[IoVector]) -> Result<usize> {
    vector::write(writable(fd)?, vectors)
}

/// Reads at an offset, and says how much.
pub(crate) fn read_at(fd: u32, vectors: &mut [IoVector], offset: u64) -> Result<usize> {
    let offset = in_file(offset)?;
    match descriptors::file(fd)? {
        File::Host(file) => vector::read_at(file, vectors, offset),
        File::Embedded(node) => embedded::read_at(node, vectors, offset),
    }
}

/// Writes at an offset, and says how much.
pub(crate) fn write_at(fd: u32, vectors: &[IoVector], offset: u64) -> Result<usize> {
    vector::write_at(writable(fd)?, vectors, in_file(offset)?)
}

/// A file that may have been opened for writing, as one inside the executable can't be.
fn writable(fd: u32) -> Result<BorrowedFd<'static>> {
    match descriptors::file(fd)? {
        File::Host(file) => Ok(file),
        File::Embedded(_) => Err(Errno::BADF),
    }
}

/// Moves the file's position, and gives the new one. A directory has none: its entries have cookies.
pub(crate) fn seek(fd: u32, to: SeekFrom) -> Result<u64> {
    if descriptors::is_directory(fd)? {
        return Err(Errno::BADF);
    }
    match descriptors::file(fd)? {
        File::Host(file) => file::seek(file, to),
        File::Embedded(node) => embedded::seek(fd, node, to),
    }
}

/// Writes the file's data and metadata to its device.
pub(crate) fn sync(fd: u32) -> Result<()> {
    match descriptors::file(fd)? {
        File::Host(file) => file::sync(file),
        File::Embedded(_) => Ok(()),
    }
}

/// Writes the file's data to its device.
pub(crate) fn sync_data(fd: u32) -> Result<()> {
    match descriptors::file(fd)? {
        File::Host(file) => file::sync_data(file),
        File::Embedded(_) => Ok(()),
    }
}

/// Cuts or extends the file.
pub(crate) fn set_size(fd: u32, size: u64) -> Result<()> {
    file::set_size(descriptors::changeable(fd)?, in_file(size)?)
}

/// Makes sure that the range has storage, extending the file where it must.
pub(crate) fn allocate(fd: u32, offset: u64, len: u64) -> Result<()> {
    let fd = descriptors::changeable(fd)?;
    check_range(offset, len)?;
    file::allocate(fd, offset, len)
}

/// Says how a range will be used.
pub(crate) fn advise(fd: u32, offset: u64, len: u64, advice: Advice) -> Result<()> {
    let file = descriptors::file(fd)?;
    check_range(offset, len)?;
    match file {
        File::Host(file) => file::advise(file, offset, len, advice),
        File::Embedded(_) => Ok(()),
    }
}

/// Sets `APPEND` and `NONBLOCK`. The other flags are decided when a file is opened: that they should change is
/// refused.
pub(crate) fn set_flags(fd: u32, flags: OFlags) -> Result<()> {
    let changeable = OFlags::APPEND | OFlags::NONBLOCK;
    let file = descriptors::file(fd)?;
    let current = match file {
        File::Host(file) => file::flags(file)?,
        File::Embedded(_) => descriptors::embedded_flags(fd)?,
    };
    if (current ^ flags).intersects(OFlags::SYNC) {
        return Err(Errno::INVAL);
    }
    let new = (current - changeable) | (flags & changeable);
    match file {
        File::Host(file) => file::set_flags(file, new),
        File::Embedded(_) => descriptors::set_embedded_flags(fd, new),
    }
}

/// An offset that a file can have.
fn in_file(offset: u64) -> Result<u64> {
    i64::try_from(offset)
        .map(i64::cast_unsigned)
        .map_err(|_| Errno::INVAL)
}

fn check_range(offset: u64, len: u64) -> Result<()> {
    let end = offset.checked_add(len).ok_or(Errno::INVAL)?;
    in_file(end).map(drop)
}
