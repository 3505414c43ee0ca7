//! What is known of a condition, or which ways there are.

use super::super::form::{Form, Integer, Relation};
use super::super::value::{Comparison, Condition};
use super::{Fork, OrFail, Result, Run, Stop, Verdict};
use std::iter::zip;

impl Run<'_> {
    /// The lowest bits of a number, none if the iteration decides on them.
    pub(super) fn low(&self, form: Form, bits: u32) -> Result<Option<i32>> {
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
    pub(super) fn decide(&mut self, condition: Condition) -> Result<bool> {
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
}

/// The address that a number is relative to, if it is to one.
pub(super) fn address(form: Form) -> Form {
    [Form::TO, Form::FROM]
        .into_iter()
        .find(|address| form.minus(*address).distances() == Some(0))
        .unwrap_or_default()
}
