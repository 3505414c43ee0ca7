//! The guest's arrays of `iovec` and `ciovec`, checked and turned into the kernel's.
//!
//! ```text
//! guest:   | buf: u32 | buf_len: u32 |
//! kernel:  | address: 64 bits | length: 64 bits |
//! ```
//!
//! Empty buffers are left out. What is beyond [`MAX`] buffers is left out too: reads and writes may be short, and the
//! guest then comes again; [`Buffers::complete`] tells, for messages that can't be cut.
//!
//! # Safety
//!
//! A vector is made of a range that was checked, and only vectors that were written are given out.
#![allow(unsafe_code)]

use super::{Fault, Guest};
use crate::sys::vector::IoVector;
use core::mem::MaybeUninit;

/// The number of buffers handed to the kernel at once: 2 KiB of stack.
const MAX: usize = 128;

/// Bytes of a guest's `iovec`.
const SIZE: u32 = 8;

/// Room for buffers in the kernel's layout. It stays where it is made: moving it costs more than filling it.
pub(crate) struct Vectors {
    vectors: [MaybeUninit<IoVector>; MAX],
}

/// Buffers in the guest's memory.
pub(crate) struct Buffers<'v> {
    /// Those that there was room for.
    pub(crate) vectors: &'v mut [IoVector],
    /// Whether that is all of them.
    pub(crate) complete: bool,
}

impl Vectors {
    /// Nothing but room.
    pub(crate) fn new() -> Vectors {
        Vectors {
            vectors: [const { MaybeUninit::uninit() }; MAX],
        }
    }

    /// Reads the `count` elements at `pointer`.
    pub(crate) fn read(
        &mut self,
        guest: &Guest,
        pointer: u32,
        count: u32,
    ) -> Result<Buffers<'_>, Fault> {
        let array = guest.array(pointer, count, SIZE)?;
        let (mut filled, mut complete) = (0, true);
        for index in 0..count {
            let mut element = [0; SIZE as usize];
            array.read_at(index as usize * SIZE as usize, &mut element);
            let [a, b, c, d, e, f, g, h] = element;
            let len = u32::from_le_bytes([e, f, g, h]);
            let bytes = guest.bytes(u32::from_le_bytes([a, b, c, d]), len)?;
            if len == 0 {
                continue;
            }
            let Some(vector) = self.vectors.get_mut(filled) else {
                complete = false;
                break;
            };
            // SAFETY: the range was checked.
            vector.write(unsafe { IoVector::new(bytes.start, bytes.len) });
            filled += 1;
        }
        let start = self.vectors.as_mut_ptr().cast();
        // SAFETY: so many vectors were written just now.
        let vectors = unsafe { core::slice::from_raw_parts_mut(start, filled) };
        Ok(Buffers { vectors, complete })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::TestMemory;
    use super::*;

    fn put(memory: &mut TestMemory, at: u32, buf: u32, len: u32) {
        memory.put(at, &buf.to_le_bytes());
        memory.put(at + 4, &len.to_le_bytes());
    }

    #[test]
    fn leaves_out_empty_buffers() {
        let mut memory = TestMemory::new(64);
        put(&mut memory, 0, 32, 4);
        put(&mut memory, 8, 64, 0);
        put(&mut memory, 16, 60, 4);
        let mut vectors = Vectors::new();
        let buffers = vectors.read(&memory.guest(), 0, 3).unwrap();
        assert_eq!(buffers.vectors.len(), 2);
        assert!(buffers.complete);
        let buffers = vectors.read(&memory.guest(), 0, 0).unwrap();
        assert_eq!(buffers.vectors.len(), 0);
    }

    #[test]
    fn refuses_wild_buffers() {
        let mut memory = TestMemory::new(64);
        put(&mut memory, 0, 32, 33);
        assert!(Vectors::new().read(&memory.guest(), 0, 1).is_err());
        put(&mut memory, 0, u32::MAX, 2);
        assert!(Vectors::new().read(&memory.guest(), 0, 1).is_err());
        put(&mut memory, 0, 65, 0);
        assert!(Vectors::new().read(&memory.guest(), 0, 1).is_err());
        assert!(Vectors::new().read(&memory.guest(), 60, 1).is_err());
        assert!(Vectors::new().read(&memory.guest(), 0, 9).is_err());
        assert!(Vectors::new().read(&memory.guest(), 0, u32::MAX).is_err());
    }

    #[test]
    fn cuts_what_is_too_much() {
        let mut memory = TestMemory::new(4096);
        for index in 0..200 {
            put(&mut memory, index * 8, 4000, 1);
        }
        let mut vectors = Vectors::new();
        let buffers = vectors.read(&memory.guest(), 0, 200).unwrap();
        assert_eq!(buffers.vectors.len(), MAX);
        assert!(!buffers.complete);
    }
}
