//! The value and control stacks of a translation.

use crate::program::TagId;
use cranelift_codegen::ir::{Block, Value};
use std::rc::Rc;
use std::vec;
use wasmparser::Catch;

/// The stacks, and whether the code being translated can be reached.
pub(super) struct Stack {
    values: Vec<Value>,
    /// The frames that are open, the function's own first.
    pub frames: Vec<Frame>,
    /// How many blocks are open that began in unreachable code, and so have no frame.
    pub unreachable_depth: usize,
    /// Whether the next instruction can be reached.
    pub reachable: bool,
}

/// An open block.
pub(super) struct Frame {
    /// What kind of block.
    pub kind: FrameKind,
    /// Where control goes after its end; takes the results.
    pub exit: Block,
    /// Whether something branches there.
    pub exit_is_used: bool,
    /// Whether something gets there that is not unlikely to.
    pub exit_is_likely: bool,
    /// Height of the value stack below its parameters.
    pub height: usize,
    /// Number of parameters.
    pub params: usize,
    /// Number of results.
    pub results: usize,
    /// What catches the exceptions of calls in this block, innermost first; no tag twice, and nothing behind one that
    /// catches all.
    pub handlers: Rc<[Handler]>,
    /// Where it began: what was known there holds behind it.
    pub start: Mark,
}

/// A place in the code, by how much was known there.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// The anchors that held.
    pub anchors: usize,
    /// The locals that had been set.
    pub locals: usize,
}

/// Where exceptions of calls are caught.
#[derive(Clone, Copy)]
pub(super) struct Handler {
    /// With which tag; `None` for any.
    pub tag: Option<TagId>,
    /// Where; takes a reference to the exception.
    pub block: Block,
}

/// What kind of block a frame is.
pub(super) enum FrameKind {
    /// The function, a `block`, or an `if` that is past its `else`.
    Block,
    /// A `loop`; a branch goes to its header.
    Loop(Block),
    /// An `if` before its `else`: where the other branch begins, and the parameters that it takes.
    If(Block, Vec<Value>),
    /// A `try_table`: its clauses, and the block in which each begins.
    TryTable(Vec<(Block, Catch)>),
    /// A `try` of the legacy form: where the clauses begin that follow, and the exception that the present one has
    /// caught.
    Try(vec::IntoIter<Block>, Option<Value>),
}

impl Stack {
    /// The stacks at the start of a function.
    pub fn new() -> Self {
        Self {
            values: Vec::new(),
            frames: Vec::new(),
            unreachable_depth: 0,
            reachable: true,
        }
    }

    /// Puts a value on top.
    pub fn push(&mut self, value: Value) {
        self.values.push(value);
    }

    /// Puts values on top, the last one topmost.
    pub fn extend(&mut self, values: &[Value]) {
        self.values.extend_from_slice(values);
    }

    /// Takes the topmost value; the validator has made sure that there is one.
    pub fn pop(&mut self) -> Value {
        self.values
            .pop()
            .expect("a validated function never pops an empty stack")
    }

    /// Takes the two topmost values, the topmost last.
    pub fn pop2(&mut self) -> (Value, Value) {
        let second = self.pop();
        (self.pop(), second)
    }

    /// Takes the three topmost values, the topmost last.
    pub fn pop3(&mut self) -> (Value, Value, Value) {
        let third = self.pop();
        let (first, second) = self.pop2();
        (first, second, third)
    }

    /// The `count` topmost values.
    pub fn peek(&self, count: usize) -> &[Value] {
        &self.values[self.values.len() - count..]
    }

    /// Takes the `count` topmost values.
    pub fn pop_many(&mut self, count: usize) -> Vec<Value> {
        self.values.split_off(self.values.len() - count)
    }

    /// The number of values.
    pub fn height(&self) -> usize {
        self.values.len()
    }

    /// Drops all values above a height.
    pub fn truncate(&mut self, height: usize) {
        self.values.truncate(height);
    }

    /// Whether an open block is a loop.
    pub fn is_in_loop(&self) -> bool {
        let mut frames = self.frames.iter();
        frames.any(|frame| matches!(frame.kind, FrameKind::Loop(_)))
    }

    /// What catches the exceptions of the next call.
    pub fn handlers(&self) -> Rc<[Handler]> {
        let frame = self.frames.last();
        frame.map_or(Rc::default(), |frame| Rc::clone(&frame.handlers))
    }

    /// The frame that a branch of this relative depth goes to.
    pub fn target(&mut self, depth: u32) -> &mut Frame {
        let index = self.frames.len() - 1 - depth as usize;
        &mut self.frames[index]
    }
}

impl Frame {
    /// Where a branch to this frame goes and how many values it takes.
    pub fn branch(&mut self) -> (Block, usize) {
        self.exit_is_likely = true;
        self.unlikely_branch()
    }

    /// Likewise for a branch that the module says is unlikely to be taken.
    pub fn unlikely_branch(&mut self) -> (Block, usize) {
        match self.kind {
            FrameKind::Loop(header) => (header, self.params),
            FrameKind::Block | FrameKind::If(..) | FrameKind::TryTable(_) | FrameKind::Try(..) => {
                self.exit_is_used = true;
                (self.exit, self.results)
            }
        }
    }
}
