//! Opening files by path.

use super::descriptors::{self, File};
use super::path::{self, Path};
use super::{Errno, Result, embedded};
use crate::sys::file::OFlags;
use crate::sys::path::Mode;

/// Opens a path beneath the directory `fd`, and gives the new descriptor. The options are the access mode, `CREATE`,
/// `EXCL`, `TRUNC`, `DIRECTORY`, `NOFOLLOW`, `APPEND`, `NONBLOCK`, `SYNC` and [`DSYNC`](crate::sys::file::DSYNC).
pub(crate) fn open(fd: u32, path: &Path, options: OFlags) -> Result<u32> {
    let directory = descriptors::directory(fd)?;
    let read_only = descriptors::is_read_only(fd)?;
    let creates = options.contains(OFlags::CREATE);
    if creates && options.contains(OFlags::DIRECTORY) {
        return Err(Errno::INVAL);
    }
    if creates && path.ends_with_slash() {
        return Err(Errno::ISDIR);
    }
    if read_only && changes(options) {
        return Err(Errno::ROFS);
    }
    let directory = match directory {
        File::Host(directory) => directory,
        File::Embedded(node) => return embedded::open(node, path, options),
    };
    let mode = if creates { 0o666 } else { 0 };
    let flags = options | OFlags::NOCTTY;
    let file = path::open(directory, path, flags, Mode::from_raw_mode(mode))?;
    descriptors::insert(file, read_only)
}

/// Whether a file that is opened so is changed by that, or can be. A file system that is mounted read-only lets `CREATE`
/// pass where the file exists; here it doesn't, which spares looking twice.
fn changes(options: OFlags) -> bool {
    options.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC)
}
