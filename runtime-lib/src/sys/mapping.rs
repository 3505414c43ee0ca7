//! Zeroed memory from the kernel, for the few tables whose size isn't known before.
//!
//! # Safety
//!
//! A mapping is owned by one value, which unmaps it when dropped, and only holds types for which zero bytes are a
//! value: [`Zero`].
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

impl<T: Zero> Drop for Mapping<T> {
    fn drop(&mut self) {
        // SAFETY: it was mapped by `new` with this size, and nothing refers to it any more.
        let _ = unsafe { rustix::mm::munmap(self.start.cast(), self.len * size_of::<T>()) };
    }
}
