//! Which bytes of each vector anybody looks at.
//!
//! WebAssembly's `i8x16.shuffle` names sixteen bytes even where four are meant: compilers fill up with byte 0. What is
//! meant shows in the uses: an extension of the low half, a lane that is extracted or stored, another shuffle.
//! Going backwards through the function, each instruction says which bytes of its operands it needs for those bytes of
//! its result that somebody needs; one that is not known here needs all. Loops are gone through until nothing changes.

use super::bytes::{ALL, ByteSet, members, set};
use super::uses::Uses;
use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, BlockArg, Function, Inst, InstructionData, Opcode, Value};

/// The bytes of every vector that are needed, aliases resolved.
pub(super) struct Demand {
    needed: SecondaryMap<Value, ByteSet>,
    is_changed: bool,
}

impl Demand {
    /// The demand in a function; `postorder` are its blocks.
    pub(super) fn of(func: &Function, postorder: &[Block], uses: &Uses) -> Self {
        let mut demand = Self {
            needed: SecondaryMap::new(),
            is_changed: true,
        };
        while demand.is_changed {
            demand.is_changed = false;
            for block in postorder {
                let mut last = func.layout.last_inst(*block);
                while let Some(inst) = last {
                    if uses.is_needed(func, inst) {
                        demand.pass(func, inst);
                    }
                    last = func.layout.prev_inst(inst);
                }
            }
        }
        demand
    }

    /// The bytes of a vector that are needed.
    pub(super) fn needed(&self, func: &Function, value: Value) -> ByteSet {
        self.needed[func.dfg.resolve_aliases(value)]
    }

    /// Needs bytes of a vector, and what these are made of, after all.
    pub(super) fn require(&mut self, func: &Function, value: Value, bytes: ByteSet) {
        let mut pending = vec![(value, bytes)];
        while let Some((value, bytes)) = pending.pop() {
            let is_had = self.needed(func, value) & bytes == bytes;
            if is_had || !is_vector(func, value) {
                continue;
            }
            self.need(func, value, bytes);
            let value = func.dfg.resolve_aliases(value);
            if let Some(inst) = func.dfg.value_def(value).inst() {
                let args = func.dfg.inst_args(inst).iter().enumerate();
                pending.extend(args.map(|(index, arg)| {
                    (
                        *arg,
                        of_operand(func, inst, index, self.needed(func, value)),
                    )
                }));
            }
        }
    }

    /// What an instruction needs.
    fn pass(&mut self, func: &Function, inst: Inst) {
        let args = func.dfg.inst_args(inst);
        match func.dfg.inst_results(inst) {
            [result] if is_vector(func, *result) => {
                let needed = self.needed(func, *result);
                for (index, arg) in args.iter().enumerate() {
                    self.need(func, *arg, of_operand(func, inst, index, needed));
                }
            }
            _ => {
                for arg in args {
                    self.need(func, *arg, of_scalar(func, inst));
                }
            }
        }
        self.pass_to_blocks(func, inst);
    }

    /// A block's parameter is needed as far as the block needs it.
    fn pass_to_blocks(&mut self, func: &Function, inst: Inst) {
        let dfg = &func.dfg;
        let calls = dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        for call in calls {
            let params = dfg.block_params(call.block(&dfg.value_lists));
            for (arg, param) in call.args(&dfg.value_lists).zip(params) {
                if let BlockArg::Value(arg) = arg {
                    self.need(func, arg, self.needed(func, *param));
                }
            }
        }
    }

    fn need(&mut self, func: &Function, value: Value, bytes: ByteSet) {
        if is_vector(func, value) {
            let needed = &mut self.needed[func.dfg.resolve_aliases(value)];
            self.is_changed |= *needed | bytes != *needed;
            *needed |= bytes;
        }
    }
}

fn is_vector(func: &Function, value: Value) -> bool {
    func.dfg.value_type(value).is_vector()
}

/// What an instruction needs of a vector that it makes no vector of.
fn of_scalar(func: &Function, inst: Inst) -> ByteSet {
    match func.dfg.insts[inst] {
        InstructionData::BinaryImm8 {
            opcode: Opcode::Extractlane,
            arg,
            imm,
        } => lane(lane_bytes(func, arg), imm),
        _ => ALL,
    }
}

/// What an instruction needs of an operand for these bytes of its result.
fn of_operand(func: &Function, inst: Inst, index: usize, needed: ByteSet) -> ByteSet {
    let arg = func.dfg.inst_args(inst)[index];
    let width = lane_bytes(func, arg);
    match func.dfg.insts[inst] {
        InstructionData::Shuffle { imm, .. } => {
            let mask = func.dfg.immediates[imm].as_slice();
            set(|byte| {
                let is_of = |position: &usize| usize::from(mask[*position]) == index * 16 + byte;
                members(needed).any(|position| is_of(&position))
            })
        }
        InstructionData::TernaryImm8 {
            opcode: Opcode::Insertlane,
            imm,
            ..
        } => needed & !lane(width, imm),
        ref data => match data.opcode() {
            Opcode::Band | Opcode::Bor | Opcode::Bxor | Opcode::Bnot => needed,
            Opcode::Bitselect | Opcode::Select | Opcode::Bitcast => needed,
            Opcode::UwidenLow | Opcode::SwidenLow => widened(width, 0, needed),
            Opcode::UwidenHigh | Opcode::SwidenHigh => widened(width, 8, needed),
            Opcode::Snarrow | Opcode::Unarrow => {
                set(|byte| has(needed, index * 8 + byte / width * width / 2, width / 2))
            }
            Opcode::IaddPairwise => {
                set(|byte| has(needed, index * 8 + byte / (width * 2) * width, width))
            }
            opcode if is_lanewise(opcode) => set(|byte| has(needed, byte / width * width, width)),
            _ => ALL,
        },
    }
}

/// Whether a lane of the result depends on the same lane of each vector alone.
fn is_lanewise(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Iadd
            | Opcode::Isub
            | Opcode::Imul
            | Opcode::Ineg
            | Opcode::Iabs
            | Opcode::Ishl
            | Opcode::Ushr
            | Opcode::Sshr
            | Opcode::Icmp
            | Opcode::Fcmp
            | Opcode::Smin
            | Opcode::Smax
            | Opcode::Umin
            | Opcode::Umax
            | Opcode::AvgRound
            | Opcode::UaddSat
            | Opcode::SaddSat
            | Opcode::UsubSat
            | Opcode::SsubSat
            | Opcode::SqmulRoundSat
            | Opcode::Popcnt
            | Opcode::Fadd
            | Opcode::Fsub
            | Opcode::Fmul
            | Opcode::Fdiv
            | Opcode::Fneg
            | Opcode::Fabs
            | Opcode::Sqrt
    )
}

/// The bytes of the half of an operand from `start` whose lanes are widened to needed ones.
fn widened(width: usize, start: usize, needed: ByteSet) -> ByteSet {
    set(|byte| {
        let within = byte.checked_sub(start).filter(|within| *within < 8);
        within.is_some_and(|within| has(needed, within / width * width * 2, width * 2))
    })
}

fn lane_bytes(func: &Function, value: Value) -> usize {
    func.dfg.value_type(value).lane_type().bytes() as usize
}

/// The bytes of a lane.
fn lane(width: usize, index: u8) -> ByteSet {
    set(|byte| byte / width == usize::from(index))
}

/// Whether one of `count` bytes from `start` is in the set.
fn has(bytes: ByteSet, start: usize, count: usize) -> bool {
    members(bytes).any(|byte| (start..start + count).contains(&byte))
}
