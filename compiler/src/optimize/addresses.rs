//! Sums of an index and a constant that need no addition of their own.
//!
//! `a[i + 1]` is the index `i + 1` modulo 2^32, so its constant can't become the offset of a load, which does not wrap,
//! unless the sum is known not to. What tells is an access that has succeeded: its index lay in the memory, which is
//! [`SLACK`] bytes smaller than 4 GiB at least. So no index up to `SLACK` behind it wraps, and it is written as the former
//! index and an offset. Accesses to fields and to neighbouring elements then share one register.
//!
//! An [`Anchor`] is an index that an access has succeeded with, and holds wherever that access comes first: the
//! translation forgets anchors where control joins. Values never change, so loops keep those from before.
//!
//! A memory that grows to the last [`SLACK`] bytes of 4 GiB could not be had: `memory.grow` fails there, as it may.

use crate::program::{LARGEST_32, Memory, MemoryId};
use cranelift_codegen::ir::Value;

/// Bytes by which such a memory is smaller than what an index reaches.
const SLACK: u64 = (1 << 32) - LARGEST_32;

/// The anchors that are looked at, newest first: those of loops are few.
const NEAREST: usize = 100;

/// The index of an access that has succeeded: a value and a constant, added modulo 2^32, or a constant alone.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    memory: MemoryId,
    value: Option<Value>,
    constant: u32,
    /// Their sum.
    index: Value,
}

/// The anchors that hold at a place of a function.
#[derive(Debug, Default)]
pub struct Anchors(Vec<Anchor>);

impl Anchors {
    /// Whether a successful access says something about indices of a memory.
    pub fn holds_for(memory: &Memory) -> bool {
        !memory.is_checked() && memory.maximum <= LARGEST_32
    }

    /// An index, and an offset of at most [`SLACK`] from it, that together are `value` and `constant`. `sum` is the index
    /// that these are; an access with it follows, and makes it an anchor if there is no other.
    pub fn locate(
        &mut self,
        memory: MemoryId,
        value: Option<Value>,
        constant: u32,
        sum: Value,
    ) -> (Value, u64) {
        let nearest = self.0.iter().rev().take(NEAREST);
        let mut near = nearest.filter_map(|anchor| {
            let offset = u64::from(constant.wrapping_sub(anchor.constant));
            let is_same = (anchor.memory, anchor.value) == (memory, value);
            (is_same && offset <= SLACK).then_some((anchor.index, offset))
        });
        near.next().unwrap_or_else(|| {
            self.0.push(Anchor {
                memory,
                value,
                constant,
                index: sum,
            });
            (sum, 0)
        })
    }

    /// The place in which these anchors hold.
    pub fn place(&self) -> usize {
        self.0.len()
    }

    /// Forgets the anchors since a place.
    pub fn forget_since(&mut self, place: usize) {
        self.0.truncate(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: u32) -> Value {
        Value::from_u32(number)
    }

    #[test]
    fn what_lies_behind_an_anchor_shares_its_index() {
        let mut anchors = Anchors::default();
        let memory = MemoryId::from_u32(0);
        let mut locate =
            |constant: u32, sum| anchors.locate(memory, Some(value(1)), constant, value(sum));
        assert_eq!(locate(100, 10), (value(10), 0));
        assert_eq!(locate(104, 11), (value(10), 4));
        assert_eq!(locate(100 + SLACK as u32, 12), (value(10), SLACK));
        // Before it, or too far behind it.
        assert_eq!(locate(96, 13), (value(13), 0));
        assert_eq!(locate(101 + SLACK as u32, 14), (value(14), 0));
        // A constant below zero.
        assert_eq!(locate(-8i32 as u32, 15), (value(15), 0));
        assert_eq!(locate(-4i32 as u32, 16), (value(15), 4));
        assert_eq!(locate(0, 17), (value(15), 8));
    }

    #[test]
    fn anchors_are_of_one_value_and_one_memory() {
        let mut anchors = Anchors::default();
        let memory = MemoryId::from_u32;
        assert_eq!(
            anchors.locate(memory(0), Some(value(1)), 0, value(1)),
            (value(1), 0)
        );
        assert_eq!(
            anchors.locate(memory(0), Some(value(2)), 4, value(3)),
            (value(3), 0)
        );
        assert_eq!(
            anchors.locate(memory(1), Some(value(1)), 4, value(4)),
            (value(4), 0)
        );
    }

    #[test]
    fn what_is_forgotten_is_no_anchor() {
        let mut anchors = Anchors::default();
        let memory = MemoryId::from_u32(0);
        let place = anchors.place();
        anchors.locate(memory, Some(value(1)), 0, value(1));
        anchors.forget_since(place);
        assert_eq!(
            anchors.locate(memory, Some(value(1)), 4, value(2)),
            (value(2), 0)
        );
    }
}
