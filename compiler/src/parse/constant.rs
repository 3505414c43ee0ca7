//! Constant expressions: from wasm to a short list that [`crate::program`] folds.

use super::index::*;
use crate::error::Result;
use crate::parse::unsupported;
use wasmparser::Operator;

/// A constant expression, in the order of evaluation.
#[derive(Clone, Debug)]
pub struct ConstExpr {
    /// Its operations, without the `end`.
    pub operations: Box<[ConstOp]>,
    /// Bytes from the start of the input.
    pub offset: usize,
}

/// An operation of a constant expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConstOp {
    /// `i32.const`
    I32(i32),
    /// `i64.const`
    I64(i64),
    /// `f32.const`, as bits
    F32(u32),
    /// `f64.const`, as bits
    F64(u64),
    /// `v128.const`, as bytes in memory order
    V128([u8; 16]),
    /// `ref.null`
    RefNull,
    /// `ref.func`
    RefFunc(FuncIndex),
    /// `global.get`
    GlobalGet(GlobalIndex),
    /// `i32.add`
    I32Add,
    /// `i32.sub`
    I32Sub,
    /// `i32.mul`
    I32Mul,
    /// `i64.add`
    I64Add,
    /// `i64.sub`
    I64Sub,
    /// `i64.mul`
    I64Mul,
}

impl ConstExpr {
    /// Reads a validated expression.
    pub(super) fn read(expression: &wasmparser::ConstExpr<'_>) -> Result<Self> {
        let mut reader = expression.get_operators_reader();
        let offset = reader.original_position();
        let mut operations = Vec::new();
        loop {
            let (operator, at) = reader.read_with_offset()?;
            operations.push(match operator {
                Operator::I32Const { value } => ConstOp::I32(value),
                Operator::I64Const { value } => ConstOp::I64(value),
                Operator::F32Const { value } => ConstOp::F32(value.bits()),
                Operator::F64Const { value } => ConstOp::F64(value.bits()),
                Operator::V128Const { value } => ConstOp::V128(*value.bytes()),
                Operator::RefNull { .. } => ConstOp::RefNull,
                Operator::RefFunc { function_index } => {
                    ConstOp::RefFunc(FuncIndex::from_u32(function_index))
                }
                Operator::GlobalGet { global_index } => {
                    ConstOp::GlobalGet(GlobalIndex::from_u32(global_index))
                }
                Operator::I32Add => ConstOp::I32Add,
                Operator::I32Sub => ConstOp::I32Sub,
                Operator::I32Mul => ConstOp::I32Mul,
                Operator::I64Add => ConstOp::I64Add,
                Operator::I64Sub => ConstOp::I64Sub,
                Operator::I64Mul => ConstOp::I64Mul,
                Operator::End => break,
                other => return Err(unsupported::operator(&other, at)),
            });
        }
        Ok(Self {
            operations: operations.into(),
            offset,
        })
    }
}
