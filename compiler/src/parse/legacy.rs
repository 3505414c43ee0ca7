//! How each `try` of the legacy form ends, gathered while a body is validated.
//!
//! `catch`, `catch_all` and `delegate` stand behind what they guard, and whoever lowers a call must know its handlers.
//!
//! <https://github.com/WebAssembly/exception-handling/blob/main/proposals/exception-handling/legacy/Exceptions.md>

use super::index::TagIndex;
use wasmparser::Operator;

/// A `try` of the legacy form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyTry {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What becomes of an exception.
    pub end: LegacyEnd,
}

/// What becomes of an exception in the body of a `try`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegacyEnd {
    /// The first clause with its tag catches it; `None` is `catch_all`.
    Catches(Vec<Option<TagIndex>>),
    /// It is thrown at the label of this depth, counted outside of the `try`.
    Delegate(u32),
}

/// Follows the blocks of one body.
#[derive(Default)]
pub(super) struct LegacyTries {
    /// The open blocks, each with its position in `found` if it is a `try`.
    open: Vec<Option<usize>>,
    found: Vec<LegacyTry>,
}

impl LegacyTries {
    /// Takes the next instruction of a valid body, and its offset.
    pub fn visit(&mut self, operator: &Operator<'_>, offset: usize) {
        match *operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. } => self.open.push(None),
            Operator::Try { .. } => {
                self.open.push(Some(self.found.len()));
                let end = LegacyEnd::Catches(Vec::new());
                self.found.push(LegacyTry { offset, end });
            }
            Operator::Catch { tag_index } => self.catch(Some(TagIndex::from_u32(tag_index))),
            Operator::CatchAll => self.catch(None),
            Operator::Delegate { relative_depth } => {
                if let Some(Some(index)) = self.open.pop() {
                    self.found[index].end = LegacyEnd::Delegate(relative_depth);
                }
            }
            Operator::End => drop(self.open.pop()),
            _ => {}
        }
    }

    fn catch(&mut self, tag: Option<TagIndex>) {
        if let Some(Some(index)) = self.open.last()
            && let LegacyEnd::Catches(clauses) = &mut self.found[*index].end
        {
            clauses.push(tag);
        }
    }

    /// What was found, in the order of the offsets.
    pub fn finish(self) -> Box<[LegacyTry]> {
        self.found.into()
    }
}
