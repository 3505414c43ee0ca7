//! The guest's linear memory, and the only type that reads or writes it.
//!
//! In come guest pointers: offsets from byte 0 of the memory, as untrusted as everything the guest says. Each is
//! checked against the memory's current size, in 64-bit arithmetic, before any byte is touched; one that does not fit
//! is a [`Fault`]. A memory never shrinks, so what was checked stays valid.
//!
//! # Safety
//!
//! [`Guest::new`] is given the state of a memory whose bytes 0 to `size` are mapped, or null. The guest does not run
//! while a host function does, and a reference into its memory never outlives the method or closure that needed it, or
//! (see [`Bytes::spare`]) the borrow of the one [`Bytes`] it came from.
#![allow(unsafe_code)]

mod vectors;

use core::mem::MaybeUninit;
use core::ptr::{copy, copy_nonoverlapping, with_exposed_provenance_mut};
use elfin_abi::layout::Memory;

pub(crate) use vectors::{Buffers, Vectors};

/// An address that no byte is read from or written to, but that isn't null.
const NO_MEMORY: u64 = 1;

/// A guest pointer that does not lie in the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault;

/// A linear memory, while a host function runs.
#[derive(Clone, Copy)]
pub(crate) struct Guest {
    base: u64,
    size: u64,
}

impl Guest {
    /// The memory that a host function was called with. A program without one has no bytes to point to.
    ///
    /// # Safety
    ///
    /// `memory` is null or points to the state of a memory: `size` bytes from `base` are mapped, readable and
    /// writable, and nothing else holds references to them.
    pub(crate) unsafe fn new(memory: *const Memory) -> Guest {
        // SAFETY: as the caller promises.
        let (base, size) = match unsafe { memory.as_ref() } {
            Some(memory) => (memory.base, memory.size),
            None => (NO_MEMORY, 0),
        };
        Guest { base, size }
    }

    /// `len` bytes at `pointer`.
    pub(crate) fn bytes(&self, pointer: u32, len: u32) -> Result<Bytes, Fault> {
        let (start, len) = (u64::from(pointer), u64::from(len));
        if start + len > self.size {
            return Err(Fault);
        }
        Ok(Bytes {
            start: with_exposed_provenance_mut((self.base + start) as usize),
            len: len as usize,
        })
    }

    /// `count` elements of `size` bytes at `pointer`.
    pub(crate) fn array(&self, pointer: u32, count: u32, size: u32) -> Result<Bytes, Fault> {
        let len = u64::from(count) * u64::from(size);
        self.bytes(pointer, u32::try_from(len).map_err(|_| Fault)?)
    }

    /// A place for a result of `N` bytes at `pointer`: checked now, so that a bad pointer is found before the call
    /// has done anything, and filled later.
    pub(crate) fn place<const N: usize>(&self, pointer: u32) -> Result<Place<N>, Fault> {
        Ok(Place {
            bytes: self.bytes(pointer, N as u32)?,
        })
    }
}

/// A range of the guest's memory.
pub(crate) struct Bytes {
    start: *mut u8,
    len: usize,
}

impl Bytes {
    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Copies as many bytes from `offset` on as there are, at most `to` has room for, and says how many.
    pub(crate) fn read_at(&self, offset: usize, to: &mut [u8]) -> usize {
        let count = to.len().min(self.len.saturating_sub(offset));
        if count > 0 {
            // SAFETY: `offset + count <= self.len`, and `to` is not guest memory.
            unsafe { copy_nonoverlapping(self.start.add(offset), to.as_mut_ptr(), count) };
        }
        count
    }

    /// Copies as much of `from` to `offset` as fits, and says how much.
    pub(crate) fn write_at(&mut self, offset: usize, from: &[u8]) -> usize {
        let count = from.len().min(self.len.saturating_sub(offset));
        if count > 0 {
            // SAFETY: `offset + count <= self.len`.
            unsafe { copy(from.as_ptr(), self.start.add(offset), count) };
        }
        count
    }

    /// The range as a buffer for the kernel to fill.
    pub(crate) fn spare(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: the range is mapped, and nothing else refers to it while `self` is borrowed: the guest stands still
        // and host functions make one such buffer at a time.
        unsafe { core::slice::from_raw_parts_mut(self.start.cast(), self.len) }
    }
}

/// A place for a result, see [`Guest::place`].
pub(crate) struct Place<const N: usize> {
    bytes: Bytes,
}

impl<const N: usize> Place<N> {
    /// Stores the result.
    pub(crate) fn set(mut self, value: [u8; N]) {
        self.bytes.write_at(0, &value);
    }
}

/// A memory for unit tests.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use std::boxed::Box;
    use std::vec::Vec;

    /// Owns the bytes of a memory and its descriptor.
    pub(crate) struct TestMemory {
        pub(crate) bytes: Box<[u8]>,
        memory: Box<Memory>,
    }

    impl TestMemory {
        /// A memory of `size` bytes, all 0xaa.
        pub(crate) fn new(size: usize) -> TestMemory {
            let mut bytes: Box<[u8]> = std::vec![0xaa; size].into();
            let memory = Box::new(Memory {
                base: bytes.as_mut_ptr().expose_provenance() as u64,
                size: size as u64,
                max: size as u64,
                page_size_log2: 16,
            });
            TestMemory { bytes, memory }
        }

        /// What generated code passes to host functions.
        pub(crate) fn memory(&self) -> *const Memory {
            &*self.memory
        }

        /// Its guest side.
        pub(crate) fn guest(&self) -> Guest {
            // SAFETY: the descriptor describes `bytes`.
            unsafe { Guest::new(self.memory()) }
        }

        /// Stores bytes.
        pub(crate) fn put(&mut self, at: u32, bytes: &[u8]) {
            self.bytes[at as usize..][..bytes.len()].copy_from_slice(bytes);
        }

        /// Loads bytes.
        pub(crate) fn get(&self, at: u32, len: usize) -> Vec<u8> {
            self.bytes[at as usize..][..len].to_vec()
        }

        /// Loads a number.
        pub(crate) fn get_u32(&self, at: u32) -> u32 {
            u32::from_le_bytes(self.get(at, 4).try_into().unwrap())
        }

        /// Loads a number.
        pub(crate) fn get_u64(&self, at: u32) -> u64 {
            u64::from_le_bytes(self.get(at, 8).try_into().unwrap())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Guest;
    use super::testing::TestMemory;

    #[test]
    fn checks_every_range() {
        let memory = TestMemory::new(16);
        let guest = memory.guest();
        assert!(guest.bytes(0, 16).is_ok());
        assert!(guest.bytes(16, 0).is_ok());
        assert!(guest.bytes(17, 0).is_err());
        assert!(guest.bytes(0, 17).is_err());
        assert!(guest.bytes(u32::MAX, 1).is_err());
        assert!(guest.bytes(u32::MAX, u32::MAX).is_err());
        assert!(guest.bytes(8, u32::MAX).is_err());
        assert!(guest.array(0, 2, 8).is_ok());
        assert!(guest.array(0, 3, 8).is_err());
        assert!(guest.array(0, 0x2000_0000, 8).is_err());
        assert!(guest.place::<4>(13).is_err());
        assert!(guest.place::<4>(12).is_ok());
        assert!(guest.place::<4>(0xffff_fffc).is_err());
    }

    #[test]
    fn without_a_memory_every_pointer_is_wild() {
        // SAFETY: null is allowed.
        let guest = unsafe { Guest::new(core::ptr::null()) };
        assert!(guest.place::<4>(0).is_err());
        assert!(guest.bytes(0, 1).is_err());
        assert_eq!(
            guest.bytes(0, 0).map(|mut bytes| bytes.spare().len()),
            Ok(0)
        );
    }

    #[test]
    fn copies_what_fits() {
        let memory = TestMemory::new(16);
        let mut bytes = memory.guest().bytes(4, 4).unwrap();
        assert_eq!(bytes.write_at(2, b"abcdef"), 2);
        assert_eq!(bytes.write_at(9, b"abcdef"), 0);
        assert_eq!(memory.get(4, 6), b"\xaa\xaaab\xaa\xaa");
        let mut to = [0; 8];
        assert_eq!(bytes.read_at(1, &mut to), 3);
        assert_eq!(&to, b"\xaaab\0\0\0\0\0");
        memory.guest().place(12).unwrap().set(7u32.to_le_bytes());
        assert_eq!(memory.get_u32(12), 7);
    }
}
