//! What generated modules get besides their own: a function that gives new fuel, and one that folds all of the
//! module's state into a number. Both sides run the same code, so memories, globals and tables are compared without
//! either side's interfaces; the fuel that is left is a global too, and tells of every loop and call.

use super::rewrite::append_function;
use super::shape::Shape;
use anyhow::Result;
use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};

/// The name of the function that gives new fuel.
pub const REFUEL: &str = "elfin-fuzz refuel";
/// The name of the function that folds the state.
pub const DIGEST: &str = "elfin-fuzz digest";

/// Appends both functions; `fuel` is the global that counts down.
pub fn append(module: &[u8], fuel_global: u32, fuel: u32) -> Result<Vec<u8>> {
    let mut refuel = Function::new([]);
    let mut body = refuel.instructions();
    body.i32_const(fuel as i32).global_set(fuel_global).end();
    let shape = Shape::of(module)?;
    let module = append_function(module, REFUEL, &[], &[], &refuel)?;
    append_function(&module, DIGEST, &[], &[ValType::I64], &digest(&shape))
}

/// Locals of the digest.
const HASH: u32 = 0;
const AT: u32 = 1;
const SIZE: u32 = 2;

fn digest(shape: &Shape) -> Function {
    let mut function = Function::new([(3, ValType::I64)]);
    let mut body = function.instructions();
    for (index, global) in shape.globals.iter().enumerate() {
        fold_global(&mut body, index as u32, global.content_type);
    }
    for (index, table) in shape.tables.iter().enumerate() {
        fold_table(&mut body, index as u32, table.table64);
    }
    for (index, memory) in shape.memories.iter().enumerate() {
        let page = 1 << memory.page_size_log2.unwrap_or(16);
        fold_memory(&mut body, index as u32, memory.memory64, page);
    }
    body.local_get(HASH).end();
    function
}

/// Folds the i64 on the stack into the hash.
fn fold(body: &mut InstructionSink<'_>) {
    body.local_get(HASH).i64_xor();
    // Knuth's multiplier; the rotation brings the high bits, which are mixed best, down.
    body.i64_const(6_364_136_223_846_793_005).i64_mul();
    body.i64_const(29).i64_rotl().local_set(HASH);
}

fn fold_global(body: &mut InstructionSink<'_>, index: u32, ty: wasmparser::ValType) {
    body.global_get(index);
    match ty {
        wasmparser::ValType::I32 => drop(body.i64_extend_i32_u()),
        wasmparser::ValType::I64 => {}
        wasmparser::ValType::F32 => drop(body.i32_reinterpret_f32().i64_extend_i32_u()),
        wasmparser::ValType::F64 => drop(body.i64_reinterpret_f64()),
        wasmparser::ValType::V128 => {
            body.i64x2_extract_lane(0);
            fold(body);
            body.global_get(index).i64x2_extract_lane(1);
        }
        wasmparser::ValType::Ref(_) => drop(body.ref_is_null().i64_extend_i32_u()),
    }
    fold(body);
}

/// A table's size, and which of its elements are null.
fn fold_table(body: &mut InstructionSink<'_>, index: u32, table64: bool) {
    body.table_size(index);
    extend(body, table64);
    size_and_loop(body, |body| {
        index_from_counter(body, table64);
        body.table_get(index).ref_is_null().i64_extend_i32_u();
        fold(body);
        advance(body, 1);
    });
}

/// A memory's size and bytes: eight at once, and what is left one by one.
fn fold_memory(body: &mut InstructionSink<'_>, index: u32, memory64: bool, page: i64) {
    let access = MemArg {
        offset: 0,
        align: 0,
        memory_index: index,
    };
    body.memory_size(index);
    extend(body, memory64);
    body.i64_const(page)
        .i64_mul()
        .local_tee(SIZE)
        .i64_const(7)
        .i64_and();
    // First up to the multiple of eight, then the size itself.
    body.local_get(SIZE).i64_const(-8).i64_and().local_set(SIZE);
    body.local_get(SIZE);
    size_and_loop(body, |body| {
        index_from_counter(body, memory64);
        body.i64_load(access);
        fold(body);
        advance(body, 8);
    });
    body.local_get(SIZE).i64_add().local_tee(SIZE).local_get(AT);
    body.i64_sub().i64_const(0).i64_ne();
    body.if_(BlockType::Empty);
    body.loop_(BlockType::Empty);
    index_from_counter(body, memory64);
    body.i64_load8_u(access);
    fold(body);
    advance(body, 1);
    body.local_get(AT).local_get(SIZE).i64_lt_u().br_if(0);
    body.end().end();
}

/// Takes a size from the stack, folds it, and repeats `step` while the counter, from zero on, is below it.
fn size_and_loop(body: &mut InstructionSink<'_>, step: impl FnOnce(&mut InstructionSink<'_>)) {
    body.local_tee(SIZE);
    fold(body);
    body.i64_const(0).local_set(AT);
    body.block(BlockType::Empty).loop_(BlockType::Empty);
    body.local_get(AT).local_get(SIZE).i64_ge_u().br_if(1);
    step(body);
    body.br(0).end().end();
}

fn advance(body: &mut InstructionSink<'_>, by: i64) {
    body.local_get(AT).i64_const(by).i64_add().local_set(AT);
}

/// The counter as an index of the memory or table.
fn index_from_counter(body: &mut InstructionSink<'_>, is_64: bool) {
    body.local_get(AT);
    if !is_64 {
        body.i32_wrap_i64();
    }
}

/// A size that the memory or table gave as i64.
fn extend(body: &mut InstructionSink<'_>, is_64: bool) {
    if !is_64 {
        body.i64_extend_i32_u();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_state_gives_a_valid_digest() {
        let module = wat::parse_str(
            "(module (memory 1 2) (memory i64 1 2) (memory 9 9 (pagesize 1))
               (table 3 funcref) (table i64 3 externref)
               (global (mut i32) (i32.const 0)) (global f32 (f32.const 0)) (global f64 (f64.const 0))
               (global i64 (i64.const 0)) (global v128 (v128.const i64x2 0 0)) (global funcref (ref.null func)))",
        );
        let module = append(&module.unwrap(), 0, 100).unwrap();
        let mut validator =
            wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all());
        validator.validate_all(&module).unwrap();
    }
}
