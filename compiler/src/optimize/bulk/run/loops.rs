//! The iterations of a loop, all at once.

use super::super::STEPS_OF_FORK;
use super::super::form::{COUNT_LIMIT, Form, Integer};
use super::super::value::{self, Comparison, Condition, Value};
use super::conditions::address;
use super::{Fork, FrameKind, Iteration, OrFail, Result, Run, Stop};
use std::iter::zip;

/// More bytes than an iteration writes.
const MOST_STEP: i64 = 64;

impl Run<'_> {
    /// Whether a branch goes back in a loop as often as a count says that is no constant.
    pub(super) fn repeats(&self, depth: u32, condition: Condition) -> bool {
        let index = self.frames.len().checked_sub(depth as usize + 1);
        let kind = index.map(|index| &self.frames[index].kind);
        matches!(kind, Some(FrameKind::Loop { .. }))
            && condition.left.minus(condition.right).rounds != 0
    }

    /// Goes through the iterations of a loop all at once, at the end of the first one, or does nothing.
    pub(super) fn repeat(&mut self, depth: u32) -> Result<()> {
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
        if !self.is_below_limit(last, None) || !self.is_below_limit(turns, None) {
            return Err(Stop::Failed);
        }
        if comparison == Comparison::Less {
            // As integers, they are compared as numbers without a sign are.
            for side in [left, right] {
                let offset = side.minus(base);
                let room = self.case.count.minus(offset);
                let has_room = base == Form::default() || self.is_below_limit(room, Some(turns));
                if !has_room || !self.is_below_limit(offset, Some(turns)) {
                    return Err(Stop::Failed);
                }
            }
        }
        Ok(turns)
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
