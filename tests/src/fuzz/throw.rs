//! The same program with exceptions, which wasmi lacks: a call of `f` becomes a call of a function that calls `f` and
//! throws its results, and a `try_table` around it that catches them. So values cross frames by unwinding, at every
//! call, and everything else must stay as it is.
//!
//! ```text
//! call $f   =>   block $out (type $f)                         func $throws_f (type $f)
//!                  try_table (type $f) (catch $results_f $out)  local.get 0 ..., call $f, throw $results_f
//!                    call $throws_f
//! ```
//!
//! Every other such function catches the exception itself, as a reference, and throws that again.

use super::rewrite::{self, Section};
use super::shape::Shape;
use anyhow::Result;
use std::borrow::Cow;
use wasm_encoder::{BlockType, Catch, Encode, Function, Instruction, RefType, ValType};
use wasmparser::Operator;

/// The instructions that stand for others, by the name of what they stand for.
pub const REWORDED: &[(&str, &str)] = &[
    ("Call", "TryTable"),
    ("Call", "Throw"),
    ("Call", "ThrowRef"),
];

/// The module with exceptions.
pub fn reword(module: &[u8]) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let functions = shape.functions.len() as u32;
    let mut module = rewrite::instructions(module, |site| {
        let &Operator::Call { function_index } = site.operator else {
            site.keep();
            return Ok(());
        };
        let ty = BlockType::FunctionType(shape.functions[function_index as usize]);
        // A tag for each function, in their order.
        let results = Catch::One {
            tag: function_index,
            label: 0,
        };
        site.emit(&Instruction::Block(ty));
        site.emit(&Instruction::TryTable(ty, Cow::Borrowed(&[results])));
        site.emit(&Instruction::Call(functions + function_index));
        site.emit(&Instruction::End);
        site.emit(&Instruction::End);
        Ok(())
    })?;
    for function in 0..functions {
        module = append_tag(&module, &shape, function)?;
        let mut index = Vec::new();
        shape.functions[function as usize].encode(&mut index);
        module = rewrite::append(&module, Section::Function, &index)?;
        let mut body = Vec::new();
        throws(&shape, function).encode(&mut body);
        module = rewrite::append(&module, Section::Code, &body)?;
    }
    Ok(module)
}

/// A tag whose values are a function's results.
fn append_tag(module: &[u8], shape: &Shape, function: u32) -> Result<Vec<u8>> {
    let results = shape.function_type(function).results();
    let results: Vec<ValType> = results.iter().map(|&ty| encodable(ty)).collect();
    let mut ty = vec![0x60];
    results.encode(&mut ty);
    ty.push(0);
    let module = rewrite::append(module, Section::Type, &ty)?;
    // tag: attribute:u8 type:u32
    let mut tag = vec![0];
    (shape.types.len() as u32 + function).encode(&mut tag);
    rewrite::append(&module, Section::Tag, &tag)
}

/// The function that throws the results of another.
fn throws(shape: &Shape, function: u32) -> Function {
    let parameters = shape.function_type(function).params().len() as u32;
    let mut body = Function::new([]);
    let throws_again = function % 2 == 1;
    if throws_again {
        let reference = ValType::Ref(RefType::EXNREF);
        let all = Catch::AllRef { label: 0 };
        body.instruction(&Instruction::Block(BlockType::Result(reference)));
        body.instruction(&Instruction::TryTable(
            BlockType::Empty,
            Cow::Borrowed(&[all]),
        ));
    }
    for parameter in 0..parameters {
        body.instruction(&Instruction::LocalGet(parameter));
    }
    body.instruction(&Instruction::Call(function));
    body.instruction(&Instruction::Throw(function));
    if throws_again {
        body.instruction(&Instruction::End);
        body.instruction(&Instruction::Unreachable);
        body.instruction(&Instruction::End);
        body.instruction(&Instruction::ThrowRef);
    }
    body.instruction(&Instruction::End);
    body
}

/// A type of a generated module, which has no types of references but these two.
fn encodable(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) if ty.is_extern_ref() => ValType::EXTERNREF,
        wasmparser::ValType::Ref(_) => ValType::FUNCREF,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reworded_modules_are_valid() {
        let module = wat::parse_str(
            "(module (func $f (param i32 externref) (result i64 funcref) (i64.const 1) (ref.null func))
               (func (export \"g\") (result i64)
                 (drop (call $f (i32.const 1) (ref.null extern))) (call $h) (drop))
               (func $h (result i32) (call $h)))",
        );
        let module = reword(&module.unwrap()).unwrap();
        wasmparser::validate(&module).unwrap();
    }
}
