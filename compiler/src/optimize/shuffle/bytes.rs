//! What is known or wanted of a vector's sixteen bytes, in memory order.

/// A byte of a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Byte(u8);

/// The bytes of a vector.
pub(super) type Bytes = [Byte; 16];

/// A vector that nobody looks at.
pub(super) const ANY: Bytes = [Byte::ANY; 16];

impl Byte {
    /// Nobody looks at it.
    pub(super) const ANY: Self = Self(0xff);

    /// Zero.
    pub(super) const ZERO: Self = Self(0xfe);

    /// How many sources there can be.
    pub(super) const SOURCES: usize = 15;

    /// A byte of one of the sources.
    pub(super) fn of(source: usize, index: usize) -> Self {
        debug_assert!(source < Self::SOURCES && index < 16);
        Self((source * 16 + index) as u8)
    }

    /// Which source it comes from.
    pub(super) fn source(self) -> Option<usize> {
        self.is_of_source().then_some(usize::from(self.0 / 16))
    }

    /// Where in its source it lies.
    pub(super) fn index(self) -> Option<usize> {
        self.is_of_source().then_some(usize::from(self.0 % 16))
    }

    fn is_of_source(self) -> bool {
        usize::from(self.0 / 16) < Self::SOURCES
    }
}

/// Puts a byte where it is wanted; `false` if something else is wanted there.
pub(super) fn put(bytes: &mut Bytes, position: usize, byte: Byte) -> bool {
    if bytes[position] == Byte::ANY {
        bytes[position] = byte;
    }
    byte == Byte::ANY || bytes[position] == byte
}

/// What serves both, if something does.
pub(super) fn merged(first: &Bytes, second: &Bytes) -> Option<Bytes> {
    let mut both = *first;
    (0..16)
        .all(|position| put(&mut both, position, second[position]))
        .then_some(both)
}

/// The bytes as one number, for tables.
pub(super) fn key(bytes: &Bytes) -> u128 {
    u128::from_le_bytes(bytes.map(|byte| byte.0))
}

/// A set of the sixteen bytes, one bit for each.
pub(super) type ByteSet = u16;

/// All of them.
pub(super) const ALL: ByteSet = 0xffff;

/// The bytes that `is_in`.
pub(super) fn set(is_in: impl Fn(usize) -> bool) -> ByteSet {
    (0..16)
        .filter(|byte| is_in(*byte))
        .fold(0, |set, byte| set | 1 << byte)
}

/// The bytes in a set.
pub(super) fn members(set: ByteSet) -> impl Iterator<Item = usize> {
    (0..16).filter(move |byte| contains(set, *byte))
}

/// Whether a byte is in a set.
pub(super) fn contains(set: ByteSet, byte: usize) -> bool {
    set >> byte & 1 == 1
}
