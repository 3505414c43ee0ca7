//! What decides whether a loop goes on, in lanes: one for each of as many iterations as fill a vector.

use super::OnlyMemory;
use super::shape::{Exit, Next, Search};
use crate::optimize::address::{Address, Operands};
use crate::optimize::constant;
use crate::optimize::sum::Sum;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{Function, Inst, InstructionData, MemFlags, Opcode, Value, types};
use std::collections::HashMap;

/// Bytes that an access may be from the address that it is given, besides its offset.
const FARTHEST: i64 = 64;

/// Loads of a loop, at most.
const MOST_LOADS: usize = 4;

/// The bits of an i32 that a lane has, and what the others are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 0.
    Unsigned,
    /// Copies of the lane's highest bit.
    Signed,
    /// There are none.
    Whole,
    /// There are none, of an f32.
    Float,
    /// Of what a comparison gives: all the lane's bits are set for 1, none for 0.
    Mask,
}

/// A load, whose address gains as many bytes in each iteration as it reads.
pub(super) struct Load {
    /// The 32-bit index, in terms of the loop's parameters.
    pub index: Sum,
    /// Added to the index to get the address.
    pub offset: i64,
    /// The byte of the memory that it reads first where the index is 0.
    pub first: i64,
    pub flags: MemFlags,
    pub inst: Inst,
    /// Whether it reads an f32.
    pub is_float: bool,
}

impl Load {
    /// The part of the offset that an access holds; the rest is part of its address.
    pub fn in_access(&self) -> i64 {
        let fits = i32::try_from(self.offset + FARTHEST).is_ok();
        if fits { self.offset } else { 0 }
    }
}

/// What gives the lanes of a vector, some of it from others that come before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    /// What a load reads.
    Load(usize),
    /// What it has read in the iteration before.
    LoadedBefore(usize),
    /// A value that is the same in all iterations, in all lanes.
    Splat(Value),
    /// A number, in all lanes.
    Constant(i64),
    /// An operation with one operand.
    Unary(Opcode, usize),
    /// An operation with two operands.
    Binary(Opcode, [usize; 2]),
    /// A shift by a constant.
    Shift(Opcode, usize, i64),
    /// A comparison.
    Compare(IntCC, [usize; 2]),
    /// A comparison of numbers with a fraction.
    FloatCompare(FloatCC, [usize; 2]),
}

/// A branch that counts iterations: it surely goes on in the first `distance / step` of them.
pub(super) struct Count {
    /// What is left, in terms of the loop's parameters.
    pub distance: Sum,
    /// What it loses in each iteration.
    pub step: u32,
    /// What must hold for two numbers for anything to be left, in terms of the parameters.
    pub order: Option<(IntCC, [Sum; 2])>,
}

/// The loop's conditions.
pub(super) struct Lanes {
    /// Bytes of a lane.
    pub size: u32,
    pub loads: Vec<Load>,
    pub operations: Vec<Operation>,
    /// The masks with which the loop goes on where they are set, by their operation.
    pub staying: Vec<usize>,
    /// Those with which it is left where they are set.
    pub leaving: Vec<usize>,
    pub counts: Vec<Count>,
    /// Values from outside of the loop that must fit a lane.
    pub narrow: Vec<Value>,
}

impl Lanes {
    /// Whether the mask of all conditions is that of the lanes that stay, not of those that leave.
    pub fn stays(&self) -> bool {
        !self.staying.is_empty()
    }

    /// The conditions of a loop, if vectors can have them.
    pub fn find(func: &Function, search: &Search, memory: &OnlyMemory) -> Option<Self> {
        let mut finder = Finder {
            func,
            search,
            memory,
            lanes: Self {
                size: 0,
                loads: Vec::new(),
                operations: Vec::new(),
                staying: Vec::new(),
                leaving: Vec::new(),
                counts: Vec::new(),
                narrow: Vec::new(),
            },
            kinds: Vec::new(),
            known: HashMap::new(),
        };
        finder.loads()?;
        finder.carried()?;
        for exit in &search.exits {
            if let Some(count) = finder.count(exit) {
                finder.lanes.counts.push(count);
                continue;
            }
            let mut leaves = exit.if_true;
            let mut mask = finder.mask(exit.condition)?;
            // Machines compare for equality. Others may use the comparison as it is.
            if let Operation::Compare(IntCC::NotEqual, args) = finder.lanes.operations[mask] {
                mask = finder.add(Operation::Compare(IntCC::Equal, args), Kind::Mask);
                leaves = !leaves;
            }
            match leaves {
                true => finder.lanes.leaving.push(mask),
                false => finder.lanes.staying.push(mask),
            }
        }
        let is_count = finder.lanes.staying.is_empty() && finder.lanes.leaving.is_empty();
        (!is_count).then_some(finder.lanes)
    }
}

struct Finder<'a> {
    func: &'a Function,
    search: &'a Search,
    memory: &'a OnlyMemory,
    lanes: Lanes,
    /// Those of the operations.
    kinds: Vec<Kind>,
    /// The operations that give the loop's values.
    known: HashMap<Value, usize>,
}

impl Finder<'_> {
    /// Finds the loads; `None` if the loop does something else that can be noticed, or something that traps.
    fn loads(&mut self) -> Option<()> {
        let dfg = &self.func.dfg;
        let mut all_flags = None;
        for inst in &self.search.body {
            let opcode = dfg.insts[*inst].opcode();
            if opcode.can_store() || opcode.other_side_effects() || opcode.is_call() {
                return None;
            }
            if !opcode.can_load() {
                if opcode.can_trap() || dfg.inst_results(*inst).len() != 1 {
                    return None;
                }
                continue;
            }
            let flags = dfg.insts[*inst].memflags()?;
            // Globals are aligned.
            let is_aligned = dfg.mem_flags[flags].aligned();
            if is_aligned || *all_flags.get_or_insert(flags) != flags {
                return None;
            }
            let kind = self.load_kind(*inst)?;
            let operands = Operands::of(dfg, *inst)?;
            let size = u32::try_from(operands.size).ok()?;
            if self.lanes.loads.is_empty() {
                self.lanes.size = size;
            }
            let is_outer = |value| self.search.is_outer(self.func, value);
            let address = Address::of(dfg, operands.address, is_outer)?;
            let step = self.search.step_of(self.func, &address.index)?;
            let offset = address.offset + operands.offset;
            let load = Load {
                index: address.index,
                offset,
                first: offset - self.memory.base as i64,
                flags,
                inst: *inst,
                is_float: kind == Kind::Float,
            };
            let is_row = step == size && self.lanes.size == size;
            let is_alone = address.bases.is_empty() && load.first >= 0;
            if !is_row || !is_alone || self.lanes.loads.len() == MOST_LOADS {
                return None;
            }
            self.lanes.loads.push(load);
            let operation = Operation::Load(self.lanes.loads.len() - 1);
            let operation = self.add(operation, kind);
            self.known.insert(dfg.first_result(*inst), operation);
        }
        (!self.lanes.loads.is_empty()).then_some(())
    }

    /// Finds what the loop carries of what it has read.
    fn carried(&mut self) -> Option<()> {
        for (param, next) in self.search.params.iter().zip(&self.search.next) {
            let Next::Loaded(inst) = next else {
                continue;
            };
            let mut loads = self.lanes.loads.iter();
            let load = loads.position(|load| load.inst == *inst)?;
            let kind = self.load_kind(*inst)?;
            let operation = self.add(Operation::LoadedBefore(load), kind);
            self.known.insert(*param, operation);
        }
        Some(())
    }

    fn load_kind(&self, inst: Inst) -> Option<Kind> {
        let dfg = &self.func.dfg;
        match (
            dfg.insts[inst].opcode(),
            dfg.value_type(dfg.first_result(inst)),
        ) {
            (Opcode::Uload8 | Opcode::Uload16, types::I32) => Some(Kind::Unsigned),
            (Opcode::Sload8 | Opcode::Sload16, types::I32) => Some(Kind::Signed),
            (Opcode::Load, types::I32) => Some(Kind::Whole),
            (Opcode::Load, types::F32) => Some(Kind::Float),
            _ => None,
        }
    }

    fn add(&mut self, operation: Operation, kind: Kind) -> usize {
        self.lanes.operations.push(operation);
        self.kinds.push(kind);
        self.lanes.operations.len() - 1
    }

    /// How often a branch goes on for sure, if it counts.
    fn count(&self, exit: &Exit) -> Option<Count> {
        let dfg = &self.func.dfg;
        let is_narrow = |value| dfg.value_type(value) == types::I32;
        let inst = dfg.value_def(exit.condition).inst();
        let (condition, [left, right]) = match inst.map(|inst| dfg.insts[inst]) {
            Some(InstructionData::IntCompare { cond, args, .. }) if is_narrow(args[0]) => {
                let goes_on = if exit.if_true {
                    cond.complement()
                } else {
                    cond
                };
                (goes_on, args)
            }
            _ if is_narrow(exit.condition) && !exit.if_true => {
                let distance = Sum::of(dfg, exit.condition);
                return self.counts_down(distance);
            }
            _ => return None,
        };
        let [left_sum, right_sum] = [left, right].map(|value| Sum::of(dfg, value));
        match condition {
            IntCC::NotEqual => self.counts_down(left_sum.plus(&right_sum, u32::MAX)),
            IntCC::Equal => None,
            _ => self.counts_to(condition, [left_sum, right_sum]),
        }
    }

    /// A distance that comes down to 0, or up to 2^32.
    fn counts_down(&self, distance: Sum) -> Option<Count> {
        let step = self.search.step_of(self.func, &distance)? as i32;
        let distance = match step {
            0 => return None,
            ..0 => distance,
            1.. => Sum::default().plus(&distance, u32::MAX),
        };
        Some(Count {
            distance,
            step: step.unsigned_abs(),
            order: None,
        })
    }

    /// The way from the lesser of two numbers to the greater one, one of which stays where it is.
    fn counts_to(&self, condition: IntCC, sums: [Sum; 2]) -> Option<Count> {
        let is_less = matches!(
            condition.without_equal(),
            IntCC::UnsignedLessThan | IntCC::SignedLessThan
        );
        let [less, greater] = if is_less { [0, 1] } else { [1, 0] }.map(|side| &sums[side]);
        let step = |sum| Some(self.search.step_of(self.func, sum)? as i32);
        match (step(less)?, step(greater)?) {
            (1.., 0) | (0, ..0) => {}
            _ => return None,
        }
        let count = self.counts_down(greater.clone().plus(less, u32::MAX))?;
        Some(Count {
            order: Some((condition, sums)),
            ..count
        })
    }

    /// The operation that gives a mask of the lanes where a value is not 0.
    fn mask(&mut self, value: Value) -> Option<usize> {
        // A difference does not fit a lane, but whether there is one does.
        let inst = self.func.dfg.value_def(value).inst();
        if let Some(InstructionData::Binary {
            opcode: Opcode::Isub,
            args,
        }) = inst.map(|inst| self.func.dfg.insts[inst])
        {
            let (compare, kind) = self.compare(IntCC::NotEqual, args)?;
            return Some(self.add(compare, kind));
        }
        let operation = self.operation(value)?;
        match self.kinds[operation] {
            Kind::Mask => Some(operation),
            Kind::Float => None,
            _ => {
                let zero = self.add(Operation::Constant(0), Kind::Whole);
                let differs = Operation::Compare(IntCC::NotEqual, [operation, zero]);
                Some(self.add(differs, Kind::Mask))
            }
        }
    }

    /// The operation that gives a value that varies.
    fn operation(&mut self, value: Value) -> Option<usize> {
        let value = self.func.dfg.resolve_aliases(value);
        if let Some(known) = self.known.get(&value) {
            return Some(*known);
        }
        let inst = self.func.dfg.value_def(value).inst()?;
        let block = self.func.layout.inst_block(inst)?;
        if !self.search.blocks.contains(&block) {
            return None;
        }
        let (operation, kind) = match self.func.dfg.insts[inst] {
            InstructionData::Binary { opcode, args } => self.binary(opcode, args)?,
            InstructionData::Unary { opcode, arg } => self.unary(opcode, arg)?,
            InstructionData::IntCompare { cond, args, .. } => self.compare(cond, args)?,
            InstructionData::FloatCompare { cond, args, .. } => {
                let args = self.pair(args)?;
                let is_float = args.iter().all(|arg| self.kinds[*arg] == Kind::Float);
                let compare = Operation::FloatCompare(cond, args);
                is_float.then_some((compare, Kind::Mask))?
            }
            _ => return None,
        };
        let operation = self.add(operation, kind);
        self.known.insert(value, operation);
        Some(operation)
    }

    fn unary(&mut self, opcode: Opcode, arg: Value) -> Option<(Operation, Kind)> {
        let arg = self.operation(arg)?;
        let kind = self.kinds[arg];
        match (opcode, kind) {
            // As what it is, 0 or 1, whatever its type.
            (Opcode::Uextend | Opcode::Ireduce, Kind::Mask) => {
                Some((self.lanes.operations[arg], kind))
            }
            (Opcode::Bnot | Opcode::Ineg, Kind::Whole) => {
                Some((Operation::Unary(opcode, arg), kind))
            }
            (Opcode::Bnot, Kind::Signed) => Some((Operation::Unary(opcode, arg), kind)),
            _ => None,
        }
    }

    fn binary(&mut self, opcode: Opcode, args: [Value; 2]) -> Option<(Operation, Kind)> {
        let dfg = &self.func.dfg;
        match opcode {
            Opcode::Ishl | Opcode::Ushr | Opcode::Sshr => {
                let amount = constant(dfg, args[1])? & 31;
                let arg = self.operation(args[0])?;
                let is_whole = self.kinds[arg] == Kind::Whole;
                is_whole.then_some((Operation::Shift(opcode, arg, amount), Kind::Whole))
            }
            Opcode::Band | Opcode::Bor | Opcode::Bxor => {
                if let Some(masked) = self
                    .modulo(opcode, args)
                    .or_else(|| self.masked(opcode, args))
                {
                    return Some(masked);
                }
                let args = self.pair(args)?;
                let [kind, other] = args.map(|arg| self.kinds[arg]);
                let is_bits = kind == other && kind != Kind::Float;
                is_bits.then_some((Operation::Binary(opcode, args), kind))
            }
            Opcode::Iadd | Opcode::Isub => {
                let args = self.pair(args)?;
                let is_whole = args.iter().all(|arg| self.kinds[*arg] == Kind::Whole);
                is_whole.then_some((Operation::Binary(opcode, args), Kind::Whole))
            }
            _ => None,
        }
    }

    /// A sum of which a mask leaves the bits that lanes have: lanes add modulo as much.
    fn modulo(&mut self, opcode: Opcode, args: [Value; 2]) -> Option<(Operation, Kind)> {
        let is_mask = |value| constant(&self.func.dfg, value) == Some(self.highest());
        if opcode != Opcode::Band || self.lanes.size == 4 || !is_mask(args[1]) {
            return None;
        }
        let (value, more) = self.plus(args[0])?;
        let value = self.operation(value)?;
        if !matches!(self.kinds[value], Kind::Unsigned | Kind::Signed) {
            return None;
        }
        let more = self.add(Operation::Constant(more), Kind::Unsigned);
        let sum = Operation::Binary(Opcode::Iadd, [value, more]);
        Some((sum, Kind::Unsigned))
    }

    /// A mask, of which the bits of the lanes alone matter.
    fn masked(&mut self, opcode: Opcode, args: [Value; 2]) -> Option<(Operation, Kind)> {
        let mask = constant(&self.func.dfg, args[1])?;
        if opcode != Opcode::Band || self.lanes.size == 4 {
            return None;
        }
        let value = self.operation(args[0])?;
        if self.kinds[value] != Kind::Unsigned {
            return None;
        }
        let mask = mask & self.highest();
        if mask == self.highest() {
            return Some((self.lanes.operations[value], Kind::Unsigned));
        }
        let mask = self.add(Operation::Constant(mask), Kind::Unsigned);
        let masked = Operation::Binary(Opcode::Band, [value, mask]);
        Some((masked, Kind::Unsigned))
    }

    /// A value as another one and a constant that is added to it.
    fn plus(&self, value: Value) -> Option<(Value, i64)> {
        let dfg = &self.func.dfg;
        let inst = dfg.value_def(dfg.resolve_aliases(value)).inst()?;
        match dfg.insts[inst] {
            InstructionData::Binary { opcode, args } => {
                let number = i64::from(constant(dfg, args[1])? as i32);
                match opcode {
                    Opcode::Iadd => Some((args[0], number)),
                    Opcode::Isub => Some((args[0], -number)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The highest number that an unsigned lane of a narrow load has.
    fn highest(&self) -> i64 {
        (1 << (8 * self.lanes.size)) - 1
    }

    fn compare(&mut self, condition: IntCC, args: [Value; 2]) -> Option<(Operation, Kind)> {
        if self.func.dfg.value_type(args[0]) != types::I32 {
            return self.compare_masks(condition, args);
        }
        if let Some(range) = self.range(condition, args) {
            return Some(range);
        }
        let args = self.pair(args)?;
        let [kind, other] = args.map(|arg| self.kinds[arg]);
        let is_order = !matches!(condition, IntCC::Equal | IntCC::NotEqual);
        let condition = match kind {
            _ if kind != other => return None,
            // These are not negative.
            Kind::Unsigned => condition.unsigned(),
            Kind::Signed if is_order && condition.unsigned() == condition => return None,
            Kind::Signed | Kind::Whole => condition,
            Kind::Float => return None,
            Kind::Mask => return self.compare_masks_with(condition, args),
        };
        Some((Operation::Compare(condition, args), Kind::Mask))
    }

    /// What comparisons give, compared with each other or with 0, whatever their type.
    fn compare_masks(&mut self, condition: IntCC, args: [Value; 2]) -> Option<(Operation, Kind)> {
        let args = self.pair(args)?;
        self.compare_masks_with(condition, args)
    }

    fn compare_masks_with(&self, condition: IntCC, args: [usize; 2]) -> Option<(Operation, Kind)> {
        let is_mask = args.iter().all(|arg| self.kinds[*arg] == Kind::Mask);
        let is_equality = matches!(condition, IntCC::Equal | IntCC::NotEqual);
        let compare = Operation::Compare(condition, args);
        (is_mask && is_equality).then_some((compare, Kind::Mask))
    }

    /// `value + more < limit` without a sign, with a negative `more`, as compilers write that a value lies in a range: in
    /// lanes it is the same where what lies below the range comes out behind it.
    fn range(&mut self, condition: IntCC, args: [Value; 2]) -> Option<(Operation, Kind)> {
        if self.lanes.size == 4 || condition.unsigned() != condition {
            return None;
        }
        let includes = match condition {
            IntCC::UnsignedLessThan | IntCC::UnsignedGreaterThanOrEqual => 0,
            IntCC::UnsignedLessThanOrEqual | IntCC::UnsignedGreaterThan => 1,
            _ => return None,
        };
        let limit = constant(&self.func.dfg, args[1])?;
        let (value, more) = self.plus(args[0])?;
        let highest = self.highest();
        let is_range =
            (-highest..0).contains(&more) && (0..=highest + 1 + more - includes).contains(&limit);
        if !is_range || limit > highest {
            return None;
        }
        let value = self.operation(value)?;
        if self.kinds[value] != Kind::Unsigned {
            return None;
        }
        let more = self.add(Operation::Constant(more), Kind::Unsigned);
        let sum = self.add(
            Operation::Binary(Opcode::Iadd, [value, more]),
            Kind::Unsigned,
        );
        let limit = self.add(Operation::Constant(limit), Kind::Unsigned);
        Some((Operation::Compare(condition, [sum, limit]), Kind::Mask))
    }

    /// The operations of two operands, one of which may be the same in all lanes.
    fn pair(&mut self, args: [Value; 2]) -> Option<[usize; 2]> {
        let is_outer = args.map(|arg| self.is_same_in_all(arg));
        match is_outer {
            [false, false] => Some([self.operation(args[0])?, self.operation(args[1])?]),
            [false, true] => {
                let one = self.operation(args[0])?;
                Some([one, self.same_in_all(args[1], self.kinds[one])?])
            }
            [true, false] => {
                let one = self.operation(args[1])?;
                Some([self.same_in_all(args[0], self.kinds[one])?, one])
            }
            [true, true] => None,
        }
    }

    fn is_same_in_all(&self, value: Value) -> bool {
        self.search.is_same(self.func, value)
    }

    /// The operation that gives a value in all lanes, for an operand of another one of this kind.
    fn same_in_all(&mut self, value: Value, kind: Kind) -> Option<usize> {
        let dfg = &self.func.dfg;
        let value = dfg.resolve_aliases(value);
        let highest = || self.highest();
        let operation = match (constant(dfg, value), kind) {
            (Some(number), _) => {
                let number = i64::from(number as i32);
                let fits = match kind {
                    Kind::Unsigned => (0..=highest()).contains(&number),
                    Kind::Signed => (-highest() / 2 - 1..=highest() / 2).contains(&number),
                    Kind::Whole => true,
                    Kind::Float => false,
                    Kind::Mask => number == 0,
                };
                fits.then_some(Operation::Constant(number))?
            }
            (None, Kind::Unsigned) => {
                self.lanes.narrow.push(value);
                Operation::Splat(value)
            }
            (None, Kind::Whole | Kind::Float) => Operation::Splat(value),
            (None, Kind::Signed | Kind::Mask) => return None,
        };
        Some(self.add(operation, kind))
    }
}
