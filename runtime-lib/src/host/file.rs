//! Reading, writing and what else is done with an open file.

use super::{Errno, Result, descriptors};
use crate::sys::file::{self, OFlags};
use crate::sys::vector::{self, IoVector};

pub(crate) use crate::sys::file::{Advice, SeekFrom};

/// Reads at the file's position, and says how much.
pub(crate) fn read(fd: u32, vectors: &mut [IoVector]) -> Result<usize> {
    vector::read(descriptors::get(fd)?, vectors)
}

/// Writes at the file's position, and says how much.
pub(crate) fn write(fd: u32, vectors: &[IoVector]) -> Result<usize> {
    vector::write(descriptors::get(fd)?, vectors)
}

/// Reads at an offset, and says how much.
pub(crate) fn read_at(fd: u32, vectors: &mut [IoVector], offset: u64) -> Result<usize> {
    vector::read_at(descriptors::get(fd)?, vectors, in_file(offset)?)
}

/// Writes at an offset, and says how much.
pub(crate) fn write_at(fd: u32, vectors: &[IoVector], offset: u64) -> Result<usize> {
    vector::write_at(descriptors::get(fd)?, vectors, in_file(offset)?)
}

/// Moves the file's position, and gives the new one. A directory has none: its entries have cookies.
pub(crate) fn seek(fd: u32, to: SeekFrom) -> Result<u64> {
    if descriptors::is_directory(fd)? {
        return Err(Errno::BADF);
    }
    file::seek(descriptors::get(fd)?, to)
}

/// Writes the file's data and metadata to its device.
pub(crate) fn sync(fd: u32) -> Result<()> {
    file::sync(descriptors::get(fd)?)
}

/// Writes the file's data to its device.
pub(crate) fn sync_data(fd: u32) -> Result<()> {
    file::sync_data(descriptors::get(fd)?)
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
    let fd = descriptors::get(fd)?;
    check_range(offset, len)?;
    file::advise(fd, offset, len, advice)
}

/// Sets `APPEND` and `NONBLOCK`. The other flags are decided when a file is opened: that they should change is
/// refused.
pub(crate) fn set_flags(fd: u32, flags: OFlags) -> Result<()> {
    let changeable = OFlags::APPEND | OFlags::NONBLOCK;
    let fd = descriptors::get(fd)?;
    let current = file::flags(fd)?;
    if (current ^ flags).intersects(OFlags::SYNC) {
        return Err(Errno::INVAL);
    }
    file::set_flags(fd, (current - changeable) | (flags & changeable))
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
