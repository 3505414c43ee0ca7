//! Addresses of loads and stores as they stand in code, taken apart.

use super::constant;
use super::sum::Sum;
use cranelift_codegen::ir::{DataFlowGraph, Inst, InstructionData, Opcode, Value, types};

/// An address: `bases + zero-extended index + offset`.
pub(super) struct Address {
    /// Values of 64 bits, in the order of their numbers.
    pub bases: Vec<Value>,
    /// The 32-bit index.
    pub index: Sum,
    pub offset: i64,
}

impl Address {
    /// What an address is made from; only values for which `is_outer` holds are taken for bases.
    pub fn of(dfg: &DataFlowGraph, value: Value, is_outer: impl Fn(Value) -> bool) -> Option<Self> {
        let mut address = Self {
            bases: Vec::new(),
            index: Sum::default(),
            offset: 0,
        };
        let mut has_index = false;
        let mut rest = vec![value];
        while let Some(value) = rest.pop() {
            let value = dfg.resolve_aliases(value);
            let inst = dfg.value_def(value).inst();
            match inst.map(|inst| dfg.insts[inst]) {
                Some(InstructionData::Binary {
                    opcode: Opcode::Iadd,
                    args,
                }) if rest.len() < 4 => rest.extend(args),
                Some(InstructionData::Unary {
                    opcode: Opcode::Uextend,
                    arg,
                }) if !has_index && dfg.value_type(arg) == types::I32 => {
                    has_index = true;
                    address.index = Sum::of(dfg, arg);
                }
                _ => match constant(dfg, value) {
                    Some(constant) => address.offset = address.offset.checked_add(constant)?,
                    None if is_outer(value) => address.bases.push(value),
                    None => return None,
                },
            }
        }
        address.bases.sort_unstable();
        // Positions stay far from the ends of 64 bits.
        (address.offset.unsigned_abs() < 1 << 48).then_some(address)
    }
}

/// What a load or store names.
pub(super) struct Operands {
    pub address: Value,
    /// Added to the address.
    pub offset: i64,
    /// How many bytes it moves.
    pub size: i64,
}

impl Operands {
    /// Those of a plain load or store.
    pub fn of(dfg: &DataFlowGraph, inst: Inst) -> Option<Self> {
        let (opcode, address, offset, value) = match dfg.insts[inst] {
            InstructionData::Load {
                opcode,
                arg,
                offset,
                ..
            } => (opcode, arg, offset, dfg.first_result(inst)),
            InstructionData::Store {
                opcode,
                args: [value, address],
                offset,
                ..
            } => (opcode, address, offset, value),
            _ => return None,
        };
        let size = match opcode {
            Opcode::Load | Opcode::Store => dfg.value_type(value).bytes(),
            Opcode::Uload8 | Opcode::Sload8 | Opcode::Istore8 => 1,
            Opcode::Uload16 | Opcode::Sload16 | Opcode::Istore16 => 2,
            Opcode::Uload32 | Opcode::Sload32 | Opcode::Istore32 => 4,
            _ => return None,
        };
        Some(Self {
            address,
            offset: i64::from(i32::from(offset)),
            size: size.into(),
        })
    }
}
