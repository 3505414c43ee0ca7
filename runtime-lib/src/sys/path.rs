//! System calls on names in a directory.

use super::file::{AsFd, BorrowedFd, Errno, OFlags, OwnedFd, Timestamps, retry};
use crate::planted::PATHS_ARE_FREE;
use core::ffi::CStr;
use core::mem::MaybeUninit;
use rustix::fs::{AtFlags, CWD, ResolveFlags};

pub(crate) use rustix::fs::Mode;

/// The bytes of the longest path, its closing zero included.
pub(crate) const PATH_MAX: usize = 4096;

/// Opens a directory by a path of the host's, relative to the current directory.
pub(crate) fn open_host_directory(path: &CStr) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    open(CWD, path, flags, Mode::empty())
}

/// `openat`. Follows symbolic links wherever they point to: the name must be one component, and `NOFOLLOW` set or the
/// name trusted.
pub(crate) fn open(
    directory: impl AsFd,
    name: &CStr,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let directory = directory.as_fd();
    retry(|| rustix::fs::openat(directory, name, flags | OFlags::CLOEXEC, mode))
}

/// `openat2`, which never leaves the directory. `ENOSYS` where the kernel is older than 5.6, `EXDEV` for an attempt to
/// leave, `EAGAIN` when something moved while the kernel looked.
pub(crate) fn open_beneath(
    directory: BorrowedFd<'_>,
    path: &CStr,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let resolve = match PATHS_ARE_FREE {
        false => ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS,
        true => ResolveFlags::empty(),
    };
    retry(|| rustix::fs::openat2(directory, path, flags | OFlags::CLOEXEC, mode, resolve))
}

/// Reads a symbolic link; what doesn't fit into the buffer is cut.
pub(crate) fn read_link<'b>(
    directory: BorrowedFd<'_>,
    name: &CStr,
    buffer: &'b mut [u8],
) -> Result<&'b mut [u8], Errno> {
    let len = rustix::fs::readlinkat_raw(directory, name, &mut *buffer)?;
    buffer.get_mut(..len).ok_or(Errno::IO)
}

/// Creates a directory.
pub(crate) fn create_directory(directory: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    rustix::fs::mkdirat(directory, name, Mode::from_raw_mode(0o777))
}

/// Removes an empty directory.
pub(crate) fn remove_directory(directory: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    rustix::fs::unlinkat(directory, name, AtFlags::REMOVEDIR)
}

/// Removes what isn't a directory.
pub(crate) fn unlink(directory: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    rustix::fs::unlinkat(directory, name, AtFlags::empty())
}

/// Renames, replacing what had the new name.
pub(crate) fn rename(
    from: (BorrowedFd<'_>, &CStr),
    to: (BorrowedFd<'_>, &CStr),
) -> Result<(), Errno> {
    rustix::fs::renameat(from.0, from.1, to.0, to.1)
}

/// Gives a file a further name; a symbolic link itself gets it.
pub(crate) fn link(
    from: (BorrowedFd<'_>, &CStr),
    to: (BorrowedFd<'_>, &CStr),
) -> Result<(), Errno> {
    rustix::fs::linkat(from.0, from.1, to.0, to.1, AtFlags::empty())
}

/// Creates a symbolic link.
pub(crate) fn symlink(target: &CStr, directory: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    rustix::fs::symlinkat(target, directory, name)
}

/// Sets the times of what the name denotes, of a symbolic link itself.
pub(crate) fn set_times(
    directory: BorrowedFd<'_>,
    name: &CStr,
    times: &Timestamps,
) -> Result<(), Errno> {
    rustix::fs::utimensat(directory, name, times, AtFlags::SYMLINK_NOFOLLOW)
}

/// Passes the entries of an open directory, from its position on, to `visit` until that says no.
pub(crate) fn entries(
    directory: BorrowedFd<'_>,
    mut visit: impl FnMut(&rustix::fs::RawDirEntry<'_>) -> bool,
) -> Result<(), Errno> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut entries = rustix::fs::RawDir::new(directory, &mut buffer);
    while let Some(entry) = entries.next() {
        if !visit(&entry?) {
            break;
        }
    }
    Ok(())
}
