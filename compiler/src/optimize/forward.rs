//! Loads of what has just been stored or loaded.
//!
//! The results of `__multi3`, and structures that functions hand to each other, go through memory, since WebAssembly
//! functions of C return one value. Once a function is inlined its stores and the loads of its caller are neighbours. A
//! load takes the value of the last store or load of the same place, as long as nothing between may have changed it: a
//! store to the same index with another offset does not, if the bytes are others, and all else does. Only straight code
//! is looked at.
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

/// What is known of memories.
#[derive(Debug, Default)]
pub struct Contents(Vec<(Place, Type, Value)>);

impl Contents {
    /// The value at a place, if it is known as one of this type.
    pub fn find(&self, place: Place, ty: Type) -> Option<Value> {
        let mut known = self.0.iter().rev();
        let (.., value) = known.find(|(at, of, _)| (*at, *of) == (place, ty))?;
        Some(*value)
    }

    /// A value was loaded.
    pub fn load(&mut self, place: Place, ty: Type, value: Value) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push((place, ty, value));
    }

    /// So many bytes were stored.
    pub fn overwrite(&mut self, place: Place, width: u32) {
        let end = place.offset + u64::from(width);
        self.0.retain(|(other, ty, _)| {
            let other_end = other.offset + u64::from(ty.bytes());
            let is_apart = other.offset >= end || place.offset >= other_end;
            other.memory != place.memory || (other.index == place.index && is_apart)
        });
    }

    /// A value was stored as it is.
    pub fn store(&mut self, place: Place, ty: Type, value: Value) {
        self.overwrite(place, ty.bytes());
        self.load(place, ty, value);
    }

    /// Anything may have changed.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
