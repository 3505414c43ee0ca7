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
        let constant = cursor.ins().iconst(types::I32, i64::from(self.constant));
        self.terms.iter().fold(constant, |sum, (value, factor)| {
            let value = replace(*value);
            let term = cursor.ins().imul_imm_u(value, i64::from(*factor));
            cursor.ins().iadd(sum, term)
        })
    }

    fn add_term(&mut self, value: Value, factor: u32) {
        let sum = self.terms.entry(value).or_default();
        *sum = sum.wrapping_add(factor);
        if *sum == 0 {
            self.terms.remove(&value);
        }
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
