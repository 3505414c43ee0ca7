//! One way through a function, with what is known of its values.

mod accesses;
mod conditions;
mod loops;
mod operators;

use super::code::Code;
use super::form::{COUNT_LIMIT, Case, Form, Relation};
use super::value::{Byte, Value};
use super::{BulkFunction, Fuel};
use accesses::from;
use std::cell::Cell;

/// What a run is of: a function, and what it is to be.
pub(super) struct Question<'a> {
    pub code: &'a Code<'a>,
    pub is_copy: bool,
    /// What the functions of its module are known to be, by their indices.
    pub known: &'a dyn Fn(u32) -> Option<BulkFunction>,
    /// The memory that is accessed.
    pub memory: Cell<Option<u32>>,
    pub fuel: &'a Fuel,
}

/// Why a run does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    /// The function does something else, as far as is known.
    Failed,
    /// It goes on in two ways.
    Fork(Fork),
}

/// What two ways differ by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fork {
    /// The next bit of an address.
    Address(usize),
    /// Whether the number of rounds is even.
    Parity,
    /// Whether there are no more rounds.
    Rounds(i64),
    /// Whether a condition holds of which nothing is known.
    Condition,
}

type Result<T> = std::result::Result<T, Stop>;

/// What is not known is not proved.
trait OrFail<T> {
    fn or_fail(self) -> Result<T>;
}

impl<T> OrFail<T> for Option<T> {
    fn or_fail(self) -> Result<T> {
        self.ok_or(Stop::Failed)
    }
}

/// A run.
#[derive(Clone)]
pub(super) struct Run<'a> {
    question: &'a Question<'a>,
    case: Case,
    /// The next operator.
    next: usize,
    locals: Vec<Value>,
    stack: Vec<Value>,
    frames: Vec<Frame>,
    /// What is known of the lowest bits of both addresses: how many, and what they are.
    low_bits: [(u32, u32); 2],
    /// Whether the condition that is next decided on holds, after a fork.
    decided: Option<bool>,
    /// Where bytes have been written: where a range begins and ends, from the address that is written to.
    written: Vec<(Form, Form)>,
    /// How many of these ranges were there when the last loop was entered.
    written_before: usize,
    /// The end of what has been written where that lies before what is read, its start where it lies behind.
    frontier: Form,
    /// What any iteration of a loop does, while one is looked at.
    iteration: Option<Iteration>,
}

/// What is met in an iteration.
#[derive(Clone, Default)]
struct Iteration {
    /// What is to be at least 0 and below [`COUNT_LIMIT`].
    required: Vec<Form>,
    written: Vec<(Form, Form)>,
}

#[derive(Clone)]
struct Frame {
    kind: FrameKind,
    /// Values below those of the block.
    height: usize,
    /// Values that a branch takes along.
    arity: usize,
}

#[derive(Clone)]
enum FrameKind {
    Block {
        end: usize,
    },
    Loop {
        start: usize,
        /// Locals, if the count is no constant, and frontier where it was entered.
        locals: Vec<Value>,
        frontier: Form,
        /// How many ranges had been written before.
        written: usize,
    },
}

enum Verdict {
    Always(bool),
    /// One or the other.
    Open,
}

impl<'a> Run<'a> {
    pub fn new(question: &'a Question<'a>, relation: Relation) -> Self {
        let second = if question.is_copy {
            Value::Number(from(relation))
        } else {
            let mut bytes = [Byte::Unknown; 8];
            bytes[0] = Byte::Filler;
            bytes[4..].fill(Byte::Zero);
            Value::of(bytes)
        };
        let case = Case::new(relation);
        let mut locals = vec![Value::Number(Form::TO), second, Value::Number(case.count)];
        // What an i64 begins with is no number of 32 bits, but no operation takes it for one.
        let len = locals.len() + question.code.locals as usize;
        locals.resize(len, Value::constant(0));
        Self {
            question,
            case,
            next: 0,
            locals,
            stack: Vec::new(),
            frames: Vec::new(),
            low_bits: [(0, 0); 2],
            decided: None,
            written: Vec::new(),
            written_before: 0,
            frontier: match relation {
                Relation::Behind => case.count,
                _ => Form::default(),
            },
            iteration: None,
        }
    }

    /// Goes to the end of the function. It does what it is to do, unless this stops.
    pub fn finish(&mut self) -> Result<()> {
        while self.next < self.question.code.operators.len() {
            self.step()?;
        }
        if *self.stack.last().or_fail()? != Value::Number(Form::TO) {
            return Err(Stop::Failed);
        }
        let is_in_place = self.question.is_copy && self.case.relation == Relation::Equal;
        if is_in_place || self.has_written_all() {
            return Ok(());
        }
        let (fewest, most) = self.case.rounds;
        if fewest == most || most - fewest > FEW_ROUNDS {
            return Err(Stop::Failed);
        }
        Err(Stop::Fork(Fork::Rounds(fewest.midpoint(most))))
    }

    /// Goes one of two ways. False if nothing is left of it.
    pub fn take(&mut self, fork: Fork, is_second: bool) -> bool {
        let (fewest, most) = &mut self.case.rounds;
        match fork {
            Fork::Address(address) => {
                let (known, value) = &mut self.low_bits[address];
                *value |= u32::from(is_second) << *known;
                *known += 1;
            }
            Fork::Parity => {
                let more = i64::from(is_second);
                *fewest = (*fewest - more + 1).div_euclid(2);
                *most = (*most - more).div_euclid(2);
                self.change(|form| form.with_half_the_rounds(more as i32));
            }
            Fork::Rounds(at) if is_second => *fewest = (*fewest).max(at + 1),
            Fork::Rounds(at) => *most = (*most).min(at),
            Fork::Condition => self.decided = Some(is_second),
        }
        let (fewest, most) = self.case.rounds;
        if fewest == most && self.case.count.rounds != 0 {
            self.change(|form| form.with_rounds(fewest as i32));
        }
        fewest <= most
    }

    /// Says the same of all numbers by other sums.
    fn change(&mut self, change: impl Fn(Form) -> Form) {
        let both = |(start, end)| (change(start), change(end));
        self.case.count = change(self.case.count);
        self.frontier = change(self.frontier);
        for value in self.locals.iter_mut().chain(&mut self.stack) {
            *value = value.changed(&change);
        }
        for range in &mut self.written {
            *range = both(*range);
        }
        for frame in &mut self.frames {
            if let FrameKind::Loop {
                locals, frontier, ..
            } = &mut frame.kind
            {
                *frontier = change(*frontier);
                for value in locals {
                    *value = value.changed(&change);
                }
            }
        }
    }

    /// Whether what has been written has no gap.
    fn has_written_all(&self) -> bool {
        let mut end = Form::constant(0);
        // Mostly they are in order.
        while end != self.case.count {
            let before = end;
            for (start, stop) in &self.written {
                let gain = stop.minus(end).plus_constant(-1);
                if self.is_below_limit(end.minus(*start), None) && self.is_below_limit(gain, None) {
                    end = *stop;
                }
            }
            if end == before {
                return false;
            }
        }
        true
    }

    /// The least and the most that a small number with a sign is.
    fn range(&self, form: Form, turns: Option<Form>) -> Option<(i64, i64)> {
        if let Some(constant) = form.as_constant() {
            return Some((constant.into(), constant.into()));
        }
        self.case.range(form.integer()?, turns)
    }

    /// Whether a number is below [`COUNT_LIMIT`].
    fn is_below_limit(&self, form: Form, turns: Option<Form>) -> bool {
        let range = self.range(form, turns);
        range.is_some_and(|(least, most)| least >= 0 && most < COUNT_LIMIT)
    }

    /// A number is to be at least 0 and below [`COUNT_LIMIT`].
    fn require(&mut self, form: Form) -> Result<()> {
        if let Some(iteration) = &mut self.iteration {
            iteration.required.push(form);
            return Ok(());
        }
        self.is_below_limit(form, None).then_some(()).or_fail()
    }

    /// Does what the next operator says, or nothing.
    fn step(&mut self) -> Result<()> {
        let at = self.next;
        self.next += 1;
        let stepped = self.operate(at);
        if stepped.is_err() {
            self.next = at;
        }
        stepped
    }
}

/// So many numbers of rounds are looked at one by one where together they leave a gap.
const FEW_ROUNDS: i64 = 256;
