//! Loops whose blocks follow each other, each of which may leave the loop.

use crate::optimize::constant;
use crate::optimize::sum::Sum;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, Function, Inst, InstructionData, Value, ValueDef, types,
};

/// Blocks of a loop, at most.
const MOST_BLOCKS: usize = 6;

/// Instructions of a loop, at most.
const MOST_INSTRUCTIONS: usize = 40;

/// Which blocks lead to which, of a function before it is changed.
pub(super) struct Flow<'a>(pub &'a ControlFlowGraph);

impl Flow<'_> {
    /// The blocks of the only loop that begins with a block, from the first to the one that leads back to it.
    fn chain(&self, header: Block) -> Option<Vec<Block>> {
        let mut found = None;
        for last in self.0.pred_iter(header) {
            let Some(chain) = self.back_from(last.block, header) else {
                continue;
            };
            if found.replace(chain).is_some() {
                return None;
            }
        }
        found
    }

    /// The blocks from one to another one, each of which is entered from the one before alone.
    fn back_from(&self, last: Block, header: Block) -> Option<Vec<Block>> {
        let back = || {
            let before = |block: &Block| self.before(*block).filter(|_| *block != header);
            std::iter::successors(Some(last), before).take(MOST_BLOCKS)
        };
        // Few blocks begin a loop.
        if back().last() != Some(header) {
            return None;
        }
        let mut chain: Vec<Block> = back().collect();
        chain.reverse();
        Some(chain)
    }

    /// The block that a block is entered from, if it is one alone.
    fn before(&self, block: Block) -> Option<Block> {
        let mut before = self.0.pred_iter(block);
        let one = before.next()?.block;
        before.next().is_none().then_some(one)
    }
}

/// A branch that may leave the loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    pub condition: Value,
    /// Whether it leaves the loop where the condition is not 0.
    pub if_true: bool,
}

/// What a parameter of a loop becomes in the next iteration.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// More by a constant.
    Counter(u32),
    /// What this instruction has loaded.
    Loaded(Inst),
}

/// A loop that carries nothing but counters, and what it has read, from one iteration to the next.
pub(super) struct Search {
    /// Its blocks, in their order: the first one is entered, the last one leads back to it.
    pub blocks: Vec<Block>,
    /// The first one's parameters.
    pub params: Vec<Value>,
    /// What becomes of each.
    pub next: Vec<Next>,
    /// Where it is left.
    pub exits: Vec<Exit>,
    /// The instructions, without the branches.
    pub body: Vec<Inst>,
}

impl Search {
    /// The loop that begins with a block.
    pub fn find(func: &Function, flow: &Flow<'_>, header: Block) -> Option<Self> {
        let blocks = flow.chain(header)?;
        let dfg = &func.dfg;
        let insts = || {
            blocks
                .iter()
                .flat_map(|block| func.layout.block_insts(*block))
        };
        if insts().count() > MOST_INSTRUCTIONS {
            return None;
        }
        let mut exits = Vec::new();
        let mut back = None;
        for (number, block) in blocks.iter().enumerate() {
            let next = *blocks.get(number + 1).unwrap_or(&header);
            let (way, exit) = branch(func, *block, next)?;
            exits.extend(exit);
            back = Some(way);
        }
        let back = back?.args(&dfg.value_lists).map(|argument| match argument {
            BlockArg::Value(value) => Some(value),
            _ => None,
        });
        let params = dfg.block_params(header).to_vec();
        let next = params.iter().zip(back);
        let next = next.map(|(param, next)| becomes(func, *param, next?));
        let body = insts().filter(|inst| !dfg.insts[*inst].opcode().is_branch());
        Some(Self {
            next: next.collect::<Option<_>>()?,
            params,
            exits,
            body: body.collect(),
            blocks,
        })
    }

    /// The first block.
    pub fn header(&self) -> Block {
        self.blocks[0]
    }

    /// The block that leads back to the first one.
    pub fn last(&self) -> Block {
        self.blocks[self.blocks.len() - 1]
    }

    /// Whether a value is the same in all iterations because it comes from outside.
    pub fn is_outer(&self, func: &Function, value: Value) -> bool {
        let home = match func.dfg.value_def(value) {
            ValueDef::Result(inst, _) => func.layout.inst_block(inst),
            ValueDef::Param(block, _) => Some(block),
            ValueDef::Union(..) => None,
        };
        home.is_some_and(|home| !self.blocks.contains(&home))
    }

    /// Whether a value is the same in all iterations: Cranelift makes some in the loop, to keep registers free.
    pub fn is_same(&self, func: &Function, value: Value) -> bool {
        let dfg = &func.dfg;
        let value = dfg.resolve_aliases(value);
        if self.is_outer(func, value) {
            return true;
        }
        let inst = dfg.value_def(value).inst();
        inst.is_some_and(|inst| match dfg.insts[inst] {
            InstructionData::UnaryImm { .. } => true,
            // One step: what it is made from comes from outside.
            InstructionData::Binary { opcode, args } if !opcode.can_trap() => {
                args.iter().all(|arg| {
                    constant(dfg, *arg).is_some() || self.is_outer(func, dfg.resolve_aliases(*arg))
                })
            }
            _ => false,
        })
    }

    /// Which parameter of the loop a value is.
    pub fn param(&self, value: Value) -> Option<usize> {
        self.params.iter().position(|param| *param == value)
    }

    /// What a sum gains in each iteration, if that is a constant.
    pub fn step_of(&self, func: &Function, sum: &Sum) -> Option<u32> {
        sum.step(|value| match self.param(value) {
            Some(param) => match self.next[param] {
                Next::Counter(step) => Some(step),
                Next::Loaded(_) => None,
            },
            None => self.is_outer(func, value).then_some(0),
        })
    }
}

/// How a block goes on to the next one of its loop, and how it leaves the loop.
fn branch(func: &Function, block: Block, next: Block) -> Option<(BlockCall, Option<Exit>)> {
    let lists = &func.dfg.value_lists;
    match func.dfg.insts[func.layout.last_inst(block)?] {
        InstructionData::Jump { destination, .. } => {
            (destination.block(lists) == next).then_some((destination, None))
        }
        InstructionData::Brif {
            arg,
            blocks: [then, otherwise],
            ..
        } => {
            let condition = func.dfg.resolve_aliases(arg);
            let goes_on = [then, otherwise].map(|target| target.block(lists) == next);
            let (way, if_true) = match goes_on {
                [true, false] => (then, false),
                [false, true] => (otherwise, true),
                _ => return None,
            };
            Some((way, Some(Exit { condition, if_true })))
        }
        _ => None,
    }
}

/// What a parameter becomes, if it is passed this value.
fn becomes(func: &Function, param: Value, next: Value) -> Option<Next> {
    let next = func.dfg.resolve_aliases(next);
    if next == param {
        return Some(Next::Counter(0));
    }
    let inst = func.dfg.value_def(next).inst()?;
    if func.dfg.insts[inst].opcode().can_load() {
        return Some(Next::Loaded(inst));
    }
    if func.dfg.value_type(param) != types::I32 {
        return None;
    }
    let sum = Sum::of(&func.dfg, next);
    let is_param = sum.terms.len() == 1 && sum.terms.get(&param) == Some(&1);
    is_param.then_some(Next::Counter(sum.constant))
}
