//! Counters of loops that live in one register.
//!
//! Cranelift turns the comparison of `i + 1` with a constant into one of `i`. Where `i + 1` is the counter's next value,
//! both are alive at the branch that ends the loop, so the way back is a move and a jump. Here, over what Cranelift has
//! optimised, the next value is compared again: `i == k` is `i + c == k + c` in any width, since sums wrap.

use super::constant;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, Function, Inst, InstBuilder, InstructionData, Opcode, Value,
    ValueDef,
};

/// A comparison of a counter that its next value can take over.
struct Comparison {
    /// The branch that it decides.
    branch: Inst,
    condition: IntCC,
    next: Value,
    /// What the next value is compared with.
    bound: i64,
}

/// Compares next values in all loops of a function.
pub fn compare_next_values(func: &mut Function) {
    let blocks: Vec<Block> = func.layout.blocks().collect();
    for block in blocks {
        if let Some(comparison) = find(func, block) {
            apply(func, &comparison);
        }
    }
}

/// The comparison at the end of a block that goes back to a loop.
fn find(func: &Function, block: Block) -> Option<Comparison> {
    let branch = func.layout.last_inst(block)?;
    let InstructionData::Brif { arg, blocks, .. } = func.dfg.insts[branch] else {
        return None;
    };
    let (opcode, operands) = definition(func, arg)?;
    let InstructionData::IntCompare { cond, .. } = func.dfg.insts[operands.inst] else {
        return None;
    };
    if opcode != Opcode::Icmp || !matches!(cond, IntCC::Equal | IntCC::NotEqual) {
        return None;
    }
    let [counter, limit] = operands.args;
    let limit = constant(&func.dfg, limit)?;
    let ValueDef::Param(header, index) = func.dfg.value_def(counter) else {
        return None;
    };
    let back = blocks
        .iter()
        .find(|target| target.block(&func.dfg.value_lists) == header)?;
    let next = argument(func, back, index)?;
    let (Opcode::Iadd, sum) = definition(func, next)? else {
        return None;
    };
    let step = match sum.args {
        [value, step] if func.dfg.resolve_aliases(value) == counter => constant(&func.dfg, step)?,
        [step, value] if func.dfg.resolve_aliases(value) == counter => constant(&func.dfg, step)?,
        _ => return None,
    };
    Some(Comparison {
        branch,
        condition: cond,
        next,
        bound: limit.wrapping_add(step),
    })
}

fn apply(func: &mut Function, comparison: &Comparison) {
    let ty = func.dfg.value_type(comparison.next);
    let mut cursor = FuncCursor::new(func).at_inst(comparison.branch);
    cursor.use_srcloc(comparison.branch);
    // A constant has the bits of its type alone.
    let bits = 64 - ty.bits();
    let bound = ((comparison.bound as u64) << bits >> bits) as i64;
    let bound = cursor.ins().iconst(ty, bound);
    let condition = cursor
        .ins()
        .icmp(comparison.condition, comparison.next, bound);
    let InstructionData::Brif { arg, .. } = &mut cursor.func.dfg.insts[comparison.branch] else {
        unreachable!("it was found at a branch")
    };
    *arg = condition;
}

/// An instruction of two operands.
struct Operands {
    inst: Inst,
    args: [Value; 2],
}

/// What a value is the result of, if that has two operands.
fn definition(func: &Function, value: Value) -> Option<(Opcode, Operands)> {
    let inst = func.dfg.value_def(value).inst()?;
    let args = func.dfg.inst_args(inst).try_into().ok()?;
    Some((func.dfg.insts[inst].opcode(), Operands { inst, args }))
}

/// What a branch passes for a parameter.
fn argument(func: &Function, target: &BlockCall, index: usize) -> Option<Value> {
    let mut arguments = target.args(&func.dfg.value_lists);
    match arguments.nth(index)? {
        BlockArg::Value(value) => Some(func.dfg.resolve_aliases(value)),
        _ => None,
    }
}
