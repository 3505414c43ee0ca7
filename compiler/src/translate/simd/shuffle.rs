//! `shuffle` and `swizzle`: bytes of vectors, chosen by constants or by another vector.

use super::gather;
use super::lanes::{bitcast, pop, pop2, push};
use crate::target::Target;
use crate::translate::constant::{vector, zero};
use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{I8, I8X16, I64, I64X2};
use cranelift_codegen::ir::{
    ConstantData, InstBuilder, InstructionData, MemFlagsData, Opcode, StackSlot, StackSlotData,
    StackSlotKind, Value,
};
use cranelift_frontend::FunctionBuilder;

/// Which byte of two vectors each byte of the result is: 0 to 15 of the first, 16 to 31 of the second.
pub(super) type Lanes = [u8; 16];

/// `i8x16.shuffle`
pub(super) fn shuffle(lowering: &mut Lowering<'_, '_>, lanes: Lanes) {
    let (first, second) = pop2(lowering, I8X16);
    let value = if lowering.env.target == Target::Riscv64 {
        gather::shuffle(lowering, first, second, lanes)
    } else {
        instruction(lowering, first, second, lanes)
    };
    push(lowering, value);
}

/// Cranelift's shuffle; [`crate::optimize::shuffle`] replaces it where the machine has no such instruction.
pub(super) fn instruction(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Value {
    let mask = ConstantData::from(lanes.as_slice());
    let mask = lowering.builder.func.dfg.immediates.push(mask);
    lowering.builder.ins().shuffle(first, second, mask)
}

/// A shuffle of lanes of 32 bits, numbered 0 to 7.
pub(super) fn words32(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    words: [u8; 4],
) -> Value {
    let lanes = std::array::from_fn(|index| words[index / 4] * 4 + index as u8 % 4);
    instruction(lowering, first, second, lanes)
}

/// Each byte from the second vector where `is_second`.
pub(super) fn choose(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    is_second: [bool; 16],
) -> Value {
    let mask = is_second.map(|is_second| if is_second { 0xff } else { 0 });
    let mask = vector(&mut lowering.builder, I8X16, mask);
    lowering.builder.ins().bitselect(mask, second, first)
}

/// `i8x16.swizzle`: an index above 15 gives zero.
pub(super) fn swizzle(lowering: &mut Lowering<'_, '_>) {
    let indices = pop(lowering, I8X16);
    let bytes = pop(lowering, I8X16);
    let value = if lowering.env.target == Target::Riscv64 {
        gather::swizzle(lowering, bytes, indices)
    } else if lowering.env.permutes_bytes {
        lowering.builder.ins().swizzle(bytes, indices)
    } else if let Some(indices) = constant(&lowering.builder, indices) {
        let zero = zero(&mut lowering.builder, I8X16);
        instruction(lowering, bytes, zero, indices.map(|index| index.min(16)))
    } else {
        swizzle_in_memory(lowering, bytes, indices)
    };
    push(lowering, value);
}

/// The bytes of a vector that is constant.
fn constant(builder: &FunctionBuilder<'_>, vector: Value) -> Option<[u8; 16]> {
    let dfg = &builder.func.dfg;
    match dfg.insts[dfg.value_def(vector).inst()?] {
        InstructionData::UnaryConst {
            opcode: Opcode::Vconst,
            constant_handle,
        } => dfg
            .constants
            .get(constant_handle)
            .as_slice()
            .try_into()
            .ok(),
        _ => None,
    }
}

/// The bytes are loaded one by one, from a table that holds a zero at the end. They are put together in two registers:
/// a vector that is loaded right after its bytes have been stored has to wait for all of these.
fn swizzle_in_memory(lowering: &mut Lowering<'_, '_>, bytes: Value, indices: Value) -> Value {
    let table = stack_slot(lowering, 48);
    let builder = &mut lowering.builder;
    let zero = zero(builder, I8X16);
    let end = vector(builder, I8X16, [16; 16]);
    let indices = builder.ins().umin(indices, end);
    builder.ins().stack_store(I64, bytes, table, 0);
    builder.ins().stack_store(I64, zero, table, 16);
    builder.ins().stack_store(I64, indices, table, 32);
    let address = builder.ins().stack_addr(I64, table, 0);
    let flags = MemFlagsData::trusted();
    let mut half = |start: i32| {
        let bytes = (0..8).map(|lane| {
            let index = builder.ins().stack_load(I64, I8, table, 32 + start + lane);
            let index = builder.ins().uextend(I64, index);
            let address = builder.ins().iadd(address, index);
            let byte = builder.ins().uload8(I64, flags, address, 0);
            builder.ins().ishl_imm_u(byte, i64::from(lane) * 8)
        });
        let bytes: Vec<Value> = bytes.collect();
        let join = |number, byte| builder.ins().bor(number, byte);
        bytes.into_iter().reduce(join).expect("there are eight")
    };
    let [low, high] = [half(0), half(8)];
    let low = builder.ins().scalar_to_vector(I64X2, low);
    let value = builder.ins().insertlane(low, high, 1);
    bitcast(builder, I8X16, value)
}

/// A place for vectors in the function's frame.
fn stack_slot(lowering: &mut Lowering<'_, '_>, bytes: u32) -> StackSlot {
    let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
    lowering.builder.create_sized_stack_slot(data)
}
