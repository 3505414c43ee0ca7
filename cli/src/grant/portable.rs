//! Paths where they are Unicode.

use std::path::PathBuf;

/// The path that these bytes of the command line are.
pub(super) fn path(bytes: &[u8]) -> Result<PathBuf, &'static str> {
    let path = std::str::from_utf8(bytes).map_err(|_| "the path is not Unicode")?;
    Ok(path.into())
}
