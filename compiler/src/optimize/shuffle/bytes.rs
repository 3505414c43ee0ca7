//! What is known or wanted of a vector's sixteen bytes, in memory order.

/// A byte of a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Byte(u16);

/// The bytes of a vector.
pub(super) type Bytes = [Byte; 16];

/// A vector that nobody looks at.
pub(super) const ANY: Bytes = [Byte::ANY; 16];

impl Byte {
    /// Nobody looks at it.
    pub(super) const ANY: Self = Self(0xffff);

    /// Zero.
    pub(super) const ZERO: Self = Self(0xfffe);

    /// A byte of one of the sources, of which there are no more than bytes.
    pub(super) fn of(source: usize, index: usize) -> Self {
        debug_assert!(source < 16 && index < 16);
        Self((source * 16 + index) as u16)
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
        self.0 < 16 * 16
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

/// The bytes in few numbers, for tables.
pub(super) fn key(bytes: &Bytes) -> [u64; 4] {
    let join = |number, byte: &Byte| number << 16 | u64::from(byte.0);
    std::array::from_fn(|part| bytes[part * 4..][..4].iter().fold(0, join))
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
