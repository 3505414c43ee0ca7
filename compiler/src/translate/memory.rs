//! Loads, stores and the size of linear memories.

use super::address::{self, address, address_of};
use super::call::call_intrinsic;
use super::entities::{Entities, memory_flags};
use super::environment::Environment;
use super::function::Lowering;
use super::state;
use super::symbol::Intrinsic;
use crate::optimize::Halves;
use crate::parse::index::MemoryIndex;
use crate::program::MemoryId;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Opcode, Type, Value, types};
use cranelift_frontend::FunctionBuilder;
use elfin_abi::layout;
use std::mem::offset_of;
use wasmparser::MemArg;

/// A load of a whole value.
pub(super) fn load(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) {
    let place = address::place(lowering, memarg);
    if let Some(value) = lowering.contents.find(place, ty) {
        lowering.stack.push(value);
        return;
    }
    if let types::I64 | types::F64 = ty
        && let Some(halves) = lowering.contents.find_halves(place)
    {
        let value = join(lowering, halves, ty);
        lowering.contents.load(place, ty, value);
        lowering.stack.push(value);
        return;
    }
    let (address, offset) = address_of(lowering, place, ty.bytes().into());
    let flags = memory_flags(lowering.builder.func);
    let value = lowering.builder.ins().load(ty, flags, address, offset);
    if lowering.env.forwards {
        lowering.contents.load(place, ty, value);
    }
    lowering.stack.push(value);
}

/// 64 bits of two values, as a value of this type.
fn join(lowering: &mut Lowering<'_, '_>, halves: Halves, ty: Type) -> Value {
    let [low, high] =
        [halves.low, halves.high].map(|value| match lowering.builder.func.dfg.value_type(value) {
            types::I32 => lowering.widen(value),
            _ => value,
        });
    let ins = lowering.builder.ins();
    let low = ins.ushr_imm_u(low, i64::from(halves.below));
    let ins = lowering.builder.ins();
    let high = ins.ishl_imm_u(high, i64::from(halves.low_bits));
    let value = lowering.builder.ins().bor(low, high);
    match ty {
        types::F64 => lowering
            .builder
            .ins()
            .bitcast(ty, MemFlagsData::new(), value),
        _ => value,
    }
}

/// A load of a narrow integer that is extended.
pub(super) fn load_extended(
    lowering: &mut Lowering<'_, '_>,
    memarg: &MemArg,
    opcode: Opcode,
    ty: Type,
) {
    let width = match opcode {
        Opcode::Uload8 | Opcode::Sload8 => 1,
        Opcode::Uload16 | Opcode::Sload16 => 2,
        _ => 4,
    };
    let (address, offset) = address(lowering, memarg, width);
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
    let ty = lowering.builder.func.dfg.value_type(value);
    let place = address::place(lowering, memarg);
    let (address, offset) = address_of(lowering, place, ty.bytes().into());
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().store(flags, value, address, offset);
    if lowering.env.forwards {
        lowering.contents.store(place, ty, value);
    }
}

/// A store of an integer's low bytes.
pub(super) fn store_narrow(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, opcode: Opcode) {
    let value = lowering.stack.pop();
    let width = match opcode {
        Opcode::Istore8 => 1,
        Opcode::Istore16 => 2,
        _ => 4,
    };
    let place = address::place(lowering, memarg);
    let (address, offset) = address_of(lowering, place, width.into());
    lowering.contents.overwrite(place, width);
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
    let entities = &mut lowering.entities;
    size_of(lowering.env, &mut lowering.builder, entities, memory)
}

/// The same for code that no function of a module has.
pub(super) fn size_of(
    env: &Environment<'_>,
    builder: &mut FunctionBuilder<'_>,
    entities: &mut Entities,
    memory: MemoryId,
) -> Value {
    let definition = &env.program.memories[memory];
    if !definition.grows {
        return builder.ins().iconst(types::I64, definition.initial as i64);
    }
    let address = env.layout.memories[memory] + offset_of!(layout::Memory, size) as u64;
    state::load_size(env, builder, entities, address)
}

/// `memory.size`
pub(super) fn size(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let bytes = size_in_bytes(lowering, memory);
    let page_size_log2 = lowering.env.program.memories[memory].ty.page_size_log2;
    let ins = lowering.builder.ins();
    let pages = ins.ushr_imm_u(bytes, i64::from(page_size_log2));
    push_size(lowering, memory, pages);
}

/// `memory.grow`
pub(super) fn grow(lowering: &mut Lowering<'_, '_>, memory: MemoryIndex) {
    let memory = lowering.instance.memories[memory];
    let pages = lowering.pop_index(memory);
    let state = lowering.state_address(lowering.env.layout.memories[memory]);
    let before =
        call_intrinsic(lowering, Intrinsic::MemoryGrow, &[state, pages]).expect("it has a result");
    push_size(lowering, memory, before);
}

/// Pushes a number of pages as wide as the memory's indices.
fn push_size(lowering: &mut Lowering<'_, '_>, memory: MemoryId, pages: Value) {
    let pages = if lowering.env.program.memories[memory].ty.is_64 {
        pages
    } else {
        lowering.builder.ins().ireduce(types::I32, pages)
    };
    lowering.stack.push(pages);
}
