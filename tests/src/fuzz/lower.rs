//! What the reference does not know, or decides otherwise where the specification leaves a choice, in terms of what it
//! knows. elfin compiles the module as it is.

use super::atomic;
use super::rewrite;
use super::shape::Shape;
use anyhow::Result;
use wasm_encoder::{Instruction, ValType};
use wasmparser::{BrTable, Operator};

/// The module for the reference.
pub fn lower(module: &[u8]) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let module = atomic::unshare(module)?;
    rewrite::instructions(&module, |site| {
        if atomic::lower(site, &shape)? {
            return Ok(());
        }
        match site.operator {
            Operator::F32x4RelaxedMadd | Operator::F32x4RelaxedNmadd => {
                unfused(
                    site,
                    &Instruction::F32x4Mul,
                    &Instruction::F32x4Neg,
                    &Instruction::F32x4Add,
                );
            }
            Operator::F64x2RelaxedMadd | Operator::F64x2RelaxedNmadd => {
                unfused(
                    site,
                    &Instruction::F64x2Mul,
                    &Instruction::F64x2Neg,
                    &Instruction::F64x2Add,
                );
            }
            Operator::Select => {
                // wasmi 2.0.0 takes `i32.const 1, i32.const 0, i32.eqz, select` for the operand of `i32.eqz`.
                let condition = site.scratch(ValType::I32, 1);
                site.emit(&Instruction::LocalSet(condition));
                site.emit(&Instruction::LocalGet(condition));
                site.keep();
            }
            Operator::BrTable { targets } => branches(site, targets)?,
            _ => site.keep(),
        }
        Ok(())
    })
}

/// `br_table` as a chain of `br_if`: wasmi 2.0.0 loses the upper half of a v128 that a `br_table` carries.
fn branches(site: &mut rewrite::Site<'_, '_>, targets: &BrTable<'_>) -> Result<()> {
    let index = site.scratch(ValType::I32, 0);
    site.emit(&Instruction::LocalSet(index));
    for (number, target) in targets.targets().enumerate() {
        site.emit(&Instruction::LocalGet(index));
        site.emit(&Instruction::I32Const(number as i32));
        site.emit(&Instruction::I32Eq);
        site.emit(&Instruction::BrIf(target?));
    }
    site.emit(&Instruction::Br(targets.default()));
    Ok(())
}

/// `relaxed_madd` and `relaxed_nmadd`: wasmi rounds once, elfin twice.
fn unfused(
    site: &mut rewrite::Site<'_, '_>,
    multiply: &Instruction<'_>,
    negate: &Instruction<'_>,
    add: &Instruction<'_>,
) {
    let negated = matches!(
        site.operator,
        Operator::F32x4RelaxedNmadd | Operator::F64x2RelaxedNmadd
    );
    let addend = site.scratch(ValType::V128, 0);
    site.emit(&Instruction::LocalSet(addend));
    site.emit(multiply);
    if negated {
        site.emit(negate);
    }
    site.emit(&Instruction::LocalGet(addend));
    site.emit(add);
}
