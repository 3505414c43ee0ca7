//! Bytes with addresses in them: how the structures of [`elfin_abi::layout`] are written, field by field.

use object::write::SymbolId;

/// Bytes, and the places where the linker puts addresses.
#[derive(Default)]
pub(super) struct Record {
    /// The bytes, zero where an address goes in.
    pub bytes: Vec<u8>,
    /// The addresses.
    pub addresses: Vec<Address>,
}

/// An address that the linker puts in.
#[derive(Clone, Copy)]
pub(super) struct Address {
    /// Where it goes.
    pub at: usize,
    /// Whether it takes 4 bytes rather than 8.
    pub is_short: bool,
    /// Whose it is.
    pub symbol: SymbolId,
    /// What is added to it.
    pub addend: i64,
}

/// A place among the data of the executable.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The symbol that it is relative to.
    pub symbol: SymbolId,
    /// Bytes from there.
    pub offset: usize,
}

impl Record {
    /// Zeros of a structure's size.
    pub fn of<T>() -> Self {
        Self {
            bytes: vec![0; size_of::<T>()],
            addresses: Vec::new(),
        }
    }

    /// Writes a 32-bit word.
    pub fn put_u32(&mut self, at: usize, value: u32) {
        self.bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    /// Writes a 64-bit word.
    pub fn put_u64(&mut self, at: usize, value: u64) {
        self.bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }

    /// Lets the linker write the 64-bit address of a place.
    pub fn put_address(&mut self, at: usize, place: Place) {
        self.addresses.push(Address {
            at,
            is_short: false,
            symbol: place.symbol,
            addend: place.offset as i64,
        });
    }

    /// Lets the linker write the 32 bits of a symbol's address, which has no others, or in a position-independent
    /// executable its distance from [`crate::translate::Symbol::Origin`].
    pub fn put_short_address(&mut self, at: usize, symbol: SymbolId) {
        self.addresses.push(Address {
            at,
            is_short: true,
            symbol,
            addend: 0,
        });
    }

    /// Writes a [`elfin_abi::layout::Span`]: an address and a number of elements. An empty one has no address.
    pub fn put_span(&mut self, at: usize, place: Option<Place>, len: u64) {
        if let Some(place) = place.filter(|_| len > 0) {
            self.put_address(at, place);
            self.put_u64(at + 8, len);
        }
    }

    /// Appends zeros up to a multiple of `alignment`.
    pub fn align(&mut self, alignment: usize) {
        self.bytes
            .resize(self.bytes.len().next_multiple_of(alignment), 0);
    }

    /// Appends another record; gives where it begins.
    pub fn append(&mut self, other: Record) -> usize {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.addresses
            .extend(other.addresses.into_iter().map(|address| Address {
                at: start + address.at,
                ..address
            }));
        start
    }
}
