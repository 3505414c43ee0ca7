//! Between which numbers the values of a loop are.

use crate::optimize::constant;
use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode, Value, types};
use std::collections::HashMap;

/// How far from a value what it is made from is looked at.
const FURTHEST: usize = 24;

/// The least and the greatest of the numbers that a value of 32 bits may be, read with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    least: i64,
    greatest: i64,
}

impl Range {
    const ANY: Self = Self::new(i32::MIN as i64, i32::MAX as i64);
    const TRUTH: Self = Self::new(0, 1);

    const fn new(least: i64, greatest: i64) -> Self {
        Self { least, greatest }
    }

    /// Whether they are all among these.
    fn is_in(self, other: Self) -> bool {
        other.least <= self.least && self.greatest <= other.greatest
    }

    /// Whether so many bits hold them all, without a sign.
    pub fn fits_unsigned(self, bits: u32) -> bool {
        self.is_in(Self::unsigned(bits))
    }

    /// Whether so many bits hold them all, with a sign.
    pub fn fits_signed(self, bits: u32) -> bool {
        self.is_in(Self::signed(bits))
    }

    fn unsigned(bits: u32) -> Self {
        Self::new(0, (1 << bits) - 1)
    }

    fn signed(bits: u32) -> Self {
        Self::new(-1 << (bits - 1), (1 << (bits - 1)) - 1)
    }

    /// These, if 32 bits hold them all: otherwise what is computed wraps.
    fn unless_it_wraps(self) -> Self {
        if self.is_in(Self::ANY) {
            self
        } else {
            Self::ANY
        }
    }

    /// Whether so many bits hold them all, with a sign or without.
    pub fn fits(self, bits: u32) -> bool {
        self.fits_unsigned(bits) || self.fits_signed(bits)
    }

    /// The sums of two of them.
    pub fn twice(self) -> Self {
        Self::new(2 * self.least, 2 * self.greatest)
    }

    /// The numbers of both.
    pub fn or(self, other: Self) -> Self {
        let least = self.least.min(other.least);
        Self::new(least, self.greatest.max(other.greatest))
    }

    /// From the least to the greatest of these.
    fn of(numbers: [i64; 4]) -> Self {
        let least = numbers.iter().min().expect("there are four");
        Self::new(*least, *numbers.iter().max().expect("there are four"))
    }
}

/// What has been found out of values.
#[derive(Default)]
pub(super) struct Ranges {
    known: HashMap<Value, Range>,
}

impl Ranges {
    /// That of a value of 32 bits.
    pub fn of(&mut self, func: &Function, value: Value) -> Range {
        self.within(func, value, FURTHEST)
    }

    fn within(&mut self, func: &Function, value: Value, further: usize) -> Range {
        let dfg = &func.dfg;
        let value = dfg.resolve_aliases(value);
        if further == 0 || dfg.value_type(value) != types::I32 {
            return Range::ANY;
        }
        if let Some(known) = self.known.get(&value) {
            return *known;
        }
        let inst = dfg.value_def(value).inst();
        let range = inst.map_or(Range::ANY, |inst| self.result(func, inst, further - 1));
        self.known.insert(value, range);
        range
    }

    /// That of what an instruction computes.
    fn result(&mut self, func: &Function, inst: Inst, further: usize) -> Range {
        use Opcode as O;
        let dfg = &func.dfg;
        let opcode = dfg.insts[inst].opcode();
        match opcode {
            O::Iconst => {
                let number = constant(dfg, dfg.first_result(inst));
                return number.map_or(Range::ANY, |number| {
                    let number = i64::from(number as i32);
                    Range::new(number, number)
                });
            }
            O::Uload8 => return Range::unsigned(8),
            O::Sload8 => return Range::signed(8),
            O::Bmask => return Range::new(-1, 0),
            O::Uload16 => return Range::unsigned(16),
            O::Sload16 => return Range::signed(16),
            _ => {}
        }
        let args = dfg.inst_args(inst);
        if let (O::Uextend | O::Sextend, [arg]) = (opcode, args) {
            return self.extended(func, opcode, *arg, further);
        }
        let mut of = |index: usize| self.within(func, args[index], further);
        match (opcode, args) {
            (O::Select, [_, _, _]) => of(1).or(of(2)),
            (O::Ishl | O::Ushr | O::Sshr, [_, distance]) => match constant(dfg, *distance) {
                Some(distance) => shifted(opcode, of(0), distance as u32 & 31),
                None => Range::ANY,
            },
            (_, [_, _]) => binary(opcode, of(0), of(1)),
            _ => Range::ANY,
        }
    }

    /// That of a value that is made longer.
    fn extended(&mut self, func: &Function, opcode: Opcode, arg: Value, further: usize) -> Range {
        let bits = func.dfg.value_type(arg).bits();
        if bits >= 32 {
            return Range::ANY;
        }
        if is_condition(func, arg) {
            return Range::TRUTH;
        }
        let whole = match opcode {
            Opcode::Uextend => Range::unsigned(bits),
            _ => Range::signed(bits),
        };
        let before = reduced(func, arg).map(|value| self.within(func, value, further));
        before.filter(|before| before.is_in(whole)).unwrap_or(whole)
    }
}

/// Whether a value is 1 or 0 because something holds or not.
pub(super) fn is_condition(func: &Function, value: Value) -> bool {
    let mut rest = vec![value];
    for _ in 0..FURTHEST {
        let Some(value) = rest.pop() else {
            return true;
        };
        let inst = func.dfg.value_def(func.dfg.resolve_aliases(value)).inst();
        let Some(inst) = inst else {
            return false;
        };
        match func.dfg.insts[inst].opcode() {
            Opcode::Icmp | Opcode::Fcmp => {}
            Opcode::Uextend | Opcode::Band | Opcode::Bor | Opcode::Bxor => {
                rest.extend(func.dfg.inst_args(inst));
            }
            _ => return false,
        }
    }
    false
}

/// The value that another one is the lower part of.
fn reduced(func: &Function, value: Value) -> Option<Value> {
    let inst = func.dfg.value_def(func.dfg.resolve_aliases(value)).inst()?;
    match func.dfg.insts[inst] {
        InstructionData::Unary {
            opcode: Opcode::Ireduce,
            arg,
        } => Some(arg),
        _ => None,
    }
}

fn binary(opcode: Opcode, left: Range, right: Range) -> Range {
    use Opcode as O;
    let is_positive = |range: &Range| range.least >= 0;
    match opcode {
        O::Iadd => {
            Range::new(left.least + right.least, left.greatest + right.greatest).unless_it_wraps()
        }
        O::Isub => {
            Range::new(left.least - right.greatest, left.greatest - right.least).unless_it_wraps()
        }
        O::Imul => Range::of([
            left.least * right.least,
            left.least * right.greatest,
            left.greatest * right.least,
            left.greatest * right.greatest,
        ])
        .unless_it_wraps(),
        // Nothing has more bits than what it is masked with; and the lesser one without a sign is no greater than either.
        O::Band | O::Umin => match [left, right]
            .into_iter()
            .filter(is_positive)
            .min_by_key(|range| range.greatest)
        {
            Some(mask) => Range::new(0, mask.greatest),
            None => Range::ANY,
        },
        O::Smin => Range::new(
            left.least.min(right.least),
            left.greatest.min(right.greatest),
        ),
        O::Smax => Range::new(
            left.least.max(right.least),
            left.greatest.max(right.greatest),
        ),
        O::Umax if is_positive(&left) && is_positive(&right) => Range::new(
            left.least.max(right.least),
            left.greatest.max(right.greatest),
        ),
        O::Bor | O::Bxor if is_positive(&left) && is_positive(&right) => {
            let greatest = left.greatest.max(right.greatest) as u64;
            Range::unsigned(u64::BITS - greatest.leading_zeros())
        }
        _ => Range::ANY,
    }
}

fn shifted(opcode: Opcode, range: Range, distance: u32) -> Range {
    match opcode {
        Opcode::Ishl => {
            Range::new(range.least << distance, range.greatest << distance).unless_it_wraps()
        }
        Opcode::Ushr if range.least < 0 && distance == 0 => Range::ANY,
        Opcode::Ushr if range.least < 0 => Range::unsigned(32 - distance),
        _ => Range::new(range.least >> distance, range.greatest >> distance),
    }
}
