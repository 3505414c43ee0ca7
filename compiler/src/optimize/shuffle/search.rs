//! From wanted bytes to a short plan.
//!
//! The search goes backwards: each instruction that could be the last one says what its operands would have to be, which
//! is wanted in turn. It deepens iteratively, so that the first plan is the shortest one of those it knows; it remembers
//! what it has found and what can't be had. It gives up after [`VISITS`] vectors: then the wanted vector becomes the
//! interleaving of two, which are searched for, for half as long. A byte alone takes three instructions at most, so there
//! always is a plan.
//!
//! A vector takes two or three microseconds, so a shuffle without any order to it a millisecond. Programs have few different
//! ones: [`Plans`] keeps them.

use super::bytes::{Byte, ByteSet, Bytes, contains, key, merged};
use super::plan::{Instruction, Plan};
use super::ways::{Way, split, ways};
use std::collections::HashMap;
use std::rc::Rc;

/// How many vectors are looked at before the wanted one is split: all sixteen bytes the other way round take 184, most
/// shuffles of programs fewer than 80.
const VISITS: u32 = 200;

/// How many are looked at in any case: a byte alone is found.
const FEWEST_VISITS: u32 = 20;

/// The longest plan that is searched for, besides one that brings many sources together.
const LONGEST: u32 = 7;

/// What is known of a wanted vector.
struct Known {
    /// The shortest plan.
    plan: Option<Rc<Plan>>,
    /// There is none of fewer instructions than this.
    at_least: u32,
    /// How it could end.
    ways: Rc<[Way]>,
}

/// The plans that have been searched for.
#[derive(Debug, Default)]
pub struct Plans(HashMap<([u64; 4], Vec<ByteSet>), Rc<Plan>>);

impl Plans {
    /// A short plan that gives the bytes that are wanted. `zeros` says which bytes of the sources are known to be zero.
    pub(super) fn find(&mut self, wanted: &Bytes, zeros: Vec<ByteSet>) -> Rc<Plan> {
        let known = self.0.entry((key(wanted), zeros));
        let plan = known.or_insert_with_key(|(_, zeros)| plan(wanted, zeros));
        plan.clone()
    }
}

/// A search with its memory.
struct Search<'z> {
    /// The bytes of each source that are zero, whatever it is.
    zeros: &'z [ByteSet],
    known: HashMap<[u64; 4], Known>,
    /// How many vectors may still be looked at.
    visits: u32,
}

/// The plan for [`Plans::find`].
pub(super) fn plan(wanted: &Bytes, zeros: &[ByteSet]) -> Rc<Plan> {
    let mut search = Search {
        zeros,
        known: HashMap::new(),
        visits: 0,
    };
    search.short(wanted, VISITS)
}

impl Search<'_> {
    /// The shortest plan, or the interleaving of two.
    fn short(&mut self, wanted: &Bytes, visits: u32) -> Rc<Plan> {
        self.visits = visits;
        if let Some(plan) = self.shortest(wanted, at_least(wanted) + LONGEST) {
            return plan;
        }
        let way = split(wanted);
        let visits = (visits / 2).max(FEWEST_VISITS);
        let operands = way.operands.iter();
        let operands = operands.map(|operand| self.short(operand, visits));
        done(&way, operands.collect())
    }

    /// The shortest plan, if it has at most `limit` instructions and is found.
    fn shortest(&mut self, wanted: &Bytes, limit: u32) -> Option<Rc<Plan>> {
        if let Some(plan) = self.at_hand(wanted) {
            return (plan.cost <= limit).then(|| Rc::new(plan));
        }
        let key = key(wanted);
        let known = self.known.get(&key);
        if let Some(plan) = known.and_then(|known| known.plan.as_ref()) {
            return (plan.cost <= limit).then(|| plan.clone());
        }
        let least = known
            .map_or(1, |known| known.at_least)
            .max(at_least(wanted));
        if least > limit {
            return None;
        }
        let ways = known.map_or_else(|| ways(wanted).into(), |known| known.ways.clone());
        for limit in least..=limit {
            self.visits = self.visits.checked_sub(1)?;
            let plan = ways.iter().find_map(|way| self.by(wanted, way, limit));
            if plan.is_none() && self.visits == 0 {
                return None;
            }
            let known = Known {
                plan: plan.clone(),
                at_least: limit + 1,
                ways: ways.clone(),
            };
            self.known.insert(key, known);
            if plan.is_some() {
                return plan;
            }
        }
        None
    }

    /// No plan has fewer instructions, for all that is known.
    fn least(&self, wanted: &Bytes) -> u32 {
        if let Some(plan) = self.at_hand(wanted) {
            return plan.cost;
        }
        let known = self
            .known
            .get(&key(wanted))
            .map_or(1, |known| match &known.plan {
                Some(plan) => plan.cost,
                None => known.at_least,
            });
        known.max(at_least(wanted))
    }

    /// A source, or a vector of zeros.
    fn at_hand(&self, wanted: &Bytes) -> Option<Plan> {
        let leaf = |last: Instruction| Plan {
            cost: last.cost(),
            last,
            operands: Vec::new(),
        };
        let source = wanted.iter().find_map(|byte| byte.source());
        let index = source.unwrap_or(0);
        let fits = |zeros: &ByteSet| {
            (0..16).all(|position| match wanted[position] {
                Byte::ANY => true,
                Byte::ZERO => contains(*zeros, position),
                byte => byte == Byte::of(index, position),
            })
        };
        if self.zeros.get(index).is_some_and(fits) {
            return Some(leaf(Instruction::Source(index as u8)));
        }
        source.is_none().then(|| leaf(Instruction::Zero))
    }

    /// The plan that ends in this way.
    fn by(&mut self, wanted: &Bytes, way: &Way, limit: u32) -> Option<Rc<Plan>> {
        if self.visits == 0 || way.operands.contains(wanted) {
            return None;
        }
        let [first, second] = &way.operands;
        if let Some(both) = merged(first, second).filter(|both| both != wanted)
            && let Some(left) = limit.checked_sub(way.cost(1))
            && let Some(operand) = self.shortest(&both, left)
        {
            return Some(done(way, vec![operand.clone(), operand]));
        }
        let below = [self.least(first), self.least(second)];
        let left = limit.checked_sub(way.cost(2))?;
        if way.is_of_one() || below[0] + below[1] > left {
            return None;
        }
        let first = self.shortest(first, left - below[1])?;
        let second = self.shortest(second, left - first.cost)?;
        Some(done(way, vec![first, second]))
    }
}

/// The plan that ends in `way`.
fn done(way: &Way, mut operands: Vec<Rc<Plan>>) -> Rc<Plan> {
    operands.truncate(way.last.arity());
    if let Some(before) = way.before {
        let is_one = Rc::ptr_eq(&operands[0], &operands[1]);
        let mut extended: Vec<_> = operands
            .into_iter()
            .map(|operand| with(before, vec![operand]))
            .collect();
        if is_one {
            extended[1] = extended[0].clone();
        }
        operands = extended;
    }
    with(way.last, operands)
}

fn with(last: Instruction, operands: Vec<Rc<Plan>>) -> Rc<Plan> {
    let is_one = operands.len() == 2 && Rc::ptr_eq(&operands[0], &operands[1]);
    let different = if is_one { &operands[..1] } else { &operands };
    let below: u32 = different.iter().map(|operand| operand.cost).sum();
    Rc::new(Plan {
        cost: last.cost() + below,
        last,
        operands,
    })
}

/// No plan has fewer instructions: each brings two vectors together at most.
fn at_least(wanted: &Bytes) -> u32 {
    let sources = wanted
        .iter()
        .filter_map(|byte| byte.source())
        .fold(0_u32, |sources, source| sources | 1 << source);
    sources.count_ones().saturating_sub(1)
}
