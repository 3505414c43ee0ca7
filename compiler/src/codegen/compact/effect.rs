//! What an instruction does with the registers and with the function's places on the stack.

use super::flow::{Flow, Kind, ends, frees_stack};
use iced_x86::{
    Code, FlowControl, Instruction, InstructionInfoFactory, InstructionInfoOptions, Mnemonic,
    OpAccess, OpKind, Register,
};
use std::ops::Range;

/// Bytes of a place on the stack; that of a vector is two.
const UNIT: u64 = 8;

/// The places that are looked at, at most.
pub(super) const MOST_PLACES: usize = 4096;

/// Pieces that are looked at for what has written a register, at most.
const MOST_BEFORE: usize = 24;

/// A register by its number: 16 general ones, 16 for vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reg(pub u8);

impl Reg {
    /// The register of this number.
    pub fn register(self) -> Register {
        match self.0 {
            number @ 0..16 => Register::RAX + u32::from(number),
            number => Register::XMM0 + u32::from(number - 16),
        }
    }
}

/// The registers that calls keep.
const KEPT: u32 = 1 << 3 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15;

/// What an instruction does with registers and places.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    /// Stores all of a register.
    Store { place: u16, reg: Reg },
    /// Loads all of a register.
    Load { place: u16, reg: Reg },
    /// Copies all of a register.
    Copy { to: Reg, from: Reg },
    /// Anything else: the registers that it changes, and the places that it accesses.
    Other {
        changed: u32,
        accessed: Option<Accessed>,
    },
}

/// Places that an instruction accesses in some way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accessed {
    pub first: u16,
    pub last: u16,
    pub reads: bool,
    pub writes: bool,
}

impl Effect {
    const NOTHING: Self = Self::Other {
        changed: 0,
        accessed: None,
    };
}

/// What each piece does, if the stack is accessed in the ways that are known.
pub(super) fn effects(flow: &Flow) -> Option<Vec<Effect>> {
    let mut factory = InstructionInfoFactory::new();
    let mut effects = Vec::with_capacity(flow.pieces.len());
    let mut has_frame = false;
    let mut has_left = false;
    for (piece, instruction) in flow.pieces.iter().zip(&flow.instructions) {
        let is_frame = matches!(piece.kind, Kind::Enter | Kind::ResetStack | Kind::Leave);
        // What a tail call does behind the end of the frame is about another one.
        let touches_stack = instruction.memory_base() == Register::RSP || frees_stack(instruction);
        if has_left && touches_stack {
            return None;
        }
        has_left = match piece.kind {
            Kind::Leave => true,
            Kind::Plain => has_left && !ends(instruction),
            _ => false,
        };
        let effect = match instruction.code() {
            _ if is_frame || piece.kind == Kind::Dropped => Effect::NOTHING,
            Code::INVALID => Effect::NOTHING,
            // The frame's room, once, and its end.
            Code::Sub_rm64_imm32 | Code::Sub_rm64_imm8
                if instruction.op_kind(0) == OpKind::Register
                    && instruction.op_register(0) == Register::RSP =>
            {
                if has_frame {
                    return None;
                }
                has_frame = true;
                Effect::NOTHING
            }
            _ if frees_stack(instruction) => Effect::NOTHING,
            _ => effect(instruction, &mut factory)?,
        };
        effects.push(effect);
    }
    leave_arguments(&mut effects);
    Some(effects)
}

/// Takes stores to places that the function does not read for arguments of calls: the function that is called reads them,
/// and may change them.
fn leave_arguments(effects: &mut [Effect]) {
    let mut is_read = vec![false; MOST_PLACES + 1];
    for effect in effects.iter() {
        match *effect {
            Effect::Load { place, reg } => is_read[range(place, reg)].fill(true),
            Effect::Other {
                accessed: Some(accessed),
                ..
            } if accessed.reads => {
                is_read[usize::from(accessed.first)..=usize::from(accessed.last)].fill(true);
            }
            _ => {}
        }
    }
    for effect in effects {
        if let Effect::Store { place, reg } = *effect
            && !is_read[range(place, reg)].contains(&true)
        {
            *effect = Effect::Other {
                changed: 0,
                accessed: Some(Accessed {
                    first: place,
                    last: place + 1,
                    reads: false,
                    writes: true,
                }),
            };
        }
    }
}

/// The places that all of a register takes from a place on.
pub(super) fn range(place: u16, reg: Reg) -> Range<usize> {
    let first = usize::from(place);
    first..first + if reg.0 < 16 { 1 } else { 2 }
}

fn effect(instruction: &Instruction, factory: &mut InstructionInfoFactory) -> Option<Effect> {
    let is_on_stack = instruction.memory_base() == Register::RSP;
    let displacement = instruction.memory_displacement64();
    let place = || {
        let is_whole =
            instruction.memory_index() == Register::None && displacement.is_multiple_of(UNIT);
        let place = displacement / UNIT;
        (is_on_stack && is_whole && place < MOST_PLACES as u64).then_some(place as u16)
    };
    let register = |operand| reg(instruction.op_register(operand));
    match instruction.code() {
        Code::Mov_rm64_r64 | Code::Movups_xmmm128_xmm | Code::Movdqu_xmmm128_xmm if is_on_stack => {
            let (place, reg) = (place()?, register(1)?);
            return Some(Effect::Store { place, reg });
        }
        Code::Mov_r64_rm64 | Code::Movups_xmm_xmmm128 | Code::Movdqu_xmm_xmmm128 if is_on_stack => {
            let (place, reg) = (place()?, register(0)?);
            return Some(Effect::Load { place, reg });
        }
        Code::Mov_rm64_r64
        | Code::Mov_r64_rm64
        | Code::Movaps_xmm_xmmm128
        | Code::Movdqa_xmm_xmmm128
            if instruction.op_kind(0) == OpKind::Register
                && instruction.op_kind(1) == OpKind::Register =>
        {
            let (to, from) = (register(0), register(1));
            return Some(match (to, from) {
                (Some(to), Some(from)) => Effect::Copy { to, from },
                // The stack pointer's, for one.
                _ => return None,
            });
        }
        _ => {}
    }
    if !is_on_stack && let Some(changed) = changed_at_most(instruction) {
        let accessed = None;
        return Some(Effect::Other { changed, accessed });
    }
    let is_call = matches!(
        instruction.flow_control(),
        FlowControl::Call | FlowControl::IndirectCall
    );
    let info = factory.info_options(instruction, InstructionInfoOptions::NONE);
    let mut changed = if is_call { !KEPT } else { 0 };
    let is_return = instruction.flow_control() == FlowControl::Return;
    for used in info.used_registers() {
        let writes = !matches!(used.access(), OpAccess::Read | OpAccess::CondRead);
        let register = used.register().full_register();
        if register == Register::RSP && writes && !is_call && !is_return {
            return None;
        }
        if writes && let Some(Reg(number)) = reg(register) {
            changed |= 1 << number;
        }
    }
    let mut accessed = None;
    if is_on_stack {
        // Its address could be kept.
        let memory = info.used_memory().first()?;
        if memory.index() != Register::None || instruction.mnemonic() == Mnemonic::Lea {
            return None;
        }
        let size = memory.memory_size().size() as u64;
        let last = displacement.checked_add(size.max(1) - 1)? / UNIT;
        if last >= MOST_PLACES as u64 {
            return None;
        }
        accessed = Some(Accessed {
            first: (displacement / UNIT) as u16,
            last: last as u16,
            reads: !matches!(memory.access(), OpAccess::Write | OpAccess::CondWrite),
            writes: !matches!(memory.access(), OpAccess::Read | OpAccess::CondRead),
        });
    }
    // Arguments lie above the frame.
    let is_below = instruction.memory_base() == Register::RBP && (displacement as i64) < 0;
    (!is_below).then_some(Effect::Other { changed, accessed })
}

/// The registers that an instruction changes, if it is one of the most frequent that change their first operand or none.
fn changed_at_most(instruction: &Instruction) -> Option<u32> {
    use Mnemonic as M;
    if instruction.is_jcc_short_or_near() || instruction.is_jmp_short_or_near() {
        return Some(0);
    }
    match instruction.mnemonic() {
        M::Cmp | M::Test => Some(0),
        M::Mov | M::Movzx | M::Movsxd | M::Lea | M::Add | M::Sub | M::And | M::Or | M::Xor => {
            match instruction.op0_kind() {
                // The stack pointer is none that values live in.
                OpKind::Register => reg(instruction.op0_register()).map(|Reg(number)| 1 << number),
                _ => Some(0),
            }
        }
        _ => None,
    }
}

/// The piece in front of another one that has last written a register, if it is near and control, which comes from elsewhere
/// at these offsets, comes through it.
pub(super) fn written_before(
    flow: &Flow,
    piece: usize,
    register: Reg,
    entries: &[u32],
) -> Option<usize> {
    let mut factory = InstructionInfoFactory::new();
    for before in (piece.saturating_sub(MOST_BEFORE)..piece).rev() {
        // The piece behind it may be reached in another way.
        let behind = flow.pieces[before + 1].start;
        if entries.binary_search(&behind).is_ok() {
            return None;
        }
        let instruction = &flow.instructions[before];
        let goes_on = matches!(
            instruction.flow_control(),
            FlowControl::Next | FlowControl::ConditionalBranch
        );
        if !goes_on {
            return None;
        }
        let info = factory.info_options(instruction, InstructionInfoOptions::NO_MEMORY_USAGE);
        let mut used = info.used_registers().iter();
        let is_written = used.any(|used| {
            reg(used.register()) == Some(register)
                && !matches!(used.access(), OpAccess::Read | OpAccess::CondRead)
        });
        if is_written {
            return Some(before);
        }
    }
    None
}

/// Whether the upper half of a register is known to be zero in front of a piece.
pub(super) fn has_zeros(flow: &Flow, piece: usize, register: Reg, entries: &[u32]) -> bool {
    let writer = written_before(flow, piece, register, entries);
    writer.is_some_and(|writer| extends(&flow.instructions[writer], register))
}

/// Whether what an instruction writes to a register has zeros in the upper half.
fn extends(instruction: &Instruction, register: Reg) -> bool {
    let mut factory = InstructionInfoFactory::new();
    let info = factory.info_options(instruction, InstructionInfoOptions::NO_MEMORY_USAGE);
    let to = instruction.op0_register();
    let is_written = instruction.op0_kind() == OpKind::Register
        && reg(to) == Some(register)
        && matches!(info.op0_access(), OpAccess::Write | OpAccess::ReadWrite);
    let is_extension = matches!(
        instruction.code(),
        Code::Movzx_r64_rm8 | Code::Movzx_r64_rm16
    );
    is_written && (to.is_gpr32() || is_extension)
}

/// The number of a register that values live in.
pub(super) fn reg(register: Register) -> Option<Reg> {
    let register = register.full_register();
    let number = register.number() as u8;
    if register == Register::RSP || register == Register::RBP {
        None
    } else if register.is_gpr64() {
        Some(Reg(number))
    } else if register.is_vector_register() && number < 16 {
        Some(Reg(16 + number))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced_x86::{Decoder, DecoderOptions};

    #[test]
    fn frequent_instructions_change_what_any_would() {
        let frequent: [&[u8]; 14] = [
            // mov %edi, %eax; mov (%rdi), %rax; mov %rax, (%rdi); mov $1, %r9d; mov %ah, %cl
            &[0x89, 0xf8],
            &[0x48, 0x8b, 0x07],
            &[0x48, 0x89, 0x07],
            &[0x41, 0xb9, 1, 0, 0, 0],
            &[0x88, 0xe1],
            // movzbl (%rdi), %r10d; movslq %edi, %rax; lea (%rdi, %rsi), %r11
            &[0x44, 0x0f, 0xb6, 0x17],
            &[0x48, 0x63, 0xc7],
            &[0x4c, 0x8d, 0x1c, 0x37],
            // add %ecx, %edx; sub $1, (%rdi); xor %r8, %rax; cmp %rcx, (%rdi); test %al, %al; jne
            &[0x01, 0xca],
            &[0x83, 0x2f, 1],
            &[0x4c, 0x31, 0xc0],
            &[0x48, 0x39, 0x0f],
            &[0x84, 0xc0],
            &[0x75, 2],
        ];
        let mut factory = InstructionInfoFactory::new();
        for bytes in frequent {
            let instruction = Decoder::new(64, bytes, DecoderOptions::NONE).decode();
            let info = factory.info(&instruction);
            let used = info.used_registers().iter();
            let written =
                used.filter(|used| !matches!(used.access(), OpAccess::Read | OpAccess::CondRead));
            let written = written.filter_map(|used| reg(used.register()));
            let changed = written.fold(0, |changed, Reg(number)| changed | 1 << number);
            assert_eq!(changed_at_most(&instruction), Some(changed), "{bytes:02x?}");
        }
        // add $16, %rsp; mul %rcx; xchg %eax, %ecx
        let others: [&[u8]; 3] = [
            &[0x48, 0x83, 0xc4, 0x10],
            &[0x48, 0xf7, 0xe1],
            &[0x87, 0xc1],
        ];
        for bytes in others {
            let instruction = Decoder::new(64, bytes, DecoderOptions::NONE).decode();
            assert_eq!(changed_at_most(&instruction), None, "{bytes:02x?}");
        }
    }
}
