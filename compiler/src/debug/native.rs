//! From instructions of the module to those of the machine.
//!
//! A function's machine code is a sequence of runs, each made of the instructions at one offset of the module; they
//! come in any order, and an offset may have several.

use super::guest::{Function, Scope};
use super::lines::{self, Row};
use crate::codegen::DebugInfo;
use std::collections::BTreeMap;

/// Machine code that comes from one instruction; it ends where the next run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Bytes from the start of the function's machine code.
    pub(super) start: u32,
    /// Bytes from the start of the module.
    pub(super) offset: u32,
}

/// The runs of a function whose body begins at `body`, in the order of the machine code; the first one begins at 0. What
/// Cranelift does not say of an instruction holds as for the one before, and as for the body's start in the prologue.
pub(super) fn runs(debug: &DebugInfo, body: u32) -> Vec<Run> {
    let mut runs = vec![Run {
        start: 0,
        offset: body,
    }];
    for &(start, offset) in &debug.locations {
        let run = Run { start, offset };
        match runs.last_mut() {
            Some(last) if last.offset == offset => {}
            Some(last) if last.start == start => *last = run,
            _ => runs.push(run),
        }
    }
    runs
}

/// The rows of a line table for a function's machine code, each with its start.
pub(super) fn rows(runs: &[Run], rows: &[Row]) -> Vec<(u32, Row)> {
    let mut native: Vec<(u32, Row)> = Vec::new();
    let unknown = Row {
        offset: 0,
        place: super::guest::Place::default(),
        is_statement: true,
        ends_prologue: false,
    };
    for run in runs {
        let row = lines::row(rows, run.offset).unwrap_or(unknown);
        if native.last().is_none_or(|(_, last)| *last != row) {
            native.push((run.start, row));
        }
    }
    native
}

/// Which of a function's scopes is the innermost, from each of these offsets of the module up to the next.
pub(super) struct Innermost(Vec<(u32, Option<u32>)>);

impl Innermost {
    /// Of a function's scopes: what is inlined covers what is around it.
    pub(super) fn new(function: &Function) -> Self {
        let mut map: BTreeMap<u32, Option<u32>> = BTreeMap::from([(0, None)]);
        for (number, scope) in (0..).zip(&function.scopes) {
            for &(begin, end) in &scope.ranges {
                let before = map.range(..=end).next_back();
                let after = before.and_then(|(_, scope)| *scope);
                let covered: Vec<u32> = map.range(begin..end).map(|(start, _)| *start).collect();
                for start in covered {
                    map.remove(&start);
                }
                map.insert(begin, Some(number));
                map.entry(end).or_insert(after);
            }
        }
        Self(map.into_iter().collect())
    }

    /// The innermost scope of an instruction.
    pub(super) fn find(&self, offset: u32) -> Option<u32> {
        let next = self.0.partition_point(|(start, _)| *start <= offset);
        self.0[next - 1].1
    }
}

/// A scope and those around it, innermost first.
pub(super) fn chain(scopes: &[Scope], innermost: Option<u32>) -> impl Iterator<Item = u32> {
    std::iter::successors(innermost, |number| scopes[*number as usize].parent)
}

/// The machine code of each scope: starts and ends, in ascending order.
pub(super) fn scope_ranges(function: &Function, runs: &[Run], len: u32) -> Vec<Vec<(u32, u32)>> {
    let innermost = Innermost::new(function);
    let mut ranges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); function.scopes.len()];
    if function.scopes.is_empty() {
        return ranges;
    }
    let ends = runs.iter().skip(1).map(|run| run.start).chain([len]);
    for (run, end) in runs.iter().zip(ends).filter(|(run, end)| run.start < *end) {
        for number in chain(&function.scopes, innermost.find(run.offset)) {
            let ranges = &mut ranges[number as usize];
            match ranges.last_mut() {
                Some(last) if last.1 == run.start => last.1 = end,
                _ => ranges.push((run.start, end)),
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::debug::guest::Place;

    fn scope(parent: Option<u32>, ranges: &[(u32, u32)]) -> Scope {
        Scope {
            parent,
            origin: 0,
            call: Place::default(),
            ranges: ranges.to_vec(),
        }
    }

    fn function(scopes: Vec<Scope>) -> Function {
        Function {
            number: 0,
            origin: 0,
            scopes,
        }
    }

    #[test]
    fn code_out_of_order_is_that_of_its_scopes() {
        // Offsets 10 to 20 are those of scope 0, of these 12 to 14 and 18 to 20 those of scope 1 inside of it.
        let function = function(vec![
            scope(None, &[(10, 20)]),
            scope(Some(0), &[(12, 14), (18, 20)]),
        ]);
        let innermost = Innermost::new(&function);
        let found: Vec<_> = [9, 10, 12, 13, 14, 17, 18, 19, 20]
            .map(|offset| innermost.find(offset))
            .into();
        let expected = [
            None,
            Some(0),
            Some(1),
            Some(1),
            Some(0),
            Some(0),
            Some(1),
            Some(1),
            None,
        ];
        assert_eq!(found, expected);
        let debug = DebugInfo {
            locations: vec![(4, 13), (8, 11), (12, 11), (16, 30), (20, 19)],
            frame: Vec::new(),
        };
        let runs = runs(&debug, 5);
        let starts: Vec<_> = runs.iter().map(|run| (run.start, run.offset)).collect();
        assert_eq!(starts, [(0, 5), (4, 13), (8, 11), (16, 30), (20, 19)]);
        let ranges = scope_ranges(&function, &runs, 24);
        assert_eq!(ranges, [vec![(4, 16), (20, 24)], vec![(4, 8), (20, 24)]]);
    }

    #[test]
    fn scopes_may_overlap_in_any_way() {
        let function = function(vec![
            scope(None, &[(0, u32::MAX), (5, 6)]),
            scope(None, &[(3, 10), (9, 12), (3, 4)]),
            scope(Some(1), &[(0, 4)]),
        ]);
        let innermost = Innermost::new(&function);
        let found: Vec<_> = [0, 3, 4, 11, 12, u32::MAX]
            .map(|offset| innermost.find(offset))
            .into();
        assert_eq!(found, [Some(2), Some(2), Some(1), Some(1), Some(0), None]);
    }
}
