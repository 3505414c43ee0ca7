//! Joins a loop, its guard and the block that does several iterations at once.

use super::counted::Loop;
use super::guard::Guard;
use super::reduce::Reduced;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, Function, InstBuilder, Value, types};
use std::collections::HashMap;

/// A value behind the vectors.
#[derive(Clone, Copy)]
pub(super) enum After {
    /// What a counter of the loop has come to, and what is added to that.
    Counter(usize, u32),
    /// One that has been computed.
    Value(Value),
    /// A parameter of the loop that has a vector.
    Reduced(usize),
}

/// The block that does several iterations at once.
pub(super) struct Vectors {
    pub block: Block,
    pub copies: u32,
    /// What stands for the loop's parameters, of those that are needed.
    pub params: Vec<Option<Value>>,
    /// How many bytes the addresses have gained, for each step.
    pub gains: Vec<(u32, Value)>,
    /// What becomes of the parameters.
    pub back: Vec<Option<Value>>,
    /// What the loop would pass on, if that can be told.
    pub results: Option<Vec<After>>,
    /// Values from outside the loop with the vectors that have them in all lanes.
    pub splats: Vec<(Value, Value)>,
    /// The vectors of reductions.
    pub reduced: Vec<Reduced>,
}

/// Joins the blocks: what led to the loop leads to the guard, which leads to the vectors or to the loop. The vectors lead
/// on if they have done all, or to the loop, by a block of their own: what is computed there does not get into the
/// vectors' loop.
pub(super) fn join(func: &mut Function, counted: &Loop, guard: &Guard, vectors: &Vectors) {
    redirect(func, counted, guard.entry);
    share(func, counted, guard, &vectors.splats);
    let copies = i64::from(vectors.copies);
    let mut cursor = FuncCursor::new(func).at_bottom(guard.block);
    let mut iterations = guard.rounds;
    // Without the results at least one iteration is left to the loop.
    if vectors.results.is_some() {
        iterations = cursor.ins().iadd_imm_s(iterations, 1);
    }
    let done = cursor.ins().band_imm_s(iterations, -copies);
    let (first_step, first_gain) = vectors.gains[0];
    let end = cursor.ins().imul_imm_u(done, i64::from(first_step));
    let zero = cursor.ins().iconst(types::I64, 0);
    // The block's own parameters are in the order in which they were needed.
    let own = cursor.func.dfg.block_params(vectors.block).to_vec();
    let place = |value: &Value| {
        let mut params = vectors.params.iter();
        params.position(|param| *param == Some(*value))
    };
    let reduced = |value: &Value| {
        let mut reduced = vectors.reduced.iter();
        reduced.find(|reduced| reduced.vector == *value)
    };
    let into = arguments(
        own.iter()
            .map(|value| match (place(value), reduced(value)) {
                (Some(param), _) => guard.params[param],
                (None, Some(reduced)) => reduced.initial,
                (None, None) => zero,
            }),
    );
    let params = arguments(guard.params.iter().copied());
    let branch = cursor.ins();
    branch.brif(guard.holds, vectors.block, &into, counted.block, &params);

    let exit = cursor.func.dfg.make_block();
    cursor.func.layout.insert_block(exit, counted.block);
    let mut cursor = FuncCursor::new(func).at_bottom(vectors.block);
    let mut next_gains = Vec::new();
    for (step, gain) in &vectors.gains {
        let gained = copies * i64::from(*step);
        next_gains.push((*gain, cursor.ins().iadd_imm_s(*gain, gained)));
    }
    let next_gain = |value: &Value| {
        let found = next_gains.iter().find(|(gain, _)| gain == value);
        found.expect("what is no parameter of the loop is a gain").1
    };
    let again = arguments(
        own.iter()
            .map(|value| match (place(value), reduced(value)) {
                (Some(param), _) => vectors.back[param].expect("it has a value, being a parameter"),
                (None, Some(reduced)) => reduced.next,
                (None, None) => next_gain(value),
            }),
    );
    let compare = cursor.ins();
    let goes_on = compare.icmp(IntCC::NotEqual, next_gain(&first_gain), end);
    cursor.ins().brif(goes_on, vectors.block, &again, exit, &[]);

    leave(func, counted, guard, vectors, exit, [iterations, done]);
}

/// The block behind the vectors, from how many iterations there are, as far as vectors may do them, and how many they did.
fn leave(
    func: &mut Function,
    counted: &Loop,
    guard: &Guard,
    vectors: &Vectors,
    block: Block,
    [iterations, done]: [Value; 2],
) {
    let mut cursor = FuncCursor::new(func).at_bottom(block);
    let short = cursor.ins().ireduce(types::I32, done);
    let mut counters = Vec::new();
    for (param, step) in counted.steps.iter().enumerate() {
        counters.push(step.map(|step| {
            let way = cursor.ins().imul_imm_u(short, i64::from(step));
            cursor.ins().iadd(guard.params[param], way)
        }));
    }
    let both = counters.iter().zip(&vectors.back);
    let mut all: Vec<Option<Value>> = both.map(|(counter, back)| counter.or(*back)).collect();
    for reduced in &vectors.reduced {
        let before = guard.params[reduced.param];
        all[reduced.param] = Some(reduced.result(&mut cursor, before));
    }
    let value = |param: usize| all[param].expect("what is no counter has been computed");
    let after = arguments((0..all.len()).map(value));
    let Some(results) = &vectors.results else {
        cursor.ins().jump(counted.block, &after);
        return;
    };
    let results: Vec<Value> = results
        .iter()
        .map(|result| match *result {
            After::Value(value) => value,
            After::Reduced(param) => value(param),
            After::Counter(param, more) => {
                let counter = counters[param].expect("it is a counter");
                cursor.ins().iadd_imm_u(counter, i64::from(more))
            }
        })
        .collect();
    let results = arguments(results.into_iter());
    let is_all = cursor.ins().icmp(IntCC::Equal, iterations, done);
    let branch = cursor.ins();
    branch.brif(is_all, counted.exit, &results, counted.block, &after);
}

/// Has the loop take numbers from the vectors that have them in all lanes. Those with a fraction are in the registers of
/// vectors in any case: so each has one register and not two, while several loops of the kind are inside of another one.
fn share(func: &mut Function, counted: &Loop, guard: &Guard, splats: &[(Value, Value)]) {
    let mut lanes = HashMap::new();
    for (value, vector) in splats {
        if func.dfg.value_type(*value).is_float() {
            let lane = guard.before(func).ins().extractlane(*vector, 0);
            lanes.insert(*value, lane);
        }
    }
    for inst in &counted.body {
        let args = func.dfg.inst_args(*inst).to_vec();
        for (place, arg) in args.into_iter().enumerate() {
            if let Some(lane) = lanes.get(&func.dfg.resolve_aliases(arg)) {
                func.dfg.inst_args_mut(*inst)[place] = *lane;
            }
        }
    }
}

fn arguments(values: impl Iterator<Item = Value>) -> Vec<BlockArg> {
    values.map(BlockArg::Value).collect()
}

/// Has all branches to a loop go to its guard instead, but for those of the two themselves.
fn redirect(func: &mut Function, counted: &Loop, guard: Block) {
    let blocks = func.layout.blocks();
    let blocks: Vec<Block> = blocks
        .filter(|block| !counted.has(*block) && *block != guard)
        .collect();
    for block in blocks {
        let Some(branch) = func.layout.last_inst(block) else {
            continue;
        };
        let dfg = &mut func.dfg;
        let targets = dfg.insts[branch]
            .branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
        for target in targets {
            if target.block(&dfg.value_lists) == counted.block {
                target.set_block(guard, &mut dfg.value_lists);
            }
        }
    }
}
