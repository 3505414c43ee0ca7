//! Folding of constant expressions.

use super::{Constant, Global, GlobalId};
use crate::error::{Error, ErrorKind, Result};
use crate::parse::constant::{ConstExpr, ConstOp};
use crate::parse::index::*;
use crate::program::FuncId;
use cranelift_entity::PrimaryMap;

/// What a constant expression may refer to: an instance's index spaces, and the globals of the program.
pub(super) struct Scope<'p> {
    /// The instance's functions.
    pub functions: &'p PrimaryMap<FuncIndex, FuncId>,
    /// The instance's globals so far.
    pub instance_globals: &'p PrimaryMap<GlobalIndex, GlobalId>,
    /// The program's globals.
    pub globals: &'p PrimaryMap<GlobalId, Global>,
}

impl Scope<'_> {
    /// The value of a validated expression.
    pub(super) fn fold(&self, expression: &ConstExpr) -> Result<Constant> {
        let mut stack = Vec::new();
        for operation in &expression.operations {
            let value = match *operation {
                ConstOp::I32(value) => Constant::I32(value),
                ConstOp::I64(value) => Constant::I64(value),
                ConstOp::F32(bits) => Constant::F32(bits),
                ConstOp::F64(bits) => Constant::F64(bits),
                ConstOp::V128(bytes) => Constant::V128(bytes),
                ConstOp::RefNull => Constant::Null,
                ConstOp::RefFunc(index) => Constant::Func(self.functions[index]),
                ConstOp::GlobalGet(index) => self.globals[self.instance_globals[index]].initial,
                ConstOp::I32Add => binary32(&mut stack, i32::wrapping_add)?,
                ConstOp::I32Sub => binary32(&mut stack, i32::wrapping_sub)?,
                ConstOp::I32Mul => binary32(&mut stack, i32::wrapping_mul)?,
                ConstOp::I64Add => binary64(&mut stack, i64::wrapping_add)?,
                ConstOp::I64Sub => binary64(&mut stack, i64::wrapping_sub)?,
                ConstOp::I64Mul => binary64(&mut stack, i64::wrapping_mul)?,
            };
            stack.push(value);
        }
        stack.pop().ok_or_else(|| malformed().at(expression.offset))
    }

    /// The value of an offset: an unsigned number of bytes or elements.
    pub(super) fn fold_offset(&self, expression: &ConstExpr) -> Result<u64> {
        match self.fold(expression)? {
            Constant::I32(value) => Ok(u64::from(value as u32)),
            Constant::I64(value) => Ok(value as u64),
            _ => Err(malformed().at(expression.offset)),
        }
    }
}

fn binary32(stack: &mut Vec<Constant>, operation: fn(i32, i32) -> i32) -> Result<Constant> {
    match (stack.pop(), stack.pop()) {
        (Some(Constant::I32(right)), Some(Constant::I32(left))) => {
            Ok(Constant::I32(operation(left, right)))
        }
        _ => Err(malformed()),
    }
}

fn binary64(stack: &mut Vec<Constant>, operation: fn(i64, i64) -> i64) -> Result<Constant> {
    match (stack.pop(), stack.pop()) {
        (Some(Constant::I64(right)), Some(Constant::I64(left))) => {
            Ok(Constant::I64(operation(left, right)))
        }
        _ => Err(malformed()),
    }
}

/// The validator lets no such expression through.
fn malformed() -> Error {
    Error::new(
        ErrorKind::Internal,
        "a constant expression that does not fold",
    )
}
