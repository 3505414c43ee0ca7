//! What must hold when a loop is entered for its vectors to do what it does.

use super::access::{Accesses, Group};
use super::counted::Loop;
use super::end::{End, Order};
use crate::optimize::sum::Sum;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, Function, InstBuilder, Value, types};
use std::collections::HashMap;

/// In which order the accesses of the iterations come that are done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequence {
    /// All loads before all stores.
    LoadsFirst,
    /// As they are in the loop.
    AsIs,
}

/// Vectors that a loop fills at least, or it is not worth the checks.
const FEWEST: i64 = 2;

/// The blocks in front of a loop that decide between vectors and the loop as it was.
pub(super) struct Guard {
    /// The first one, which goes to the loop if it is short.
    pub entry: Block,
    /// The second one, without its branch.
    pub block: Block,
    /// Parameters like those of the loop, of the first block.
    pub params: Vec<Value>,
    /// Whether the vectors may be used.
    pub holds: Value,
    /// How often the loop goes back, 64 bits.
    pub rounds: Value,
    /// The address of each group's first byte.
    pub starts: Vec<Value>,
}

impl Guard {
    /// Makes the blocks: they find out whether `copies` iterations at a time do the same as one.
    pub fn build(
        func: &mut Function,
        counted: &Loop,
        end: &End,
        accesses: &Accesses,
        copies: u32,
        sequence: Sequence,
    ) -> Self {
        let [entry, block] = [(); 2].map(|()| func.dfg.make_block());
        func.layout.insert_block(entry, counted.block);
        func.layout.insert_block(block, counted.block);
        let types = counted
            .params
            .iter()
            .map(|param| func.dfg.value_type(*param));
        let types: Vec<_> = types.collect();
        let params = types
            .into_iter()
            .map(|ty| func.dfg.append_block_param(entry, ty))
            .collect();
        let mut builder = Builder {
            cursor: FuncCursor::new(func).at_bottom(entry),
            counted,
            params,
            conditions: Vec::new(),
        };
        let rounds = builder.rounds(end);
        let fewest = FEWEST * i64::from(copies);
        let is_long = builder.compare(IntCC::UnsignedGreaterThanOrEqual, rounds, fewest);
        let params: Vec<BlockArg> = builder.params.iter().copied().map(Into::into).collect();
        let branch = builder.cursor.ins();
        branch.brif(is_long, block, &[], counted.block, &params);
        builder.cursor.goto_bottom(block);
        let groups = accesses.groups.iter();
        let places: Vec<Place> = groups.map(|group| builder.place(group, rounds)).collect();
        if sequence == Sequence::LoadsFirst {
            builder.keep_apart(&accesses.groups, &places);
        }
        let holds = builder.all();
        Self {
            entry,
            block,
            params: builder.params,
            holds,
            rounds,
            starts: places.iter().map(|place| place.first).collect(),
        }
    }

    /// The end of the first block: the vectors, what comes behind them and the loop have what is put there.
    pub fn before<'a>(&self, func: &'a mut Function) -> FuncCursor<'a> {
        let branch = func.layout.last_inst(self.entry);
        FuncCursor::new(func).at_inst(branch.expect("the entry ends with a branch"))
    }
}

/// Where a group's accesses go in the whole loop.
struct Place {
    first: Value,
    /// Behind the last byte.
    end: Value,
}

struct Builder<'a> {
    cursor: FuncCursor<'a>,
    counted: &'a Loop,
    params: Vec<Value>,
    /// All of them must hold.
    conditions: Vec<Value>,
}

impl Builder<'_> {
    /// How often the loop goes back.
    fn rounds(&mut self, end: &End) -> Value {
        match end {
            End::Zero { distance, step } => self.rounds_to_zero(distance, *step),
            End::Order(order) => self.rounds_in_order(order),
        }
    }

    /// The distance at the end of the first iteration, divided by what it loses in each.
    ///
    /// Where that leaves no remainder, the distance is 0 then, and was not before: it has come down from there, or up to
    /// 2^32.
    fn rounds_to_zero(&mut self, distance: &Sum, step: i32) -> Value {
        let distance = self.sum(distance);
        let distance = match step {
            ..0 => distance,
            _ => self.cursor.ins().ineg(distance),
        };
        let step = i64::from(step.unsigned_abs());
        let rounds = self.cursor.ins().udiv_imm_u(distance, step);
        let product = self.cursor.ins().imul_imm_u(rounds, step);
        let divides = self.cursor.ins().icmp(IntCC::Equal, product, distance);
        self.conditions.push(divides);
        self.cursor.ins().uextend(types::I64, rounds)
    }

    /// How often one of two numbers is still less than the other, on the condition that the one that changes does not wrap
    /// before it is not.
    fn rounds_in_order(&mut self, order: &Order) -> Value {
        let lesser = self.sum(&order.lesser);
        let greater = self.sum(&order.greater);
        let goes_on = self.cursor.ins().icmp(order.condition, lesser, greater);
        let distance = self.cursor.ins().isub(greater, lesser);
        let distance = match order.is_or_equal() {
            true => distance,
            false => self.cursor.ins().iadd_imm_s(distance, -1),
        };
        let step = i64::from(order.step);
        let rounds = self.cursor.ins().udiv_imm_u(distance, step);
        let rounds = self.cursor.ins().uextend(types::I64, rounds);
        let rounds = self.cursor.ins().iadd_imm_s(rounds, 1);
        let none = self.cursor.ins().iconst(types::I64, 0);
        let rounds = self.cursor.ins().select(goes_on, rounds, none);

        let first = if order.grows { lesser } else { greater };
        let (first, bounds) = match order.is_signed() {
            true => (
                self.cursor.ins().sextend(types::I64, first),
                [i64::from(i32::MIN), i64::from(i32::MAX)],
            ),
            false => (
                self.cursor.ins().uextend(types::I64, first),
                [0, i64::from(u32::MAX)],
            ),
        };
        let way = self.cursor.ins().imul_imm_u(rounds, step);
        let compare = self.cursor.ins();
        let fits = if order.grows {
            let last = compare.iadd(first, way);
            let most = IntCC::SignedLessThanOrEqual;
            self.cursor.ins().icmp_imm_s(most, last, bounds[1])
        } else {
            let last = compare.isub(first, way);
            let least = IntCC::SignedGreaterThanOrEqual;
            self.cursor.ins().icmp_imm_s(least, last, bounds[0])
        };
        self.conditions.push(fits);
        rounds
    }

    /// Where a group's accesses go, on the condition that no index wraps.
    fn place(&mut self, group: &Group, rounds: Value) -> Place {
        let index = self.sum(&group.start);
        let index = self.cursor.ins().uextend(types::I64, index);
        let way = self.cursor.ins().imul_imm_u(rounds, i64::from(group.step));
        if group.span != 0 || group.step != 0 {
            let last = self.cursor.ins().iadd(index, way);
            let last = self.cursor.ins().iadd_imm_s(last, group.span);
            let highest = i64::from(u32::MAX);
            let fits = self.compare(IntCC::UnsignedLessThanOrEqual, last, highest);
            self.conditions.push(fits);
        }
        let start = group
            .bases
            .iter()
            .fold(index, |start, base| self.cursor.ins().iadd(start, *base));
        let first = self.cursor.ins().iadd_imm_s(start, group.first);
        let end = self.cursor.ins().iadd_imm_s(first, group.length);
        let end = self.cursor.ins().iadd(end, way);
        Place { first, end }
    }

    /// Makes it a condition that no group reads or writes what another one writes.
    fn keep_apart(&mut self, groups: &[Group], places: &[Place]) {
        for (number, one) in groups.iter().enumerate() {
            for (other_number, other) in groups.iter().enumerate().skip(number + 1) {
                if !one.has_store && !other.has_store {
                    continue;
                }
                let (place, other) = (&places[number], &places[other_number]);
                let before = IntCC::UnsignedLessThanOrEqual;
                let is_before = self.cursor.ins().icmp(before, place.end, other.first);
                let is_behind = self.cursor.ins().icmp(before, other.end, place.first);
                let apart = self.cursor.ins().bor(is_before, is_behind);
                self.conditions.push(apart);
            }
        }
    }

    /// A sum in terms of the loop's parameters, of what they are at the start.
    fn sum(&mut self, sum: &Sum) -> Value {
        let counted = self.counted;
        let values = sum.terms.keys().map(|value| {
            let here = match counted.param(*value) {
                Some(param) => self.params[param],
                None => self.bring(*value),
            };
            (*value, here)
        });
        let values: HashMap<Value, Value> = values.collect();
        sum.build(&mut self.cursor, |value| values[&value])
    }

    /// A value that is the same in all iterations, computed once more if the loop does it.
    fn bring(&mut self, value: Value) -> Value {
        let func = &mut self.cursor.func;
        let value = func.dfg.resolve_aliases(value);
        let inst = func.dfg.value_def(value).inst();
        let (Some(inst), false) = (inst, self.counted.is_outer(func, value)) else {
            return value;
        };
        let made = func.dfg.clone_inst(inst);
        for place in 0..func.dfg.inst_args(made).len() {
            let arg = self.cursor.func.dfg.inst_args(made)[place];
            let arg = self.bring(arg);
            self.cursor.func.dfg.inst_args_mut(made)[place] = arg;
        }
        self.cursor.insert_inst(made);
        self.cursor.func.dfg.first_result(made)
    }

    fn compare(&mut self, condition: IntCC, value: Value, limit: i64) -> Value {
        self.cursor.ins().icmp_imm_u(condition, value, limit)
    }

    /// Whether all conditions hold.
    fn all(&mut self) -> Value {
        let mut all = self.conditions.iter().copied();
        let first = all.next().expect("the number of rounds has one");
        all.fold(first, |holds, condition| {
            self.cursor.ins().band(holds, condition)
        })
    }
}
