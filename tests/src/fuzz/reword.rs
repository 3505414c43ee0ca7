//! The same program in other words, see [`Rewording`]; here with typed function references, which neither wasm-smith (without garbage collection)
//! nor wasmi has, in place of what they are equal to. elfin compiles the reworded module, the reference runs the
//! module as it is.
//!
//! | instead of | elfin gets |
//! | --- | --- |
//! | `call f` | `ref.func f`, `call_ref` |
//! | `return_call f` | `ref.func f`, `return_call_ref` |
//! | `ref.func f` | `ref.func f`, `ref.as_non_null` |
//! | `table.get`, `ref.is_null` | `br_on_null` in a block, or `br_on_non_null`, in turns |

use super::rewrite::{self, Section, Site};
use super::shape::Shape;
use super::throw;
use anyhow::Result;
use wasm_encoder::{BlockType, Encode, HeapType, Instruction, RefType, ValType};
use wasmparser::Operator;

/// How elfin gets a module in other words than the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewording {
    /// Not at all.
    None,
    /// With typed function references, see the top of this file.
    References,
    /// With exceptions, see [`throw`].
    Exceptions,
}

impl Rewording {
    /// The module in other words.
    pub fn apply(self, module: &[u8]) -> Result<Vec<u8>> {
        match self {
            Rewording::None => Ok(module.to_vec()),
            Rewording::References => reword(module),
            Rewording::Exceptions => throw::reword(module),
        }
    }

    /// The instructions that stand for others, each behind the name of what it stands for.
    pub fn instructions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Rewording::None => &[],
            Rewording::References => REWORDED,
            Rewording::Exceptions => throw::REWORDED,
        }
    }
}

/// The instructions that stand for others, by the name of what they stand for.
const REWORDED: &[(&str, &str)] = &[
    ("Call", "CallRef"),
    ("ReturnCall", "ReturnCallRef"),
    ("RefFunc", "RefAsNonNull"),
    ("RefIsNull", "BrOnNull"),
    ("RefIsNull", "BrOnNonNull"),
];

/// The module with typed function references.
fn reword(module: &[u8]) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let mut turn = 0;
    // The type of what a `table.get` right before has put on the stack.
    let mut got: Option<wasmparser::RefType> = None;
    let module = rewrite::instructions(module, |site| {
        let before = got.take();
        match (site.operator, before) {
            (&Operator::Call { function_index }, _) => {
                site.emit(&Instruction::RefFunc(function_index));
                site.emit(&Instruction::CallRef(
                    shape.functions[function_index as usize],
                ));
            }
            (&Operator::ReturnCall { function_index }, _) => {
                site.emit(&Instruction::RefFunc(function_index));
                let ty = shape.functions[function_index as usize];
                site.emit(&Instruction::ReturnCallRef(ty));
            }
            (Operator::RefFunc { .. }, _) => {
                site.keep();
                site.emit(&Instruction::RefAsNonNull);
            }
            (Operator::RefIsNull, Some(ty)) => {
                let heap = if ty.is_extern_ref() {
                    HeapType::EXTERN
                } else {
                    HeapType::FUNC
                };
                turn += 1;
                is_null(site, heap, turn % 2 == 0);
            }
            (&Operator::TableGet { table }, _) => {
                got = Some(shape.tables[table as usize].element_type);
                site.keep();
            }
            _ => site.keep(),
        }
        Ok(())
    })?;
    if shape.functions.is_empty() {
        return Ok(module);
    }
    // `ref.func` wants its function declared: a declarative segment of all.
    let mut declared = vec![3, 0];
    let functions: Vec<u32> = (0..shape.functions.len() as u32).collect();
    functions.encode(&mut declared);
    rewrite::append(&module, Section::Element, &declared)
}

/// `ref.is_null` by a branch.
fn is_null(site: &mut Site<'_, '_>, heap: HeapType, on_null: bool) {
    let nullable = RefType {
        nullable: true,
        heap_type: heap,
    };
    let reference = site.scratch(ValType::Ref(nullable), 0);
    site.emit(&Instruction::LocalSet(reference));
    site.emit(&Instruction::Block(BlockType::Result(ValType::I32)));
    if on_null {
        site.emit(&Instruction::Block(BlockType::Empty));
        site.emit(&Instruction::LocalGet(reference));
        site.emit(&Instruction::BrOnNull(0));
        site.emit(&Instruction::Drop);
        site.emit(&Instruction::I32Const(0));
        site.emit(&Instruction::Br(1));
        site.emit(&Instruction::End);
        site.emit(&Instruction::I32Const(1));
    } else {
        let some = RefType {
            nullable: false,
            heap_type: heap,
        };
        site.emit(&Instruction::Block(BlockType::Result(ValType::Ref(some))));
        site.emit(&Instruction::LocalGet(reference));
        site.emit(&Instruction::BrOnNonNull(0));
        site.emit(&Instruction::I32Const(1));
        site.emit(&Instruction::Br(1));
        site.emit(&Instruction::End);
        site.emit(&Instruction::Drop);
        site.emit(&Instruction::I32Const(0));
    }
    site.emit(&Instruction::End);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reworded_modules_are_valid() {
        let module = wat::parse_str(
            "(module (table 2 funcref) (table 2 externref)
               (func $f (param i32) (result i32) local.get 0)
               (func (result i32) (return_call $f (i32.const 1)))
               (func (result i32) (ref.is_null (table.get 0 (i32.const 0))))
               (func (result i32) (ref.is_null (table.get 1 (i32.const 0))))
               (func (result i32) (call $f (i32.const 1)))
               (func (table.set 0 (i32.const 0) (ref.func $f))) (elem declare func $f))",
        );
        let module = reword(&module.unwrap()).unwrap();
        wasmparser::validate(&module).unwrap();
        let text = wasmprinter::print_bytes(&module).unwrap();
        for name in [
            "call_ref",
            "return_call_ref",
            "br_on_null",
            "br_on_non_null",
            "ref.as_non_null",
        ] {
            assert!(text.contains(name), "{text}");
        }
    }
}
