//! No cache, where no one is made: on systems other than Linux.

use crate::failure::Result;
use elfin_compiler::cache::Cache;

/// The place of a command's cache.
pub(crate) struct Kept;

impl Kept {
    /// There is none.
    pub(crate) fn open(_is_off: bool) -> Result<Self> {
        Ok(Self)
    }

    /// Does a compilation without, and says why.
    pub(crate) fn lend<T>(
        &self,
        compilation: impl FnOnce(Option<&dyn Cache>) -> T,
    ) -> (T, Result<(), String>) {
        (compilation(None), Err("there is one on Linux alone".into()))
    }
}
