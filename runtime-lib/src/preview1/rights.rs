//! `rights`: what may be done with a descriptor.
//!
//! A descriptor has those that what it is and how it was opened give it, but for those that the guest gave up with
//! `fd_fdstat_set_rights`. Each function asks for the right that the specification names for it; what is beyond a
//! descriptor's kind or access mode is left to the kernel, whose answer is the one of POSIX. wasi-libc makes `badf` of
//! `notcapable` where programs would not know that error.

use super::errno::Result;
use crate::host::descriptors::{self, Withheld};
use crate::host::stat::{FileKind, Status, status};
use crate::host::{NOT_CAPABLE, OFlags};

pub(super) const FD_DATASYNC: u64 = 1;
pub(super) const FD_READ: u64 = 1 << 1;
pub(super) const FD_SEEK: u64 = 1 << 2;
pub(super) const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
pub(super) const FD_SYNC: u64 = 1 << 4;
pub(super) const FD_TELL: u64 = 1 << 5;
pub(super) const FD_WRITE: u64 = 1 << 6;
pub(super) const FD_ADVISE: u64 = 1 << 7;
pub(super) const FD_ALLOCATE: u64 = 1 << 8;
pub(super) const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
pub(super) const PATH_CREATE_FILE: u64 = 1 << 10;
pub(super) const PATH_LINK_SOURCE: u64 = 1 << 11;
pub(super) const PATH_LINK_TARGET: u64 = 1 << 12;
pub(super) const PATH_OPEN: u64 = 1 << 13;
pub(super) const FD_READDIR: u64 = 1 << 14;
pub(super) const PATH_READLINK: u64 = 1 << 15;
pub(super) const PATH_RENAME_SOURCE: u64 = 1 << 16;
pub(super) const PATH_RENAME_TARGET: u64 = 1 << 17;
pub(super) const PATH_FILESTAT_GET: u64 = 1 << 18;
pub(super) const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
pub(super) const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
pub(super) const FD_FILESTAT_GET: u64 = 1 << 21;
pub(super) const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
pub(super) const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
pub(super) const PATH_SYMLINK: u64 = 1 << 24;
pub(super) const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
pub(super) const PATH_UNLINK_FILE: u64 = 1 << 26;
pub(super) const POLL_FD_READWRITE: u64 = 1 << 27;
pub(super) const SOCK_SHUTDOWN: u64 = 1 << 28;
pub(super) const SOCK_ACCEPT: u64 = 1 << 29;

/// Any descriptor.
const COMMON: u64 = FD_DATASYNC
    | FD_FDSTAT_SET_FLAGS
    | FD_SYNC
    | FD_FILESTAT_GET
    | FD_FILESTAT_SET_TIMES
    | POLL_FD_READWRITE;

/// What is done by writing.
const WRITE: u64 = FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE;

/// What needs a position.
const SEEK: u64 = FD_SEEK | FD_TELL | FD_ADVISE;

/// A directory.
const DIRECTORY: u64 = COMMON
    | PATH_CREATE_DIRECTORY
    | PATH_CREATE_FILE
    | PATH_LINK_SOURCE
    | PATH_LINK_TARGET
    | PATH_OPEN
    | FD_READDIR
    | PATH_READLINK
    | PATH_RENAME_SOURCE
    | PATH_RENAME_TARGET
    | PATH_FILESTAT_GET
    | PATH_FILESTAT_SET_SIZE
    | PATH_FILESTAT_SET_TIMES
    | PATH_SYMLINK
    | PATH_REMOVE_DIRECTORY
    | PATH_UNLINK_FILE;

/// What changes a file or a directory: all that a read-only one lacks.
const CHANGE: u64 = WRITE
    | PATH_CREATE_DIRECTORY
    | PATH_CREATE_FILE
    | PATH_LINK_SOURCE
    | PATH_LINK_TARGET
    | PATH_RENAME_SOURCE
    | PATH_RENAME_TARGET
    | PATH_FILESTAT_SET_SIZE
    | PATH_FILESTAT_SET_TIMES
    | FD_FILESTAT_SET_TIMES
    | PATH_SYMLINK
    | PATH_REMOVE_DIRECTORY
    | PATH_UNLINK_FILE;

/// What can be opened in a directory.
const INHERITING: u64 = DIRECTORY | FD_READ | WRITE | SEEK;

/// Refuses a call that needs rights, if one of them was given up.
pub(super) fn need(fd: u32, rights: u64) -> Result<()> {
    match descriptors::withheld(fd)?.base & bits(rights) {
        0 => Ok(()),
        _ => Err(NOT_CAPABLE),
    }
}

/// The rights of a descriptor, base and inheriting.
pub(super) fn of(fd: u32, status: &Status) -> Result<(u64, u64)> {
    let (base, inheriting) = by_nature(status);
    let withheld = descriptors::withheld(fd)?;
    Ok((
        base & !u64::from(withheld.base),
        inheriting & !u64::from(withheld.inheriting),
    ))
}

/// Gives up all rights but these.
pub(super) fn set(fd: u32, base: u64, inheriting: u64) -> Result<()> {
    let had = of(fd, &status(fd)?)?;
    if base & !had.0 != 0 || inheriting & !had.1 != 0 {
        return Err(NOT_CAPABLE);
    }
    descriptors::withhold(
        fd,
        Withheld {
            base: !bits(base),
            inheriting: !bits(inheriting),
        },
    )
}

/// What is to be withheld from what is opened in a directory, with these rights in mind.
pub(super) fn inherited(directory: u32, base: u64, inheriting: u64) -> Result<Withheld> {
    let withheld = descriptors::withheld(directory)?.inheriting;
    if bits(base | inheriting) & withheld != 0 {
        return Err(NOT_CAPABLE);
    }
    Ok(Withheld {
        base: withheld,
        inheriting: withheld,
    })
}

/// All rights that there are fit 30 bits.
fn bits(rights: u64) -> u32 {
    rights as u32
}

/// The rights that follow from what a file is and how it was opened. wasi-libc takes a character device without `seek`
/// and `tell` for a terminal.
///
/// The rights that a read-only directory gives to what is opened in it are those of any directory: wasi-libc asks for
/// no more than them, so that a file to be written to would be opened, for reading, instead of refused.
fn by_nature(status: &Status) -> (u64, u64) {
    let (base, inheriting) = unrestricted(status);
    match status.read_only {
        true => (base & !CHANGE, inheriting),
        false => (base, inheriting),
    }
}

fn unrestricted(status: &Status) -> (u64, u64) {
    if status.kind == FileKind::Directory {
        return (DIRECTORY, INHERITING);
    }
    let mut base = COMMON;
    let mode = status.flags & OFlags::RWMODE;
    if mode != OFlags::WRONLY {
        base |= FD_READ;
    }
    if mode != OFlags::RDONLY {
        base |= WRITE;
    }
    if status.seekable {
        base |= SEEK;
    }
    if matches!(
        status.kind,
        FileKind::StreamSocket | FileKind::DatagramSocket
    ) {
        base |= SOCK_SHUTDOWN | SOCK_ACCEPT;
    }
    (base, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_can_not_seek() {
        let status = |kind, seekable| Status {
            kind,
            flags: OFlags::RDWR,
            seekable,
            read_only: false,
        };
        let (terminal, _) = by_nature(&status(FileKind::CharacterDevice, false));
        assert_eq!(terminal & (FD_SEEK | FD_TELL), 0);
        assert_ne!(terminal & FD_WRITE, 0);
        let (file, inheriting) = by_nature(&status(FileKind::Regular, true));
        assert_eq!(file, 0x8e0_01ff);
        assert_eq!(inheriting, 0);
        let (directory, inheriting) = by_nature(&status(FileKind::Directory, false));
        assert_eq!(directory, 0xfbf_fe19);
        assert_eq!(inheriting, 0xfff_ffff);
    }

    #[test]
    fn what_is_read_only_can_not_be_changed() {
        let status = |kind| Status {
            kind,
            flags: OFlags::RDWR,
            seekable: true,
            read_only: true,
        };
        let (file, _) = by_nature(&status(FileKind::Regular));
        assert_eq!(file, 0x820_00bf);
        // path_open, fd_readdir, path_readlink, path_filestat_get besides what every descriptor has.
        let (directory, inheriting) = by_nature(&status(FileKind::Directory));
        assert_eq!(directory, 0x824_e019);
        assert_eq!(inheriting, 0xfff_ffff);
    }
}
