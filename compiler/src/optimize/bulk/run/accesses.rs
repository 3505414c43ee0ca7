//! Loads, stores, and calls of what copies.

use super::super::Operation;
use super::super::form::{Form, Relation};
use super::super::value::{Byte, Value};
use super::{OrFail, Result, Run, Stop};
use wasmparser::MemArg;

/// More ranges than are written to one by one.
const MOST_RANGES: usize = 64;

impl Run<'_> {
    /// Where an access begins, from an address.
    fn access(&mut self, base: Form, memarg: MemArg, width: i32) -> Result<Form> {
        let address = self.pop()?.number().or_fail()?;
        self.is_of_memory(memarg.memory)?;
        let offset = address.minus(base);
        if offset.distances() != Some(0) {
            return Err(Stop::Failed);
        }
        // The sum of an address and the operator's offset does not wrap, that of others does.
        self.require(offset)?;
        let start = offset.plus_constant(i32::try_from(memarg.offset).ok().or_fail()?);
        self.require(start)?;
        self.require(self.case.count.minus(start).plus_constant(-width))?;
        Ok(start)
    }

    /// All is done to one memory.
    fn is_of_memory(&self, memory: u32) -> Result<()> {
        let first = *self.question.memory.get().get_or_insert(memory);
        self.question.memory.set(Some(first));
        (first == memory).then_some(()).or_fail()
    }

    pub(super) fn load(&mut self, memarg: MemArg, width: i32) -> Result<()> {
        if !self.question.is_copy {
            return Err(Stop::Failed);
        }
        let start = self.access(from(self.case.relation), memarg, width)?;
        // None of the bytes has been written to.
        match self.case.relation {
            Relation::Before => self.require(start.minus(self.frontier).plus_constant(1))?,
            Relation::Behind => {
                self.require(self.frontier.minus(start).plus_constant(1 - width))?;
            }
            Relation::Apart | Relation::Equal => {}
        }
        let mut bytes = [Byte::Zero; 8];
        for (index, byte) in bytes[..width as usize].iter_mut().enumerate() {
            *byte = Byte::Copied(start.plus_constant(index as i32));
        }
        self.stack.push(Value::of(bytes));
        Ok(())
    }

    pub(super) fn store(&mut self, memarg: MemArg, width: i32) -> Result<()> {
        let bytes = self.pop()?.bytes().or_fail()?;
        let start = self.access(Form::TO, memarg, width)?;
        for (index, byte) in bytes[..width as usize].iter().enumerate() {
            let expected = if self.question.is_copy {
                Byte::Copied(start.plus_constant(index as i32))
            } else {
                Byte::Filler
            };
            if *byte != expected {
                return Err(Stop::Failed);
            }
        }
        self.write(start, start.plus_constant(width))
    }

    /// A range has been written.
    fn write(&mut self, start: Form, end: Form) -> Result<()> {
        let ahead = match self.case.relation {
            Relation::Before => Some((end, end.minus(self.frontier))),
            Relation::Behind => Some((start, self.frontier.minus(start))),
            Relation::Apart | Relation::Equal => None,
        };
        if let Some((frontier, by)) = ahead {
            let is_behind = matches!(by.as_constant(), Some(..0));
            if !is_behind {
                self.require(by)?;
                self.frontier = frontier;
            }
        }
        let (written, before) = match &mut self.iteration {
            Some(iteration) => (&mut iteration.written, 0),
            None => (&mut self.written, self.written_before),
        };
        let is_new = written.len() > before;
        match written.last_mut() {
            Some(last) if is_new && last.1 == start => last.1 = end,
            Some(last) if is_new && last.0 == end => last.0 = start,
            _ => written.push((start, end)),
        }
        (written.len() <= MOST_RANGES).then_some(()).or_fail()
    }

    /// A call of a function that copies.
    pub(super) fn call(&mut self, index: u32) -> Result<()> {
        let callee = (self.question.known)(index).or_fail()?;
        self.is_of_memory(callee.memory)?;
        let is_copy = matches!(callee.operation, Operation::Copy { .. });
        if !is_copy || self.case.relation != Relation::Apart || self.iteration.is_some() {
            return Err(Stop::Failed);
        }
        let [count, source, address] = [self.pop()?, self.pop()?, self.pop()?].map(Value::number);
        let (count, address) = (count.or_fail()?, address.or_fail()?);
        let start = address.minus(Form::TO);
        let end = start.plus(count, 1);
        let is_like = source.or_fail()?.minus(Form::FROM) == start;
        if !is_like || start.distances() != Some(0) || count.distances() != Some(0) {
            return Err(Stop::Failed);
        }
        self.require(start)?;
        self.require(count)?;
        self.require(self.case.count.minus(end))?;
        self.stack.push(Value::Number(address));
        self.write(start, end)
    }
}

/// The address that is read from.
pub(super) fn from(relation: Relation) -> Form {
    match relation {
        Relation::Equal => Form::TO,
        _ => Form::FROM,
    }
}
