//! Atomic instructions, all sequentially consistent, and what threads wait for.
//!
//! <https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md>

use super::address;
use super::call::call_intrinsic;
use super::control::trap_code;
use super::entities::memory_flags;
use super::function::Lowering;
use super::symbol::Intrinsic;
use crate::parse::index::MemoryIndex;
use cranelift_codegen::ir::AtomicRmwOp::{self, Add, And, Or, Sub, Xchg, Xor};
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use elfin_abi::trap::Trap;
use wasmparser::{MemArg, Operator};

/// Lowers an instruction that can be reached, if it is atomic; whether it is.
pub(super) fn lower(l: &mut Lowering<'_, '_>, operator: &Operator<'_>) -> bool {
    use Operator as O;
    match operator {
        O::AtomicFence => {
            l.builder.ins().fence();
        }
        O::MemoryAtomicNotify { memarg } => notify(l, memarg),
        O::MemoryAtomicWait32 { memarg } => wait(l, memarg, I32, Intrinsic::MemoryWait32),
        O::MemoryAtomicWait64 { memarg } => wait(l, memarg, I64, Intrinsic::MemoryWait64),

        O::I32AtomicLoad { memarg } => load(l, memarg, I32, I32),
        O::I64AtomicLoad { memarg } => load(l, memarg, I64, I64),
        O::I32AtomicLoad8U { memarg } => load(l, memarg, I8, I32),
        O::I32AtomicLoad16U { memarg } => load(l, memarg, I16, I32),
        O::I64AtomicLoad8U { memarg } => load(l, memarg, I8, I64),
        O::I64AtomicLoad16U { memarg } => load(l, memarg, I16, I64),
        O::I64AtomicLoad32U { memarg } => load(l, memarg, I32, I64),
        O::I32AtomicStore { memarg } | O::I64AtomicStore32 { memarg } => store(l, memarg, I32),
        O::I64AtomicStore { memarg } => store(l, memarg, I64),
        O::I32AtomicStore8 { memarg } | O::I64AtomicStore8 { memarg } => store(l, memarg, I8),
        O::I32AtomicStore16 { memarg } | O::I64AtomicStore16 { memarg } => store(l, memarg, I16),

        O::I32AtomicRmwAdd { memarg } => rmw(l, memarg, Add, I32, I32),
        O::I64AtomicRmwAdd { memarg } => rmw(l, memarg, Add, I64, I64),
        O::I32AtomicRmw8AddU { memarg } => rmw(l, memarg, Add, I8, I32),
        O::I32AtomicRmw16AddU { memarg } => rmw(l, memarg, Add, I16, I32),
        O::I64AtomicRmw8AddU { memarg } => rmw(l, memarg, Add, I8, I64),
        O::I64AtomicRmw16AddU { memarg } => rmw(l, memarg, Add, I16, I64),
        O::I64AtomicRmw32AddU { memarg } => rmw(l, memarg, Add, I32, I64),
        O::I32AtomicRmwSub { memarg } => rmw(l, memarg, Sub, I32, I32),
        O::I64AtomicRmwSub { memarg } => rmw(l, memarg, Sub, I64, I64),
        O::I32AtomicRmw8SubU { memarg } => rmw(l, memarg, Sub, I8, I32),
        O::I32AtomicRmw16SubU { memarg } => rmw(l, memarg, Sub, I16, I32),
        O::I64AtomicRmw8SubU { memarg } => rmw(l, memarg, Sub, I8, I64),
        O::I64AtomicRmw16SubU { memarg } => rmw(l, memarg, Sub, I16, I64),
        O::I64AtomicRmw32SubU { memarg } => rmw(l, memarg, Sub, I32, I64),
        O::I32AtomicRmwAnd { memarg } => rmw(l, memarg, And, I32, I32),
        O::I64AtomicRmwAnd { memarg } => rmw(l, memarg, And, I64, I64),
        O::I32AtomicRmw8AndU { memarg } => rmw(l, memarg, And, I8, I32),
        O::I32AtomicRmw16AndU { memarg } => rmw(l, memarg, And, I16, I32),
        O::I64AtomicRmw8AndU { memarg } => rmw(l, memarg, And, I8, I64),
        O::I64AtomicRmw16AndU { memarg } => rmw(l, memarg, And, I16, I64),
        O::I64AtomicRmw32AndU { memarg } => rmw(l, memarg, And, I32, I64),
        O::I32AtomicRmwOr { memarg } => rmw(l, memarg, Or, I32, I32),
        O::I64AtomicRmwOr { memarg } => rmw(l, memarg, Or, I64, I64),
        O::I32AtomicRmw8OrU { memarg } => rmw(l, memarg, Or, I8, I32),
        O::I32AtomicRmw16OrU { memarg } => rmw(l, memarg, Or, I16, I32),
        O::I64AtomicRmw8OrU { memarg } => rmw(l, memarg, Or, I8, I64),
        O::I64AtomicRmw16OrU { memarg } => rmw(l, memarg, Or, I16, I64),
        O::I64AtomicRmw32OrU { memarg } => rmw(l, memarg, Or, I32, I64),
        O::I32AtomicRmwXor { memarg } => rmw(l, memarg, Xor, I32, I32),
        O::I64AtomicRmwXor { memarg } => rmw(l, memarg, Xor, I64, I64),
        O::I32AtomicRmw8XorU { memarg } => rmw(l, memarg, Xor, I8, I32),
        O::I32AtomicRmw16XorU { memarg } => rmw(l, memarg, Xor, I16, I32),
        O::I64AtomicRmw8XorU { memarg } => rmw(l, memarg, Xor, I8, I64),
        O::I64AtomicRmw16XorU { memarg } => rmw(l, memarg, Xor, I16, I64),
        O::I64AtomicRmw32XorU { memarg } => rmw(l, memarg, Xor, I32, I64),
        O::I32AtomicRmwXchg { memarg } => rmw(l, memarg, Xchg, I32, I32),
        O::I64AtomicRmwXchg { memarg } => rmw(l, memarg, Xchg, I64, I64),
        O::I32AtomicRmw8XchgU { memarg } => rmw(l, memarg, Xchg, I8, I32),
        O::I32AtomicRmw16XchgU { memarg } => rmw(l, memarg, Xchg, I16, I32),
        O::I64AtomicRmw8XchgU { memarg } => rmw(l, memarg, Xchg, I8, I64),
        O::I64AtomicRmw16XchgU { memarg } => rmw(l, memarg, Xchg, I16, I64),
        O::I64AtomicRmw32XchgU { memarg } => rmw(l, memarg, Xchg, I32, I64),
        O::I32AtomicRmwCmpxchg { memarg } => exchange(l, memarg, I32, I32),
        O::I64AtomicRmwCmpxchg { memarg } => exchange(l, memarg, I64, I64),
        O::I32AtomicRmw8CmpxchgU { memarg } => exchange(l, memarg, I8, I32),
        O::I32AtomicRmw16CmpxchgU { memarg } => exchange(l, memarg, I16, I32),
        O::I64AtomicRmw8CmpxchgU { memarg } => exchange(l, memarg, I8, I64),
        O::I64AtomicRmw16CmpxchgU { memarg } => exchange(l, memarg, I16, I64),
        O::I64AtomicRmw32CmpxchgU { memarg } => exchange(l, memarg, I32, I64),
        _ => return false,
    }
    true
}

/// Pops an index; gives the address, which is a multiple of the width. A base is one of every width.
fn aligned_address(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, width: u32) -> Value {
    let (address, offset) = address::address(lowering, memarg, width.into());
    lowering.contents.forget();
    let ins = lowering.builder.ins();
    let address = ins.iadd_imm_s(address, i64::from(offset));
    if width > 1 {
        let ins = lowering.builder.ins();
        let low = ins.band_imm_u(address, i64::from(width - 1));
        let trap = trap_code(Trap::UnalignedAtomic);
        lowering.builder.ins().trapnz(low, trap);
    }
    address
}

/// Pops a value; gives its low bits.
fn pop_low(lowering: &mut Lowering<'_, '_>, ty: Type) -> Value {
    let value = lowering.stack.pop();
    if lowering.builder.func.dfg.value_type(value) == ty {
        return value;
    }
    lowering.builder.ins().ireduce(ty, value)
}

/// Pushes a value that was read from memory, extended by zeros.
fn push_extended(lowering: &mut Lowering<'_, '_>, value: Value, ty: Type) {
    let value = if lowering.builder.func.dfg.value_type(value) == ty {
        value
    } else {
        lowering.builder.ins().uextend(ty, value)
    };
    lowering.stack.push(value);
}

/// A load of a type that is extended to another.
fn load(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type, to: Type) {
    let address = aligned_address(lowering, memarg, ty.bytes());
    let flags = memory_flags(lowering.builder.func);
    let value = lowering.builder.ins().atomic_load(ty, flags, address);
    push_extended(lowering, value, to);
}

/// A store of a value's low bits.
fn store(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type) {
    let value = pop_low(lowering, ty);
    let address = aligned_address(lowering, memarg, ty.bytes());
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().atomic_store(flags, value, address);
}

/// Reads, modifies and writes; gives what was read.
fn rmw(
    lowering: &mut Lowering<'_, '_>,
    memarg: &MemArg,
    operation: AtomicRmwOp,
    ty: Type,
    to: Type,
) {
    let operand = pop_low(lowering, ty);
    let address = aligned_address(lowering, memarg, ty.bytes());
    let flags = memory_flags(lowering.builder.func);
    let ins = lowering.builder.ins();
    let value = ins.atomic_rmw(ty, flags, operation, address, operand);
    push_extended(lowering, value, to);
}

/// Writes if what is read is expected; gives what was read.
fn exchange(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type, to: Type) {
    let replacement = pop_low(lowering, ty);
    let expected = pop_low(lowering, ty);
    let address = aligned_address(lowering, memarg, ty.bytes());
    let flags = memory_flags(lowering.builder.func);
    let ins = lowering.builder.ins();
    let value = ins.atomic_cas(flags, address, expected, replacement);
    push_extended(lowering, value, to);
}

/// `memory.atomic.wait32` and `wait64`. A load finds out whether the address is one.
fn wait(lowering: &mut Lowering<'_, '_>, memarg: &MemArg, ty: Type, intrinsic: Intrinsic) {
    let memory = lowering.instance.memories[MemoryIndex::from_u32(memarg.memory)];
    let (expected, timeout) = lowering.stack.pop2();
    let address = aligned_address(lowering, memarg, ty.bytes());
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().atomic_load(ty, flags, address);
    if !lowering.env.program.memories[memory].ty.is_shared {
        let trap = trap_code(Trap::ExpectedSharedMemory);
        let always = lowering.builder.ins().iconst(I32, 1);
        lowering.builder.ins().trapnz(always, trap);
    }
    let outcome = call_intrinsic(lowering, intrinsic, &[address, expected, timeout])
        .expect("it has a result");
    lowering.stack.push(outcome);
}

/// `memory.atomic.notify`: a program has one thread, so nobody waits.
fn notify(lowering: &mut Lowering<'_, '_>, memarg: &MemArg) {
    lowering.stack.pop();
    let address = aligned_address(lowering, memarg, I32.bytes());
    let flags = memory_flags(lowering.builder.func);
    lowering.builder.ins().atomic_load(I32, flags, address);
    let woken = lowering.builder.ins().iconst(I32, 0);
    lowering.stack.push(woken);
}
