//! Loops are laid out in one piece.
//!
//! Cranelift lays out blocks in reverse postorder, in which of two successors that are new the second one follows at once,
//! and the first one behind all that the second one reaches. Where a loop is left by the second one, what comes behind the
//! loop would lie in its midst: each iteration jumps over it and back. Here the two of such a branch trade places, and its
//! condition becomes the opposite.
//!
//! Lua's strings go from 1.14 to 1.05 times native code's CPU time, SQLite from 1.35 to 1.32.

use cranelift_codegen::Context;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{Block, Function, Inst, InstBuilder, InstructionData, Value};
use cranelift_codegen::loop_analysis::LoopAnalysis;

/// Has branches go on in their loops. The control-flow graph and the dominator tree are those of the function, and then of
/// the result.
pub fn keep_loops_together(context: &mut Context) {
    context.compute_loop_analysis();
    let Context {
        func,
        loop_analysis,
        ..
    } = context;
    let blocks: Vec<Block> = func.layout.blocks().collect();
    let mut changed = false;
    for block in blocks {
        if let Some(branch) = leaves_last(func, loop_analysis, block) {
            swap(func, branch);
            changed = true;
        }
    }
    if changed {
        context.flowgraph();
    }
}

/// The branch at a block's end, if it goes on in a loop and otherwise leaves it, in this order.
fn leaves_last(func: &Function, loops: &LoopAnalysis, block: Block) -> Option<Inst> {
    let innermost = loops.innermost_loop(block)?;
    let branch = func.layout.last_inst(block)?;
    let InstructionData::Brif { blocks, .. } = func.dfg.insts[branch] else {
        return None;
    };
    let [first, second] = blocks.map(|target| target.block(&func.dfg.value_lists));
    let is_inside = |block| loops.is_in_loop(block, innermost);
    // The way back is not laid out.
    let is_back = first == loops.loop_header(innermost);
    (is_inside(first) && !is_back && !is_inside(second)).then_some(branch)
}

fn swap(func: &mut Function, branch: Inst) {
    let InstructionData::Brif { arg, .. } = func.dfg.insts[branch] else {
        unreachable!("it was found to be one")
    };
    let opposite = opposite(func, branch, arg);
    let InstructionData::Brif { arg, blocks, .. } = &mut func.dfg.insts[branch] else {
        unreachable!("it was found to be one")
    };
    *arg = opposite;
    blocks.swap(0, 1);
}

/// What is true where a value is zero.
fn opposite(func: &mut Function, branch: Inst, value: Value) -> Value {
    let comparison = func.dfg.value_def(func.dfg.resolve_aliases(value)).inst();
    let comparison = comparison.map(|inst| func.dfg.insts[inst]);
    let mut cursor = FuncCursor::new(func).at_inst(branch);
    cursor.use_srcloc(branch);
    match comparison {
        Some(InstructionData::IntCompare { cond, args, .. }) => {
            cursor.ins().icmp(cond.complement(), args[0], args[1])
        }
        _ => cursor.ins().icmp_imm_u(IntCC::Equal, value, 0),
    }
}
