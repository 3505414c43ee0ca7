//! From an index of a linear memory to an address that code may access.
//!
//! An access of a 32-bit memory is not checked: whatever index and offset it adds to the base, it stays in the address
//! space that belongs to the memory, and what is not mapped there faults. Where that does not hold, see
//! [`crate::program::Memory::is_checked`], [`address`] compares with the memory's size.

use super::control::trap_code;
use super::entities::{Region, state_flags};
use super::function::Lowering;
use super::memory::size_in_bytes;
use super::state;
use crate::optimize::{ALIGNMENT, Anchors, Place};
use crate::parse::index::MemoryIndex;
use crate::parse::module::Body;
use crate::program::{GUARD, MemoryId};
use crate::target::Target;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{DataFlowGraph, InstBuilder, InstructionData, Opcode, Value, types};
use elfin_abi::layout;
use elfin_abi::trap::Trap;
use std::mem::offset_of;
use wasmparser::MemArg;

/// Bytes that a 32-bit index reaches.
const REACH_32: u64 = 1 << 32;

/// Static offsets from here on are left as they are: with more, they fit no displacement.
const LARGE: u64 = 1 << 29;

/// The memories whose address of byte 0 a function loads at its entry. The others' are constants, made anew where they
/// are used.
#[derive(Default)]
pub(super) struct Bases(Vec<(MemoryId, Value)>);

impl Bases {
    /// The choice for a function: where a constant takes two instructions or ten bytes, Cranelift would make it anew in
    /// each iteration of a loop. A load keeps it in a register.
    ///
    /// A position-independent function loads bases where it needs them first, and keeps them.
    pub fn choose(lowering: &mut Lowering<'_, '_>, body: &Body<'_>) -> Self {
        if lowering.env.is_pie {
            return Self::default();
        }
        let mut loaded: Vec<(MemoryId, Value)> = Vec::new();
        for index in &body.memories_of_loops {
            let memory = lowering.instance.memories[*index];
            let is_cheap = match lowering.env.target {
                Target::X86_64 => displacement(lowering, memory, 0).is_some(),
                Target::Aarch64 => true,
                Target::Riscv64 => false,
            };
            if is_cheap || loaded.iter().any(|(known, _)| *known == memory) {
                continue;
            }
            let address =
                lowering.env.layout.memories[memory] + offset_of!(layout::Memory, base) as u64;
            let flags = state_flags(lowering.builder.func, Region::Sizes);
            let base = lowering.load_state(types::I64, address, flags);
            loaded.push((memory, base));
        }
        Self(loaded)
    }
}

/// The address of byte 0 of a memory, as a value.
pub(super) fn base(lowering: &mut Lowering<'_, '_>, memory: MemoryId) -> Value {
    let mut loaded = lowering.memory_bases.0.iter();
    match loaded.find(|(known, _)| *known == memory) {
        Some((_, base)) => *base,
        None => {
            let (builder, entities) = (&mut lowering.builder, &mut lowering.entities);
            state::memory_base(lowering.env, builder, entities, memory)
        }
    }
}

/// Pops an index; gives an address and the offset from it at which `width` bytes can be accessed: what does not lie in
/// the memory traps or faults. The caller accesses them before anything else.
pub(super) fn address(
    lowering: &mut Lowering<'_, '_>,
    memarg: &MemArg,
    width: u64,
) -> (Value, i32) {
    let place = place(lowering, memarg);
    address_of(lowering, place, width)
}

/// Pops an index; gives the place that it and the static offset stand for.
pub(super) fn place(lowering: &mut Lowering<'_, '_>, memarg: &MemArg) -> Place {
    let memory = lowering.instance.memories[MemoryIndex::from_u32(memarg.memory)];
    let index = lowering.stack.pop();
    let mut place = Place {
        memory,
        index,
        offset: memarg.offset,
    };
    let holds = Anchors::holds_for(&lowering.env.program.memories[memory]);
    if lowering.env.shares_addresses && holds && memarg.offset < LARGE {
        let (value, constant) = sum(lowering, index);
        let (index, offset) = lowering.anchors.locate(memory, value, constant, index);
        place.index = index;
        place.offset += offset;
    }
    place
}

/// The address of a place, and the offset from it, as [`address`] gives them.
pub(super) fn address_of(
    lowering: &mut Lowering<'_, '_>,
    place: Place,
    width: u64,
) -> (Value, i32) {
    let Place {
        memory,
        index,
        offset,
    } = place;
    let index = lowering.widen_index(memory, index);
    check(lowering, memory, index, offset, width);
    locate(lowering, memory, index, offset)
}

/// The steps of a sum that are looked at.
const STEPS: usize = 16;

/// A 32-bit index as a value and a constant, added modulo 2^32, or a constant alone.
fn sum(lowering: &Lowering<'_, '_>, index: Value) -> (Option<Value>, u32) {
    let dfg = &lowering.builder.func.dfg;
    if let Some(constant) = number(dfg, index) {
        return (None, constant);
    }
    // From the index inwards, then outwards again.
    let mut steps = Vec::new();
    let mut value = dfg.resolve_aliases(index);
    while let Some((opcode, rest, constant)) = step(dfg, value)
        && steps.len() < STEPS
    {
        steps.push((opcode, constant, value));
        value = dfg.resolve_aliases(rest);
    }
    let mut sum = (value, 0u32);
    for (opcode, constant, result) in steps.into_iter().rev() {
        let (value, before) = sum;
        let is_apart = || {
            let known = ALIGNMENT - 1;
            lowering.aligned.contains(&value) && constant <= known && before & constant == 0
        };
        sum = match opcode {
            Opcode::Iadd => (value, before.wrapping_add(constant)),
            Opcode::Isub => (value, before.wrapping_sub(constant)),
            // Where no bit is in both, nothing is carried.
            Opcode::Bor if is_apart() => (value, before.wrapping_add(constant)),
            _ => (result, 0),
        };
    }
    (Some(sum.0), sum.1)
}

/// The operation with a constant that has made a value: of which other value, and the constant.
fn step(dfg: &DataFlowGraph, value: Value) -> Option<(Opcode, Value, u32)> {
    let inst = dfg.value_def(value).inst()?;
    let InstructionData::Binary { opcode, args } = dfg.insts[inst] else {
        return None;
    };
    let [left, right] = args;
    let (rest, constant) = match (opcode, number(dfg, left), number(dfg, right)) {
        (Opcode::Iadd | Opcode::Isub | Opcode::Bor, _, Some(constant)) => (left, constant),
        (Opcode::Iadd | Opcode::Bor, Some(constant), _) => (right, constant),
        _ => return None,
    };
    Some((opcode, rest, constant))
}

/// A constant's low 32 bits.
fn number(dfg: &DataFlowGraph, value: Value) -> Option<u32> {
    let inst = dfg.value_def(dfg.resolve_aliases(value)).inst()?;
    match dfg.insts[inst] {
        InstructionData::UnaryImm { imm, .. } => Some(imm.bits() as u32),
        _ => None,
    }
}

/// Traps unless an access lies in the memory, where that does not fault by itself.
fn check(lowering: &mut Lowering<'_, '_>, memory: MemoryId, index: Value, offset: u64, width: u64) {
    let definition = &lowering.env.program.memories[memory];
    let trap = trap_code(Trap::MemoryOutOfBounds);
    // Where an access at index 0 ends. Beyond any size it is as good as the largest number.
    let end = offset.saturating_add(width);
    if !definition.is_checked() && end <= REACH_32 {
        return;
    }
    let size = size_in_bytes(lowering, memory);
    let ins = lowering.builder.ins();
    let outside = if definition.ends_with_a_page() && end <= GUARD {
        // The rest of the access lies in the memory or in its guard.
        ins.icmp(IntCC::UnsignedGreaterThanOrEqual, index, size)
    } else if end <= definition.initial {
        // A memory never shrinks, so this does not wrap.
        let last = lowering.builder.ins().iadd_imm_s(size, -(end as i64));
        let ins = lowering.builder.ins();
        ins.icmp(IntCC::UnsignedGreaterThan, index, last)
    } else {
        let end = lowering.constant(end);
        let end = lowering.builder.ins().uadd_overflow_trap(index, end, trap);
        let ins = lowering.builder.ins();
        ins.icmp(IntCC::UnsignedGreaterThan, end, size)
    };
    lowering.builder.ins().trapnz(outside, trap);
}

/// An address and an offset from it that together are a memory's base, an index and a static offset.
///
/// On x86-64 the memory's base is part of the displacement, while base and static offset together fit its 31 bits;
/// elsewhere, and beyond that, the base is added to the index.
fn locate(
    lowering: &mut Lowering<'_, '_>,
    memory: MemoryId,
    index: Value,
    offset: u64,
) -> (Value, i32) {
    if let Some(displacement) = displacement(lowering, memory, offset) {
        return (index, displacement);
    }
    match i32::try_from(offset) {
        Ok(offset) => {
            let base = base(lowering, memory);
            (lowering.builder.ins().iadd(base, index), offset)
        }
        Err(_) => {
            // An offset with which this wraps has been found to be outside.
            let base = if lowering.env.is_pie {
                let (base, offset) = (base(lowering, memory), lowering.constant(offset));
                lowering.builder.ins().iadd(base, offset)
            } else {
                let place = &lowering.env.layout.memory_places[memory];
                lowering.constant(place.base.wrapping_add(offset))
            };
            (lowering.builder.ins().iadd(base, index), 0)
        }
    }
}

/// Base and offset as the displacement of an access, on x86-64 where they fit.
fn displacement(lowering: &Lowering<'_, '_>, memory: MemoryId, offset: u64) -> Option<i32> {
    let base = lowering.env.layout.memory_places[memory].base;
    match lowering.env.target {
        Target::X86_64 if !lowering.env.is_pie => i32::try_from(base.checked_add(offset)?).ok(),
        _ => None,
    }
}
