//! System calls on open files.
//!
//! What rustix offers with the right meaning is passed on as it is; calls that may be interrupted by a signal before
//! they have done anything are made again.

use core::num::NonZeroU64;

pub(crate) use rustix::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
pub(crate) use rustix::fs::{
    Advice, FileType, OFlags, SeekFrom, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT,
    fcntl_getfl as flags, fcntl_setfl as set_flags, fstat as stat, futimens as set_times, seek,
};
pub(crate) use rustix::io::{Errno, fcntl_dupfd_cloexec as duplicate_from};

/// `O_DSYNC`: each write waits for the data. rustix's constant of this name is `O_SYNC`, which contains this bit.
pub(crate) const DSYNC: OFlags = OFlags::from_bits_retain(linux_raw_sys::general::O_DSYNC);

/// Calls until the call isn't interrupted by a signal.
pub(crate) fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

/// Writes the file's data and metadata to its device.
pub(crate) fn sync(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    retry(|| rustix::fs::fsync(fd))
}

/// Writes the file's data to its device.
pub(crate) fn sync_data(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    retry(|| rustix::fs::fdatasync(fd))
}

/// Cuts or extends the file.
pub(crate) fn set_size(fd: BorrowedFd<'_>, size: u64) -> Result<(), Errno> {
    retry(|| rustix::fs::ftruncate(fd, size))
}

/// Makes sure that the range has storage, extending the file where it must.
pub(crate) fn allocate(fd: BorrowedFd<'_>, offset: u64, len: u64) -> Result<(), Errno> {
    retry(|| rustix::fs::fallocate(fd, rustix::fs::FallocateFlags::empty(), offset, len))
}

/// Says how a range will be used; length 0 is all the rest.
pub(crate) fn advise(
    fd: BorrowedFd<'_>,
    offset: u64,
    len: u64,
    advice: Advice,
) -> Result<(), Errno> {
    rustix::fs::fadvise(fd, offset, NonZeroU64::new(len), advice)
}

/// The number of bytes that can be read without waiting.
pub(crate) fn readable(fd: BorrowedFd<'_>) -> Result<u64, Errno> {
    rustix::io::ioctl_fionread(fd)
}
