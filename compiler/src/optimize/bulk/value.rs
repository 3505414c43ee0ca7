//! What a proof knows of values: numbers, and bytes that are moved.

use super::form::Form;
use std::iter::zip;

/// A value of a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// An i32.
    Number(Form),
    /// The exclusive or of two i32.
    Difference(Form, Form),
    /// An i32 that is 1 if something holds and 0 otherwise.
    Truth(Condition),
    /// A constant i64.
    Long(u64),
    /// An i32 or i64 by its bytes, the lowest first; those of an i32 end with four zeros.
    Bytes(Bytes),
    /// Something else.
    Unknown,
}

/// A comparison of two i32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Condition {
    pub comparison: Comparison,
    pub left: Form,
    pub right: Form,
    /// What the comparison gives where the condition is true.
    pub when: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Equal,
    /// Less than, as numbers without a sign.
    Less,
}

impl Condition {
    /// Whether a number is 0.
    pub fn is_zero(number: Form) -> Self {
        Self {
            comparison: Comparison::Equal,
            left: number,
            right: Form::constant(0),
            when: true,
        }
    }

    pub fn negated(self) -> Self {
        let when = !self.when;
        Self { when, ..self }
    }
}

/// Eight bytes in little room: values are moved around far more often than bytes are looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bytes {
    /// Where the first of them that is copied comes from.
    first: Form,
    kinds: [Kind; 8],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Zero,
    /// So far behind the first one.
    Copied(i8),
    Filler,
    Unknown,
}

impl Bytes {
    pub fn new(bytes: [Byte; 8]) -> Self {
        let copied = bytes.iter().find_map(|byte| match byte {
            Byte::Copied(at) => Some(*at),
            _ => None,
        });
        let first = copied.unwrap_or_default();
        let kinds = bytes.map(|byte| match byte {
            Byte::Zero => Kind::Zero,
            Byte::Filler => Kind::Filler,
            Byte::Unknown => Kind::Unknown,
            Byte::Copied(at) => {
                let distance = at.minus(first).as_constant();
                let distance = distance.and_then(|distance| distance.try_into().ok());
                distance.map_or(Kind::Unknown, Kind::Copied)
            }
        });
        Self { first, kinds }
    }

    pub fn all(self) -> [Byte; 8] {
        self.kinds.map(|kind| match kind {
            Kind::Zero => Byte::Zero,
            Kind::Filler => Byte::Filler,
            Kind::Unknown => Byte::Unknown,
            Kind::Copied(by) => Byte::Copied(self.first.plus_constant(by.into())),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Byte {
    Zero,
    /// That at this distance from the address that is read from, as it was when the function was called.
    Copied(Form),
    /// The lowest of the second parameter.
    Filler,
    Unknown,
}

impl Value {
    pub const fn constant(value: i32) -> Self {
        Self::Number(Form::constant(value))
    }

    /// The condition that an i32 is not 0.
    pub fn condition(self) -> Option<Condition> {
        match self {
            Self::Truth(condition) => Some(condition),
            Self::Number(number) => Some(Condition::is_zero(number).negated()),
            _ => None,
        }
    }

    pub fn number(self) -> Option<Form> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A constant of either width, without its sign.
    pub fn as_constant(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number.as_constant()? as u32 as u64),
            Self::Long(value) => Some(value),
            _ => None,
        }
    }

    pub fn bytes(self) -> Option<[Byte; 8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes.all()),
            _ => None,
        }
    }

    /// The same value, if its forms are said otherwise.
    pub fn changed(self, change: impl Fn(Form) -> Form) -> Self {
        match self {
            Self::Difference(one, other) => Self::Difference(change(one), change(other)),
            Self::Truth(condition) => Self::Truth(Condition {
                left: change(condition.left),
                right: change(condition.right),
                ..condition
            }),
            _ => self.map(change),
        }
    }

    /// This one in an iteration, or in whatever becomes of its forms.
    pub fn map(self, change: impl Fn(Form) -> Form) -> Self {
        match self {
            Self::Number(number) => Self::Number(change(number)),
            Self::Bytes(bytes) => Self::Bytes(Bytes {
                first: change(bytes.first),
                ..bytes
            }),
            Self::Long(value) => Self::Long(value),
            Self::Difference(..) | Self::Truth(..) | Self::Unknown => Self::Unknown,
        }
    }

    /// What this is in each iteration of a loop, if it is this in the first one and that in the second one.
    pub fn extended(self, second: Self) -> Self {
        match (self, second) {
            (Self::Number(first), Self::Number(second)) => {
                extended(first, second).map_or(Self::Unknown, Self::Number)
            }
            (Self::Bytes(first), Self::Bytes(second)) => {
                let mut bytes = first.all();
                for (byte, second) in zip(&mut bytes, second.all()) {
                    *byte = match (*byte, second) {
                        (Byte::Copied(first), Byte::Copied(second)) => {
                            extended(first, second).map_or(Byte::Unknown, Byte::Copied)
                        }
                        (first, second) if first == second => first,
                        _ => Byte::Unknown,
                    };
                }
                Self::Bytes(Bytes::new(bytes))
            }
            (first, second) if first == second => first.map(|form| form),
            _ => Self::Unknown,
        }
    }

    /// What of this, where an iteration begins, still holds if that is the value where the next one does.
    pub fn kept(self, next: Self) -> Self {
        let expected = self.map(Form::in_next_turn);
        match (self, next, expected) {
            _ if next == expected => self,
            (Self::Bytes(bytes), Self::Bytes(next), Self::Bytes(expected)) => {
                let mut bytes = bytes.all();
                for (byte, (next, expected)) in zip(&mut bytes, zip(next.all(), expected.all())) {
                    if next != expected {
                        *byte = Byte::Unknown;
                    }
                }
                Self::Bytes(Bytes::new(bytes))
            }
            _ => Self::Unknown,
        }
    }

    /// One by its bytes.
    pub fn of(bytes: [Byte; 8]) -> Self {
        Self::Bytes(Bytes::new(bytes))
    }
}

/// What a form is in each iteration of a loop, if it grows by a constant.
pub(super) fn extended(first: Form, second: Form) -> Option<Form> {
    let turn = second.minus(first).as_constant()?;
    Some(Form { turn, ..first })
}

/// Shifts bytes towards the higher ones, or towards the lower ones if `by` is negative, within so many.
pub(super) fn shift(bytes: [Byte; 8], by: isize, width: usize) -> [Byte; 8] {
    let mut shifted = [Byte::Zero; 8];
    for (index, byte) in shifted[..width].iter_mut().enumerate() {
        let from = index.checked_add_signed(by.wrapping_neg());
        *byte = *from
            .and_then(|from| bytes[..width].get(from))
            .unwrap_or(&Byte::Zero);
    }
    shifted
}

/// What two values have together, if at each place one of them is 0: their sum, and what `or` gives.
pub(super) fn together(left: [Byte; 8], right: [Byte; 8]) -> Option<[Byte; 8]> {
    let mut all = left;
    for (byte, right) in zip(&mut all, right) {
        match (*byte, right) {
            (_, Byte::Zero) => {}
            (Byte::Zero, _) => *byte = right,
            _ => return None,
        }
    }
    Some(all)
}

/// The product with a number whose bytes are 0 or 1, if no bytes are added to one another.
pub(super) fn multiply(bytes: [Byte; 8], factor: u64, width: usize) -> Option<[Byte; 8]> {
    let mut product = [Byte::Zero; 8];
    for (index, times) in factor.to_le_bytes()[..width].iter().enumerate() {
        match times {
            0 => {}
            1 => product = together(product, shift(bytes, index as isize, width))?,
            _ => return None,
        }
    }
    Some(product)
}

/// What a mask leaves, if it has or lacks whole bytes.
pub(super) fn masked(bytes: [Byte; 8], mask: u64) -> Option<[Byte; 8]> {
    let mut masked = bytes;
    for (byte, mask) in zip(&mut masked, mask.to_le_bytes()) {
        match mask {
            0 => *byte = Byte::Zero,
            0xff => {}
            _ => return None,
        }
    }
    Some(masked)
}
