//! Flag words of preview 1, and what they mean to the host.

use super::errno::Result;
use crate::host::stat::{FileKind, Status};
use crate::host::{DSYNC, Errno, OFlags};

/// `rights`, as far as the host asks for or gives them one by one.
mod rights {
    pub(super) const FD_READ: u64 = 1 << 1;
    pub(super) const FD_SEEK: u64 = 1 << 2;
    pub(super) const FD_TELL: u64 = 1 << 5;
    pub(super) const FD_WRITE: u64 = 1 << 6;
    pub(super) const FD_ALLOCATE: u64 = 1 << 8;
    pub(super) const FD_READDIR: u64 = 1 << 14;
    pub(super) const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub(super) const SOCK_SHUTDOWN: u64 = 1 << 28;
    pub(super) const SOCK_ACCEPT: u64 = 1 << 29;

    /// datasync, fdstat_set_flags, sync, filestat_get, filestat_set_times, poll_fd_readwrite: any descriptor.
    pub(super) const COMMON: u64 = 1 | 1 << 3 | 1 << 4 | 1 << 21 | 1 << 23 | 1 << 27;

    /// What is done by reading.
    pub(super) const READ: u64 = FD_READ;

    /// What is done by writing.
    pub(super) const WRITE: u64 = FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE;

    /// What needs a position; `advise` too.
    pub(super) const SEEK: u64 = FD_SEEK | FD_TELL | 1 << 7;

    /// A directory: `path_create_directory` to `path_filestat_set_times`, symlink, remove_directory, unlink_file.
    pub(super) const DIRECTORY: u64 = COMMON | 0x1f_fe00 | 1 << 24 | 1 << 25 | 1 << 26;

    /// What can be opened in a directory.
    pub(super) const INHERITING: u64 = DIRECTORY | READ | WRITE | SEEK;

    /// What changes a file or a directory, all that a read-only one lacks: `path_create_directory`, `path_create_file`,
    /// links, renaming, `filestat_set_size`, `filestat_set_times`, removing.
    pub(super) const CHANGE: u64 = WRITE | 0x1e00 | 3 << 16 | 3 << 19 | 1 << 23 | 1 << 24 | 3 << 25;
}

const FDFLAGS_APPEND: u16 = 1;
const FDFLAGS_DSYNC: u16 = 1 << 1;
const FDFLAGS_NONBLOCK: u16 = 1 << 2;
const FDFLAGS_RSYNC: u16 = 1 << 3;
const FDFLAGS_SYNC: u16 = 1 << 4;

const OFLAGS_CREAT: u32 = 1;
const OFLAGS_DIRECTORY: u32 = 1 << 1;
const OFLAGS_EXCL: u32 = 1 << 2;
const OFLAGS_TRUNC: u32 = 1 << 3;

const LOOKUP_SYMLINK_FOLLOW: u32 = 1;

/// The host's flags of `fdflags`.
pub(super) fn descriptor_flags(fdflags: u32) -> Result<OFlags> {
    let bits = u16::try_from(fdflags).map_err(|_| Errno::INVAL)?;
    let mut flags = OFlags::empty();
    for (bit, flag) in [
        (FDFLAGS_APPEND, OFlags::APPEND),
        (FDFLAGS_DSYNC, DSYNC),
        (FDFLAGS_NONBLOCK, OFlags::NONBLOCK),
        // On Linux this is the same as `SYNC`.
        (FDFLAGS_RSYNC, OFlags::RSYNC),
        (FDFLAGS_SYNC, OFlags::SYNC),
    ] {
        if bits & bit != 0 {
            flags |= flag;
        }
    }
    match bits >> 5 {
        0 => Ok(flags),
        _ => Err(Errno::INVAL),
    }
}

/// `fdflags` of the host's flags.
pub(super) fn fdflags(flags: OFlags) -> u16 {
    let mut bits = 0;
    if flags.contains(OFlags::APPEND) {
        bits |= FDFLAGS_APPEND;
    }
    if flags.contains(OFlags::NONBLOCK) {
        bits |= FDFLAGS_NONBLOCK;
    }
    if flags.contains(OFlags::SYNC) {
        bits |= FDFLAGS_SYNC;
    } else if flags.contains(DSYNC) {
        bits |= FDFLAGS_DSYNC;
    }
    bits
}

/// What `path_open` asks for: `lookupflags`, `oflags`, rights and `fdflags`.
pub(super) fn open_flags(lookup: u32, oflags: u32, rights: u64, fdflags: u32) -> Result<OFlags> {
    let mut flags = descriptor_flags(fdflags)? | access(rights);
    flags.set(OFlags::NOFOLLOW, !follows(lookup)?);
    for (bit, flag) in [
        (OFLAGS_CREAT, OFlags::CREATE),
        (OFLAGS_DIRECTORY, OFlags::DIRECTORY),
        (OFLAGS_EXCL, OFlags::EXCL),
        (OFLAGS_TRUNC, OFlags::TRUNC),
    ] {
        flags.set(flag, oflags & bit != 0);
    }
    match oflags >> 4 {
        0 => Ok(flags),
        _ => Err(Errno::INVAL),
    }
}

/// Which access mode a file needs to be opened with. wasi-libc takes `allocate` and `filestat_set_size` away when it
/// opens read-only, Go doesn't; so it is `fd_write` alone that counts.
fn access(wanted: u64) -> OFlags {
    let read = wanted & (rights::FD_READ | rights::FD_READDIR) != 0;
    match (read, wanted & rights::FD_WRITE != 0) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        (_, false) => OFlags::RDONLY,
    }
}

/// Whether `lookupflags` ask for symbolic links to be followed.
pub(super) fn follows(lookup: u32) -> Result<bool> {
    match lookup {
        0 => Ok(false),
        LOOKUP_SYMLINK_FOLLOW => Ok(true),
        _ => Err(Errno::INVAL),
    }
}

/// The rights of an open file, base and inheriting. They follow from what it is and how it was opened; wasi-libc takes
/// a character device without `seek` and `tell` for a terminal.
///
/// The rights that a read-only directory gives to what is opened in it are those of any directory: wasi-libc asks for
/// no more than them, so that a file to be written to would be opened, for reading, instead of refused.
pub(super) fn rights(status: &Status) -> (u64, u64) {
    let (base, inheriting) = unrestricted(status);
    match status.read_only {
        true => (base & !rights::CHANGE, inheriting),
        false => (base, inheriting),
    }
}

fn unrestricted(status: &Status) -> (u64, u64) {
    if status.kind == FileKind::Directory {
        return (rights::DIRECTORY, rights::INHERITING);
    }
    let mut base = rights::COMMON;
    let mode = status.flags & OFlags::RWMODE;
    if mode != OFlags::WRONLY {
        base |= rights::READ;
    }
    if mode != OFlags::RDONLY {
        base |= rights::WRITE;
    }
    if status.seekable {
        base |= rights::SEEK;
    }
    if matches!(
        status.kind,
        FileKind::StreamSocket | FileKind::DatagramSocket
    ) {
        base |= rights::SOCK_SHUTDOWN | rights::SOCK_ACCEPT;
    }
    (base, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_there_and_back() {
        for bits in [0, 1, 2, 4, 5, 16, 21] {
            assert_eq!(u32::from(fdflags(descriptor_flags(bits).unwrap())), bits);
        }
        assert_eq!(descriptor_flags(32), Err(Errno::INVAL));
        assert_eq!(descriptor_flags(1 << 16), Err(Errno::INVAL));
    }

    #[test]
    fn access_modes() {
        let mode = |rights| open_flags(1, 0, rights, 0).unwrap() & OFlags::RWMODE;
        assert_eq!(mode(0), OFlags::RDONLY);
        assert_eq!(mode(rights::FD_READ), OFlags::RDONLY);
        assert_eq!(mode(rights::FD_WRITE), OFlags::WRONLY);
        assert_eq!(mode(u64::MAX), OFlags::RDWR);
        assert_eq!(open_flags(1, 16, 0, 0), Err(Errno::INVAL));
        assert_eq!(open_flags(2, 0, 0, 0), Err(Errno::INVAL));
    }

    #[test]
    fn a_terminal_can_not_seek() {
        let status = |kind, seekable| Status {
            kind,
            flags: OFlags::RDWR,
            seekable,
            read_only: false,
        };
        let (terminal, _) = rights(&status(FileKind::CharacterDevice, false));
        assert_eq!(terminal & (rights::FD_SEEK | rights::FD_TELL), 0);
        assert_ne!(terminal & rights::FD_WRITE, 0);
        let (file, inheriting) = rights(&status(FileKind::Regular, true));
        assert_eq!(file, 0x8e0_01ff);
        assert_eq!(inheriting, 0);
        let (directory, inheriting) = rights(&status(FileKind::Directory, false));
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
        let (file, _) = rights(&status(FileKind::Regular));
        assert_eq!(file, 0x820_00bf);
        // path_open, fd_readdir, path_readlink, path_filestat_get besides what every descriptor has.
        let (directory, inheriting) = rights(&status(FileKind::Directory));
        assert_eq!(directory, 0x824_e019);
        assert_eq!(inheriting, 0xfff_ffff);
    }
}
