//! Shuffles on x86-64. Below SSSE3 it has no instruction that permutes bytes, where Cranelift would call a library; with one,
//! bytes of two vectors take two of them and two constants.
//!
//! ```text
//! CLIF --uses, demand--> bytes that are needed --gather--> where they come from --search--> plan --emit--> CLIF
//! ```
//!
//! What SSE2 has is interleaving, permutations of lanes of 32 bits and of such of 16 within a half, narrowing, shifts
//! and masks; nearly all shuffles that compilers make are a few of these, above all since most name bytes that nobody
//! looks at. That shows in their uses only, so it is not done while translating, which emits Cranelift's `shuffle`, but
//! in the finished function. Lanes that are taken from one vector and put into another one by one are a shuffle, too:
//! so compilers narrow vectors for WebAssembly, and each lane would take eight instructions.
//!
//! What is proved is where each needed byte of a vector comes from, through instructions that only move bytes, and which
//! bytes are zero. A plan puts these bytes in the same places, and may leave anything in the others: nothing that
//! anybody can see depends on them. A plan that counts on a zero needs that byte of its source, so that it stays.
//!
//! Without the pass, a shuffle becomes the plan of its sixteen bytes, whoever needs them.
//!
//! CPU time over native code's for x86-64 of 2003, of programs of `tests/bench` with SIMD; through memory is what a
//! shuffle was before, each byte stored alone:
//!
//! | | through memory | without the pass | with it |
//! | --- | --- | --- | --- |
//! | `blend` | 6.8 | 1.88 | 0.76 |
//! | `blur` | 6.7 | 1.34 | 1.25 |
//! | `histogram` | 3.2 | 1.71 | 1.19 |
//! | all 21, geometric mean | 1.54 | 1.31 | 1.24 |
//!
//! With `--cpu native` (AVX2), where Cranelift's instructions are compared with `pshufb` by what it makes of them:
//!
//! | | without the pass | with it |
//! | --- | --- | --- |
//! | `blend` | 1.07 | 0.59 |
//! | `blur` | 1.16 | 1.09 |
//! | `histogram` | 1.02 | 0.97 |
//! | all 21, geometric mean | 1.00 | 0.97 |
//!
//! | module | its part |
//! | --- | --- |
//! | [`uses`] | what is needed, and how often |
//! | [`demand`] | which bytes of it are |
//! | [`gather`](mod@gather), [`origin`](mod@origin) | where these come from |
//! | [`search`], [`ways`] | the shortest plan |
//! | [`cost`] | what it is compared with |
//! | [`emit`](mod@emit) | the plan as instructions |

mod bytes;
mod cost;
mod demand;
mod emit;
mod gather;
mod origin;
mod plan;
mod search;
#[cfg(test)]
mod tests;
mod uses;
mod ways;

use bytes::{ALL, ByteSet};
use cost::{cost_before, cost_permuted};
use cranelift_codegen::ir::types::I16X8;
use cranelift_codegen::ir::{Block, Function, Inst, InstructionData, Opcode, Value};
use cranelift_codegen::traversals::Dfs;
use demand::Demand;
use emit::{emit, emit_permuted};
use gather::gather;
pub use search::Plans;
use std::collections::HashSet;
use uses::Uses;

/// Puts instructions that SSE2 has in the place of all shuffles, each as if it were the only instruction.
pub fn expand_alone(func: &mut Function, plans: &mut Plans) {
    let blocks: Vec<Block> = func.layout.blocks().collect();
    for block in blocks {
        let mut next = func.layout.first_inst(block);
        while let Some(inst) = next {
            next = func.layout.next_inst(inst);
            if func.dfg.insts[inst].opcode() == Opcode::Shuffle {
                let gathered = gather(func, None, inst, ALL).expect("a shuffle only moves bytes");
                let zeros = vec![0; gathered.sources.len()];
                let plan = plans.find(&gathered.bytes, zeros);
                let value = emit(func, inst, &gathered.sources, &plan);
                put(func, inst, value);
            }
        }
    }
}

/// What the machine has to move bytes with, beyond SSE2.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Machine {
    /// SSSE3: `pshufb` and `palignr`.
    pub permutes: bool,
    /// SSE4.1: `pinsrb` and its like, `pmovzx`, `packusdw`, `pblendw`.
    pub inserts: bool,
}

/// Puts fewer instructions in the place of shuffles, and of insertions of lanes; without [`Machine::permutes`], others in
/// the place of all shuffles. Says whether any of these became more than with it.
pub fn expand(func: &mut Function, plans: &mut Plans, machine: Machine) -> bool {
    if !has_candidates(func) {
        return false;
    }
    let mut is_longer = false;
    let postorder: Vec<Block> = Dfs::new().post_order_iter(func).collect();
    let mut uses = Uses::of(func);
    let mut demand = Demand::of(func, &postorder, &uses);
    let mut fused = HashSet::new();
    // Uses come before definitions, so that a vector is looked at once it is known who still needs it.
    for block in postorder {
        let mut last = func.layout.last_inst(block);
        while let Some(inst) = last {
            last = func.layout.prev_inst(inst);
            if let Some(operands) = widened_for_product(func, inst) {
                fused.extend(operands);
            }
            let result = func.dfg.inst_results(inst).first();
            if is_candidate(func, inst) && result.is_none_or(|result| !fused.contains(result)) {
                is_longer |= expand_one(func, plans, machine, &mut uses, &mut demand, inst);
            }
        }
    }
    remove_what_nobody_needs(func, &uses);
    is_longer
}

/// What has been followed is left over; Cranelift would pass over it, but people read the text, too.
fn remove_what_nobody_needs(func: &mut Function, uses: &Uses) {
    let blocks: Vec<Block> = func.layout.blocks().collect();
    for block in blocks {
        let mut next = func.layout.first_inst(block);
        while let Some(inst) = next {
            next = func.layout.next_inst(inst);
            if !uses.is_needed(func, inst) {
                func.layout.remove_inst(inst);
            }
        }
    }
}

/// Whether there is anything to do.
fn has_candidates(func: &Function) -> bool {
    let mut insts = func
        .layout
        .blocks()
        .flat_map(|block| func.layout.block_insts(block));
    insts.any(|inst| is_candidate(func, inst))
}

/// Instructions that only move bytes.
fn is_candidate(func: &Function, inst: Inst) -> bool {
    matches!(
        func.dfg.insts[inst].opcode(),
        Opcode::Shuffle
            | Opcode::Insertlane
            | Opcode::Splat
            | Opcode::UwidenLow
            | Opcode::UwidenHigh
            | Opcode::Unarrow
            | Opcode::Snarrow
    )
}

/// The extended operands of a product: Cranelift takes the three together, and has no extensions then.
fn widened_for_product(func: &Function, inst: Inst) -> Option<[Value; 2]> {
    let InstructionData::Binary {
        opcode: Opcode::Imul,
        args,
    } = func.dfg.insts[inst]
    else {
        return None;
    };
    let args = args.map(|arg| func.dfg.resolve_aliases(arg));
    let opcode = |value: Value| {
        let inst = func.dfg.value_def(value).inst()?;
        let opcode = func.dfg.insts[inst].opcode();
        matches!(opcode, Opcode::UwidenLow | Opcode::UwidenHigh).then_some(opcode)
    };
    let is_wide = func.dfg.value_type(args[0]) != I16X8;
    let is_fused = is_wide && opcode(args[0])? == opcode(args[1])?;
    is_fused.then_some(args)
}

/// Replaces an instruction if there is something better. Says whether that would be shorter with [`Machine::permutes`].
fn expand_one(
    func: &mut Function,
    plans: &mut Plans,
    machine: Machine,
    uses: &mut Uses,
    demand: &mut Demand,
    inst: Inst,
) -> bool {
    let result = func.dfg.first_result(inst);
    if uses.count(func, result) == 0 {
        return false;
    }
    let Some(gathered) = gather(func, Some(uses), inst, demand.needed(func, result)) else {
        return false;
    };
    let cost_before = cost_before(func, plans, machine, &gathered);
    if cost_before <= 1 {
        return false;
    }
    let sources = gathered.sources.iter();
    let zeros: Vec<ByteSet> = sources.clone().map(|source| source.zeros(func)).collect();
    let plan = plans.find(&gathered.bytes, zeros.clone());
    let cost_of_sources: u32 = sources.map(|source| source.cost(func)).sum();
    let permuted = cost_permuted(&gathered);
    let cost = if machine.permutes {
        permuted.min(plan.cost)
    } else {
        plan.cost
    };
    if cost + cost_of_sources >= cost_before {
        return false;
    }
    let value = if cost < plan.cost {
        emit_permuted(func, inst, &gathered)
    } else {
        // The plan counts on zeros of the sources, so nothing else may come to lie there.
        for (source, zeros) in gathered.sources.iter().zip(&zeros) {
            demand.require(func, source.0, *zeros);
        }
        emit(func, inst, &gathered.sources, &plan)
    };
    replace(func, uses, inst, value);
    permuted < cost
}

/// Puts `value` in the place of an instruction's result.
fn replace(func: &mut Function, uses: &mut Uses, inst: Inst, value: Value) {
    let result = func.dfg.first_result(inst);
    for _ in 0..uses.count(func, result) {
        uses.add(func, value);
    }
    let operands: Vec<Value> = func.dfg.inst_args(inst).to_vec();
    put(func, inst, value);
    for operand in operands {
        uses.remove(func, operand);
    }
}

/// The result of an instruction is `value`, and the instruction goes.
fn put(func: &mut Function, inst: Inst, value: Value) {
    let result = func.dfg.first_result(inst);
    func.dfg.clear_results(inst);
    func.dfg.change_to_alias(result, value);
    func.layout.remove_inst(inst);
}
