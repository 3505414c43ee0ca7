//! Landlock: which files the process can reach, whatever path it names. Only the granted directories and what is below
//! them, a read-only one for reading; nothing is executed, no device is commanded, no TCP connection made and no socket
//! bound, nobody outside is signalled.
//!
//! It does not govern what only looks at a file's attributes or sets its times.
//!
//! <https://docs.kernel.org/userspace-api/landlock.html>

use crate::host::descriptors;
use crate::sys::file::{AsFd, Errno};
use crate::sys::sandbox::{self, Handled};
use linux_raw_sys::landlock as linux;

/// The first version that allows files to be moved and linked between directories; with version 1 they never may.
const OLDEST: usize = 2;

const READ: u32 = linux::LANDLOCK_ACCESS_FS_READ_FILE | linux::LANDLOCK_ACCESS_FS_READ_DIR;

/// What the guest may do in a directory that it may change.
const WRITE: u32 = linux::LANDLOCK_ACCESS_FS_WRITE_FILE
    | linux::LANDLOCK_ACCESS_FS_REMOVE_DIR
    | linux::LANDLOCK_ACCESS_FS_REMOVE_FILE
    | linux::LANDLOCK_ACCESS_FS_MAKE_DIR
    | linux::LANDLOCK_ACCESS_FS_MAKE_REG
    | linux::LANDLOCK_ACCESS_FS_MAKE_SYM
    | linux::LANDLOCK_ACCESS_FS_REFER
    | linux::LANDLOCK_ACCESS_FS_TRUNCATE;

/// What nobody may.
const NEVER: u32 = linux::LANDLOCK_ACCESS_FS_EXECUTE
    | linux::LANDLOCK_ACCESS_FS_MAKE_CHAR
    | linux::LANDLOCK_ACCESS_FS_MAKE_SOCK
    | linux::LANDLOCK_ACCESS_FS_MAKE_FIFO
    | linux::LANDLOCK_ACCESS_FS_MAKE_BLOCK
    | linux::LANDLOCK_ACCESS_FS_IOCTL_DEV;

/// Confines the process; whether it is so from now on.
pub(super) fn confine() -> bool {
    try_confine().is_ok()
}

fn try_confine() -> Result<(), Errno> {
    let version = sandbox::landlock_version()?;
    if version < OLDEST {
        return Err(Errno::NOSYS);
    }
    let (handled, size) = handled(version);
    let ruleset = sandbox::create_ruleset(&handled, size)?;
    for (directory, is_read_only) in descriptors::given_directories() {
        let allowed = if is_read_only { READ } else { READ | WRITE };
        let allowed = u64::from(allowed) & handled.handled_access_fs;
        sandbox::allow_beneath(ruleset.as_fd(), directory, allowed)?;
    }
    sandbox::restrict(ruleset.as_fd())
}

/// All that a version knows, and the bytes of the structure that it knows. Version 7 and later add flags.
fn handled(version: usize) -> (Handled, usize) {
    let mut files = READ | WRITE | NEVER;
    if version < 3 {
        files &= !linux::LANDLOCK_ACCESS_FS_TRUNCATE;
    }
    if version < 5 {
        files &= !linux::LANDLOCK_ACCESS_FS_IOCTL_DEV;
    }
    let network = linux::LANDLOCK_ACCESS_NET_BIND_TCP | linux::LANDLOCK_ACCESS_NET_CONNECT_TCP;
    let scopes = linux::LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | linux::LANDLOCK_SCOPE_SIGNAL;
    let size = match version {
        ..4 => 8,
        4 | 5 => 16,
        6.. => 24,
    };
    let handled = Handled {
        handled_access_fs: files.into(),
        handled_access_net: if version < 4 { 0 } else { network.into() },
        scoped: if version < 6 { 0 } else { scopes.into() },
    };
    (handled, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masks of the kernel's `security/landlock/limits.h`, by version.
    #[test]
    fn each_version_is_asked_for_what_it_knows() {
        let of = |version| {
            let (handled, size) = handled(version);
            let Handled {
                handled_access_fs,
                handled_access_net,
                scoped,
            } = handled;
            (handled_access_fs, handled_access_net, scoped, size)
        };
        assert_eq!(of(2), ((1 << 14) - 1, 0, 0, 8));
        assert_eq!(of(3), ((1 << 15) - 1, 0, 0, 8));
        assert_eq!(of(4), ((1 << 15) - 1, 3, 0, 16));
        assert_eq!(of(5), ((1 << 16) - 1, 3, 0, 16));
        assert_eq!(of(6), ((1 << 16) - 1, 3, 3, 24));
        assert_eq!(of(9), of(6));
    }
}
