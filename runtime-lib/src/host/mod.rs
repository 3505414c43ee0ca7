//! What a host function means, independent of the version of WASI that it is called through.
//!
//! Descriptors are numbers of the guest's, names are bytes without a zero, buffers are [`crate::sys::vector`]s; errors
//! are Linux's. Nothing here knows of guest pointers.
//!
//! Functions that nothing calls are left out by the linker, so a file that serves one group of imports must not be
//! needed by another: reading and writing know nothing of paths.

pub(crate) mod clock;
pub(crate) mod cookies;
pub(crate) mod descriptors;
pub(crate) mod directory;
pub(crate) mod embedded;
pub(crate) mod environment;
pub(crate) mod file;
pub(crate) mod name;
pub(crate) mod open;
pub(crate) mod path;
pub(crate) mod poll;
pub(crate) mod process;
pub(crate) mod random;
pub(crate) mod socket;
pub(crate) mod stat;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use crate::sys::file::{DSYNC, Errno, OFlags};

/// A right is missing: an error of WASI's without a counterpart in Linux, with a number beyond those of the kernel's.
pub(crate) const NOT_CAPABLE: Errno = Errno::from_raw_os_error(4000);

/// What a host function gives.
pub(crate) type Result<T> = core::result::Result<T, Errno>;

/// Prepares what every guest finds at its start: the standard streams. What else it is granted [`crate::grant`] adds.
pub(crate) fn start() {
    descriptors::start();
}
