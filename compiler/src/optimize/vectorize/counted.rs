//! Loops of one block, or of two with the exit between them, that know from the start how often they run.

use super::end::End;
use crate::optimize::constant;
use crate::optimize::sum::Sum;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, Function, Inst, InstructionData, Opcode, Value, ValueDef, types,
};
use cranelift_entity::EntitySet;
use std::cell::OnceCell;

/// The instructions of a loop that is looked at.
const MOST_INSTRUCTIONS: usize = 150;

/// The blocks whose values other blocks use, besides what is passed to them: of few functions that is asked.
#[derive(Default)]
pub(super) struct UsedElsewhere(OnceCell<EntitySet<Block>>);

impl UsedElsewhere {
    /// Whether a block of a function is one of them.
    pub fn has(&self, func: &Function, block: Block) -> bool {
        self.0.get_or_init(|| used_elsewhere(func)).contains(block)
    }
}

fn used_elsewhere(func: &Function) -> EntitySet<Block> {
    let dfg = &func.dfg;
    let mut used_elsewhere = EntitySet::new();
    for block in func.layout.blocks() {
        for inst in func.layout.block_insts(block) {
            let values = dfg.inst_values(inst);
            let homes = values.filter_map(|value| home(func, dfg.resolve_aliases(value)));
            used_elsewhere.extend(homes.filter(|home| *home != block));
        }
    }
    used_elsewhere
}

/// A loop of one block or two.
pub(super) struct Loop {
    /// The block that is entered and left.
    pub block: Block,
    /// The one behind it, from where it goes back: so compilers unroll loops that run an odd number of times.
    pub tail: Option<Block>,
    /// The parameters of the block.
    pub params: Vec<Value>,
    /// What is passed for them on the way back.
    pub next: Vec<Value>,
    /// Where it goes in the end.
    pub exit: Block,
    /// What it passes there.
    pub results: Vec<Value>,
    /// What is added to a parameter each time, where that is a constant.
    pub steps: Vec<Option<u32>>,
    /// The instructions, without the branches at the end.
    pub body: Vec<Inst>,
    /// The condition that its first block ends with, and whether it goes on if that is true.
    condition: (Value, bool),
}

impl Loop {
    /// The loop that a block of a function, which has this control-flow graph, is or begins.
    pub fn find(func: &Function, cfg: &ControlFlowGraph, block: Block) -> Option<Self> {
        let dfg = &func.dfg;
        let branch = func.layout.last_inst(block)?;
        let InstructionData::Brif {
            arg,
            blocks: [then, otherwise],
            ..
        } = dfg.insts[branch]
        else {
            return None;
        };
        let ways = [then, otherwise].map(|target| way_back(func, cfg, target, block));
        let (way, out) = match ways {
            [Some(way), None] => (way, otherwise),
            [None, Some(way)] => (way, then),
            _ => return None,
        };
        let passed = |target: BlockCall| -> Option<Vec<Value>> {
            let arguments = target.args(&dfg.value_lists);
            let values = arguments.map(|argument| match argument {
                BlockArg::Value(value) => Some(dfg.resolve_aliases(value)),
                _ => None,
            });
            values.collect()
        };
        let params = dfg.block_params(block).to_vec();
        let tail = way.tail;
        let blocks = [Some(block), tail].into_iter().flatten();
        let insts = blocks.flat_map(|block| func.layout.block_insts(block));
        let body = insts.filter(|inst| !dfg.insts[*inst].opcode().is_branch());
        let body: Vec<Inst> = body.take(MOST_INSTRUCTIONS + 1).collect();
        if body.len() > MOST_INSTRUCTIONS {
            return None;
        }
        let mut counted = Self {
            block,
            tail,
            next: passed(way.back)?,
            exit: out.block(&dfg.value_lists),
            results: passed(out)?,
            steps: Vec::new(),
            params,
            body,
            condition: (arg, ways[0].is_some()),
        };
        let with_next = counted.params.iter().zip(&counted.next);
        counted.steps = with_next
            .map(|(param, next)| step(func, *param, *next))
            .collect();
        Some(counted)
    }

    /// When it ends, if it is known from the start how often it runs.
    pub fn end(&self, func: &Function) -> Option<End> {
        let (condition, goes_on_if_true) = self.condition;
        End::find(func, self, condition, goes_on_if_true)
    }

    /// Whether a block is the loop's.
    pub fn has(&self, block: Block) -> bool {
        block == self.block || Some(block) == self.tail
    }

    /// Whether a value is the same in all iterations because it comes from outside.
    pub fn is_outer(&self, func: &Function, value: Value) -> bool {
        home(func, value).is_some_and(|block| !self.has(block))
    }

    /// Whether a value is the same in all iterations: one from outside, or one made from such that Cranelift computes where
    /// it is used, since that takes no more than keeping it.
    pub fn is_still(&self, func: &Function, value: Value) -> bool {
        use Opcode as O;
        let dfg = &func.dfg;
        if self.is_outer(func, value) {
            return true;
        }
        let Some(inst) = dfg.value_def(value).inst() else {
            return false;
        };
        let is_still = |arg: &Value| {
            let arg = dfg.resolve_aliases(*arg);
            self.is_outer(func, arg) || constant(dfg, arg).is_some()
        };
        let opcode = dfg.insts[inst].opcode();
        matches!(
            opcode,
            O::Iadd | O::Isub | O::Band | O::Bor | O::Bxor | O::Bnot
        ) && dfg.inst_args(inst).iter().all(is_still)
    }

    /// A sum as it is when the loop is entered, as far as there is one way to that.
    pub fn at_entry(&self, func: &Function, sum: &Sum) -> Sum {
        let dfg = &func.dfg;
        let blocks = func.layout.blocks().filter(|block| !self.has(*block));
        let branches = blocks.filter_map(|block| func.layout.last_inst(block));
        let mut ways = branches.flat_map(|branch| {
            let targets =
                dfg.insts[branch].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            let targets = targets.iter();
            targets.filter(|target| target.block(&dfg.value_lists) == self.block)
        });
        let (Some(way), None) = (ways.next(), ways.next()) else {
            return sum.clone();
        };
        let values: Vec<BlockArg> = way.args(&dfg.value_lists).collect();
        let mut result = Sum {
            constant: sum.constant,
            ..Sum::default()
        };
        for (value, factor) in &sum.terms {
            let param = self.param(*value);
            let value = match param.map(|param| values[param]) {
                Some(BlockArg::Value(value)) => value,
                _ => *value,
            };
            result = result.plus(&Sum::of(dfg, value), *factor);
        }
        result
    }

    /// A value at the end of an iteration as a counter's value for the next one and what is added to that.
    pub fn counter(&self, func: &Function, value: Value) -> Option<(usize, u32)> {
        if func.dfg.value_type(value) != types::I32 {
            return None;
        }
        let sum = Sum::of(&func.dfg, value);
        let (term, factor) = sum.terms.first_key_value()?;
        let param = self.param(*term)?;
        let step = self.steps[param]?;
        let is_counter = sum.terms.len() == 1 && *factor == 1;
        is_counter.then(|| (param, sum.constant.wrapping_sub(step)))
    }

    /// Which parameter of the loop a value is.
    pub fn param(&self, value: Value) -> Option<usize> {
        self.params.iter().position(|param| *param == value)
    }

    /// What a sum gains in each iteration, if that is a constant.
    pub fn step_of(&self, func: &Function, sum: &Sum) -> Option<u32> {
        sum.step(|value| match self.param(value) {
            Some(param) => self.steps[param],
            None => self.is_still(func, value).then_some(0),
        })
    }
}

/// The block that a value comes from.
fn home(func: &Function, value: Value) -> Option<Block> {
    match func.dfg.value_def(value) {
        ValueDef::Result(inst, _) => func.layout.inst_block(inst),
        ValueDef::Param(block, _) => Some(block),
        ValueDef::Union(..) => None,
    }
}

/// How a branch of a loop's first block leads back to it.
#[derive(Clone, Copy)]
struct WayBack {
    tail: Option<Block>,
    back: BlockCall,
}

/// The way back to a block, if a branch of its own is one: at once, or by a block that is entered from nowhere else.
fn way_back(
    func: &Function,
    cfg: &ControlFlowGraph,
    target: BlockCall,
    block: Block,
) -> Option<WayBack> {
    let dfg = &func.dfg;
    let next = target.block(&dfg.value_lists);
    if next == block {
        let (tail, back) = (None, target);
        return Some(WayBack { tail, back });
    }
    let is_entered_once = cfg.pred_iter(next).count() == 1 && dfg.block_params(next).is_empty();
    match dfg.insts[func.layout.last_inst(next)?] {
        InstructionData::Jump {
            destination: back, ..
        } if is_entered_once && back.block(&dfg.value_lists) == block => {
            let tail = Some(next);
            Some(WayBack { tail, back })
        }
        _ => None,
    }
}

fn step(func: &Function, param: Value, next: Value) -> Option<u32> {
    if func.dfg.value_type(param) != types::I32 {
        return None;
    }
    let sum = Sum::of(&func.dfg, next);
    let is_param = sum.terms.len() == 1 && sum.terms.get(&param) == Some(&1);
    is_param.then_some(sum.constant)
}
