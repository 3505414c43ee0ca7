//! `br_table`: what compilers make of every `switch`, however few its cases are.
//!
//! A jump through a table takes seven instructions on x86-64 and the prediction of an address. Few comparisons, or a look
//! into a mask that has a bit for each index, do for most tables what native compilers do for their `switch`; see
//! "Improving Switch Lowering for The LLVM Compiler System" by Anton Korobeynikov, 2007, for the ways that there are.
//!
//! ```text
//! few runs of indices with one target    a comparison for each end of a run
//! few targets among up to 64 indices     a comparison with the number of indices, a mask for each target
//! otherwise                              a table, without what is like the default at its end
//! ```
//!
//! Of 276 branches in SQLite 50 still go through a table, of 195 in Lua 52. The game of life of `tests/bench`, which has
//! one of three targets in its inner loop, goes from 1.78 to 1.16 times native code's CPU time.

use super::control::{block_args, set_unreachable};
use super::function::Lowering;
use crate::error::Result;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, JumpTableData, Value, types};
use wasmparser::BrTable;

/// Runs of indices with one target that are told apart by comparisons, at most.
const MOST_RUNS: usize = 3;

/// Targets besides the default that are told apart by masks, at most, and indices, since a mask has 64 bits.
const MOST_MASKS: usize = 3;
const MOST_INDICES: usize = 64;

/// `br_table`
pub(super) fn br_table(lowering: &mut Lowering<'_, '_>, table: &BrTable<'_>) -> Result<()> {
    let index = lowering.stack.pop();
    let (default, count) = lowering.stack.target(table.default()).branch();
    let args = block_args(lowering.stack.peek(count));
    let mut targets = Vec::with_capacity(table.len() as usize);
    for depth in table.targets() {
        targets.push(lowering.stack.target(depth?).branch().0);
    }
    let mut switch = Switch {
        lowering,
        index,
        args: &args,
        default,
    };
    if switch.lowering.env.switches {
        switch.branch(&targets);
    } else {
        switch.through_table(&targets);
    }
    set_unreachable(lowering);
    Ok(())
}

/// A branch to one of several blocks, all of which take the same values.
struct Switch<'s, 'l, 'f> {
    lowering: &'s mut Lowering<'l, 'f>,
    /// Selects the target.
    index: Value,
    args: &'s [BlockArg],
    /// Where an index leads that has no target.
    default: Block,
}

impl Switch<'_, '_, '_> {
    /// Branches to the target of the index, in the way that suits the targets.
    fn branch(&mut self, targets: &[Block]) {
        let is_other = |target: &Block| *target != self.default;
        let Some(first) = targets.iter().position(is_other) else {
            self.jump(self.default);
            return;
        };
        let end = targets
            .iter()
            .rposition(is_other)
            .map_or(0, |last| last + 1);
        let targets = &targets[..end];
        let runs = targets[first..].chunk_by(|left, right| left == right);
        let runs: Vec<&[Block]> = runs.collect();
        let mut others: Vec<Block> = targets.iter().copied().filter(is_other).collect();
        others.sort_unstable();
        others.dedup();
        if runs.len() <= MOST_RUNS {
            self.by_comparisons(first, &runs);
        } else if others.len() <= MOST_MASKS && targets.len() <= MOST_INDICES {
            self.by_masks(targets, &others);
        } else {
            self.through_table(targets);
        }
    }

    /// By the end of each run, the first of which begins at an index.
    fn by_comparisons(&mut self, first: usize, runs: &[&[Block]]) {
        let mut index = self.index;
        if first != 0 {
            let ins = self.lowering.builder.ins();
            index = ins.iadd_imm_s(index, -(first as i64));
        }
        let mut end = 0;
        for run in runs {
            end += run.len() as i64;
            let ins = self.lowering.builder.ins();
            let is_below = ins.icmp_imm_u(IntCC::UnsignedLessThan, index, end);
            self.branch_if(is_below, run[0]);
        }
        self.jump(self.default);
    }

    fn by_masks(&mut self, targets: &[Block], others: &[Block]) {
        let has_default = targets.contains(&self.default);
        let ins = self.lowering.builder.ins();
        let len = targets.len() as i64;
        let is_above = ins.icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, self.index, len);
        self.branch_if(is_above, self.default);
        let one = self.lowering.builder.ins().iconst(types::I64, 1);
        let bit = self.lowering.builder.ins().ishl(one, self.index);
        let (last, tested) = match others.split_last() {
            Some((last, tested)) if !has_default => (*last, tested),
            _ => (self.default, others),
        };
        for target in tested {
            let indices = targets.iter().enumerate();
            let indices = indices.filter(|(_, other)| *other == target);
            let mask = indices.fold(0, |mask, (index, _)| mask | 1 << index);
            let mask = self.lowering.builder.ins().iconst(types::I64, mask);
            let is_it = self.lowering.builder.ins().band(mask, bit);
            self.branch_if(is_it, *target);
        }
        self.jump(last);
    }

    fn through_table(&mut self, targets: &[Block]) {
        let builder = &mut self.lowering.builder;
        let mut call = |block: Block| builder.func.dfg.block_call(block, self.args);
        let default = call(self.default);
        let calls: Vec<_> = targets.iter().map(|target| call(*target)).collect();
        let table = builder.create_jump_table(JumpTableData::new(default, &calls));
        builder.ins().br_table(self.index, table);
    }

    /// Branches to a block if a condition holds, and goes on if not.
    fn branch_if(&mut self, condition: Value, target: Block) {
        let builder = &mut self.lowering.builder;
        let next = builder.create_block();
        let ins = builder.ins();
        ins.brif(condition, target, self.args, next, &[]);
        builder.seal_block(next);
        builder.switch_to_block(next);
    }

    fn jump(&mut self, target: Block) {
        self.lowering.builder.ins().jump(target, self.args);
    }
}
