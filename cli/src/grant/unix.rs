//! Paths where they are bytes.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// The path that these bytes of the command line are.
pub(super) fn path(bytes: &[u8]) -> Result<PathBuf, &'static str> {
    Ok(OsStr::from_bytes(bytes).into())
}
