//! Loads, stores and the size of linear memories.
//!
//! An access is not checked: whatever 32-bit index and offset it adds to the base, it stays in the address space that
//! belongs to the memory, and what is not mapped there faults.

use super::call::call_intrinsic;
use super::entities::{Region, memory_flags, state_flags};
use super::function::Lowering;
use super::symbol::Intrinsic;
use crate::parse::index::MemoryIndex;
use crate::parse::module::Body;
use crate::program::MemoryId;
use crate::target::Target;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use elfin_abi::address::WASM_PAGE_SIZE;
use elfin_abi::layout;
use std::mem::offset_of;
use wasmparser::MemArg;

/// How a function knows the address of byte 0 of a memory.
#[derive(Clone, Copy)]
pub(super) enum Base {
    /// As a constant, made anew where it is used.
    Constant,
    /// As a value that was loaded at the function's entry.
    Loaded(Value),
}

impl Base {
    /// The choice for a function: a constant takes two instructions on riscv64, and Cranelift would make it anew in
    /// each iteration of a loop. A load keeps it in a register.
    pub fn choose(lowering: &mut Lowering<'_, '_>, body: &Body<'_>) -> Self {
        let memory = lowering.instance.memories.values().next();
        match memory {
            Some(memory) if lowering.env.target == Target::Riscv64 && body.loops_over_memory => {
                let address =
                    lowering.env.layout.memories[*memory] + offset_of!(layout::Memory, base) as u64;
                let flags = state_flags(lowering.builder.func, Region::Sizes);
                Base::Loaded(lowering.load_state(types::I64, address, flags))
            }
            _ => Base::Constant,
        }
    }
}

/// The address of byte 0 of a memory, as a value.
pub(super) fn base(lowering: &mut Lowering<'_, '_>, memory: MemoryId) -> Value {
    match lowering.memory_base {
        Base::Loaded(base) if lowering.instance.memories.values().next() == Some(&memory) => base,
        Base::Loaded(_) | Base::Constant => {
            lowering.constant(lowering.env.layout.memory_bases[memory])
        }
    }
}

/// Pops an index; gives an address and the offset to access from it.
///
/// On x86-64 the memory's base is part of the displacement, while base and static offset together fit its 31 bits;
/// elsewhere, and beyond that, the base is added to the index.
pub(super) fn address(lowering: &mut Lowering<'_, '_>, memarg: &MemArg) -> (Value, i32) {
    let memory = lowering.instance.memories[MemoryIndex::from_u32(memarg.memory)];
    let index = lowering.pop_unsigned();
    let base_address = lowering.env.layout.memory_bases[memory];
    if lowering.env.target == Target::X86_64
        && let Ok(displacement) = i32::try_from(base_address + memarg.offset)
    {
        return (index, displacement);
    }
    match i32::try_from(memarg.offset) {
        Ok(offset) => {
            let base = base(lowering, memory);
            (lowering.builder.ins().iadd(base, index), offset)
        }
        Err(_) => {
            let base = lowering.constant(base_address + memarg.offset);
            (lowering.builder.ins().iadd(base, index), 0)
        }
    }
}

/// A load of a whole value.
pub(super) fn load(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) {
    let (address, offset) = address(lowering, memarg);
    let flags = memory_flags(lowering.builder.func);
    let value = lowering.builder.ins().load(ty, flags, address, offset);
    lowering.stack.push(value);
}

/// A load of a narrow integer that is extended.
pub(super) fn load_extended(
    lowering: &mut Lowering<'_, '_>,
    memarg: &MemArg,
    opcode: Opcode,
    ty: Type,
) {
    let (address, offset) = address(lowering, memarg);
    let flags = memory_flags(lowering.builder.func);
    let ins = lowering.builder.ins();
    let value = match opcode {
        Opcode::Uload8 => ins.uload8(ty, flags, address, offset),
        Opcode::Sload8 => ins.sload8(ty, flags, address, offset),
        Opcode::Uload16 => ins.uload16(ty, flags, address, offset),
        Opcode::Sload16 => ins.sload16(ty, flags, address, offset),
        Opcode::Uload32 => ins.uload32(flags, address, offset),
        Opcode::Sload32 => ins.sload32(flags, address, offset),
        _ => unreachable!("{opcode} is no extending load"),
    };
    lowering.stack.push(value);
}

/// A store of a whole value.
pub(super) fn store(lowering: &mut Lowering<'_, '_>, memarg: &MemArg) {
    let value = lowering.stack.pop();
    let (address, offset) = address(lowering, memarg);
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().store(flags, value, address, offset);
}

/// A store of an integer's low bytes.
pub(super) fn store_narrow(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, opcode: Opcode) {
    let value = lowering.stack.pop();
    let (address, offset) = address(lowering, memarg);
    let flags = memory_flags(lowering.builder.func);
    let ins = lowering.builder.ins();
    match opcode {
        Opcode::Istore8 => ins.istore8(flags, value, address, offset),
        Opcode::Istore16 => ins.istore16(flags, value, address, offset),
        Opcode::Istore32 => ins.istore32(flags, value, address, offset),
        _ => unreachable!("{opcode} is no narrow store"),
    };
}

/// A memory's size in bytes: a constant where nothing reachable grows it.
pub(super) fn size_in_bytes(lowering: &mut Lowering<'_, '_>, memory: MemoryId) -> Value {
    let definition = &lowering.env.program.memories[memory];
    if definition.grows {
        let flags = state_flags(lowering.builder.func, Region::Sizes);
        let address =
            lowering.env.layout.memories[memory] + offset_of!(layout::Memory, size) as u64;
        lowering.load_state(types::I64, address, flags)
    } else {
        lowering.constant(definition.initial)
    }
}

/// `memory.size`
pub(super) fn size(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let bytes = size_in_bytes(lowering, lowering.instance.memories[memory]);
    let pages = lowering
        .builder
        .ins()
        .ushr_imm_u(bytes, WASM_PAGE_SIZE.trailing_zeros() as i64);
    let pages = lowering.builder.ins().ireduce(types::I32, pages);
    lowering.stack.push(pages);
}

/// `memory.grow`
pub(super) fn grow(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let pages = lowering.pop_unsigned();
    let state = lowering.constant(lowering.env.layout.memories[lowering.instance.memories[memory]]);
    let before =
        call_intrinsic(lowering, Intrinsic::MemoryGrow, &[state, pages]).expect("it has a result");
    let before = lowering.builder.ins().ireduce(types::I32, before);
    lowering.stack.push(before);
}
