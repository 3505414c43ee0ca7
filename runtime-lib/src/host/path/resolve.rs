//! Which way a path is resolved: by the kernel, or by a walk where the kernel has no `openat2` (before 5.6, or in a
//! container whose filter refuses it, or under qemu's user mode).

use super::walk::Walk;
use super::{Errno, Path, Result};
use crate::sys::file::{AsFd, BorrowedFd, OFlags, OwnedFd};
use crate::sys::path::{Mode, open_beneath};
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How often the kernel is asked again when something moved while it looked. The walk follows.
const ATTEMPTS: usize = 4;

/// Whether it has turned out that the kernel has no `openat2`.
static NO_OPENAT2: AtomicBool = AtomicBool::new(false);

/// Opens a path beneath a directory.
pub(crate) fn open(
    directory: BorrowedFd<'_>,
    path: &Path,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    open_c(directory, path.to_c(), flags, mode)
}

fn open_c(directory: BorrowedFd<'_>, path: &CStr, flags: OFlags, mode: Mode) -> Result<OwnedFd> {
    match open_by_kernel(directory, path, flags, mode) {
        Some(result) => result,
        None => open_by_walk(directory, path, flags, mode),
    }
}

/// Not inlined: a walk takes some pages of stack.
#[cold]
#[inline(never)]
fn open_by_walk(
    directory: BorrowedFd<'_>,
    path: &CStr,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    Walk::new(directory, path)?.open(flags, mode)
}

/// Opens by `openat2`; `None` if that can't be used.
fn open_by_kernel(
    directory: BorrowedFd<'_>,
    path: &CStr,
    flags: OFlags,
    mode: Mode,
) -> Option<Result<OwnedFd>> {
    if NO_OPENAT2.load(Relaxed) {
        return None;
    }
    for _ in 0..ATTEMPTS {
        match open_beneath(directory, path, flags, mode) {
            Err(Errno::AGAIN) => {}
            Err(Errno::XDEV) => return Some(Err(Errno::PERM)),
            Err(Errno::NOSYS | Errno::PERM) if !openat2_works(directory) => {
                NO_OPENAT2.store(true, Relaxed);
                return None;
            }
            result => return Some(result),
        }
    }
    None
}

/// Tells a refusal of the whole system call from a refusal of one file.
#[cold]
fn openat2_works(directory: BorrowedFd<'_>) -> bool {
    open_beneath(directory, c".", OFlags::PATH, Mode::empty()).is_ok()
}

/// A directory beneath the guest's, and the name of an entry in it.
#[derive(Debug)]
pub(crate) struct Parent<'p> {
    /// The directory, unless it is the guest's itself.
    opened: Option<OwnedFd>,
    given: BorrowedFd<'p>,
    /// One component, perhaps followed by slashes, or `.`. A system call that follows symbolic links must not get it.
    pub(crate) name: &'p CStr,
}

impl Parent<'_> {
    /// The directory.
    pub(crate) fn directory(&self) -> BorrowedFd<'_> {
        match &self.opened {
            Some(opened) => opened.as_fd(),
            None => self.given,
        }
    }
}

/// Resolves all of a path but its last component, for calls that create, remove or rename an entry.
pub(crate) fn parent<'p>(given: BorrowedFd<'p>, path: &'p mut Path) -> Result<Parent<'p>> {
    let (directory, name) = path.split();
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let opened = match directory {
        Some(path) => Some(open_c(given, path, flags, Mode::empty())?),
        None => None,
    };
    Ok(Parent {
        opened,
        given,
        name,
    })
}

/// Makes [`open`] walk from now on, or ask the kernel again.
#[cfg(test)]
pub(crate) fn force_walk(walk: bool) {
    NO_OPENAT2.store(walk, Relaxed);
}
