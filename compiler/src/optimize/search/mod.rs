//! Loops that search do 16 bytes at once.
//!
//! `strlen`, `memchr`, `memcmp`, the search for a number in an array: such a loop reads arrays, stores nothing, and is left
//! when what it reads is what it looks for. Libraries for native code have them in vectors, written by hand for each
//! machine; in WebAssembly they are loops over bytes.
//!
//! The first iteration is done by the loop as it is: what is found at once, as the first byte that differs mostly is, costs
//! no more than before. Then vectors find out how many iterations more would not leave the loop, 16 bytes of them at a
//! time, later 32 or 64; the loop goes on with the first one that leaves it, or where less than 16 bytes are left.
//!
//! ```text
//!            loop ──────> leaves
//!            │  ^
//! only once, │  │ counters have moved on by as many iterations as do not leave it
//!            v  │
//!            vectors
//! ```
//!
//! What makes it correct:
//! - The iterations that are left out have no effect but on counters, which gain a constant each, and on what is carried of
//!   what they have read: the last of that is loaded once more. The loop has no stores and no calls, nothing in it traps but
//!   loads, and it carries nothing else from one iteration to the next.
//! - Vectors read nothing that lies outside of the memory: the indices are compared with its size, so what they read, and what
//!   the loop would have read, does not fault. No size is beyond 2^32, so no index wraps on the way.
//! - A branch that leaves the loop, but for those that count iterations, depends on what is read by operations that give the
//!   same in a lane as wide as what is read: bytes and 16-bit numbers are extended in the loop, and what is done to them
//!   keeps them so.
//!
//! Of programs that are not in `tests/bench`, one that calls `memchr`, `memcmp` and `strlen` goes from 5 to 1.2 times native
//! code's CPU time, a compressor's search for the longest match from 1.2 to 0.93; `lz` from 1.14 to 0.92. Loops that find
//! what they look for in the first few bytes are the price: `strings` goes from 1.33 to 1.38. Where the first four bytes are
//! left to the loop it stays at 1.33, but the compressors lose what they gain. Executables become 2 to 5 % larger.
//! Functions that look at words have their loops over bytes left alone, which look at less than a word: that takes 0.5 KB
//! off a `strlen` and a `strchrnul`.

mod lanes;
mod shape;
mod vectors;

use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{Block, Function};
use lanes::Lanes;
use shape::{Flow, Search};
use vectors::Vectors;

/// The memory of a program that has one alone, with indices of 32 bits and pages as large as the machine's.
#[derive(Clone, Copy, Debug, Hash)]
pub struct OnlyMemory {
    /// The address of its byte 0, a part of every address.
    pub base: u64,
    /// The address of the word that holds its size in bytes: a size that never changes is not part of the code either, since
    /// the code would not be found in a cache when it has another one.
    pub size: u64,
    /// Whether the machine finds out at once which lanes of a vector are set.
    pub has_bits: bool,
}

/// The loops of a function that are looked at.
const MOST_LOOPS: usize = 500;

/// Has the loops of a function, of which `cfg` is the control flow graph, search arrays by vectors. Says whether anything was
/// changed.
pub fn search(func: &mut Function, cfg: &ControlFlowGraph, memory: &OnlyMemory) -> bool {
    let flow = Flow(cfg);
    let entry = func.layout.entry_block();
    let blocks: Vec<Block> = func.layout.blocks().collect();
    let headers = blocks.into_iter();
    let headers = headers.filter(|block| Some(*block) != entry && !func.layout.is_cold(*block));
    let loops = headers.filter_map(|header| Search::find(func, &flow, header));
    let loops: Vec<Search> = loops.take(MOST_LOOPS).collect();
    let found = loops.into_iter().filter_map(|search| {
        let lanes = Lanes::find(func, &search, memory)?;
        Some((search, lanes))
    });
    let found: Vec<(Search, Lanes)> = found.collect();
    // A function that looks at several bytes at once, as `strlen` does, looks at single ones only where words begin and end.
    let widest = found.iter().map(|(_, lanes)| lanes.size).max();
    let has_words = widest > Some(1);
    let mut changed = false;
    for (search, lanes) in found {
        if has_words && lanes.size == 1 {
            continue;
        }
        Vectors::insert(func, &search, &lanes, memory);
        changed = true;
    }
    changed
}
