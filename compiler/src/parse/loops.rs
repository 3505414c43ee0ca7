//! The locals that a loop sets, gathered while a body is validated: the others keep the values that they have where it
//! begins.

use wasmparser::Operator;

/// A loop of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What it sets.
    pub sets: Sets,
}

/// The locals that a loop sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sets {
    /// These, in ascending order.
    These(Box<[u32]>),
    /// More than [`MOST`], so that deep nests of loops take little memory.
    Many,
}

/// Locals of a loop that are listed.
const MOST: usize = 1000;

/// Follows the blocks of one body.
#[derive(Default)]
pub(super) struct Loops {
    /// The open blocks: whether each is a loop.
    blocks: Vec<bool>,
    open: Vec<Open>,
    found: Vec<Loop>,
}

/// A loop that has not ended.
struct Open {
    /// Its position among those that were found.
    position: usize,
    /// What it sets; in no order, and often twice.
    sets: Vec<u32>,
    /// Whether a loop in it sets more than can be listed.
    sets_many: bool,
}

impl Loops {
    /// Takes the next instruction of a valid body, and its offset.
    pub fn visit(&mut self, operator: &Operator<'_>, offset: usize) {
        match *operator {
            Operator::Block { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => self.blocks.push(false),
            Operator::Loop { .. } => self.begin(offset),
            Operator::End | Operator::Delegate { .. } => self.end(),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.set(local_index);
            }
            _ => {}
        }
    }

    fn begin(&mut self, offset: usize) {
        self.blocks.push(true);
        self.open.push(Open {
            position: self.found.len(),
            sets: Vec::new(),
            sets_many: false,
        });
        let sets = Sets::Many;
        self.found.push(Loop { offset, sets });
    }

    fn set(&mut self, local: u32) {
        if let Some(innermost) = self.open.last_mut() {
            innermost.sets.push(local);
        }
    }

    /// A block ends, or the body.
    fn end(&mut self) {
        if self.blocks.pop() != Some(true) {
            return;
        }
        let Some(Open {
            position,
            mut sets,
            sets_many,
        }) = self.open.pop()
        else {
            return;
        };
        sets.sort_unstable();
        sets.dedup();
        let sets_many = sets_many || sets.len() > MOST;
        if let Some(outer) = self.open.last_mut() {
            outer.sets_many |= sets_many;
            if !sets_many {
                outer.sets.extend_from_slice(&sets);
            }
        }
        if !sets_many {
            self.found[position].sets = Sets::These(sets.into());
        }
    }

    /// What was found, in the order of the offsets.
    pub fn finish(self) -> Box<[Loop]> {
        self.found.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Parser, Payload};

    /// What each loop of the only function sets.
    fn sets(text: &str) -> Vec<Sets> {
        let bytes = wat::parse_str(format!("(module (func {text}))")).unwrap();
        let mut loops = Loops::default();
        for payload in Parser::new(0).parse_all(&bytes) {
            let Payload::CodeSectionEntry(body) = payload.unwrap() else {
                continue;
            };
            let mut operators = body.get_operators_reader().unwrap();
            while !operators.eof() {
                let (operator, offset) = operators.read_with_offset().unwrap();
                loops.visit(&operator, offset);
            }
        }
        let found = loops.finish();
        assert!(found.is_sorted_by_key(|found| found.offset));
        found.into_iter().map(|found| found.sets).collect()
    }

    fn these(locals: &[u32]) -> Sets {
        Sets::These(locals.into())
    }

    #[test]
    fn a_loop_sets_what_those_in_it_set() {
        let text = "(param i32 i32 i32 i32 i32)
            (local.set 0 (local.get 4))
            (loop
                (block (drop (local.get 1)) (local.set 3 (local.get 0)))
                (loop (drop (local.tee 1 (local.get 2))))
                (if (local.get 2) (then (loop (local.set 1 (local.get 0)))))
                (local.set 1 (local.get 3)))
            (local.set 4 (local.get 4))
            (loop)";
        assert_eq!(
            sets(text),
            [these(&[1, 3]), these(&[1]), these(&[1]), these(&[])]
        );
    }

    #[test]
    fn too_many_are_not_listed() {
        let count = MOST + 1;
        let locals = "i32 ".repeat(count);
        let all: String = (0..count)
            .map(|local| format!("(local.set {local} (i32.const 1))"))
            .collect();
        let text =
            format!("(local {locals}) (loop (loop {all}) (loop (local.set 0 (i32.const 1))))");
        assert_eq!(sets(&text), [Sets::Many, Sets::Many, these(&[0])]);
    }
}
