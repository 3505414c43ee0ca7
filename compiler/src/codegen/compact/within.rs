//! What lies between two offsets of a function, of what is in the order of its offsets.

use std::ops::Range;

/// Finds it: where the question before ended, as a rule.
pub(super) struct Within<'a, T, F> {
    all: &'a [T],
    offset: F,
    /// Behind what was found last.
    next: usize,
}

impl<'a, T, F: Fn(&T) -> u32> Within<'a, T, F> {
    /// Of `all`, which have these offsets.
    pub fn new(all: &'a [T], offset: F) -> Self {
        let next = 0;
        Self { all, offset, next }
    }

    /// What lies in a range.
    pub fn range(&mut self, range: Range<u32>) -> &'a [T] {
        let Self { all, offset, next } = self;
        let is_before = |item: &T| offset(item) < range.start;
        let is_next =
            all[..*next].last().is_none_or(is_before) && !all.get(*next).is_some_and(is_before);
        let first = if is_next {
            *next
        } else {
            all.partition_point(is_before)
        };
        let inside = all[first..].iter();
        let count = inside.take_while(|item| offset(item) < range.end).count();
        *next = first + count;
        &all[first..*next]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_in_any_order() {
        let all = [1, 4, 4, 7, 20];
        let mut within = Within::new(&all, |offset| *offset);
        for start in [0, 5, 1, 4, 2, 20, 3, 21, 0] {
            for len in [0, 1, 3, 9, 30] {
                let range = start..start + len;
                let expected: Vec<u32> = all.into_iter().filter(|at| range.contains(at)).collect();
                assert_eq!(within.range(range.clone()), expected, "{range:?}");
            }
        }
    }
}
