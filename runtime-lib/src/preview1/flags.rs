//! Flag words of preview 1, and what they mean to the host.

use super::errno::Result;
use super::rights;
use crate::host::{DSYNC, Errno, OFlags};

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
}
