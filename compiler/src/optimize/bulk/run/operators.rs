//! What each operator does.

use super::super::form::Form;
use super::super::value::{self, Byte, Comparison, Condition, Value};
use super::{Fork, Frame, FrameKind, OrFail, Result, Run, Stop};
use wasmparser::{BlockType, Operator};

/// Masks up to this one are of low bits.
const MOST_LOW: u32 = 31;

impl Run<'_> {
    /// An operand, by how many are above it; decided on if it is a condition.
    fn operand(&mut self, above: usize) -> Result<Value> {
        let at = self.stack.len().checked_sub(above + 1).or_fail()?;
        if let Value::Truth(condition) = self.stack[at] {
            self.stack[at] = Value::constant(self.decide(condition)?.into());
        }
        Ok(self.stack[at])
    }

    pub(super) fn pop(&mut self) -> Result<Value> {
        self.stack.pop().or_fail()
    }

    /// The condition that the last value is not 0.
    pub(super) fn condition(&self) -> Result<Condition> {
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

    pub(super) fn operate(&mut self, at: usize) -> Result<()> {
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
            O::I64And => self.binary(mask)?,
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
            Value::Bytes(bytes) if bits.is_multiple_of(8) => {
                let by = -(bits as isize / 8);
                Some(Value::of(value::shift(bytes.all(), by, width)))
            }
            _ => None,
        };
        self.replace(2, shifted);
        Ok(())
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
        Value::Bytes(bytes) => bits
            .is_multiple_of(8)
            .then(|| Value::of(value::shift(bytes.all(), bits as isize / 8, width))),
        _ => None,
    }
}
