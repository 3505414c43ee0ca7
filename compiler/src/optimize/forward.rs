//! Loads of what has just been stored or loaded.
//!
//! The results of `__multi3`, and structures that functions hand to each other, go through memory, since WebAssembly
//! functions of C return one value. Once a function is inlined its stores and the loads of its caller are neighbours. A
//! load takes the value of the last store or load of the same place, as long as nothing between may have changed it: a
//! store to the same index with another offset does not, if the bytes are others, and all else does. Only straight code
//! is looked at.
//!
//! A load of 64 bits that lie in two stores is put together of their values. Processors forward what one store wrote to a
//! load, but for two they wait until both are in the cache, 12 cycles or more. WebAssembly's compilers copy structures of
//! 12 bytes as 64 and 32 bits, and read the last 64: a stack machine in Rust whose values are enums takes 22 % less time
//! without.
//!
//! The place of a load that is left out has been accessed before, so it would not have trapped.

use crate::program::MemoryId;
use cranelift_codegen::ir::{Type, Value};

/// Bytes of a memory: those from an index and an offset on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of which memory.
    pub memory: MemoryId,
    /// The index.
    pub index: Value,
    /// Added to it, without wrapping.
    pub offset: u64,
}

/// The contents that are looked at, newest first.
const MOST: usize = 16;

/// A value in a memory.
#[derive(Debug)]
struct Known {
    place: Place,
    ty: Type,
    value: Value,
    /// Whether it was stored; else it was loaded.
    is_stored: bool,
}

impl Known {
    /// The offset of the first byte behind it.
    fn end(&self) -> u64 {
        self.place.offset.saturating_add(self.ty.bytes().into())
    }

    /// Whether this byte of an index's is among those of an integer.
    fn has_byte(&self, memory: MemoryId, index: Value, offset: u64) -> bool {
        let is_within = (self.place.offset..self.end()).contains(&offset);
        self.ty.is_int() && (self.place.memory, self.place.index) == (memory, index) && is_within
    }
}

/// 64 bits in two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halves {
    /// Where the lower bits are: the upper ones of this value.
    pub low: Value,
    /// How many bits of it lie below them.
    pub below: u32,
    /// Where the upper bits are: the lower ones of this value.
    pub high: Value,
    /// How many bits are the lower ones.
    pub low_bits: u32,
}

/// What is known of memories.
#[derive(Debug, Default)]
pub struct Contents(Vec<Known>);

impl Contents {
    /// The value at a place, if it is known as one of this type.
    pub fn find(&self, place: Place, ty: Type) -> Option<Value> {
        let mut known = self.0.iter().rev();
        let known = known.find(|known| (known.place, known.ty) == (place, ty))?;
        Some(known.value)
    }

    /// The 8 bytes at a place, if two integers have them of which one was stored.
    pub fn find_halves(&self, place: Place) -> Option<Halves> {
        let Place {
            memory,
            index,
            offset,
        } = place;
        let end = offset.checked_add(8)?;
        let mut known = self.0.iter().rev();
        let low = known.find(|known| known.has_byte(memory, index, offset))?;
        let middle = low.end();
        let mut known = self.0.iter().rev();
        let high = known
            .find(|known| known.place.offset == middle && known.has_byte(memory, index, end - 1))?;
        (middle < end && (low.is_stored || high.is_stored)).then_some(Halves {
            low: low.value,
            below: (offset - low.place.offset) as u32 * 8,
            high: high.value,
            low_bits: (middle - offset) as u32 * 8,
        })
    }

    /// A value was loaded.
    pub fn load(&mut self, place: Place, ty: Type, value: Value) {
        self.add(Known {
            place,
            ty,
            value,
            is_stored: false,
        });
    }

    fn add(&mut self, known: Known) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(known);
    }

    /// So many bytes were stored.
    pub fn overwrite(&mut self, place: Place, width: u32) {
        let end = place.offset.saturating_add(width.into());
        self.0.retain(|known| {
            let is_apart = known.place.offset >= end || place.offset >= known.end();
            let is_same_index = known.place.index == place.index;
            known.place.memory != place.memory || (is_same_index && is_apart)
        });
    }

    /// A value was stored as it is.
    pub fn store(&mut self, place: Place, ty: Type, value: Value) {
        self.overwrite(place, ty.bytes());
        self.add(Known {
            place,
            ty,
            value,
            is_stored: true,
        });
    }

    /// Anything may have changed.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
