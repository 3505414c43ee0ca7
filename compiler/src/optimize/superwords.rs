//! Divisions and square roots that don't wait for each other are done two at a time, on x86-64.
//!
//! A processor has one divider, which is busy as long with two numbers of 64 bits as with one (4 cycles for `divsd` and
//! `divpd`, 6 for `sqrtsd` and `sqrtpd` on Intel's Skylake; uops.info). Of two quotients or roots of one block neither of
//! which depends on the other one becomes a vector of both, and so does what they alone are computed from, as long as it is
//! computed alike (superword-level parallelism, Larsen and Amarasinghe 2000):
//!
//! ```text
//! v2 = sqrt v0                      v8 = splat.f64x2 v0
//! v3 = fmul v0, v2                  v9 = insertlane v8, v4, 1
//! v1 = fdiv v10, v3                 v11 = sqrt v9
//! ..                                v12 = fmul v9, v11
//! v6 = sqrt v4                      v13 = fdiv v14, v12
//! v7 = fmul v4, v6                  v1 = extractlane v13, 0
//! v5 = fdiv v10, v7                 v5 = extractlane v13, 1
//! ```
//!
//! What makes it correct: each lane is computed as the number was, of the same operands in the same order, and no
//! instruction with another effect changes places with one of its kind. That all can be put in an order is looked at before
//! ([`Seeds::join`]): each seed knows those that it depends on, by values or by the order of effects, and after two have
//! been joined what depends on one depends on both. What a pair alone uses depends on nothing but what the pair does.
//!
//! `n_body` goes from 1.35 to 1.21 times native code's CPU time; of programs that are not in the tree, roots of quadratic
//! equations from 1.36 to 1.05, vectors that get the length 1 from 1.97 to 1.53, Newton's method for complex numbers, which
//! waits for each quotient, from 0.92 to 0.99.

use super::{Opcodes, uses};
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::types::{F64, F64X2};
use cranelift_codegen::ir::{
    Block, ConstantData, Function, Inst, InstBuilder, InstructionData, Opcode, Value,
};
use cranelift_entity::SecondaryMap;
use std::collections::{HashMap, HashSet};

/// What a processor's divider does.
const SEEDS: [Opcode; 2] = [Opcode::Fdiv, Opcode::Sqrt];

/// The seeds that are looked at together: one for each bit of a mask.
const MOST_SEEDS: usize = 64;

/// How often a block is looked at, for so many seeds each time: what is longer than that is no code that anyone waits for.
const MOST_TIMES: usize = 8;

/// The seeds in front of one that are tried as the other of its pair.
const MOST_TRIED: usize = 8;

/// The pairs of values that become vectors for one pair of seeds, at most.
const MOST_NODES: usize = 64;

/// Cycles that two seeds may be apart, counted from the start of the block: the first one waits for the second. With 16 an
/// approximation of the normal distribution, whose first quotient begins a long chain, goes from 1.09 to 1.17.
const MOST_APART: u32 = 4;

/// How many moves of numbers into vectors and out of them the divider's second result is worth, besides the instruction that
/// it saves. With 1 a quadratic equation's roots have no vector.
const GAIN: usize = 2;

/// Has divisions and square roots of a function share instructions.
pub fn pair(func: &mut Function, opcodes: &Opcodes) {
    if !opcodes.have(&SEEDS) {
        return;
    }
    let blocks: Vec<Block> = func.layout.blocks().collect();
    let mut counted = None;
    for block in blocks {
        if func.layout.is_cold(block) {
            continue;
        }
        let seeds = seeds(func, block);
        if seeds.len() < 2 {
            continue;
        }
        let uses = counted.get_or_insert_with(|| uses(func));
        for seeds in seeds.chunks(MOST_SEEDS).take(MOST_TIMES) {
            let mut seeds = Seeds::new(func, block, seeds);
            if pair_seeds(func, block, &mut seeds, uses) {
                arrange(func, block);
            }
        }
    }
}

/// The divisions and square roots of a block.
fn seeds(func: &Function, block: Block) -> Vec<Inst> {
    let insts = func.layout.block_insts(block);
    insts.filter(|inst| is_seed(func, *inst)).collect()
}

fn is_seed(func: &Function, inst: Inst) -> bool {
    SEEDS.contains(&func.dfg.insts[inst].opcode())
        && func.dfg.value_type(func.dfg.first_result(inst)) == F64
}

/// How often each value is used.
type Uses = SecondaryMap<Value, u32>;

/// The instruction of a block that a value comes from.
fn definition(func: &Function, block: Block, value: Value) -> Option<Inst> {
    let inst = func.dfg.value_def(func.dfg.resolve_aliases(value)).inst()?;
    (func.layout.inst_block(inst) == Some(block)).then_some(inst)
}

/// Whether an instruction has to stay where it is among its like.
fn has_effects(func: &Function, inst: Inst) -> bool {
    let opcode = func.dfg.insts[inst].opcode();
    opcode.can_load()
        || opcode.can_store()
        || opcode.can_trap()
        || opcode.is_call()
        || opcode.is_terminator()
        || opcode.other_side_effects()
}

/// Cycles that an instruction takes, roughly.
fn latency(func: &Function, inst: Inst) -> u32 {
    match func.dfg.insts[inst].opcode() {
        Opcode::Fdiv | Opcode::Sqrt => 14,
        Opcode::Fadd | Opcode::Fsub | Opcode::Fmul | Opcode::Load => 4,
        _ => 1,
    }
}

/// Divisions and square roots of a block, in its order.
#[derive(Clone)]
struct Seeds {
    all: Vec<Seed>,
}

#[derive(Clone)]
struct Seed {
    inst: Inst,
    /// Those that it depends on, a bit each.
    depends: u64,
    /// Cycles from the start of the block to its operands.
    depth: u32,
    is_joined: bool,
}

impl Seeds {
    fn new(func: &Function, block: Block, insts: &[Inst]) -> Self {
        let mut all: Vec<Seed> = Vec::with_capacity(insts.len());
        // What each instruction's result depends on, and when it is there.
        let mut known: HashMap<Inst, (u64, u32)> = HashMap::new();
        let mut effects = 0;
        for inst in func.layout.block_insts(block) {
            let mut depends = 0;
            let mut depth = 0;
            for value in func.dfg.inst_values(inst) {
                let operand = definition(func, block, value).and_then(|inst| known.get(&inst));
                let (others, cycles) = operand.copied().unwrap_or_default();
                depends |= others;
                depth = depth.max(cycles);
            }
            if has_effects(func, inst) {
                effects |= depends;
                depends = effects;
            }
            let mut behind = depends;
            if insts.get(all.len()) == Some(&inst) {
                behind |= 1 << all.len();
                all.push(Seed {
                    inst,
                    depends,
                    depth,
                    is_joined: false,
                });
            }
            known.insert(inst, (behind, depth + latency(func, inst)));
        }
        Self { all }
    }

    fn find(&self, inst: Inst) -> Option<usize> {
        self.all.iter().position(|seed| seed.inst == inst)
    }

    /// Makes a pair of two of the same kind, if neither depends on the other.
    fn join(&mut self, func: &Function, pair: [usize; 2]) -> bool {
        let [one, other] = pair.map(|number| &self.all[number]);
        let opcodes = [one, other].map(|seed| func.dfg.insts[seed.inst].opcode());
        let bits = pair.map(|number| 1u64 << number);
        let depends = one.depends | other.depends;
        let can_join = opcodes[0] == opcodes[1]
            && pair[0] != pair[1]
            && !(one.is_joined || other.is_joined)
            && depends & (bits[0] | bits[1]) == 0
            && one.depth.abs_diff(other.depth) <= MOST_APART;
        if can_join {
            for number in pair {
                self.all[number].depends = depends;
                self.all[number].is_joined = true;
            }
            for seed in &mut self.all {
                if seed.depends & (bits[0] | bits[1]) != 0 {
                    seed.depends |= depends | bits[0] | bits[1];
                }
            }
        }
        can_join
    }
}

/// Makes pairs of seeds where that gains. Says whether there are any.
fn pair_seeds(func: &mut Function, block: Block, seeds: &mut Seeds, uses: &Uses) -> bool {
    let mut changed = false;
    for last in (0..seeds.all.len()).rev() {
        if seeds.all[last].is_joined {
            continue;
        }
        let mut tried = 0;
        for first in (0..last).rev() {
            let mut joined = seeds.clone();
            if !joined.join(func, [first, last]) {
                continue;
            }
            let mut tree = Tree::new(func, block, uses, joined);
            tree.grow([first, last].map(|number| seeds.all[number].inst));
            if tree.gains() {
                let Tree {
                    nodes,
                    seeds: joined,
                    ..
                } = tree;
                emit(func, block, &nodes);
                *seeds = joined;
                changed = true;
                break;
            }
            tried += 1;
            if tried == MOST_TRIED {
                break;
            }
        }
    }
    changed
}

/// How a vector of two values is made.
#[derive(Clone, Debug)]
enum Way {
    /// It is a constant.
    Number([u64; 2]),
    /// The two are the lanes of one that is there.
    Lanes(Value),
    /// The two are put together.
    Gather,
    /// By the instruction that makes each of them, of the vectors with these numbers.
    Operation(Opcode, Vec<usize>),
}

/// Two values that become the lanes of a vector.
#[derive(Clone, Debug)]
struct Node {
    lanes: [Value; 2],
    way: Way,
    /// How often the vector is used.
    uses: u32,
    /// The lanes that are used by themselves.
    taken: [bool; 2],
}

/// What becomes vectors for a pair of seeds, which are the first.
struct Tree<'a> {
    func: &'a Function,
    block: Block,
    uses: &'a Uses,
    seeds: Seeds,
    nodes: Vec<Node>,
    pairs: usize,
}

impl<'a> Tree<'a> {
    fn new(func: &'a Function, block: Block, uses: &'a Uses, seeds: Seeds) -> Self {
        Self {
            func,
            block,
            uses,
            seeds,
            nodes: Vec::new(),
            pairs: 0,
        }
    }

    /// Adds a pair of seeds that has been made, and whatever can be a vector for it.
    fn grow(&mut self, seeds: [Inst; 2]) {
        self.node(seeds.map(|inst| self.func.dfg.first_result(inst)));
        self.pairs += 1;
        self.expand(0, seeds);
        // What is used by vectors alone, as soon as all of them are known.
        let mut number = 0;
        while number < self.nodes.len() {
            if self.try_expand(number) {
                number = 0;
            } else {
                number += 1;
            }
        }
        for node in &mut self.nodes {
            node.taken = match node.way {
                Way::Operation(..) => node.lanes.map(|lane| self.uses[lane] > node.uses),
                _ => [false; 2],
            };
        }
    }

    /// The number of the vector of two values.
    fn node(&mut self, lanes: [Value; 2]) -> usize {
        let lanes = lanes.map(|lane| self.func.dfg.resolve_aliases(lane));
        if let Some(number) = self.nodes.iter().position(|node| node.lanes == lanes) {
            return number;
        }
        let way = self.known(lanes).unwrap_or(Way::Gather);
        self.nodes.push(Node {
            lanes,
            way,
            uses: 0,
            taken: [false; 2],
        });
        self.nodes.len() - 1
    }

    /// How two values are a vector already.
    fn known(&self, lanes: [Value; 2]) -> Option<Way> {
        let dfg = &self.func.dfg;
        let [one, other] = lanes.map(|lane| Some(dfg.insts[dfg.value_def(lane).inst()?]));
        match (one?, other?) {
            (
                InstructionData::UnaryIeee64 { imm: one, .. },
                InstructionData::UnaryIeee64 { imm: other, .. },
            ) => Some(Way::Number([one.bits(), other.bits()])),
            (
                InstructionData::BinaryImm8 {
                    opcode: Opcode::Extractlane,
                    arg: one,
                    imm: 0,
                },
                InstructionData::BinaryImm8 {
                    opcode: Opcode::Extractlane,
                    arg: other,
                    imm: 1,
                },
            ) if one == other && dfg.value_type(one) == F64X2 => Some(Way::Lanes(one)),
            _ => None,
        }
    }

    /// Makes a vector by an instruction instead of putting it together, if that can be.
    fn try_expand(&mut self, number: usize) -> bool {
        let node = &self.nodes[number];
        if !matches!(node.way, Way::Gather) || self.nodes.len() >= MOST_NODES {
            return false;
        }
        let [one, other] = node
            .lanes
            .map(|lane| definition(self.func, self.block, lane));
        let (Some(one), Some(other)) = (one, other) else {
            return false;
        };
        let pair = [self.seeds.find(one), self.seeds.find(other)];
        let can = match pair {
            [Some(one), Some(other)] => self.seeds.join(self.func, [one, other]),
            _ => {
                let opcode = |inst: Inst| self.func.dfg.insts[inst].opcode();
                one != other
                    && opcode(one) == opcode(other)
                    && matches!(opcode(one), Opcode::Fadd | Opcode::Fsub | Opcode::Fmul)
                    && node.lanes.iter().all(|lane| self.uses[*lane] == node.uses)
            }
        };
        if can {
            self.pairs += usize::from(pair[0].is_some());
            self.expand(number, [one, other]);
        }
        can
    }

    fn expand(&mut self, number: usize, insts: [Inst; 2]) {
        let func = self.func;
        let [ones, others] = insts.map(|inst| func.dfg.inst_args(inst));
        let mut operands = Vec::with_capacity(ones.len());
        for (one, other) in ones.iter().zip(others) {
            let operand = self.node([*one, *other]);
            self.nodes[operand].uses += 1;
            operands.push(operand);
        }
        self.nodes[number].way = Way::Operation(func.dfg.insts[insts[0]].opcode(), operands);
    }

    /// Whether the divider gains more than the vectors take to be put together and taken apart.
    fn gains(&self) -> bool {
        let mut moves = 0;
        let mut saved = GAIN * self.pairs;
        for node in &self.nodes {
            match node.way {
                Way::Gather => moves += 1,
                Way::Operation(..) => saved += 1,
                Way::Number(_) | Way::Lanes(_) => {}
            }
            // The first lane is there.
            moves += usize::from(node.taken[1]);
        }
        moves <= saved
    }
}

/// Makes the vectors, and takes the numbers that are needed by themselves out of them. They are put in front of the end of
/// the block.
fn emit(func: &mut Function, block: Block, nodes: &[Node]) {
    let mut vectors: Vec<Option<Value>> = vec![None; nodes.len()];
    let end = func.layout.last_inst(block).expect("a block has an end");
    // Each is behind those that it is made of, of which there are no more than nodes.
    let mut left: Vec<usize> = (0..nodes.len()).rev().collect();
    while !left.is_empty() {
        left.retain(|number| {
            let node = &nodes[*number];
            let Some(vector) = vector(func, end, node, &vectors) else {
                return true;
            };
            vectors[*number] = Some(vector);
            false
        });
    }
    for (node, vector) in nodes.iter().zip(vectors) {
        let vector = vector.expect("all have been made");
        if !matches!(node.way, Way::Operation(..)) {
            continue;
        }
        for (lane, number) in (0..).zip(node.lanes) {
            let inst = func.dfg.value_def(number).unwrap_inst();
            if node.taken[usize::from(lane)] {
                func.replace(inst).extractlane(vector, lane);
            } else {
                func.layout.remove_inst(inst);
            }
        }
    }
}

/// Makes one, if what it is made of is there.
fn vector(func: &mut Function, end: Inst, node: &Node, vectors: &[Option<Value>]) -> Option<Value> {
    let [one, other] = node.lanes;
    let made = match &node.way {
        Way::Operation(_, operands) => operands.iter().map(|operand| vectors[*operand]).collect(),
        _ => Some(Vec::new()),
    };
    let made: Vec<Value> = made?;
    let definition = func.dfg.value_def(one).inst();
    let mut cursor = FuncCursor::new(func).at_inst(end);
    if let Some(inst) = definition {
        cursor.use_srcloc(inst);
    }
    Some(match node.way {
        Way::Lanes(vector) => vector,
        Way::Number(numbers) => {
            let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
            let bytes = ConstantData::from(bytes.as_slice());
            let number = cursor.func.dfg.constants.insert(bytes);
            cursor.ins().vconst(F64X2, number)
        }
        Way::Gather if one == other => cursor.ins().splat(F64X2, one),
        Way::Gather => {
            let first = cursor.ins().splat(F64X2, one);
            cursor.ins().insertlane(first, other, 1)
        }
        Way::Operation(Opcode::Sqrt, _) => cursor.ins().sqrt(made[0]),
        Way::Operation(opcode, _) => {
            let (inst, dfg) = cursor.ins().Binary(opcode, F64X2, made[0], made[1]);
            dfg.first_result(inst)
        }
    })
}

/// Puts the instructions of a block in an order again: each where it was, or where it is first needed.
fn arrange(func: &mut Function, block: Block) {
    let insts: Vec<Inst> = func.layout.block_insts(block).collect();
    // The one with effects in front of each other one.
    let mut before: HashMap<Inst, Inst> = HashMap::new();
    let mut last = None;
    for inst in &insts {
        if has_effects(func, *inst) {
            before.extend(last.map(|last| (*inst, last)));
            last = Some(*inst);
        }
    }
    let mut placed: HashSet<Inst> = HashSet::with_capacity(insts.len());
    let mut begun: HashSet<Inst> = HashSet::new();
    let mut order = Vec::with_capacity(insts.len());
    for inst in &insts {
        let mut open = vec![*inst];
        while let Some(inst) = open.last() {
            let operands = func.dfg.inst_values(*inst);
            let operands = operands.filter_map(|value| definition(func, block, value));
            let mut needed = operands.chain(before.get(inst).copied());
            match needed.find(|needed| !placed.contains(needed)) {
                Some(needed) => {
                    assert!(begun.insert(needed), "a pair depends on itself");
                    open.push(needed);
                }
                None => {
                    if placed.insert(*inst) {
                        order.push(*inst);
                    }
                    open.pop();
                }
            }
        }
    }
    for inst in &insts {
        func.layout.remove_inst(*inst);
    }
    for inst in order {
        func.layout.append_inst(inst, block);
    }
}
