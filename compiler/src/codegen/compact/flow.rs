//! The instructions of a function, and the data between them.

use super::effect::Reg;
use super::within::Within;
use crate::codegen::Relocation;
use crate::codegen::machine_code::{MachineCode, Referent};
use iced_x86::{
    Code, Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind, Register,
};
use std::ops::Range;

/// A part of a function's bytes: an instruction, or data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where it begins, in bytes from the start of the function.
    pub start: u32,
    pub len: u32,
    pub kind: Kind,
    /// Whether it is there a second time: control reaches it from the piece in front alone.
    pub is_copy: bool,
}

impl Piece {
    pub fn end(&self) -> u32 {
        self.start + self.len
    }

    pub fn range(&self) -> Range<u32> {
        self.start..self.end()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// An instruction that stays as it is.
    Plain,
    /// An instruction with an immediate of 32 bits at its end, of which 8 say as much, and the opcode at this offset from
    /// its start.
    SmallImmediate { opcode: u32 },
    /// `jmp` to a place of the function.
    Jump { target: u32 },
    /// A conditional branch to a place of the function, on the condition that it had or, `inverted`, on the other one.
    Branch { target: u32, inverted: bool },
    /// An instruction that refers to a place of the function, by 32 bits at this offset from its start.
    Reference { target: u32, at: u32 },
    /// `push %rbp` or `mov %rsp, %rbp` at the start.
    Enter,
    /// `mov %rbp, %rsp`.
    ResetStack,
    /// `pop %rbp`.
    Leave,
    /// The distances of places of the function from the start of the table, 32 bits each.
    Table,
    /// A table that becomes one of addresses, 64 bits each.
    Addresses,
    /// A jump through a table: as it is, or to an address that the table has at an index.
    TableJump { table: u32, index: Option<Reg> },
    /// Bytes that no instruction of the function is made of.
    Data,
    /// An instruction that is not needed.
    Dropped,
    /// An instruction in whose place a register is copied to another of the same kind.
    Copy { to: Register, from: Register },
    /// A comparison of the lower half of a register with a number.
    Compare { index: Reg, count: u32 },
    /// A branch for an index that is not below, and a copy of the lower half of one that is, unless that is not needed.
    Choose { target: u32, copy: Option<HalfCopy> },
}

/// A copy of the lower half of a register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HalfCopy {
    pub to: Reg,
    pub from: Reg,
}

/// A function's pieces, in the order in which they are written.
pub(super) struct Flow {
    /// At first, all bytes of the function from the first to the last.
    pub pieces: Vec<Piece>,
    /// The instruction that each piece is; of data, none that is valid.
    pub instructions: Vec<Instruction>,
    /// Whether an instruction moves the stack pointer, besides those of the frame.
    pub moves_stack: bool,
    /// Whether an instruction needs the frame: a call, or an access to the stack.
    pub needs_frame: bool,
    /// The piece that has the byte at an offset, and is no copy.
    owners: Vec<u32>,
}

/// Bytes of an instruction: hardly any function has so short ones on average.
const SHORT: usize = 4;

/// No instruction begins here.
const NONE: u32 = u32::MAX;

impl Flow {
    /// Follows the code of a function; `None` if that is not of the form that is expected.
    pub fn follow(code: &MachineCode, blocks: &[u32]) -> Option<Self> {
        let mut follower = Follower::new(code, |relocation| relocation.offset);
        follower.open.extend(blocks);
        follower.open.extend(handlers(code));
        while let Some(start) = follower.open.pop() {
            follower.run(start)?;
        }
        follower.finish()
    }

    /// The piece that begins at an offset.
    pub fn at(&self, offset: u32) -> Option<usize> {
        let piece = self.owner(offset)?;
        (self.pieces[piece].start == offset).then_some(piece)
    }

    /// The piece that has the byte at an offset, and is no copy.
    pub fn owner(&self, offset: u32) -> Option<usize> {
        Some(*self.owners.get(offset as usize)? as usize)
    }

    /// Where control comes from elsewhere, in ascending order: blocks, and places inside of them that branches lead to.
    pub fn entries(&self, blocks: &[u32]) -> Vec<u32> {
        let targets = self.pieces.iter().filter_map(|piece| match piece.kind {
            Kind::Jump { target } | Kind::Branch { target, .. } => Some(target),
            _ => None,
        });
        let mut entries: Vec<u32> = blocks.iter().copied().chain(targets).collect();
        entries.sort_unstable();
        entries
    }

    /// What control comes to by something else than the piece in front, in ascending order.
    pub fn targets(&self, code: &MachineCode) -> Vec<u32> {
        let mut targets: Vec<u32> = handlers(code).collect();
        for piece in &self.pieces {
            match piece.kind {
                Kind::Jump { target }
                | Kind::Branch { target, .. }
                | Kind::Choose { target, .. }
                | Kind::Reference { target, .. } => targets.push(target),
                Kind::Table | Kind::Addresses => {
                    let entries = piece.range().step_by(4);
                    let of = |entry| target_of_entry(&code.bytes, piece.start, entry);
                    targets.extend(entries.map(of));
                }
                _ => {}
            }
        }
        targets.sort_unstable();
        targets
    }

    /// Has the flow consist of these pieces, each with the number of the one that it was or is made from.
    pub fn arrange(&mut self, pieces: impl Iterator<Item = (Piece, usize)>) {
        let most = pieces.size_hint().1.unwrap_or(self.pieces.len());
        let mut arranged = Vec::with_capacity(most);
        let mut instructions = Vec::with_capacity(most);
        for (piece, number) in pieces {
            arranged.push(piece);
            instructions.push(self.instructions[number]);
        }
        (self.pieces, self.instructions) = (arranged, instructions);
        self.number();
    }

    /// Notes who owns each byte.
    fn number(&mut self) {
        let pieces = self.pieces.iter().enumerate();
        for (number, piece) in pieces.filter(|(_, piece)| !piece.is_copy) {
            self.owners[piece.start as usize..piece.end() as usize].fill(number as u32);
        }
    }
}

struct Follower<'c, F> {
    code: &'c MachineCode,
    relocations: Within<'c, Relocation<Referent>, F>,
    decoder: Decoder<'c>,
    /// Where instructions begin that have not been looked at.
    open: Vec<u32>,
    /// The instructions in the order in which they were found.
    instructions: Vec<(Piece, Instruction)>,
    /// The one that begins at an offset.
    found: Vec<u32>,
    /// The tables of branches.
    tables: Vec<u32>,
    moves_stack: bool,
    needs_frame: bool,
}

impl<'c, F: Fn(&Relocation<Referent>) -> u32> Follower<'c, F> {
    /// Of this code, whose relocations have these offsets.
    fn new(code: &'c MachineCode, offset: F) -> Self {
        Self {
            code,
            relocations: Within::new(&code.relocations, offset),
            decoder: Decoder::with_ip(64, &code.bytes, 0, DecoderOptions::NONE),
            open: vec![0],
            instructions: Vec::with_capacity(code.bytes.len() / SHORT),
            found: vec![NONE; code.bytes.len()],
            tables: Vec::new(),
            moves_stack: false,
            needs_frame: false,
        }
    }

    /// Follows the instructions from an offset on, until one that does not go on to the next.
    fn run(&mut self, start: u32) -> Option<()> {
        let mut at = start;
        let mut instruction = Instruction::default();
        while *self.found.get(at as usize)? == NONE {
            self.decoder.set_position(at as usize).ok()?;
            self.decoder.set_ip(at.into());
            self.decoder.decode_out(&mut instruction);
            if instruction.code() == Code::INVALID {
                return None;
            }
            let piece = Piece {
                start: at,
                len: instruction.len() as u32,
                kind: self.kind(&instruction)?,
                is_copy: false,
            };
            self.found[at as usize] = self.instructions.len() as u32;
            self.instructions.push((piece, instruction));
            at = piece.end();
            if ends(&instruction) {
                break;
            }
        }
        Some(())
    }

    fn kind(&mut self, instruction: &Instruction) -> Option<Kind> {
        let start = instruction.ip() as u32;
        let end = start + instruction.len() as u32;
        let is_relocated = !self.relocations.range(start..end).is_empty();
        let flow = instruction.flow_control();
        match flow {
            FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch if !is_relocated => {
                let target = instruction.near_branch_target() as u32;
                self.open.push(target);
                return self.branch(instruction, target);
            }
            FlowControl::Call | FlowControl::IndirectCall => self.needs_frame = true,
            _ => {}
        }
        if instruction.is_ip_rel_memory_operand() && !is_relocated {
            let target = instruction.ip_rel_memory_address() as u32;
            if instruction.mnemonic() == Mnemonic::Lea {
                self.tables.push(target);
            }
            let at = self.decoder.get_constant_offsets(instruction);
            let at = at
                .has_displacement()
                .then(|| at.displacement_offset() as u32)?;
            return Some(Kind::Reference { target, at });
        }
        if let Some(kind) = self.frame(instruction) {
            return Some(kind);
        }
        if is_relocated {
            return Some(Kind::Plain);
        }
        Some(self.small_immediate(instruction).unwrap_or(Kind::Plain))
    }

    /// A branch that has a form of 8 bits and one of 32.
    fn branch(&self, instruction: &Instruction, target: u32) -> Option<Kind> {
        let bytes = &self.code.bytes[instruction.ip() as usize..][..instruction.len()];
        match bytes {
            [0xe9 | 0xeb, ..] => Some(Kind::Jump { target }),
            [0x0f, 0x80..=0x8f, ..] | [0x70..=0x7f, _] => Some(Kind::Branch {
                target,
                inverted: false,
            }),
            _ => None,
        }
    }

    /// What an instruction is for the frame, if it has to do with that; notes what the function does with the stack.
    fn frame(&mut self, instruction: &Instruction) -> Option<Kind> {
        let start = instruction.ip() as usize;
        let bytes = &self.code.bytes[start..][..instruction.len()];
        match bytes {
            [0x55] if start == 0 => return Some(Kind::Enter),
            [0x48, 0x89, 0xe5] if start == 1 => return Some(Kind::Enter),
            [0x48, 0x89, 0xec] => return Some(Kind::ResetStack),
            [0x5d] => return Some(Kind::Leave),
            _ => {}
        }
        let is_stack =
            |register: Register| matches!(register.full_register(), Register::RSP | Register::RBP);
        let registers = (0..instruction.op_count())
            .filter(|operand| instruction.op_kind(*operand) == OpKind::Register)
            .map(|operand| instruction.op_register(operand));
        let mut all = registers.chain([instruction.memory_base(), instruction.memory_index()]);
        let uses_stack = all.any(is_stack);
        let moves_stack = instruction.is_stack_instruction()
            && !matches!(
                instruction.flow_control(),
                FlowControl::Return | FlowControl::Call | FlowControl::IndirectCall
            )
            || instruction.op_count() > 0
                && instruction.op_kind(0) == OpKind::Register
                && instruction.op_register(0).full_register() == Register::RSP;
        self.needs_frame |= uses_stack || moves_stack;
        self.moves_stack |= moves_stack;
        None
    }

    /// `81 /n` with an immediate of 32 bits that are the sign of its lowest 8.
    fn small_immediate(&self, instruction: &Instruction) -> Option<Kind> {
        let start = instruction.ip() as usize;
        let bytes = &self.code.bytes[start..][..instruction.len()];
        let opcode = match bytes {
            [0x81, ..] => 0,
            [0x40..=0x4f, 0x81, ..] => 1,
            _ => return None,
        };
        let immediate = i32::from_le_bytes(*bytes.last_chunk()?);
        let is_small = i8::try_from(immediate).is_ok();
        is_small.then_some(Kind::SmallImmediate { opcode })
    }

    /// All pieces in a row, if instructions don't overlap.
    fn finish(mut self) -> Option<Flow> {
        let len = self.code.bytes.len() as u32;
        let references = self.instructions.iter();
        let references = references.filter_map(|(piece, _)| match piece.kind {
            Kind::Reference { target, .. } => Some(target),
            _ => None,
        });
        let mut marks: Vec<u32> = references.collect();
        marks.sort_unstable();
        self.tables.sort_unstable();
        let mut pieces = Vec::with_capacity(self.instructions.len());
        let mut instructions = Vec::with_capacity(self.instructions.len());
        let mut at = 0;
        while at < len {
            let (piece, instruction) = match self.found(at) {
                Some((piece, instruction)) => {
                    let inside = self.found.get(at as usize + 1..piece.end() as usize)?;
                    if inside.iter().any(|found| *found != NONE) {
                        return None;
                    }
                    (*piece, *instruction)
                }
                None => {
                    let next_mark = marks.get(marks.partition_point(|mark| *mark <= at));
                    let limit = next_mark.copied().unwrap_or(len).min(len);
                    let end = (at..limit).find(|offset| self.found(*offset).is_some());
                    (self.data(at, end.unwrap_or(limit)), Instruction::default())
                }
            };
            pieces.push(piece);
            instructions.push(instruction);
            at = piece.end();
        }
        // `pop %rbp` needs the stack pointer where `mov %rbp, %rsp` sets it.
        for number in 1..pieces.len() {
            let is_reset = pieces[number].kind == Kind::ResetStack;
            if is_reset && frees_stack(&instructions[number - 1]) {
                pieces[number - 1].kind = Kind::Dropped;
            }
        }
        let mut flow = Flow {
            pieces,
            instructions,
            moves_stack: self.moves_stack,
            needs_frame: self.needs_frame,
            owners: vec![NONE; len as usize],
        };
        flow.number();
        let targets_exist = flow.pieces.iter().all(|piece| match piece.kind {
            Kind::Jump { target }
            | Kind::Branch { target, .. }
            | Kind::Reference { target, .. } => flow.at(target).is_some(),
            _ => true,
        });
        targets_exist.then_some(flow)
    }

    /// The instruction that begins at an offset.
    fn found(&self, offset: u32) -> Option<&(Piece, Instruction)> {
        self.instructions
            .get(*self.found.get(offset as usize)? as usize)
    }

    /// The data from one offset to another, or a table that begins there and may be shorter.
    fn data(&self, start: u32, end: u32) -> Piece {
        let mut piece = Piece {
            start,
            len: end - start,
            kind: Kind::Data,
            is_copy: false,
        };
        if self.tables.binary_search(&start).is_ok() {
            let entries = (start..end.saturating_sub(3)).step_by(4);
            let entries = entries.take_while(|entry| self.is_entry(start, *entry));
            let len = entries.count() as u32 * 4;
            if len > 0 {
                (piece.len, piece.kind) = (len, Kind::Table);
            }
        }
        piece
    }

    /// Whether an entry of a table refers to an instruction. What lies between a table and the next data are zeros, which
    /// refer to the table itself.
    fn is_entry(&self, table: u32, entry: u32) -> bool {
        let target = target_of_entry(&self.code.bytes, table, entry);
        self.found(target).is_some()
    }
}

/// Where the handlers of a function's calls begin.
fn handlers(code: &MachineCode) -> impl Iterator<Item = u32> + '_ {
    code.catching_calls.iter().flat_map(|call| {
        let handlers = call.handlers.iter();
        handlers.map(|handler| call.returns_to.wrapping_add_signed(handler.offset))
    })
}

/// What an entry of a table refers to.
pub(super) fn target_of_entry(bytes: &[u8], table: u32, entry: u32) -> u32 {
    let distance = bytes[entry as usize..]
        .first_chunk()
        .expect("an entry has 32 bits");
    table.wrapping_add_signed(i32::from_le_bytes(*distance))
}

/// Whether an instruction adds a number to the stack pointer, as at the end of a function.
pub(super) fn frees_stack(instruction: &Instruction) -> bool {
    matches!(
        instruction.code(),
        Code::Add_rm64_imm32 | Code::Add_rm64_imm8
    ) && instruction.op_kind(0) == OpKind::Register
        && instruction.op_register(0) == Register::RSP
}

/// Whether control does not go on behind an instruction.
pub(super) fn ends(instruction: &Instruction) -> bool {
    matches!(
        instruction.flow_control(),
        FlowControl::UnconditionalBranch
            | FlowControl::IndirectBranch
            | FlowControl::Return
            | FlowControl::Exception
    )
}
