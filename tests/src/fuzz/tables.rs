//! Table instructions for straight-line code: a reference is put into a table and called from there, or elements are
//! copied, filled, counted. wasm-smith's indices are seldom within a table that holds something.

use super::shape::Shape;
use super::straight::Locals;
use crate::mutate::Random;
use wasm_encoder::{Function, HeapType, Instruction, ValType};
use wasmparser::TableType;

/// The tables that may be used: those with 32-bit indices and some elements.
fn usable(shape: &Shape) -> Vec<(u32, &TableType)> {
    let tables = shape.tables.iter().enumerate();
    let tables = tables.map(|(index, table)| (index as u32, table));
    tables
        .filter(|(_, table)| table.initial > 0 && !table.table64)
        .collect()
}

/// Functions that a reference may be made of, which the exports are, and that values can be found for.
pub fn callable(shape: &Shape) -> Vec<u32> {
    let functions = shape.exported_functions().map(|(_, index)| index);
    functions
        .filter(|&index| {
            let ty = shape.function_type(index);
            let mut all = ty.params().iter().chain(ty.results());
            all.all(|ty| !matches!(ty, wasmparser::ValType::Ref(_)))
        })
        .collect()
}

/// Puts a few instructions that use a table, if there is one.
pub fn put(
    function: &mut Function,
    shape: &Shape,
    callable: &[u32],
    locals: &Locals,
    random: &mut Random,
) {
    let tables = usable(shape);
    if tables.is_empty() {
        return;
    }
    let (table, ty) = tables[random.below(tables.len())];
    let mut element = || Instruction::I32Const(random.below(ty.initial as usize) as i32);
    let (first, second) = (element(), element());
    if ty.element_type.is_extern_ref() || callable.is_empty() || random.below(3) == 0 {
        let heap = match ty.element_type.is_extern_ref() {
            true => HeapType::EXTERN,
            false => HeapType::FUNC,
        };
        bulk(function, table, heap, [first, second], random);
        return;
    }
    if random.below(6) == 0 {
        function.instruction(&first);
        function.instruction(&Instruction::I32Const(0));
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::TableInit {
            elem_index: shape.elements,
            table,
        });
        return;
    }
    let callee = callable[random.below(callable.len())];
    function.instruction(&first);
    function.instruction(&Instruction::RefFunc(callee));
    function.instruction(&Instruction::TableSet(table));
    for &ty in shape.function_type(callee).params() {
        function.instruction(&Instruction::LocalGet(locals.any(number_type(ty), random)));
    }
    // Now and then another element, whose function has another type or is none.
    function.instruction(if random.below(16) == 0 {
        &second
    } else {
        &first
    });
    function.instruction(&Instruction::CallIndirect {
        type_index: shape.functions[callee as usize],
        table_index: table,
    });
    for &ty in shape.function_type(callee).results().iter().rev() {
        function.instruction(&Instruction::LocalSet(locals.any(number_type(ty), random)));
    }
}

/// Instructions that call nothing.
fn bulk(
    function: &mut Function,
    table: u32,
    heap: HeapType,
    [first, second]: [Instruction<'static>; 2],
    random: &mut Random,
) {
    let one = Instruction::I32Const(1);
    let instructions = match random.below(4) {
        0 => vec![
            first,
            Instruction::RefNull(heap),
            Instruction::TableSet(table),
        ],
        1 => vec![
            first,
            Instruction::RefNull(heap),
            one,
            Instruction::TableFill(table),
        ],
        2 => vec![
            first,
            second,
            one,
            Instruction::TableCopy {
                src_table: table,
                dst_table: table,
            },
        ],
        _ => vec![
            Instruction::RefNull(heap),
            one,
            Instruction::TableGrow(table),
            Instruction::Drop,
        ],
    };
    for instruction in &instructions {
        function.instruction(instruction);
    }
}

fn number_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(_) => unreachable!("such functions are not called"),
    }
}
