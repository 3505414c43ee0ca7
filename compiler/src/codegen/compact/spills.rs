//! What is on the stack need not be loaded where a register has it, nor stored where the stack has it.
//!
//! Cranelift's register allocator gives a value that it spills a place on the stack, and a register wherever it is used.
//! It does not look at what is in a register already, nor at whether the stack still has what it stores: a value that a loop
//! only reads may be loaded in each iteration, and stored at its end to the place that it came from.
//!
//! ```text
//! mov 0x140(%rsp), %rdi              mov 0x140(%rsp), %rdi
//! imul %edi, %r8d                    imul %edi, %r8d
//! mov 0x140(%rsp), %rsi              mov %rdi, %rsi
//! mov %rdi, 0x140(%rsp)
//! ```
//!
//! A forward analysis over the blocks finds for each register the place that has the same 64 or 128 bits, on whatever way
//! control came; a backward one finds which places are still read. The stack of a function is its own: nothing but its
//! instructions that name `%rsp` reaches these places. Where one takes an address, or moves the stack pointer, the function is
//! left as it is; so is one that catches exceptions, which come from calls.

use super::block::{Block, Blocks, blocks};
use super::effect::{Effect, Reg, effects, range};
use super::flow::{Flow, Kind};
use crate::codegen::machine_code::MachineCode;
use iced_x86::{Code, Instruction, Register};
use std::collections::BTreeSet;
use std::ops::Range;

/// No register has this place, or a register has none.
const NONE: u16 = u16::MAX;

/// The place on the stack that each register has the same bits as.
type State = [u16; REGISTERS];
const REGISTERS: usize = 32;

/// Drops loads and stores of a function that are not needed.
pub(super) fn remove(code: &MachineCode, flow: &mut Flow) {
    if !code.catching_calls.is_empty() {
        return;
    }
    let Some(effects) = effects(flow) else {
        return;
    };
    if !effects
        .iter()
        .any(|effect| matches!(effect, Effect::Load { .. }))
    {
        return;
    }
    let Some(blocks) = blocks(code, flow) else {
        return;
    };
    forward(flow, &effects, &blocks);
    backward(flow, &effects, &blocks);
}

/// Drops loads of what a register has, and stores of what the stack has.
fn forward(flow: &mut Flow, effects: &[Effect], blocks: &Blocks) {
    let mut states: Vec<Option<State>> = vec![None; blocks.all.len()];
    states[0] = Some([NONE; REGISTERS]);
    // Those in front first: most ways lead forward.
    let mut open = BTreeSet::from([0u32]);
    while let Some(number) = open.pop_first() {
        let block = &blocks.all[number as usize];
        let mut state = states[number as usize].expect("an open block has been reached");
        for effect in &effects[block.first..block.end] {
            advance(&mut state, effect);
        }
        for successor in blocks.successors(block) {
            let known = &mut states[*successor as usize];
            let merged = known.map_or(state, |known| merge(&known, &state));
            if *known != Some(merged) {
                *known = Some(merged);
                open.insert(*successor);
            }
        }
    }
    for (block, state) in blocks.all.iter().zip(states) {
        if let Some(state) = state {
            replace(flow, effects, block, state);
        }
    }
}

/// Replaces what is not needed in a block that begins with a state.
fn replace(flow: &mut Flow, effects: &[Effect], block: &Block, mut state: State) {
    let pieces = block.first..block.end;
    for (piece, effect) in pieces.clone().zip(&effects[pieces]) {
        match *effect {
            Effect::Store { place, reg } if state[usize::from(reg.0)] == place => {
                flow.pieces[piece].kind = Kind::Dropped;
            }
            Effect::Copy { to, from } => {
                let [old, new] = [to, from].map(|reg| state[usize::from(reg.0)]);
                if old == new && old != NONE {
                    flow.pieces[piece].kind = Kind::Dropped;
                }
            }
            Effect::Load { place, reg } => {
                if state[usize::from(reg.0)] == place {
                    flow.pieces[piece].kind = Kind::Dropped;
                } else if let Some(from) = holder(&state, place, reg) {
                    let to = flow.instructions[piece].op_register(0);
                    flow.pieces[piece].kind = Kind::Copy { to, from };
                }
            }
            _ => {}
        }
        advance(&mut state, effect);
    }
}

/// A register of the same kind as another that has a place's bits.
fn holder(state: &State, place: u16, other: Reg) -> Option<Register> {
    let mut alike = (0..32).map(Reg).filter(|reg| reg.0 / 16 == other.0 / 16);
    let found = alike.find(|reg| state[usize::from(reg.0)] == place);
    found.map(Reg::register)
}

/// What registers have behind an instruction.
fn advance(state: &mut State, effect: &Effect) {
    let forget = |state: &mut State, first: u16, last: u16| {
        for has in state.iter_mut() {
            // A vector's reaches one further.
            if *has != NONE && *has + 1 >= first && *has <= last {
                *has = NONE;
            }
        }
    };
    match *effect {
        Effect::Store { place, reg } => {
            if state[usize::from(reg.0)] != place {
                forget(state, place, place + u16::from(reg.0 >= 16));
                state[usize::from(reg.0)] = place;
            }
        }
        Effect::Load { place, reg } => state[usize::from(reg.0)] = place,
        Effect::Copy { to, from } => state[usize::from(to.0)] = state[usize::from(from.0)],
        Effect::Other { changed, accessed } => {
            let mut left = changed;
            while left != 0 {
                state[left.trailing_zeros() as usize] = NONE;
                left &= left - 1;
            }
            if let Some(accessed) = accessed.filter(|accessed| accessed.writes) {
                forget(state, accessed.first, accessed.last);
            }
        }
    }
}

fn merge(left: &State, right: &State) -> State {
    std::array::from_fn(|number| {
        if left[number] == right[number] {
            left[number]
        } else {
            NONE
        }
    })
}

/// Drops stores to places that are not read any more.
fn backward(flow: &mut Flow, effects: &[Effect], blocks: &Blocks) {
    let most = effects
        .iter()
        .filter_map(highest)
        .max()
        .map_or(0, usize::from)
        + 1;
    let words = most.div_ceil(64);
    // The places that are read behind the start of each block, before they are overwritten.
    let mut live = vec![0u64; blocks.all.len() * words];
    let mut at_end = vec![0u64; words];
    let mut changed = true;
    while changed {
        changed = false;
        for (number, block) in blocks.all.iter().enumerate().rev() {
            behind(&mut at_end, &live, words, blocks.successors(block));
            for piece in (block.first..block.end).rev() {
                retreat(&mut at_end, flow.pieces[piece].kind, &effects[piece]);
            }
            let start = &mut live[number * words..][..words];
            if start != at_end {
                start.copy_from_slice(&at_end);
                changed = true;
            }
        }
    }
    for block in &blocks.all {
        behind(&mut at_end, &live, words, blocks.successors(block));
        for piece in (block.first..block.end).rev() {
            if let Effect::Store { place, reg } = effects[piece]
                && !is_saved(flow, piece)
            {
                let is_read = |place: usize| at_end[place / 64] & 1 << (place % 64) != 0;
                if !range(place, reg).any(is_read) {
                    flow.pieces[piece].kind = Kind::Dropped;
                }
            }
            retreat(&mut at_end, flow.pieces[piece].kind, &effects[piece]);
        }
    }
}

/// Whether a store is one of those right behind the start of the function, of registers that belong to the caller:
/// debuggers are told of them.
fn is_saved(flow: &Flow, store: usize) -> bool {
    let before = &flow.instructions[..store];
    let is_start = |instruction: &Instruction| {
        matches!(
            instruction.code(),
            Code::Push_r64 | Code::Mov_rm64_r64 | Code::Sub_rm64_imm32 | Code::Sub_rm64_imm8
        )
    };
    store < 16 && before.iter().all(is_start)
}

/// The highest place that an instruction accesses.
fn highest(effect: &Effect) -> Option<u16> {
    match effect {
        Effect::Store { place, .. } | Effect::Load { place, .. } => Some(*place + 1),
        Effect::Copy { .. } => None,
        Effect::Other { accessed, .. } => accessed.map(|accessed| accessed.last + 1),
    }
}

/// What is read behind a block with these successors.
fn behind(places: &mut [u64], live: &[u64], words: usize, successors: &[u32]) {
    places.fill(0);
    for successor in successors {
        let start = &live[*successor as usize * words..][..words];
        for (place, other) in places.iter_mut().zip(start) {
            *place |= other;
        }
    }
}

/// What is read behind the start of an instruction.
fn retreat(places: &mut [u64], kind: Kind, effect: &Effect) {
    let mut set = |range: Range<usize>, is_read: bool| {
        for place in range {
            let word = &mut places[place / 64];
            *word = *word & !(1 << (place % 64)) | u64::from(is_read) << (place % 64);
        }
    };
    match *effect {
        _ if matches!(kind, Kind::Dropped | Kind::Copy { .. }) => {}
        Effect::Store { place, reg } => set(range(place, reg), false),
        Effect::Load { place, reg } => set(range(place, reg), true),
        Effect::Other {
            accessed: Some(accessed),
            ..
        } => set(
            usize::from(accessed.first)..usize::from(accessed.last) + 1,
            true,
        ),
        Effect::Copy { .. } | Effect::Other { .. } => {}
    }
}
