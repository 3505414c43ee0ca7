//! Waiting until files are ready or time has passed.
//!
//! # Safety
//!
//! The first `len` elements of a [`PollSet`] are initialised.
#![allow(unsafe_code)]

use super::file::{BorrowedFd, Errno, Timespec};
use core::mem::MaybeUninit;

pub(crate) use rustix::event::{PollFd, PollFlags};

/// Room for one file.
pub(crate) type Slot = MaybeUninit<PollFd<'static>>;

/// The files to wait for.
pub(crate) struct PollSet<'s> {
    slots: &'s mut [Slot],
    len: usize,
}

impl<'s> PollSet<'s> {
    /// An empty set with room for as many files as there are slots.
    pub(crate) fn new(slots: &'s mut [Slot]) -> PollSet<'s> {
        PollSet { slots, len: 0 }
    }

    /// Adds a file.
    pub(crate) fn push(&mut self, fd: BorrowedFd<'static>, flags: PollFlags) -> Result<(), Errno> {
        let slot = self.slots.get_mut(self.len).ok_or(Errno::NOMEM)?;
        slot.write(PollFd::from_borrowed_fd(fd, flags));
        self.len += 1;
        Ok(())
    }

    /// The files, in the order in which they were added.
    pub(crate) fn files(&mut self) -> &mut [PollFd<'static>] {
        // SAFETY: see above.
        unsafe { core::slice::from_raw_parts_mut(self.slots.as_mut_ptr().cast(), self.len) }
    }

    /// Waits until a file is ready, or as long as `timeout` says, or until a signal interrupts.
    pub(crate) fn wait(&mut self, timeout: Option<&Timespec>) -> Result<(), Errno> {
        match rustix::event::poll(self.files(), timeout) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(errno),
        }
    }
}
