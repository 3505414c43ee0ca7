//! What the tests break on purpose, to see that the second wall holds when the first is down. Nothing of it is in the
//! runtime that elfin ships: the tests build an archive of their own, with `--cfg elfin_planted`.

#[cfg(elfin_planted)]
mod intruder;

#[cfg(elfin_planted)]
pub(crate) use intruder::system_call;

/// Whether paths lead wherever they point to.
pub(crate) const PATHS_ARE_FREE: bool = cfg!(elfin_planted);

/// Whether what was granted read-only is treated as the rest; Landlock's rules for it stay.
pub(crate) const READ_ONLY_IS_IGNORED: bool = cfg!(elfin_planted);
