//! Loops over arrays do several iterations at once, in vectors of 16 bytes.
//!
//! Compilers make native code so; for WebAssembly without SIMD they can't, and they leave it at iterations that are
//! unrolled. Here a loop that knows from the start how often it runs, over what Cranelift has optimised, gets blocks in front
//! of it: two that find out whether vectors do the same, and one that does as many iterations by vectors as it can; the
//! loop itself does what is left, or all of them where vectors don't.
//!
//! Where vectors can't, or where the values are vectors already, the block does its iterations as they are, one after the
//! other: one set of counters and addresses serves several, and what one has stored the next one need not load.
//!
//! What makes it correct:
//! - A vector holds values that are computed alike, in lanes for several iterations or for several places of one, from
//!   the stores backwards (superword-level parallelism, Larsen and Amarasinghe 2000). Each lane's operations are those of
//!   the loop: nothing is reassociated, but for sums of integers and what else comes out the same in any order (`reduce`).
//! - Lanes are narrower than the values in them where what is stored, or may be added up, is (`narrow`): the bits that a
//!   lane has no room for are known (`range`), or nothing depends on them.
//! - With vectors all loads of the iterations that are done at once come before their stores. Accesses whose addresses
//!   differ by a constant are known not to meet; of others, the blocks in front compare all the bytes they reach in the
//!   whole loop.
//! - In any case it finds out that no 32-bit index wraps on the way, so that addresses can be added up in 64 bits.
//! - A vector reaches the bytes that its lanes reach. Where one traps the program ends, and what the others did is not
//!   seen any more. (A script goes on: it is compiled without.)
//!
//! The geometric mean of the 16 array kernels of `tests/bench` without SIMD goes from 1.66 to 1.13 times native code's CPU
//! time, convolution from 5.8 to 1.5, matmul from 3.3 to 1.1; that of the 21 with SIMD from 1.26 to 1.11, lu from 2.15 to
//! 1.23, stencil from 1.80 to 1.27. A vector whose lanes are taken out, divided and put together again stays whole: prefix
//! with SIMD goes from 1.80 to 1.04. Where operands trade sides so that loads come to lie in a row, PolyBench's jacobi-1d goes
//! from 1.95 to 1.24, jacobi-2d from 1.28 to 0.98. Bytes in narrow lanes and sums take filters of a picture from 2.46 to 1.50,
//! ChaCha20 from 1.29 to 1.11, a sieve that counts from 1.18 to 0.96, CoreMark's kernels from 0.95 to 0.86.

mod access;
mod built;
mod condition;
mod counted;
mod end;
mod guard;
mod join;
mod narrow;
mod pack;
mod range;
mod reduce;

use access::{Access, Accesses};
use counted::{Loop, UsedElsewhere};
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{Block, Function, Opcode, Value, types};
use end::End;
use guard::{Guard, Sequence};
use join::{After, Vectors, join};
use pack::{Lane, Packer, VECTOR};
use reduce::Reduction;

/// The loops of a function that are looked at. Some take a look at the whole function, of which one with thousands of loops
/// would get too many.
const MOST_LOOPS: usize = 500;

/// Iterations that are done at once, by vectors.
const COPIES: [u32; 5] = [1, 2, 4, 8, 16];

/// The same without vectors.
const COPIES_IN_ORDER: [u32; 3] = [1, 2, 4];

/// The instructions of the iterations that are done at once, as the loop has them, up to which they are twice as many as
/// fill the vectors: fewer branches and counters.
const SHORT: usize = 120;

/// The instructions of the iterations that are done at once without vectors, as the loop has them, at most.
const MOST_IN_ORDER: usize = 48;

/// Bytes of an access without vectors, at least: loops over shorter ones are those of strings, which are short themselves
/// and many.
const LEAST_IN_ORDER: i64 = 4;

/// Groups of accesses that are compared with each other, at most.
const MOST_GROUPS: usize = 8;

/// What the instructions of the vectors are of those that they stand for, in percent, or they are not worth it.
const WORTH: usize = 75;

/// Gives the loops of a function, of which `cfg` is the control-flow graph, vectors, where they gain by that. Says whether
/// anything was changed.
pub fn vectorize(func: &mut Function, cfg: &ControlFlowGraph) -> bool {
    // Neither this nor the graph is changed for other loops by what is put in front of one.
    let used_elsewhere = UsedElsewhere::default();
    let entry = func.layout.entry_block();
    let blocks: Vec<Block> = func.layout.blocks().collect();
    // What is cold hardly ever runs: vectors would be room for nothing.
    let mut loops = blocks;
    loops.retain(|block| Some(*block) != entry && !func.layout.is_cold(*block));
    let mut looked_at = 0;
    let mut changed = false;
    for block in loops {
        if let Some(counted) = Loop::find(func, cfg, block) {
            changed |= vectorize_loop(func, &counted, &used_elsewhere).is_some();
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

fn vectorize_loop(
    func: &mut Function,
    counted: &Loop,
    used_elsewhere: &UsedElsewhere,
) -> Option<()> {
    let end = counted.end(func)?;
    let accesses = Accesses::find(func, counted)?;
    let moves = accesses.groups.iter().any(|group| group.step != 0);
    if !moves || accesses.groups.len() > MOST_GROUPS {
        return None;
    }
    let reductions = Reduction::find(func, counted);
    // Functions that copy memory have a loop for each way in which words lie askew, and many programs have such functions:
    // vectors, whose first lane would come from elsewhere in each iteration, take more room than they gain.
    let is_reduced = |param| reductions.iter().any(|reduction| reduction.param == param);
    let mut carried = (0..counted.params.len()).filter(|param| counted.steps[*param].is_none());
    if matches!(end, End::Order(_)) && carried.any(|param| !is_reduced(param)) {
        return None;
    }
    // A loop is left by its first block.
    let can_leave = counted.tail.is_none() && !used_elsewhere.has(func, counted.block);
    let vectors = vectors(func, counted, &accesses, &reductions).and_then(|(copies, rows)| {
        let fill = |packer: &mut Packer<'_>| {
            fill(packer, &accesses, copies, &rows, &reductions, can_leave)
        };
        replace(
            func,
            counted,
            &end,
            &accesses,
            copies,
            Sequence::LoadsFirst,
            fill,
        )
    });
    let is_worth_in_order = if vectors.is_some() {
        // What stays where it is may lie in a row that is stored to, as `d[i][k]` in a loop over `d[i][j]`: that there are
        // vectors does not say that they may be used.
        let mut groups = accesses.groups.iter();
        groups.any(|group| group.step == 0) && accesses.groups.iter().any(|group| group.has_store)
    } else {
        // Loops that go on by an order have several of the programmer's iterations in one already, and integers that are
        // only added up wait for nothing.
        matches!(end, End::Zero { .. }) && reductions.is_empty()
    };
    let in_order = is_worth_in_order.then(|| in_order(func, counted, &end, &accesses, can_leave));
    vectors.or(in_order.flatten())
}

/// Has a block do several iterations as they are.
fn in_order(
    func: &mut Function,
    counted: &Loop,
    end: &End,
    accesses: &Accesses,
    can_leave: bool,
) -> Option<()> {
    let mut sizes = accesses.all.iter().map(|access| access.size);
    if sizes.any(|size| size < LEAST_IN_ORDER) {
        return None;
    }
    let length = |copies: &&u32| counted.body.len() * **copies as usize;
    let copies = COPIES_IN_ORDER.iter();
    let copies = *copies
        .rev()
        .find(|copies| length(copies) <= MOST_IN_ORDER)?;
    let fill = |packer: &mut Packer<'_>| fill_in_order(packer, accesses, copies, can_leave);
    replace(func, counted, end, accesses, copies, Sequence::AsIs, fill)
}

/// How many iterations vectors do at once, and what they store.
fn vectors(
    func: &Function,
    counted: &Loop,
    accesses: &Accesses,
    reductions: &[Reduction],
) -> Option<(u32, Vec<Vec<Stored>>)> {
    let fits = |copies: &u32| {
        let rows = rows(func, accesses, *copies)?;
        let is_something = !rows.is_empty() || !reductions.is_empty();
        let mut reductions = reductions.iter();
        let fill = is_something && reductions.all(|reduction| reduction.fills(*copies));
        fill.then_some((*copies, rows))
    };
    let (fewest, fewest_rows) = COPIES.iter().find_map(fits)?;
    let length = counted.body.len() * 2 * fewest as usize;
    let is_short = length <= SHORT && !(fewest_rows.is_empty() && fewest == 1);
    let more = is_short.then(|| fits(&(2 * fewest)));
    let (copies, rows) = more.flatten().unwrap_or((fewest, fewest_rows));
    let commute = accesses.commute(copies) && !meet(func, counted, accesses);
    commute.then_some((copies, rows))
}

/// Has a block do several iterations at once, if that can be filled with them and is worth while.
fn replace(
    func: &mut Function,
    counted: &Loop,
    end: &End,
    accesses: &Accesses,
    copies: u32,
    sequence: Sequence,
    fill: impl FnOnce(&mut Packer<'_>) -> Option<Filled>,
) -> Option<()> {
    let guard = Guard::build(func, counted, end, accesses, copies, sequence);
    let mut packer = Packer::new(func, counted, accesses, &guard);
    let block = packer.block;
    let filled = fill(&mut packer);
    let before = (counted.body.len() + 1) * copies as usize;
    let is_worth = packer.cost * 100 <= before * WORTH;
    let done = filled.filter(|_| is_worth).map(|(back, results)| {
        let vectors = Vectors {
            block,
            copies,
            params: packer.params.clone(),
            gains: packer.gains.clone(),
            back,
            results,
            splats: packer.splats.clone(),
            reduced: std::mem::take(&mut packer.reduced),
        };
        join(func, counted, &guard, &vectors);
    });
    if done.is_none() {
        for block in [block, guard.block, guard.entry] {
            func.layout.remove_block_and_insts(block);
        }
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
            let value = func.dfg.inst_args(access.inst)[0];
            let is_narrow = func.dfg.value_type(value) == types::I32;
            match func.dfg.insts[access.inst].opcode() {
                Opcode::Store => {}
                Opcode::Istore8 | Opcode::Istore16 if is_narrow => {}
                _ => return None,
            }
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
    Some(rows)
}

/// What a block with vectors passes back for its parameters, of those that are needed, and what the loop would pass on, if
/// that can be told.
type Filled = (Vec<Option<Value>>, Option<Vec<After>>);

/// Fills the block with vectors and their stores.
fn fill(
    packer: &mut Packer<'_>,
    accesses: &Accesses,
    copies: u32,
    rows: &[Vec<Stored>],
    reductions: &[Reduction],
    can_leave: bool,
) -> Option<Filled> {
    let mut vectors = Vec::new();
    for row in rows {
        let lanes: Vec<Lane> = row.iter().map(|(lane, _)| *lane).collect();
        let value = packer.func.dfg.value_type(lanes[0].value);
        vectors.push(match row[0].1.size {
            size if size == i64::from(value.bytes()) => packer.pack(lanes)?,
            size => packer.pack_as(lanes, narrow::vector(8 * size as u32))?,
        });
    }
    for reduction in reductions {
        packer.reduce(reduction, copies)?;
    }
    carry(packer, copies)?;
    let loads = accesses.all.iter().filter(|access| !access.is_store);
    for load in loads {
        let is_still = accesses.groups[load.group].step == 0;
        let is_made = |copy| packer.loaded.contains(&(copy, load.inst));
        let is_all_made = (0..copies).all(is_made) || is_still && is_made(0);
        if !is_all_made {
            return None;
        }
    }
    let filled = close(packer, copies, can_leave)?;
    for (row, vector) in rows.iter().zip(vectors) {
        let (lane, access) = row[0];
        packer.store(lane.copy, &access, vector)?;
    }
    Some(filled)
}

/// Fills the block with the loop's own accesses, iteration after iteration, and what they need.
fn fill_in_order(
    packer: &mut Packer<'_>,
    accesses: &Accesses,
    copies: u32,
    can_leave: bool,
) -> Option<Filled> {
    for copy in 0..copies {
        for access in &accesses.all {
            if access.is_store {
                packer.scalar_store(copy, access)?;
            } else {
                let value = packer.func.dfg.first_result(access.inst);
                packer.scalar(Lane { copy, value })?;
            }
        }
    }
    carry(packer, copies)?;
    close(packer, copies, can_leave)
}

/// Computes what the loop carries from one iteration to the next: those of its parameters that are neither counters nor
/// have a vector.
fn carry(packer: &mut Packer<'_>, copies: u32) -> Option<()> {
    let counted = packer.counted;
    for param in 0..counted.params.len() {
        let is_reduced = packer.reduced.iter().any(|reduced| reduced.param == param);
        if is_reduced || counted.steps[param].is_some() {
            continue;
        }
        packer.scalar(Lane {
            copy: 0,
            value: counted.params[param],
        })?;
        packer.scalar(Lane {
            copy: copies - 1,
            value: counted.next[param],
        })?;
    }
    Some(())
}

/// Computes what the block passes back, and on if the loop may be left from it.
fn close(packer: &mut Packer<'_>, copies: u32, can_leave: bool) -> Option<Filled> {
    let counted = packer.counted;
    let last = copies - 1;
    // Before what is passed back, since these may need more of the parameters.
    let result = |value: &Value| {
        let is_constant = packer.is_constant(*value);
        let counter = counted.counter(packer.func, *value);
        if let (Some((param, more)), false) = (counter, is_constant) {
            return Some(After::Counter(param, more));
        }
        let value = *value;
        let mut reduced = packer.reduced.iter().map(|reduced| reduced.param);
        if let Some(param) = reduced.find(|param| counted.next[*param] == value) {
            return Some(After::Reduced(param));
        }
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
    Some((back, results))
}
