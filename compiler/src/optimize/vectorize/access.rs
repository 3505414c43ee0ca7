//! Where a loop's loads and stores go.

use super::counted::Loop;
use crate::optimize::address::{Address, Operands};
use crate::optimize::sum::Sum;
use cranelift_codegen::ir::{Function, Inst, Value};

/// Bytes that an access moves on in an iteration, at most. What is added up from it fits 64 bits.
const LONGEST_STEP: u32 = 1 << 16;

/// A load or a store of a loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub inst: Inst,
    pub is_store: bool,
    /// Which of the groups it belongs to.
    pub group: usize,
    /// The bytes from the group's first one to this access, in the first iteration.
    pub position: i64,
    /// How many bytes it reads or writes.
    pub size: i64,
}

/// Accesses whose addresses differ by constants, while their 32-bit indices don't wrap.
#[derive(Debug)]
pub(super) struct Group {
    /// Values of 64 bits that are part of the address: a memory's base.
    pub bases: Vec<Value>,
    /// The lowest index, at the start, in terms of the parameters.
    pub start: Sum,
    /// How far the highest index is from the lowest.
    pub span: i64,
    /// What the indices gain in each iteration.
    pub step: u32,
    /// The first byte of all, from where the lowest index points to.
    pub first: i64,
    /// How many bytes they reach in the first iteration.
    pub length: i64,
    pub has_store: bool,
}

/// All of a loop's accesses, in their order, in groups.
#[derive(Debug, Default)]
pub(super) struct Accesses {
    pub all: Vec<Access>,
    pub groups: Vec<Group>,
}

impl Accesses {
    /// The accesses of a loop, if nothing else has an effect or can trap, and all go to linear memories.
    pub fn find(func: &Function, counted: &Loop) -> Option<Self> {
        let mut accesses = Self::default();
        // How far an access's index is from that of its group's first one, and the offset from there.
        let mut places: Vec<(i64, i64)> = Vec::new();
        let mut all_flags = None;
        for inst in &counted.body {
            let opcode = func.dfg.insts[*inst].opcode();
            if !opcode.can_load() && !opcode.can_store() {
                let has_effect = opcode.other_side_effects() || opcode.is_call();
                let is_pure = !has_effect && !opcode.can_trap();
                if is_pure && func.dfg.inst_results(*inst).len() == 1 {
                    continue;
                }
                return None;
            }
            let Operands {
                address,
                offset,
                size,
            } = Operands::of(&func.dfg, *inst)?;
            // Globals are aligned, and no two share a region.
            let flags = func.dfg.insts[*inst].memflags()?;
            let is_aligned = func.dfg.mem_flags[flags].aligned();
            if is_aligned || *all_flags.get_or_insert(flags) != flags {
                return None;
            }
            let is_outer = |value| counted.is_outer(func, value);
            let mut address = Address::of(&func.dfg, address, is_outer)?;
            address.offset += offset;
            let (group, delta) = accesses.group(func, counted, &address)?;
            places.push((delta, address.offset));
            accesses.all.push(Access {
                inst: *inst,
                is_store: opcode.can_store(),
                group,
                position: 0,
                size,
            });
        }
        accesses.place(&places);
        Some(accesses)
    }

    /// The group of an address, and how far its index is from that of the first one there.
    fn group(
        &mut self,
        func: &Function,
        counted: &Loop,
        address: &Address,
    ) -> Option<(usize, i64)> {
        let same = |group: &Group| {
            group.bases == address.bases && group.start.terms == address.index.terms
        };
        if let Some(group) = self.groups.iter().position(same) {
            let first = self.groups[group].start.constant;
            let delta = address.index.constant.wrapping_sub(first) as i32;
            return Some((group, delta.into()));
        }
        let step = counted.step_of(func, &address.index)?;
        self.groups.push(Group {
            bases: address.bases.clone(),
            start: address.index.clone(),
            span: 0,
            step: (step <= LONGEST_STEP).then_some(step)?,
            first: 0,
            length: 0,
            has_store: false,
        });
        Some((self.groups.len() - 1, 0))
    }

    /// Makes the lowest index of each group its start, and puts its accesses in their places.
    fn place(&mut self, places: &[(i64, i64)]) {
        for (number, group) in self.groups.iter_mut().enumerate() {
            let all = self.all.iter_mut().zip(places);
            let mut members: Vec<_> = all.filter(|(access, _)| access.group == number).collect();
            let deltas = members.iter().map(|(_, (delta, _))| *delta);
            let lowest = deltas.clone().min().unwrap_or(0);
            group.span = deltas.max().unwrap_or(0) - lowest;
            group.start.constant = group.start.constant.wrapping_add(lowest as u32);
            let position = |(delta, offset): &(i64, i64)| delta - lowest + offset;
            let positions = members.iter().map(|(_, place)| position(place));
            group.first = positions.min().unwrap_or(0);
            for (access, place) in &mut members {
                access.position = position(place) - group.first;
                group.length = group.length.max(access.position + access.size);
                group.has_store |= access.is_store;
            }
        }
    }

    /// The access of an instruction.
    pub fn get(&self, inst: Inst) -> Option<&Access> {
        self.all.iter().find(|access| access.inst == inst)
    }

    /// Whether in `copies` iterations all loads may come before all stores, as far as accesses of one group go, and stores
    /// in any order.
    pub fn commute(&self, copies: u32) -> bool {
        let stores = || {
            let all = self.all.iter().enumerate();
            all.filter(|(_, access)| access.is_store)
        };
        let mut order =
            (0..copies).flat_map(|first| (first..copies).map(move |then| (first, then)));
        order.all(|(first, then)| {
            stores().all(|(at, store)| {
                self.all.iter().enumerate().all(|(other_at, other)| {
                    // An earlier load stays where it is.
                    let is_later = then > first || other_at > at;
                    !is_later || self.is_apart((store, first), (other, then))
                })
            })
        })
    }

    /// Whether two accesses in these iterations have no byte in common, or belong to different groups.
    fn is_apart(&self, (one, first): (&Access, u32), (other, then): (&Access, u32)) -> bool {
        let step = i64::from(self.groups[one.group].step);
        let start = one.position + i64::from(first) * step;
        let other_start = other.position + i64::from(then) * step;
        one.group != other.group
            || start + one.size <= other_start
            || other_start + other.size <= start
    }
}
