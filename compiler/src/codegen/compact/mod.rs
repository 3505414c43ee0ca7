//! x86-64: the same machine code in fewer bytes.
//!
//! Cranelift chooses encodings before it knows distances: every branch has 32 bits for its own, and sums with a small
//! number have 32 bits for that. Its functions also set up a frame whether they use it or not. Here, over the finished code
//! of a function:
//!
//! ```text
//! jne +32 bits                  jne +8 bits where that reaches      6 -> 2 bytes
//! jmp +32 bits                  jmp +8 bits                         5 -> 2
//! add $1 (32 bits), %eax        add $1 (8 bits), %eax               6 -> 3
//! mov %rbp, %rsp; pop %rbp      pop %rbp where nothing moved %rsp   4 -> 1
//! push %rbp; mov %rsp, %rbp     nothing, where nothing uses it      4 -> 0
//! cmovb before a table's jump   jae                                 see [`clamp`]
//! a distance from a table       an address from it                  see [`tables`]
//! pshufd before movlhps         a copy, or nothing                  see [`pairs`]
//! mov %ecx, %ecx                nothing where that changes nothing  see [`extensions`]
//! ```
//!
//! Innermost loops begin at multiples of 16 bytes. A loop of 81 bytes that lies in three lines of the caches instead of two
//! takes 1.4 times as long (a product of matrices, on a virtual AMD EPYC), so where something is computed with numbers that
//! are no integers, and in functions that are there twice, loops of up to 128 bytes lie in as few lines as they can, and the
//! function begins with one.
//!
//! Besides, some jumps give way to what they lead to, see [`copies`]; and what the register allocator stores to the stack and
//! loads from it is left out where it changes nothing, see [`spills`], and with it jumps, see [`jumps`].
//!
//! What is found in the code decides, not what Cranelift is known to do: [`flow`] follows it from the blocks' starts, and
//! whatever is not reached (tables of branches, constants) stays as it is. [`layout`] says how long everything becomes and
//! where it goes, [`rewrite`] writes it and moves what refers to it. Code that can't be followed is left as it is.
//!
//! The text of SQLite shrinks by 10 %, of which a sixth are loads and stores: it has 14 % fewer loads from the stack, the
//! CoreMark-like program 27 %. Of native code's CPU time that takes the crate regex from 1.53 to 1.23, Lua's strings from 1.20
//! to 1.10, keccak from 1.36 to 1.24, bzip2 from 1.16 to 1.05. Compiling takes as long: what follows has less to do.

mod block;
mod clamp;
mod copies;
mod effect;
mod encode;
mod extensions;
mod flow;
mod jumps;
mod layout;
mod pairs;
mod rewrite;
mod spills;
mod tables;
#[cfg(test)]
mod tests;
mod within;

use super::machine_code::MachineCode;
use flow::Flow;
use layout::Layout;

/// What may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Tables may have addresses, which are known when the executable is linked.
    pub absolute: bool,
    /// Code may be there twice.
    pub copies: bool,
    /// Short innermost loops lie in as few lines of the caches as they can.
    pub loops_in_lines: bool,
}

/// Makes a function shorter, whose blocks start at these offsets.
pub(super) fn compact(code: &mut MachineCode, blocks: &[u32], rules: Rules) {
    if let Some(mut flow) = Flow::follow(code, blocks) {
        tables::find(&mut flow, rules.absolute);
        clamp::branch(code, &mut flow, blocks);
        pairs::join(&mut flow, blocks);
        extensions::drop(&mut flow, blocks);
        if rules.copies {
            copies::add(&mut flow);
        }
        spills::remove(code, &mut flow);
        jumps::drop(code, &mut flow);
        let (layout, alignment) = Layout::new(code, &flow, rules.loops_in_lines);
        rewrite::rewrite(code, &flow, &layout);
        code.alignment = code.alignment.max(alignment);
    }
}
