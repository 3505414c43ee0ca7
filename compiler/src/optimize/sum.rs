//! Sums of 32 bits as they stand in code, taken apart.

use super::constant;
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::{DataFlowGraph, InstBuilder, InstructionData, Opcode, Value, types};
use std::collections::BTreeMap;

/// The instructions that a sum is taken from.
const STEPS: usize = 32;

/// Values times factors and a constant, added modulo 2^32.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// The values that are no sums themselves, with their factors, none of which is 0.
    pub terms: BTreeMap<Value, u32>,
    pub constant: u32,
}

impl Sum {
    /// What a value is the sum of.
    pub fn of(dfg: &DataFlowGraph, value: Value) -> Self {
        let mut sum = Self::default();
        let mut rest = vec![(value, 1u32)];
        for step in 0.. {
            let Some((value, factor)) = rest.pop() else {
                break;
            };
            let value = dfg.resolve_aliases(value);
            let parts = match operation(dfg, value) {
                _ if step >= STEPS => None,
                Some(Operation::Constant(constant)) => {
                    let constant = factor.wrapping_mul(constant);
                    sum.constant = sum.constant.wrapping_add(constant);
                    continue;
                }
                Some(Operation::Sum(parts)) => Some(parts),
                None => None,
            };
            match parts {
                Some(parts) => rest.extend(
                    parts
                        .into_iter()
                        .map(|(part, times)| (part, factor.wrapping_mul(times))),
                ),
                None => sum.add_term(value, factor),
            }
        }
        sum
    }

    /// This one and another one so many times.
    pub fn plus(mut self, other: &Self, times: u32) -> Self {
        for (value, factor) in &other.terms {
            self.add_term(*value, factor.wrapping_mul(times));
        }
        let constant = other.constant.wrapping_mul(times);
        self.constant = self.constant.wrapping_add(constant);
        self
    }

    /// What it gains in each iteration of a loop, from what each of its values gains, if that is a constant.
    pub fn step(&self, step: impl Fn(Value) -> Option<u32>) -> Option<u32> {
        let mut gains = self.terms.iter();
        gains.try_fold(0u32, |gain, (value, factor)| {
            Some(gain.wrapping_add(step(*value)?.wrapping_mul(*factor)))
        })
    }

    /// Computes it, with other values in the places of its own.
    pub fn build(&self, cursor: &mut FuncCursor<'_>, replace: impl Fn(Value) -> Value) -> Value {
        const MINUS_ONE: u32 = u32::MAX;
        let is_added = |(_, factor): &(&Value, &u32)| **factor != MINUS_ONE;
        let added = self.terms.iter().filter(is_added);
        // A difference takes a negation less than a sum.
        let terms = added.chain(self.terms.iter().filter(|term| !is_added(term)));
        let mut sum = None;
        for (value, factor) in terms {
            let value = replace(*value);
            sum = Some(match (sum, *factor) {
                (None, 1) => value,
                (None, MINUS_ONE) => cursor.ins().ineg(value),
                (Some(sum), MINUS_ONE) => cursor.ins().isub(sum, value),
                (sum, factor) => {
                    let term = times(cursor, value, i64::from(factor));
                    sum.map_or(term, |sum| cursor.ins().iadd(sum, term))
                }
            });
        }
        let constant = i64::from(self.constant);
        match sum {
            None => cursor.ins().iconst(types::I32, constant),
            Some(sum) if constant == 0 => sum,
            Some(sum) => cursor.ins().iadd_imm_u(sum, constant),
        }
    }

    fn add_term(&mut self, value: Value, factor: u32) {
        let sum = self.terms.entry(value).or_default();
        *sum = sum.wrapping_add(factor);
        if *sum == 0 {
            self.terms.remove(&value);
        }
    }
}

/// A value so many times.
pub(super) fn times(cursor: &mut FuncCursor<'_>, value: Value, factor: i64) -> Value {
    match factor {
        1 => value,
        _ => cursor.ins().imul_imm_u(value, factor),
    }
}

enum Operation {
    Constant(u32),
    /// Values with their factors.
    Sum(Vec<(Value, u32)>),
}

fn operation(dfg: &DataFlowGraph, value: Value) -> Option<Operation> {
    let inst = dfg.value_def(value).inst()?;
    let (opcode, [left, right]) = match dfg.insts[inst] {
        InstructionData::UnaryImm { imm, .. } => {
            return Some(Operation::Constant(imm.bits() as u32));
        }
        InstructionData::Binary { opcode, args } => (opcode, args),
        _ => return None,
    };
    let parts = match (opcode, constant(dfg, left), constant(dfg, right)) {
        (Opcode::Iadd, ..) => vec![(left, 1), (right, 1)],
        (Opcode::Isub, ..) => vec![(left, 1), (right, u32::MAX)],
        (Opcode::Imul, _, Some(factor)) => vec![(left, factor as u32)],
        (Opcode::Imul, Some(factor), _) => vec![(right, factor as u32)],
        (Opcode::Ishl, _, Some(distance)) => vec![(left, 1 << (distance & 31))],
        _ => return None,
    };
    Some(Operation::Sum(parts))
}
