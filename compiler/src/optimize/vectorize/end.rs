//! When a loop ends, and how often it goes back until then.

use super::counted::Loop;
use crate::optimize::sum::Sum;
use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{Function, InstructionData, Opcode, Value, types};

/// By how much what is compared gets closer in an iteration, at most.
const LONGEST_STEP: u32 = 1 << 16;

/// What is compared at the end of a loop's first block, of 32 bits, in terms of the parameters at its start.
#[derive(Debug)]
pub(super) enum End {
    /// The loop ends when this sum is 0 modulo 2^32.
    Zero {
        distance: Sum,
        /// What it gains in each iteration, not 0.
        step: i32,
    },
    /// The loop goes on while one is less than the other.
    Order(Order),
}

/// Two numbers that get closer.
#[derive(Debug)]
pub(super) struct Order {
    pub lesser: Sum,
    pub greater: Sum,
    /// How they are compared: less, or less or equal, with a sign or without.
    pub condition: IntCC,
    /// By how much they get closer in each iteration, not 0.
    pub step: u32,
    /// Whether it is the lesser one that changes.
    pub grows: bool,
}

impl End {
    /// That of a loop, from the condition of its branch.
    pub fn find(
        func: &Function,
        counted: &Loop,
        condition: Value,
        goes_on_if_true: bool,
    ) -> Option<Self> {
        let dfg = &func.dfg;
        let condition = dfg.resolve_aliases(condition);
        let inst = dfg.value_def(condition).inst();
        let compared = inst.map(|inst| dfg.insts[inst]);
        let Some(InstructionData::IntCompare {
            opcode: Opcode::Icmp,
            cond,
            args,
        }) = compared
        else {
            let is_narrow = dfg.value_type(condition) == types::I32;
            let distance = (is_narrow && goes_on_if_true).then(|| Sum::of(dfg, condition))?;
            return Self::zero(func, counted, distance);
        };
        if dfg.value_type(args[0]) != types::I32 {
            return None;
        }
        let goes_on = match goes_on_if_true {
            true => cond,
            false => cond.complement(),
        };
        let [left, right] = args.map(|value| Sum::of(dfg, value));
        use IntCC as C;
        let (condition, [lesser, greater]) = match goes_on {
            C::NotEqual => return Self::zero(func, counted, left.plus(&right, u32::MAX)),
            C::Equal => return None,
            C::SignedLessThan
            | C::SignedLessThanOrEqual
            | C::UnsignedLessThan
            | C::UnsignedLessThanOrEqual => (goes_on, [left, right]),
            _ => (goes_on.swap_args(), [right, left]),
        };
        let steps = [&lesser, &greater].map(|sum| counted.step_of(func, sum));
        let (step, grows) = match [steps[0]?, steps[1]?] {
            [step, 0] => (step, true),
            [0, step] => (step.wrapping_neg(), false),
            _ => return None,
        };
        (1..=LONGEST_STEP)
            .contains(&step)
            .then_some(Self::Order(Order {
                lesser,
                greater,
                condition,
                step,
                grows,
            }))
    }

    fn zero(func: &Function, counted: &Loop, distance: Sum) -> Option<Self> {
        let step = counted.step_of(func, &distance)? as i32;
        (step != 0).then_some(Self::Zero { distance, step })
    }
}

impl Order {
    /// Whether the loop goes on when both are the same.
    pub fn is_or_equal(&self) -> bool {
        self.condition != self.condition.without_equal()
    }

    /// What must hold of the number that stays for the other one not to wrap on its way: a comparison with a constant,
    /// unless it always does.
    ///
    /// The other one is last compared with success a step before it is beyond, and that must be a number of 32 bits.
    pub fn limit(&self) -> Option<(IntCC, i32)> {
        use IntCC as C;
        let is_signed = self.condition.unsigned() != self.condition;
        let (least, greatest) = match is_signed {
            true => (i64::from(i32::MIN), i64::from(i32::MAX)),
            false => (0, i64::from(u32::MAX)),
        };
        let beyond = i64::from(self.step) - i64::from(!self.is_or_equal());
        let (condition, limit) = match (self.grows, is_signed) {
            (true, true) => (C::SignedLessThanOrEqual, greatest - beyond),
            (true, false) => (C::UnsignedLessThanOrEqual, greatest - beyond),
            (false, true) => (C::SignedGreaterThanOrEqual, least + beyond),
            (false, false) => (C::UnsignedGreaterThanOrEqual, least + beyond),
        };
        (beyond > 0).then_some((condition, limit as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the number that changes wraps when it is compared with the one that stays, starting from a number that is no
    /// more than a few steps away from that.
    fn wraps(order: &Order, stays: i32) -> bool {
        let is_signed = order.condition.unsigned() != order.condition;
        let number = |bits: i32| match is_signed {
            true => i64::from(bits),
            false => i64::from(bits as u32),
        };
        let step = i64::from(order.step);
        let stays = number(stays);
        let starts = -4 * step..=4 * step;
        let starts = starts.map(|distance| stays + distance);
        let is_number = |value: &i64| number(*value as i32) == *value;
        starts.filter(is_number).any(|start| {
            let (lesser, greater) = match order.grows {
                true => (start, stays),
                false => (stays, start),
            };
            let goes_on = lesser < greater || order.is_or_equal() && lesser == greater;
            let next = if order.grows {
                start + step
            } else {
                start - step
            };
            goes_on && !is_number(&next)
        })
    }

    #[test]
    fn what_is_within_the_limit_does_not_wrap_and_what_is_beyond_does() {
        use IntCC as C;
        for condition in [
            C::SignedLessThan,
            C::SignedLessThanOrEqual,
            C::UnsignedLessThan,
            C::UnsignedLessThanOrEqual,
        ] {
            for (step, grows) in [1, 2, 3, 16, 1000]
                .into_iter()
                .flat_map(|step| [(step, true), (step, false)])
            {
                let (lesser, greater) = Default::default();
                let order = Order {
                    lesser,
                    greater,
                    condition,
                    step,
                    grows,
                };
                let Some((_, limit)) = order.limit() else {
                    assert!(step == 1 && !order.is_or_equal());
                    continue;
                };
                let beyond = if grows {
                    limit.wrapping_add(1)
                } else {
                    limit.wrapping_sub(1)
                };
                assert!(!wraps(&order, limit), "{order:?}");
                assert!(wraps(&order, beyond), "{order:?}");
            }
        }
    }
}
