//! Loops over arrays do several iterations at once, in vectors of 16 bytes.
//!
//! Compilers make native code so; for WebAssembly without SIMD they can't, and they leave it at iterations that are
//! unrolled. Here a loop of one block that knows from the start how often it runs, over what Cranelift has optimised, gets
//! two blocks in front of it: one that finds out whether vectors do the same, and one that does as many iterations by
//! vectors as it can; the loop itself does what is left, or all of them where vectors don't.
//!
//! What makes it correct:
//! - A vector holds values that are computed alike, in lanes for several iterations or for several places of one, from
//!   the stores backwards (superword-level parallelism, Larsen and Amarasinghe 2000). Each lane's operations are those of
//!   the loop: nothing is reassociated.
//! - All loads of the iterations that are done at once come before their stores. Accesses whose addresses differ by a
//!   constant are known not to meet; of others, the block in front compares all the bytes they reach in the whole loop.
//! - It also finds out that no 32-bit index wraps on the way, so that addresses can be added up in 64 bits.
//! - A vector reaches the bytes that its lanes reach. Where one traps the program ends, and what the others did is not
//!   seen any more. (A script goes on: it is compiled without.)
//!
//! A loop whose values are vectors already does several iterations at once all the same: one set of counters and addresses
//! serves them all.
//!
//! The geometric mean of the 16 array kernels of `tests/bench` without SIMD goes from 1.66 to 1.28 times native code's CPU
//! time, convolution from 5.8 to 2.5, matmul from 3.3 to 1.3. With SIMD, matmul goes from 1.80 to 1.11, lu from 2.15 to 1.23,
//! stencil from 1.80 to 1.27.

mod access;
mod counted;
mod guard;
mod pack;
mod sum;

use access::{Access, Accesses};
use counted::Loop;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, Function, InstBuilder, Opcode, Value, types};
use guard::Guard;
use pack::{Lane, Packer, VECTOR};

/// The loops of a function that are looked at. Each may take a look at the whole function, of which one with thousands of
/// loops would get too many.
const MOST_LOOPS: usize = 500;

/// Iterations that are done at once.
const COPIES: [u32; 3] = [1, 2, 4];

/// The instructions of the iterations that are done at once, as the loop has them, up to which they are twice as many as
/// fill the vectors: fewer branches and counters.
const SHORT: usize = 80;

/// Groups of accesses that are compared with each other, at most.
const MOST_GROUPS: usize = 8;

/// What the instructions of the vectors are of those that they stand for, in percent, or they are not worth it.
const WORTH: usize = 75;

/// Gives the loops of a function vectors, where they gain by that. Says whether anything was changed.
pub fn vectorize(func: &mut Function) -> bool {
    let entry = func.layout.entry_block();
    let blocks: Vec<Block> = func.layout.blocks().collect();
    let loops = blocks.into_iter().filter(|block| Some(*block) != entry);
    let mut looked_at = 0;
    let mut changed = false;
    for block in loops {
        if let Some(counted) = Loop::find(func, block) {
            changed |= vectorize_loop(func, &counted).is_some();
            looked_at += 1;
        }
        if looked_at == MOST_LOOPS {
            break;
        }
    }
    changed
}

/// A lane that is stored, and where.
type Stored = (Lane, Access);

fn vectorize_loop(func: &mut Function, counted: &Loop) -> Option<()> {
    let accesses = Accesses::find(func, counted)?;
    let moves = accesses.groups.iter().any(|group| group.step != 0);
    if !moves || accesses.groups.len() > MOST_GROUPS {
        return None;
    }
    let fits = |copies: &u32| Some((*copies, rows(func, &accesses, *copies)?));
    let (fewest, fewest_rows) = COPIES.iter().find_map(fits)?;
    let length = counted.body.len() * 2 * fewest as usize;
    let more = (length <= SHORT).then(|| fits(&(2 * fewest)));
    let (copies, rows) = more.flatten().unwrap_or((fewest, fewest_rows));
    if !accesses.commute(copies) || meet(func, counted, &accesses) {
        return None;
    }
    let can_leave = !counted.is_used_elsewhere(func);
    let guard = Guard::build(func, counted, &accesses, copies);
    let mut packer = Packer::new(func, counted, &accesses, &guard);
    let block = packer.block;
    let done = fill(&mut packer, &accesses, copies, &rows, can_leave).map(|(back, results)| {
        let vectors = Vectors {
            block,
            copies,
            params: packer.params.clone(),
            gains: packer.gains.clone(),
            back,
            results,
        };
        finish(func, counted, &guard, &vectors);
    });
    if done.is_none() {
        func.layout.remove_block_and_insts(block);
        func.layout.remove_block_and_insts(guard.block);
    }
    done
}

/// Whether an address that stays where it is lies in a row that is stored to, by all appearance: behind its start by
/// something that varies. So it is with `d[i][k]` in a loop over `d[i][j]`.
fn meet(func: &Function, counted: &Loop, accesses: &Accesses) -> bool {
    let groups = accesses.groups.iter();
    let mut stored = groups.clone().filter(|group| group.has_store);
    stored.any(|row| {
        let start = counted.at_entry(func, &row.start);
        let mut still = groups.clone().filter(|group| group.step == 0);
        still.any(|group| {
            let distance = group.start.clone().plus(&start, u32::MAX);
            let mut factors = distance.terms.values();
            !distance.terms.is_empty() && factors.all(|factor| *factor as i32 > 0)
        })
    })
}

/// What is stored in the iterations that are done at once, a vector each; `None` if that leaves something over.
fn rows(func: &Function, accesses: &Accesses, copies: u32) -> Option<Vec<Vec<Stored>>> {
    let mut rows = Vec::new();
    for (number, group) in accesses.groups.iter().enumerate() {
        let mut stored: Vec<(i64, Stored)> = Vec::new();
        for access in accesses
            .all
            .iter()
            .filter(|access| access.group == number && access.is_store)
        {
            if func.dfg.insts[access.inst].opcode() != Opcode::Store {
                return None;
            }
            let value = func.dfg.inst_args(access.inst)[0];
            stored.extend((0..copies).map(|copy| {
                let start = access.position + i64::from(copy) * i64::from(group.step);
                (start, (Lane { copy, value }, *access))
            }));
        }
        stored.sort_by_key(|(start, _)| *start);
        let mut rest = stored.as_slice();
        while let Some((_, (_, first))) = rest.first() {
            let lanes = VECTOR / first.size;
            let (row, behind) = rest.split_at_checked(lanes as usize)?;
            let follows = |pair: &[(i64, Stored)]| pair[0].0 + first.size == pair[1].0;
            let is_row = row.windows(2).all(follows)
                && row.iter().all(|(_, (_, access))| access.size == first.size);
            rows.push(is_row.then(|| row.iter().map(|(_, stored)| *stored).collect())?);
            rest = behind;
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// A value behind the vectors.
#[derive(Clone, Copy)]
enum After {
    /// What a counter of the loop has come to, and what is added to that.
    Counter(usize, u32),
    /// One that has been computed.
    Value(Value),
}

/// What a block with vectors passes back for its parameters, of those that are needed, and what the loop would pass on, if
/// that can be told.
type Filled = (Vec<Option<Value>>, Option<Vec<After>>);

/// Fills the block but for the branch at its end, if it is worth while.
fn fill(
    packer: &mut Packer<'_>,
    accesses: &Accesses,
    copies: u32,
    rows: &[Vec<Stored>],
    can_leave: bool,
) -> Option<Filled> {
    let counted = packer.counted;
    let mut vectors = Vec::new();
    for row in rows {
        vectors.push(packer.pack(row.iter().map(|(lane, _)| *lane).collect())?);
    }
    let last = copies - 1;
    // Those of the parameters that are no counters are needed behind the vectors.
    let others = (0..counted.params.len()).filter(|param| counted.steps[*param].is_none());
    for param in others {
        packer.scalar(Lane {
            copy: 0,
            value: counted.params[param],
        })?;
        packer.scalar(Lane {
            copy: last,
            value: counted.next[param],
        })?;
    }
    let loads = accesses.all.iter().filter(|access| !access.is_store);
    for load in loads {
        let is_still = accesses.groups[load.group].step == 0;
        let is_made = |copy| packer.loaded.contains(&(copy, load.inst));
        let is_all_made = (0..copies).all(is_made) || is_still && is_made(0);
        if !is_all_made {
            return None;
        }
    }
    // Before what is passed back, since these may need more of the parameters.
    let result = |value: &Value| {
        let is_constant = packer.is_constant(*value);
        let counter = counted.counter(packer.func, *value);
        if let (Some((param, more)), false) = (counter, is_constant) {
            return Some(After::Counter(param, more));
        }
        let value = *value;
        let value = packer.scalar(Lane { copy: last, value })?;
        Some(After::Value(value))
    };
    let results = can_leave.then(|| counted.results.iter().map(result).collect());
    let results = results.flatten();
    let mut back = Vec::new();
    for param in 0..counted.params.len() {
        back.push(match (packer.params[param], counted.steps[param]) {
            (None, _) => None,
            (Some(value), Some(step)) => Some(packer.add(value, step.wrapping_mul(copies))),
            (Some(_), None) => {
                let value = counted.next[param];
                Some(packer.scalar(Lane { copy: last, value })?)
            }
        });
    }
    for (row, vector) in rows.iter().zip(vectors) {
        let (lane, access) = row[0];
        packer.store(lane.copy, &access, vector)?;
    }
    let before = (counted.body.len() + 1) * copies as usize;
    (packer.cost * 100 <= before * WORTH).then_some((back, results))
}

/// The block that does several iterations at once.
struct Vectors {
    block: Block,
    copies: u32,
    /// What stands for the loop's parameters, of those that are needed.
    params: Vec<Option<Value>>,
    /// How many bytes the addresses have gained, for each step.
    gains: Vec<(u32, Value)>,
    /// What becomes of the parameters.
    back: Vec<Option<Value>>,
    /// What the loop would pass on, if that can be told.
    results: Option<Vec<After>>,
}

/// Joins the blocks: what led to the loop leads to the guard, which leads to the vectors or to the loop. The vectors lead
/// on if they have done all, or to the loop, by a block of their own: what is computed there does not get into the
/// vectors' loop.
fn finish(func: &mut Function, counted: &Loop, guard: &Guard, vectors: &Vectors) {
    redirect(func, counted.block, guard.block);
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
    let into = arguments(own.iter().map(|value| match place(value) {
        Some(param) => guard.params[param],
        None => zero,
    }));
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
    let again = arguments(own.iter().map(|value| match place(value) {
        Some(param) => vectors.back[param].expect("it has a value, being a parameter"),
        None => next_gain(value),
    }));
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
    let params = counters.iter().zip(&vectors.back);
    let after = arguments(params.map(|(counter, back)| {
        let value = counter.or(*back);
        value.expect("what is no counter has been computed")
    }));
    let Some(results) = &vectors.results else {
        cursor.ins().jump(counted.block, &after);
        return;
    };
    let results: Vec<Value> = results
        .iter()
        .map(|result| match *result {
            After::Value(value) => value,
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

fn arguments(values: impl Iterator<Item = Value>) -> Vec<BlockArg> {
    values.map(BlockArg::Value).collect()
}

/// Has all branches to a block go to another one, but for its own.
fn redirect(func: &mut Function, from: Block, to: Block) {
    let blocks: Vec<Block> = func
        .layout
        .blocks()
        .filter(|block| *block != from)
        .collect();
    for block in blocks {
        let Some(branch) = func.layout.last_inst(block) else {
            continue;
        };
        let dfg = &mut func.dfg;
        let targets = dfg.insts[branch]
            .branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
        for target in targets {
            if target.block(&dfg.value_lists) == from {
                target.set_block(to, &mut dfg.value_lists);
            }
        }
    }
}
