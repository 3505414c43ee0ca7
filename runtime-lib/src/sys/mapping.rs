//! Zeroed memory from the kernel, for the few tables whose size isn't known before.
//!
//! # Safety
//!
//! A mapping is owned by one value, which unmaps it when dropped, and only holds types for which zero bytes are a
//! value: [`Zero`]. [`Kept::take`] trusts its callers, the descriptor table, to have one copy in use.
#![allow(unsafe_code)]

use super::file::Errno;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use rustix::mm::{MapFlags, ProtFlags};

/// A type of which all bytes zero are a valid value, and that needs no drop.
///
/// # Safety
///
/// That is so.
pub(crate) unsafe trait Zero {}

// SAFETY: any bytes are, and nothing is dropped.
unsafe impl<T> Zero for MaybeUninit<T> {}

// SAFETY: zero is a number.
unsafe impl Zero for u64 {}

/// `len` elements, all zero at first.
pub(crate) struct Mapping<T: Zero> {
    start: *mut T,
    len: usize,
    element: PhantomData<T>,
}

impl<T: Zero> Mapping<T> {
    /// Maps memory for `len` elements, at least one.
    pub(crate) fn new(len: usize) -> Result<Mapping<T>, Errno> {
        let size = len.checked_mul(size_of::<T>()).ok_or(Errno::NOMEM)?;
        let (prot, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
        // SAFETY: the kernel chooses an address where nothing is.
        let start = unsafe { rustix::mm::mmap_anonymous(null_mut(), size, prot, flags)? };
        Ok(Mapping {
            start: start.cast(),
            len,
            element: PhantomData,
        })
    }

    /// The elements.
    pub(crate) fn elements(&mut self) -> &mut [T] {
        // SAFETY: the mapping has room for them, belongs to this value, and began as zero bytes.
        unsafe { core::slice::from_raw_parts_mut(self.start, self.len) }
    }
}

/// A mapping as plain words, for a table of zeros: whoever has them owns it.
pub(crate) struct Kept<T: Zero> {
    start: *mut T,
    len: usize,
}

impl<T: Zero> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        *self
    }
}

impl<T: Zero> Copy for Kept<T> {}

impl<T: Zero> Kept<T> {
    /// No mapping.
    pub(crate) const NONE: Kept<T> = Kept {
        start: null_mut(),
        len: 0,
    };

    /// The mapping again. Of all copies only one may be taken.
    pub(crate) fn take(self) -> Option<Mapping<T>> {
        (!self.start.is_null()).then_some(Mapping {
            start: self.start,
            len: self.len,
            element: PhantomData,
        })
    }
}

impl<T: Zero> Mapping<T> {
    /// Keeps the mapping from being unmapped.
    pub(crate) fn keep(self) -> Kept<T> {
        let mapping = core::mem::ManuallyDrop::new(self);
        Kept {
            start: mapping.start,
            len: mapping.len,
        }
    }
}

impl<T: Zero> Drop for Mapping<T> {
    fn drop(&mut self) {
        // SAFETY: it was mapped by `new` with this size, and nothing refers to it any more.
        let _ = unsafe { rustix::mm::munmap(self.start.cast(), self.len * size_of::<T>()) };
    }
}
