//! A plan as instructions of Cranelift's, each of which it lowers to the one instruction that is meant; and bytes by `pshufb`.

use super::bytes::contains;
use super::gather::{Gathered, Source};
use super::plan::{Instruction, Plan};
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::types::{I8X16, I16X8, I32, I32X4, I64X2};
use cranelift_codegen::ir::{
    ConstantData, Endianness, Function, Inst, InstBuilder, MemFlagsData, Type, Value,
};
use std::collections::HashMap;
use std::rc::Rc;

/// Puts a plan's instructions before `inst`, whose result is of the type that they are to have.
pub(super) fn emit(func: &mut Function, inst: Inst, sources: &[Source], plan: &Rc<Plan>) -> Value {
    let ty = func.dfg.value_type(func.dfg.first_result(inst));
    let location = func.srcloc(inst);
    let mut emitter = Emitter {
        cursor: FuncCursor::new(func).at_inst(inst).with_srcloc(location),
        sources,
        done: HashMap::new(),
    };
    let value = emitter.emit(plan);
    emitter.bitcast(ty, value)
}

/// Puts before `inst` what takes the bytes of each source and zeros for the others, and joins them.
pub(super) fn emit_permuted(func: &mut Function, inst: Inst, gathered: &Gathered) -> Value {
    /// As an index: a byte that is zero.
    const ZERO: u8 = 0x80;
    let ty = func.dfg.value_type(func.dfg.first_result(inst));
    let location = func.srcloc(inst);
    let mut emitter = Emitter {
        cursor: FuncCursor::new(func).at_inst(inst).with_srcloc(location),
        sources: &gathered.sources,
        done: HashMap::new(),
    };
    let mut joined = None;
    for (number, source) in gathered.sources.iter().enumerate() {
        let indices = gathered.bytes.map(|byte| match byte.source() {
            Some(source) if source == number => byte.index().map_or(ZERO, |index| index as u8),
            _ => ZERO,
        });
        let vector = emitter.source(*source);
        let vector = emitter.bitcast(I8X16, vector);
        let indices = emitter.vector(indices);
        let permuted = emitter.cursor.ins().x86_pshufb(vector, indices);
        joined = Some(match joined {
            None => permuted,
            Some(before) => emitter.cursor.ins().bor(before, permuted),
        });
    }
    let value = joined.unwrap_or_else(|| emitter.vector([0; 16]));
    emitter.bitcast(ty, value)
}

/// Where the instructions go, and those that are there.
struct Emitter<'f> {
    cursor: FuncCursor<'f>,
    sources: &'f [Source],
    done: HashMap<*const Plan, Value>,
}

impl Emitter<'_> {
    /// The vector that a plan makes, as lanes of any type.
    fn emit(&mut self, plan: &Rc<Plan>) -> Value {
        if let Some(value) = self.done.get(&Rc::as_ptr(plan)) {
            return *value;
        }
        let operands: Vec<Value> = plan
            .operands
            .iter()
            .map(|operand| self.emit(operand))
            .collect();
        let value = self.instruction(plan.last, &operands);
        self.done.insert(Rc::as_ptr(plan), value);
        value
    }

    fn instruction(&mut self, last: Instruction, operands: &[Value]) -> Value {
        match last {
            Instruction::Source(source) => self.source(self.sources[usize::from(source)]),
            Instruction::Zero => self.vector([0; 16]),
            Instruction::Interleave { .. } | Instruction::Words32(_) => {
                self.shuffle(last, operands[0], operands[1])
            }
            Instruction::Words16 { .. } => self.shuffle(last, operands[0], operands[0]),
            Instruction::Shift {
                width,
                bytes,
                is_left,
            } => {
                let ty = match width {
                    2 => I16X8,
                    4 => I32X4,
                    _ => I64X2,
                };
                self.shift(ty, operands[0], bytes, is_left)
            }
            Instruction::Extend { is_high } => {
                let high = if is_high {
                    operands[0]
                } else {
                    self.shift(I32X4, operands[0], 2, true)
                };
                let high = self.bitcast(I32X4, high);
                self.cursor.ins().sshr_imm_u(high, 16)
            }
            Instruction::PackBytes => {
                let [first, second] = [0, 1].map(|index| self.bitcast(I16X8, operands[index]));
                self.cursor.ins().unarrow(first, second)
            }
            Instruction::PackWords => {
                let [first, second] = [0, 1].map(|index| self.bitcast(I32X4, operands[index]));
                self.cursor.ins().snarrow(first, second)
            }
            Instruction::Mask(kept) => {
                let byte = |index| if contains(kept, index) { 0xff } else { 0 };
                let mask = self.vector(std::array::from_fn(byte));
                let operand = self.bitcast(I8X16, operands[0]);
                self.cursor.ins().band(operand, mask)
            }
            Instruction::Or => {
                let [first, second] = [0, 1].map(|index| self.bitcast(I8X16, operands[index]));
                self.cursor.ins().bor(first, second)
            }
        }
    }

    /// A number becomes the low bytes of a vector of zeros.
    fn source(&mut self, source: Source) -> Value {
        let Source(value) = source;
        if !source.is_number(self.cursor.func) {
            return value;
        }
        let ty = self.cursor.func.dfg.value_type(value);
        let value = if ty.bits() < I32.bits() {
            self.cursor.ins().uextend(I32, value)
        } else {
            value
        };
        let ty = self.cursor.func.dfg.value_type(value);
        self.cursor
            .ins()
            .scalar_to_vector(ty.by(128 / ty.bits()).expect("a vector of 128 bits"), value)
    }

    /// Cranelift's shuffle with the lanes that mean this instruction to it.
    fn shuffle(&mut self, last: Instruction, first: Value, second: Value) -> Value {
        let first = self.bitcast(I8X16, first);
        let second = self.bitcast(I8X16, second);
        let is_of_one = first == second && matches!(last, Instruction::Words32(_));
        let lanes: [u8; 16] = std::array::from_fn(|position| {
            let (operand, index) = last.origin(position).expect("a shuffle puts no zeros");
            let start = if is_of_one { 0 } else { operand * 16 };
            (start + index) as u8
        });
        let mask = ConstantData::from(lanes.as_slice());
        let mask = self.cursor.func.dfg.immediates.push(mask);
        self.cursor.ins().shuffle(first, second, mask)
    }

    fn shift(&mut self, ty: Type, operand: Value, bytes: u8, is_left: bool) -> Value {
        let operand = self.bitcast(ty, operand);
        let bits = i64::from(bytes) * 8;
        if is_left {
            self.cursor.ins().ishl_imm_u(operand, bits)
        } else {
            self.cursor.ins().ushr_imm_u(operand, bits)
        }
    }

    fn vector(&mut self, bytes: [u8; 16]) -> Value {
        let data = ConstantData::from(bytes.as_slice());
        let constant = self.cursor.func.dfg.constants.insert(data);
        self.cursor.ins().vconst(I8X16, constant)
    }

    /// The same 128 bits as lanes of another type.
    fn bitcast(&mut self, ty: Type, value: Value) -> Value {
        if self.cursor.func.dfg.value_type(value) == ty {
            return value;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.cursor.ins().bitcast(ty, flags, value)
    }
}
