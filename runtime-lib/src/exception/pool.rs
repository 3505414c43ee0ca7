//! The pool of exceptions: slots of one size, the largest that the program throws, in mappings that never move.
//!
//! A collection marks the slots that can be reached with a new number. Until the next one, a slot without that number
//! is free, and is found by going through the slots once: nothing is swept, and there is no list of free slots.
//!
//! ```text
//! word 0   tag, 32 bits | number of the collection that last found it, 32 bits
//! word 1   of a marked slot whose values were not looked at yet: the next such slot
//! word 2   its values
//! ```

use crate::sys::mapping::Mapping;
use elfin_abi::exception::PAYLOAD_OFFSET;

/// Words of a slot before its values.
const HEADER: usize = PAYLOAD_OFFSET as usize / size_of::<u64>();

/// Slots of the first mapping.
const FIRST: usize = 1024;

/// Mappings at most; each doubles the pool.
const MAPPINGS: usize = 32;

/// All exceptions.
pub(super) struct Pool {
    mappings: [Option<Mapping<u64>>; MAPPINGS],
    /// Words of a slot; 0 before the first mapping.
    stride: usize,
    /// Slots in all mappings.
    capacity: usize,
    /// Slots that are known not to be free.
    used: usize,
    /// The collections so far, and 1.
    collection: u32,
    /// The mapping and the word in it where the search for a free slot goes on.
    next: (usize, usize),
    /// The first marked slot whose values were not looked at yet; 0 if there is none.
    pending: u64,
}

impl Pool {
    /// An empty pool.
    pub(super) const fn new() -> Self {
        Self {
            mappings: [const { None }; MAPPINGS],
            stride: 0,
            capacity: 0,
            used: 0,
            collection: 1,
            next: (0, 0),
            pending: 0,
        }
    }

    /// The number of slots, and how many of them are known not to be free.
    pub(super) fn usage(&self) -> (usize, usize) {
        (self.capacity, self.used)
    }

    /// Makes a free slot an exception with this tag and these values; gives its address. `None` if all are in use.
    pub(super) fn take(&mut self, tag: u32, values: impl Iterator<Item = u64>) -> Option<u64> {
        let (collection, stride) = (self.collection, self.stride);
        let slot = loop {
            let (mapping, index) = self.next;
            let words = self.mappings.get_mut(mapping)?.as_mut()?.elements();
            if index + stride > words.len() {
                self.next = (mapping + 1, 0);
                continue;
            }
            self.next = (mapping, index + stride);
            if words
                .get(index)
                .is_some_and(|word| collection_of(*word) != collection)
            {
                break words.get_mut(index..index + stride)?;
            }
        };
        self.used += 1;
        let (header, room) = slot.split_at_mut_checked(HEADER)?;
        *header.first_mut()? = header_word(tag, collection);
        for (room, value) in room.iter_mut().zip(values) {
            *room = value;
        }
        Some(header.as_ptr().expose_provenance() as u64)
    }

    /// Adds slots with room for this many words of values, so that there are at least `wanted`. Whether there are.
    pub(super) fn grow(&mut self, values: usize, wanted: usize) -> bool {
        self.stride = HEADER + values;
        let more = wanted
            .saturating_sub(self.capacity)
            .max(self.capacity)
            .max(FIRST);
        let free = self.mappings.iter_mut().find(|mapping| mapping.is_none());
        let (Some(free), Some(words)) = (free, more.checked_mul(self.stride)) else {
            return false;
        };
        let Ok(mapping) = Mapping::new(words) else {
            return false;
        };
        *free = Some(mapping);
        self.capacity += more;
        true
    }

    /// Begins a collection: from now on, all slots are free but those that are marked.
    pub(super) fn forget_all(&mut self) {
        // After 4 billion collections, one that died long ago may be taken for one that is in use.
        self.collection = self.collection.wrapping_add(1).max(1);
        self.next = (0, 0);
        self.used = 0;
    }

    /// Marks the exception that a word refers to, if it does.
    pub(super) fn mark(&mut self, word: u64) {
        let (collection, pending) = (self.collection, self.pending);
        if let Some([first, second, ..]) = self.find(word)
            && collection_of(*first) != collection
        {
            *first = header_word(*first as u32, collection);
            *second = pending;
            self.pending = word;
            self.used += 1;
        }
    }

    /// Marks what marked exceptions refer to, and what those refer to.
    pub(super) fn mark_nested(&mut self) {
        while self.pending != 0 {
            let address = self.pending;
            self.pending = self
                .find(address)
                .and_then(|slot| slot.get(1).copied())
                .unwrap_or(0);
            for index in HEADER..self.stride {
                let word = self.find(address).and_then(|slot| slot.get(index).copied());
                self.mark(word.unwrap_or(0));
            }
        }
    }

    /// The number of an exception's tag.
    pub(super) fn tag(&mut self, exception: u64) -> Option<u32> {
        self.find(exception)?.first().map(|word| *word as u32)
    }

    /// The words of the slot at exactly this address.
    fn find(&mut self, address: u64) -> Option<&mut [u64]> {
        let stride = self.stride;
        for mapping in self.mappings.iter_mut().map_while(Option::as_mut) {
            let words = mapping.elements();
            let offset = address.wrapping_sub(words.as_ptr().addr() as u64);
            if offset < size_of_val(words) as u64 {
                let index = offset as usize / size_of::<u64>();
                let is_slot = offset.is_multiple_of(8) && index.is_multiple_of(stride);
                return is_slot.then(|| words.get_mut(index..index + stride))?;
            }
        }
        None
    }
}

/// The first word of a slot.
fn header_word(tag: u32, collection: u32) -> u64 {
    u64::from(tag) | u64::from(collection) << 32
}

/// The number of the collection that last found a slot in use, from its first word.
fn collection_of(header: u64) -> u32 {
    (header >> 32) as u32
}
