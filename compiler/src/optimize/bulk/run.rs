//! One way through a function, with what is known of its values.

use super::code::Code;
use super::form::{COUNT_LIMIT, Case, Form, Integer, Relation};
use super::value::{self, Byte, Comparison, Condition, Value};
use super::{BulkFunction, Fuel, Operation, STEPS_OF_FORK};
use std::cell::Cell;
use std::iter::zip;
use wasmparser::{BlockType, MemArg, Operator};

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

    /// The lowest bits of a number, none if the iteration decides on them.
    fn low(&self, form: Form, bits: u32) -> Result<Option<i32>> {
        let mask = (1 << bits) - 1;
        if form.turn & mask != 0 {
            return Ok(None);
        }
        if form.rounds & mask != 0 {
            return Err(Stop::Fork(Fork::Parity));
        }
        let mut low = form.constant;
        for (address, times) in [form.to, form.from].into_iter().enumerate() {
            if times & mask != 0 {
                let (known, value) = self.low_bits[address];
                if known < bits {
                    return Err(Stop::Fork(Fork::Address(address)));
                }
                low = low.wrapping_add(times.wrapping_mul(value as i32));
            }
        }
        Ok(Some(low & mask))
    }

    /// Whether a condition holds, on this way.
    fn decide(&mut self, condition: Condition) -> Result<bool> {
        if let Some(decided) = self.decided.take() {
            return Ok(decided);
        }
        match self.verdict(condition)? {
            Verdict::Always(holds) => Ok(holds == condition.when),
            // Another iteration might go the other way.
            Verdict::Open if self.iteration.is_some() => Err(Stop::Failed),
            Verdict::Open => Err(Stop::Fork(Fork::Condition)),
        }
    }

    /// What a comparison gives.
    fn verdict(&self, condition: Condition) -> Result<Verdict> {
        let Condition { left, right, .. } = condition;
        if left.turn != 0 || right.turn != 0 {
            return Err(Stop::Failed);
        }
        match condition.comparison {
            Comparison::Equal => self.equal(left.minus(right)),
            Comparison::Less => {
                let Some((left, right)) = self.unsigned_pair(left, right)? else {
                    return Ok(Verdict::Open);
                };
                let difference = left.minus(right);
                match self.case.range(difference, None) {
                    Some((_, ..0)) => Ok(Verdict::Always(true)),
                    Some((0.., _)) => Ok(Verdict::Always(false)),
                    _ => match difference.last_of_sign() {
                        Some(last) => Err(Stop::Fork(Fork::Rounds(last))),
                        None => Ok(Verdict::Open),
                    },
                }
            }
        }
    }

    /// Whether a difference is 0.
    fn equal(&self, difference: Form) -> Result<Verdict> {
        if let Some(constant) = difference.as_constant() {
            return Ok(Verdict::Always(constant == 0));
        }
        let Some((least, most)) = self.range(difference, None) else {
            let distance = Form::FROM.minus(Form::TO);
            let is_distance = difference == distance || difference == distance.times(-1);
            if !is_distance || self.case.relation != Relation::Apart {
                return Ok(Verdict::Open);
            }
            // Nothing lies apart from itself.
            return match self.range(self.case.count, None).or_fail()? {
                (1.., _) => Ok(Verdict::Always(false)),
                (_, 0) => Ok(Verdict::Open),
                _ => Err(Stop::Fork(Fork::Rounds(0))),
            };
        };
        // The last multiple of 2^32 on the way.
        let multiple = most.div_euclid(1 << 32) << 32;
        if multiple < least {
            return Ok(Verdict::Always(false));
        }
        let integer = difference.integer().or_fail()?;
        if integer.distance != 0 {
            return Ok(Verdict::Open);
        }
        if multiple - (1 << 32) >= least {
            return Err(Stop::Failed);
        }
        let rest = multiple - integer.constant;
        if rest % integer.rounds != 0 {
            return Ok(Verdict::Always(false));
        }
        let only = rest / integer.rounds;
        let is_first = only == self.case.rounds.0;
        let last = if is_first { only } else { only - 1 };
        Err(Stop::Fork(Fork::Rounds(last)))
    }

    /// Two numbers without a sign, as integers, or how far they are behind the same address. None if they can't be
    /// compared.
    fn unsigned_pair(&self, left: Form, right: Form) -> Result<Option<(Integer, Integer)>> {
        if left.distances().is_some() && right.distances().is_some() {
            let mut both = [Integer::default(); 2];
            for (integer, form) in zip(&mut both, [left, right]) {
                *integer = match self.case.unsigned(form) {
                    Some(Ok(integer)) => integer,
                    Some(Err(last)) => return Err(Stop::Fork(Fork::Rounds(last))),
                    None => return Ok(None),
                };
            }
            return Ok(Some((both[0], both[1])));
        }
        let distance = Form::FROM.minus(Form::TO);
        let (lower, room) = match self.case.relation {
            Relation::Before => (Form::TO, self.case.count.plus(distance, 1)),
            Relation::Behind => (Form::FROM, self.case.count.plus(distance, -1)),
            // The same of both.
            Relation::Apart | Relation::Equal => (address(left), self.case.count),
        };
        let offset = |form: Form| {
            let offset = form.minus(lower).integer()?;
            let (least, _) = self.case.range(offset, None)?;
            let (rest, _) = self.case.range(room.integer()?.minus(offset), None)?;
            (least >= 0 && rest >= 0).then_some(offset)
        };
        Ok(offset(left).zip(offset(right)))
    }

    /// An operand, by how many are above it; decided on if it is a condition.
    fn operand(&mut self, above: usize) -> Result<Value> {
        let at = self.stack.len().checked_sub(above + 1).or_fail()?;
        if let Value::Truth(condition) = self.stack[at] {
            self.stack[at] = Value::constant(self.decide(condition)?.into());
        }
        Ok(self.stack[at])
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().or_fail()
    }

    /// The condition that the last value is not 0.
    fn condition(&self) -> Result<Condition> {
        self.stack
            .last()
            .and_then(|value| value.condition())
            .or_fail()
    }

    /// Puts a result in the place of operands.
    fn replace(&mut self, operands: usize, result: Option<Value>) {
        self.stack.truncate(self.stack.len() - operands);
        self.stack.push(result.unwrap_or(Value::Unknown));
    }

    fn compare(&mut self, comparison: Comparison, is_swapped: bool, when: bool) -> Result<()> {
        let (left, right) = (self.operand(1)?.number(), self.operand(0)?.number());
        let truth = left.zip(right).map(|(left, right)| {
            let (left, right) = if is_swapped {
                (right, left)
            } else {
                (left, right)
            };
            Value::Truth(Condition {
                comparison,
                left,
                right,
                when,
            })
        });
        self.replace(2, truth);
        Ok(())
    }

    /// An operation with two operands, unknown where nothing is known of it.
    fn binary(&mut self, operation: impl Fn(Value, Value) -> Option<Value>) -> Result<()> {
        let (left, right) = (self.operand(1)?, self.operand(0)?);
        self.replace(2, operation(left, right));
        Ok(())
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

    fn operate(&mut self, at: usize) -> Result<()> {
        use Operator as O;
        self.question.fuel.burn(1).or_fail()?;
        let code = self.question.code;
        match code.operators[at] {
            O::Nop => {}
            O::LocalGet { local_index } => {
                let value = *self.locals.get(local_index as usize).or_fail()?;
                self.stack.push(value);
            }
            O::LocalSet { local_index } => {
                let value = self.pop()?;
                *self.locals.get_mut(local_index as usize).or_fail()? = value;
            }
            O::LocalTee { local_index } => {
                let value = *self.stack.last().or_fail()?;
                *self.locals.get_mut(local_index as usize).or_fail()? = value;
            }
            O::Drop => drop(self.pop()?),
            O::Select => {
                let condition = self.condition()?;
                let is_first = self.decide(condition)?;
                self.pop()?;
                let second = self.pop()?;
                if !is_first {
                    *self.stack.last_mut().or_fail()? = second;
                }
            }
            O::I32Const { value } => self.stack.push(Value::constant(value)),
            O::I64Const { value } => self.stack.push(Value::Long(value as u64)),
            O::I32Eqz => {
                let condition = self.condition()?.negated();
                self.replace(1, Some(Value::Truth(condition)));
            }
            O::I32Eq => self.compare(Comparison::Equal, false, true)?,
            O::I32Ne => self.compare(Comparison::Equal, false, false)?,
            O::I32LtU => self.compare(Comparison::Less, false, true)?,
            O::I32GtU => self.compare(Comparison::Less, true, true)?,
            O::I32LeU => self.compare(Comparison::Less, true, false)?,
            O::I32GeU => self.compare(Comparison::Less, false, false)?,
            O::I32Add => self.binary(|left, right| match (left, right) {
                (Value::Number(left), Value::Number(right)) => {
                    Some(Value::Number(left.plus(right, 1)))
                }
                _ => value::together(left.bytes()?, right.bytes()?).map(Value::of),
            })?,
            O::I32Sub => self
                .binary(|left, right| Some(Value::Number(left.number()?.minus(right.number()?))))?,
            O::I32Mul => self.binary(|left, right| multiply(left, right, 4))?,
            O::I64Mul => self.binary(|left, right| multiply(left, right, 8))?,
            O::I32And => self.and()?,
            O::I64And => self.binary(|left, right| mask(left, right))?,
            O::I32Or => self.binary(or)?,
            O::I64Or => self.binary(or)?,
            O::I32Xor => {
                self.binary(|left, right| Some(Value::Difference(left.number()?, right.number()?)))?
            }
            O::I32Shl => self.binary(|left, right| shift_left(left, right, 4))?,
            O::I64Shl => self.binary(|left, right| shift_left(left, right, 8))?,
            O::I32ShrU => self.shift_right(4)?,
            O::I64ShrU => self.shift_right(8)?,
            O::I64ExtendI32U => {
                let extended = match self.operand(0)? {
                    Value::Bytes(bytes) => Value::Bytes(bytes),
                    Value::Number(number) => {
                        let constant = number.as_constant();
                        constant.map_or(Value::Unknown, |value| Value::Long(value as u32 as u64))
                    }
                    _ => Value::Unknown,
                };
                self.replace(1, Some(extended));
            }
            O::I32WrapI64 => {
                let wrapped = match self.operand(0)? {
                    Value::Bytes(bytes) => {
                        let mut bytes = bytes.all();
                        bytes[4..].fill(Byte::Zero);
                        Value::of(bytes)
                    }
                    Value::Long(value) => Value::constant(value as i32),
                    _ => Value::Unknown,
                };
                self.replace(1, Some(wrapped));
            }
            O::I32Load8U { memarg } | O::I64Load8U { memarg } => self.load(memarg, 1)?,
            O::I32Load16U { memarg } | O::I64Load16U { memarg } => self.load(memarg, 2)?,
            O::I32Load { memarg } | O::I64Load32U { memarg } => self.load(memarg, 4)?,
            O::I64Load { memarg } => self.load(memarg, 8)?,
            O::I32Store8 { memarg } | O::I64Store8 { memarg } => self.store(memarg, 1)?,
            O::I32Store16 { memarg } | O::I64Store16 { memarg } => self.store(memarg, 2)?,
            O::I32Store { memarg } | O::I64Store32 { memarg } => self.store(memarg, 4)?,
            O::I64Store { memarg } => self.store(memarg, 8)?,
            O::Block { blockty } => {
                let (_, end) = code.ends[at];
                self.open(blockty, FrameKind::Block { end })?;
            }
            O::Loop { blockty } => {
                let is_counted = self.case.count.rounds == 0;
                let locals = if is_counted { &[] } else { &self.locals[..] };
                let kind = FrameKind::Loop {
                    start: at,
                    locals: locals.to_vec(),
                    frontier: self.frontier,
                    written: self.written.len(),
                };
                self.written_before = self.written.len();
                self.open(blockty, kind)?;
                self.frames.last_mut().or_fail()?.arity = 0;
            }
            O::If { blockty } => {
                let condition = self.condition()?;
                let holds = self.decide(condition)?;
                self.pop()?;
                let (otherwise, end) = code.ends[at];
                if holds {
                    self.open(blockty, FrameKind::Block { end })?;
                } else if let Some(otherwise) = otherwise {
                    self.open(blockty, FrameKind::Block { end })?;
                    self.next = otherwise + 1;
                } else {
                    self.next = end + 1;
                }
            }
            O::Else => self.branch(0)?,
            O::End => drop(self.frames.pop()),
            O::Br { relative_depth } => self.branch(relative_depth)?,
            O::BrIf { relative_depth } => {
                let condition = self.condition()?;
                if self.repeats(relative_depth, condition) {
                    return self.repeat(relative_depth);
                }
                let branches = self.decide(condition)?;
                self.pop()?;
                if branches {
                    self.branch(relative_depth)?;
                }
            }
            O::BrTable { ref targets } => {
                let index = self.operand(0)?.as_constant().or_fail()?;
                self.pop()?;
                let mut depths = targets.targets();
                let depth = depths.nth(index as usize).transpose();
                let depth = depth.ok().or_fail()?;
                self.branch(depth.unwrap_or(targets.default()))?;
            }
            O::Return => self.next = code.operators.len(),
            O::Call { function_index } => self.call(function_index)?,
            _ => return Err(Stop::Failed),
        }
        Ok(())
    }

    /// `i32.and`
    fn and(&mut self) -> Result<()> {
        let (left, right) = (self.operand(1)?, self.operand(0)?);
        let (value, constant) = match (left.as_constant(), right.as_constant()) {
            (Some(constant), None) => (right, constant as u32),
            (None, Some(constant)) => (left, constant as u32),
            (Some(left), Some(right)) => {
                self.replace(2, Some(Value::constant((left & right) as i32)));
                return Ok(());
            }
            (None, None) => {
                self.replace(2, None);
                return Ok(());
            }
        };
        // Bits up to the highest one of a mask.
        let bits = |mask: u32| u32::BITS - mask.leading_zeros();
        let masked = match value {
            Value::Number(number) if constant <= MOST_LOW => {
                let low = self.low(number, bits(constant))?;
                low.map(|low| Value::constant(low & constant as i32))
            }
            Value::Number(number) if !constant <= MOST_LOW && (!constant + 1).is_power_of_two() => {
                let low = self.low(number, bits(!constant))?;
                low.map(|low| Value::Number(number.plus_constant(-low)))
            }
            Value::Difference(one, other) if constant <= MOST_LOW => {
                let low = [one, other].map(|number| self.low(number, bits(constant)));
                let [one, other] = low;
                let low = one?.zip(other?);
                low.map(|(one, other)| Value::constant((one ^ other) & constant as i32))
            }
            _ => mask(left, right),
        };
        self.replace(2, masked);
        Ok(())
    }

    /// `i32.shr_u` and `i64.shr_u`
    fn shift_right(&mut self, width: usize) -> Result<()> {
        let (value, distance) = (self.operand(1)?, self.operand(0)?);
        let bits = distance.as_constant().or_fail()? % (width as u64 * 8);
        let shifted = match value {
            Value::Number(number) => match self.case.unsigned(number) {
                Some(Ok(integer)) if integer.distance == 0 && number.turn == 0 => {
                    if integer.rounds != 0 && integer.rounds.trailing_zeros() < bits as u32 {
                        return Err(Stop::Fork(Fork::Parity));
                    }
                    Some(Value::Number(Form {
                        rounds: (integer.rounds >> bits) as i32,
                        constant: (integer.constant >> bits) as i32,
                        ..Form::default()
                    }))
                }
                Some(Err(last)) => return Err(Stop::Fork(Fork::Rounds(last))),
                _ => None,
            },
            Value::Bytes(bytes) if bits % 8 == 0 => {
                let by = -(bits as isize / 8);
                Some(Value::of(value::shift(bytes.all(), by, width)))
            }
            _ => None,
        };
        self.replace(2, shifted);
        Ok(())
    }

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

    fn load(&mut self, memarg: MemArg, width: i32) -> Result<()> {
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

    fn store(&mut self, memarg: MemArg, width: i32) -> Result<()> {
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
    fn call(&mut self, index: u32) -> Result<()> {
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

    fn open(&mut self, ty: BlockType, kind: FrameKind) -> Result<()> {
        let arity = match ty {
            BlockType::Empty => 0,
            BlockType::Type(_) => 1,
            BlockType::FuncType(_) => return Err(Stop::Failed),
        };
        let height = self.stack.len();
        self.frames.push(Frame {
            kind,
            height,
            arity,
        });
        Ok(())
    }

    fn branch(&mut self, depth: u32) -> Result<()> {
        let Some(index) = self.frames.len().checked_sub(depth as usize + 1) else {
            self.next = self.question.code.operators.len();
            return Ok(());
        };
        let Frame {
            kind,
            height,
            arity,
        } = &self.frames[index];
        let results = self.stack.len().checked_sub(*arity).or_fail()?;
        self.stack.drain(*height..results);
        match kind {
            FrameKind::Loop { start, .. } => {
                self.next = start + 1;
                self.frames.truncate(index + 1);
            }
            FrameKind::Block { end } => {
                self.next = end + 1;
                self.frames.truncate(index);
            }
        }
        Ok(())
    }

    /// Whether a branch goes back in a loop as often as a count says that is no constant.
    fn repeats(&self, depth: u32, condition: Condition) -> bool {
        let index = self.frames.len().checked_sub(depth as usize + 1);
        let kind = index.map(|index| &self.frames[index].kind);
        matches!(kind, Some(FrameKind::Loop { .. }))
            && condition.left.minus(condition.right).rounds != 0
    }

    /// Goes through the iterations of a loop all at once, at the end of the first one, or does nothing.
    fn repeat(&mut self, depth: u32) -> Result<()> {
        self.question.fuel.burn(STEPS_OF_FORK).or_fail()?;
        let before = self.clone();
        let repeated = self.repeat_or_stop(depth);
        if repeated.is_err() {
            *self = before;
        }
        repeated
    }

    fn repeat_or_stop(&mut self, depth: u32) -> Result<()> {
        let branch = self.next - 1;
        let index = self.frames.len() - 1 - depth as usize;
        let frame = self.frames[index].clone();
        let FrameKind::Loop {
            start,
            locals: first,
            frontier,
            written,
        } = frame.kind
        else {
            return Err(Stop::Failed);
        };
        if self.iteration.is_some() || first.is_empty() {
            return Err(Stop::Failed);
        }
        let depth = self.frames.len();
        // What each local is where an iteration begins.
        let mut header: Vec<Value> = zip(first, &self.locals)
            .map(|(first, second)| first.extended(*second))
            .collect();
        let frontier = value::extended(frontier, self.frontier).or_fail()?;
        let iteration = loop {
            self.frames.truncate(index + 1);
            self.stack.truncate(frame.height);
            self.locals.clone_from(&header);
            self.frontier = frontier;
            self.next = start + 1;
            self.iteration = Some(Iteration::default());
            while self.next != branch {
                self.step()?;
                if self.frames.len() <= index {
                    return Err(Stop::Failed);
                }
            }
            let kept: Vec<Value> = zip(&header, &self.locals)
                .map(|(value, next)| value.kept(*next))
                .collect();
            if kept == header {
                break self.iteration.take().or_fail()?;
            }
            header = kept;
        };
        let condition = self.condition()?;
        self.pop()?;
        self.next = branch + 1;
        let is_at_depth = self.frames.len() == depth && self.stack.len() == frame.height;
        if !is_at_depth || self.frontier != frontier.in_next_turn() {
            return Err(Stop::Failed);
        }
        let turns = self.turns(condition)?;
        let mut required = iteration.required.iter();
        if !required.all(|form| self.is_below_limit(*form, Some(turns))) {
            return Err(Stop::Failed);
        }
        let last = turns.plus_constant(-1);
        // The first iteration is one of them.
        self.written.truncate(written);
        self.written
            .extend(iterated(iteration.written, last).or_fail()?);
        for local in &mut self.locals {
            *local = local.map(|form| form.in_turn(last));
        }
        self.frontier = self.frontier.in_turn(last);
        Ok(())
    }

    /// How many iterations a loop has that repeats while a condition holds at the end of an iteration.
    fn turns(&self, condition: Condition) -> Result<Form> {
        let Condition {
            comparison,
            left,
            right,
            when,
        } = condition;
        let base = address(left);
        let integer = |form: Form, base| form.minus(base).integer().or_fail();
        // Iterations follow while this is not 0, or not negative.
        let difference = match (comparison, when) {
            (Comparison::Equal, true) => return Err(Stop::Failed),
            (Comparison::Equal, false) if left.turn < right.turn => integer(left, right)?,
            (Comparison::Equal, false) => integer(right, left)?,
            (Comparison::Less, true) => {
                let difference = integer(right, base)?.minus(integer(left, base)?);
                difference.plus_constant(-1)
            }
            (Comparison::Less, false) => integer(left, base)?.minus(integer(right, base)?),
        };
        let step = -difference.turn;
        if step <= 0 || difference.distance != 0 {
            return Err(Stop::Failed);
        }
        if difference.rounds % step != 0 {
            let is_enough = (step as u64).is_power_of_two() && step <= MOST_STEP;
            return Err(if is_enough {
                Stop::Fork(Fork::Parity)
            } else {
                Stop::Failed
            });
        }
        let quotient = Form {
            rounds: i32::try_from(difference.rounds / step).ok().or_fail()?,
            constant: i32::try_from(difference.constant.div_euclid(step))
                .ok()
                .or_fail()?,
            ..Form::default()
        };
        let last = match comparison {
            Comparison::Equal => {
                let first = Integer {
                    turn: 0,
                    ..difference
                };
                let (least, most) = self.case.range(first, None).or_fail()?;
                let meets = difference.constant % step == 0 && least >= 0 && most < COUNT_LIMIT;
                meets.then_some(quotient).or_fail()?
            }
            Comparison::Less => quotient.plus_constant(1),
        };
        let turns = last.plus_constant(1);
        let mut is_proved = self.is_below_limit(last, None) && self.is_below_limit(turns, None);
        if comparison == Comparison::Less {
            // As integers, they are compared as numbers without a sign are.
            for side in [left, right] {
                let offset = side.minus(base);
                let room = self.case.count.minus(offset);
                let has_room = base == Form::default() || self.is_below_limit(room, Some(turns));
                is_proved &= has_room && self.is_below_limit(offset, Some(turns));
            }
        }
        is_proved.then_some(turns).or_fail()
    }
}

/// The address that a number is relative to, if it is to one.
fn address(form: Form) -> Form {
    [Form::TO, Form::FROM]
        .into_iter()
        .find(|address| form.minus(*address).distances() == Some(0))
        .unwrap_or_default()
}

/// Masks up to this one are of low bits.
const MOST_LOW: u32 = 31;

/// More bytes than an iteration writes.
const MOST_STEP: i64 = 64;

/// More ranges than are written to one by one.
const MOST_RANGES: usize = 64;

/// So many numbers of rounds are looked at one by one where together they leave a gap.
const FEW_ROUNDS: i64 = 256;

/// The address that is read from.
fn from(relation: Relation) -> Form {
    match relation {
        Relation::Equal => Form::TO,
        _ => Form::FROM,
    }
}

fn multiply(left: Value, right: Value, width: usize) -> Option<Value> {
    match (left, right.as_constant()?) {
        (Value::Number(number), factor) => Some(Value::Number(number.times(factor as i32))),
        (Value::Bytes(bytes), factor) => value::multiply(bytes.all(), factor, width).map(Value::of),
        _ => None,
    }
}

fn mask(left: Value, right: Value) -> Option<Value> {
    let (bytes, mask) = match (left.bytes(), right.bytes()) {
        (Some(bytes), None) => (bytes, right.as_constant()?),
        (None, Some(bytes)) => (bytes, left.as_constant()?),
        _ => return None,
    };
    value::masked(bytes, mask).map(Value::of)
}

fn or(left: Value, right: Value) -> Option<Value> {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        return Some(Value::constant(left.as_constant()? | right.as_constant()?));
    }
    value::together(left.bytes()?, right.bytes()?).map(Value::of)
}

fn shift_left(value: Value, distance: Value, width: usize) -> Option<Value> {
    let bits = distance.as_constant()? % (width as u64 * 8);
    match value {
        Value::Number(number) => {
            let factor = 1i32.checked_shl(bits as u32)?;
            Some(Value::Number(number.times(factor)))
        }
        Value::Bytes(bytes) => {
            (bits % 8 == 0).then(|| Value::of(value::shift(bytes.all(), bits as isize / 8, width)))
        }
        _ => None,
    }
}

/// The range that iterations write to, of what one of them writes; `None` if it has gaps.
fn iterated(mut written: Vec<(Form, Form)>, last: Form) -> Option<Option<(Form, Form)>> {
    let Some(&(first, _)) = written.first() else {
        return Some(None);
    };
    written.sort_by_key(|(start, _)| start.constant);
    let (mut start, mut end) = written[0];
    for (next, stop) in written {
        // All of them move alike.
        let is_like = next.minus(first).as_constant().is_some();
        let gap = next.minus(end).as_constant()?;
        if !is_like || gap > 0 {
            return None;
        }
        if stop.minus(end).as_constant()? > 0 {
            end = stop;
        }
    }
    let is_upwards = start.turn >= 0;
    if end.minus(start).as_constant()? < start.turn.checked_abs()? {
        return None;
    }
    let turn = Form::constant(0);
    if is_upwards {
        start = start.in_turn(turn);
        end = end.in_turn(last);
    } else {
        start = start.in_turn(last);
        end = end.in_turn(turn);
    }
    Some(Some((start, end)))
}
