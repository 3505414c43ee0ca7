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

    /// Whether the numbers have a sign.
    pub fn is_signed(&self) -> bool {
        self.condition.unsigned() != self.condition
    }
}
