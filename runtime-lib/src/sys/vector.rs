//! Reading and writing with several buffers: `struct iovec`.
//!
//! The buffers are the guest's, who may let them overlap. So they stay raw addresses: no Rust reference to them ever
//! exists, and the kernel, which doesn't mind, is the only one to follow them.
//!
//! # Safety
//!
//! An [`IoVector`] can only be made of memory that the kernel may read and write, see [`IoVector::new`]. rustix's
//! `IoSlice` and `IoSliceMut` have the layout of `struct iovec`, as this has.
#![allow(unsafe_code)]

use super::file::{BorrowedFd, Errno, retry};
use core::mem::MaybeUninit;
use rustix::io::{IoSlice, IoSliceMut};
use rustix::net::{RecvAncillaryBuffer, SendAncillaryBuffer};

pub(crate) use rustix::net::{RecvFlags, ReturnFlags, SendFlags};

/// A buffer that the kernel may read and write: `struct iovec`.
#[repr(C)]
pub(crate) struct IoVector {
    start: *mut u8,
    len: usize,
}

const _: () = assert!(size_of::<IoVector>() == size_of::<IoSlice<'_>>());
const _: () = assert!(align_of::<IoVector>() == align_of::<IoSliceMut<'_>>());

impl IoVector {
    /// `len` bytes from `start`.
    ///
    /// # Safety
    ///
    /// While the vector exists the bytes stay mapped, and whenever it is passed to the kernel nothing holds references
    /// to them.
    pub(crate) unsafe fn new(start: *mut u8, len: usize) -> IoVector {
        IoVector { start, len }
    }
}

/// Copies bytes into the buffers, one after the other, and says how many there was room for.
pub(crate) fn scatter(bytes: &[u8], vectors: &mut [IoVector]) -> usize {
    let mut rest = bytes;
    for vector in vectors {
        let (now, later) = rest.split_at(rest.len().min(vector.len));
        // SAFETY: the vector has room for them, in the guest's memory, which `bytes` is no part of.
        unsafe { core::ptr::copy_nonoverlapping(now.as_ptr(), vector.start, now.len()) };
        rest = later;
    }
    bytes.len() - rest.len()
}

fn sources(vectors: &[IoVector]) -> &[IoSlice<'_>] {
    // SAFETY: the layouts are the same.
    unsafe { &*(core::ptr::from_ref(vectors) as *const [IoSlice<'_>]) }
}

fn targets(vectors: &mut [IoVector]) -> &mut [IoSliceMut<'_>] {
    // SAFETY: the layouts are the same.
    unsafe { &mut *(core::ptr::from_mut(vectors) as *mut [IoSliceMut<'_>]) }
}

/// `readv`.
pub(crate) fn read(fd: BorrowedFd<'_>, vectors: &mut [IoVector]) -> Result<usize, Errno> {
    retry(|| rustix::io::readv(fd, targets(vectors)))
}

/// `writev`.
pub(crate) fn write(fd: BorrowedFd<'_>, vectors: &[IoVector]) -> Result<usize, Errno> {
    retry(|| rustix::io::writev(fd, sources(vectors)))
}

/// `preadv`.
pub(crate) fn read_at(
    fd: BorrowedFd<'_>,
    vectors: &mut [IoVector],
    offset: u64,
) -> Result<usize, Errno> {
    retry(|| rustix::io::preadv(fd, targets(vectors), offset))
}

/// `pwritev`.
pub(crate) fn write_at(
    fd: BorrowedFd<'_>,
    vectors: &[IoVector],
    offset: u64,
) -> Result<usize, Errno> {
    retry(|| rustix::io::pwritev(fd, sources(vectors), offset))
}

/// `recvmsg`, without ancillary data.
pub(crate) fn receive(
    fd: BorrowedFd<'_>,
    vectors: &mut [IoVector],
    flags: RecvFlags,
) -> Result<(usize, ReturnFlags), Errno> {
    let mut control = RecvAncillaryBuffer::new(&mut [] as &mut [MaybeUninit<u8>]);
    let message = retry(|| rustix::net::recvmsg(fd, targets(vectors), &mut control, flags))?;
    Ok((message.bytes, message.flags))
}

/// `sendmsg`, without ancillary data and without SIGPIPE.
pub(crate) fn send(fd: BorrowedFd<'_>, vectors: &[IoVector]) -> Result<usize, Errno> {
    let mut control = SendAncillaryBuffer::default();
    retry(|| rustix::net::sendmsg(fd, sources(vectors), &mut control, SendFlags::NOSIGNAL))
}
