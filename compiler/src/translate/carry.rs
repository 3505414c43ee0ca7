//! Sums and differences of 128 bits, which compilers put together from words of 64 bits.
//!
//! WebAssembly has no carry flag. The low word is `s = a + b`, the carry is `s < a`, and the high word is the carry added
//! to `x` or to `x + y`. Such a high word is made by a sum of 128 bits, an `add` and an `adc`; likewise that of a
//! difference, with `a < b`.
//!
//! Where the high words are there before the low word's addition, the wide one takes its place: then high words are
//! added up as early as the low ones, and need not be kept until then.

use super::function::Lowering;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    DataFlowGraph, Function, Inst, InstBuilder, InstructionData, Opcode, Value, ValueDef,
};
use std::cmp::Ordering;

/// `i64.add`
pub(super) fn add(lowering: &mut Lowering<'_, '_>) {
    let (left, right) = lowering.stack.pop2();
    let wide = sum(lowering, left, right).or_else(|| sum(lowering, right, left));
    let value = wide.unwrap_or_else(|| lowering.builder.ins().iadd(left, right));
    lowering.stack.push(value);
}

/// `i64.sub`
pub(super) fn subtract(lowering: &mut Lowering<'_, '_>) {
    let (left, right) = lowering.stack.pop2();
    let wide = difference(lowering, left, right);
    let value = wide.unwrap_or_else(|| lowering.builder.ins().isub(left, right));
    lowering.stack.push(value);
}

/// `high` and a carry, if `carry` is that of a sum.
fn sum(lowering: &mut Lowering<'_, '_>, high: Value, carry: Value) -> Option<Value> {
    if !lowering.env.carries {
        return None;
    }
    let func = &mut *lowering.builder.func;
    let (low, addend) = less(&func.dfg, carry)?;
    let (addition, [a, b]) = binary(&func.dfg, low, Opcode::Iadd)?;
    if addend != a && addend != b {
        return None;
    }
    let parts = binary(&func.dfg, high, Opcode::Iadd).map(|(_, [x, y])| (x, Some(y)));
    // The parts of the high word that are there early enough, as few as possible.
    let mut ways = [Some((high, None)), parts].into_iter().flatten();
    let early = ways.find(|(x, y)| {
        let mut words = [Some(*x), *y].into_iter().flatten();
        words.all(|word| is_before(func, word, addition))
    });
    let Some((x, y)) = early else {
        let (x, y) = parts.unwrap_or((high, None));
        let ins = &mut lowering.builder;
        let y = y.unwrap_or_else(|| ins.ins().iconst(I64, 0));
        let (one, other) = (ins.ins().iconcat(a, x), ins.ins().iconcat(b, y));
        let sum = ins.ins().iadd(one, other);
        return Some(ins.ins().isplit(sum).1);
    };
    let mut at = FuncCursor::new(func).after_inst(addition);
    at.use_srcloc(addition);
    let y = y.unwrap_or_else(|| at.ins().iconst(I64, 0));
    let (one, other) = (at.ins().iconcat(a, x), at.ins().iconcat(b, y));
    let sum = at.ins().iadd(one, other);
    let (wide_low, wide_high) = at.ins().isplit(sum);
    func.dfg.clear_results(addition);
    func.dfg.change_to_alias(low, wide_low);
    func.layout.remove_inst(addition);
    Some(wide_high)
}

/// `high` less a borrow, if `borrow` is that of a difference.
fn difference(lowering: &mut Lowering<'_, '_>, high: Value, borrow: Value) -> Option<Value> {
    if !lowering.env.carries {
        return None;
    }
    let dfg = &lowering.builder.func.dfg;
    let (a, b) = less(dfg, borrow)?;
    let parts = binary(dfg, high, Opcode::Isub).map(|(_, [x, y])| (x, Some(y)));
    let (x, y) = parts.unwrap_or((high, None));
    let ins = &mut lowering.builder;
    let y = y.unwrap_or_else(|| ins.ins().iconst(I64, 0));
    let (one, other) = (ins.ins().iconcat(a, x), ins.ins().iconcat(b, y));
    let difference = ins.ins().isub(one, other);
    Some(ins.ins().isplit(difference).1)
}

/// The words of which `value` says, as 0 or 1, whether the first is less than the second.
fn less(dfg: &DataFlowGraph, value: Value) -> Option<(Value, Value)> {
    let mut inst = definition(dfg, value)?;
    while let InstructionData::Unary {
        opcode: Opcode::Uextend,
        arg,
    } = dfg.insts[inst]
    {
        inst = definition(dfg, arg)?;
    }
    let InstructionData::IntCompare { args, cond, .. } = dfg.insts[inst] else {
        return None;
    };
    let [left, right] = args.map(|arg| dfg.resolve_aliases(arg));
    let words = match cond {
        IntCC::UnsignedLessThan => (left, right),
        IntCC::UnsignedGreaterThan => (right, left),
        _ => return None,
    };
    (dfg.value_type(left) == I64).then_some(words)
}

/// The instruction with this opcode that makes a value, and its operands.
fn binary(dfg: &DataFlowGraph, value: Value, opcode: Opcode) -> Option<(Inst, [Value; 2])> {
    let inst = definition(dfg, value)?;
    match dfg.insts[inst] {
        InstructionData::Binary { opcode: of, args } if of == opcode => {
            Some((inst, args.map(|arg| dfg.resolve_aliases(arg))))
        }
        _ => None,
    }
}

fn definition(dfg: &DataFlowGraph, value: Value) -> Option<Inst> {
    dfg.value_def(dfg.resolve_aliases(value)).inst()
}

/// Whether a value is there before an instruction, as far as the instruction's block tells.
fn is_before(func: &Function, value: Value, inst: Inst) -> bool {
    let block = func.layout.inst_block(inst);
    match func.dfg.value_def(func.dfg.resolve_aliases(value)) {
        ValueDef::Result(definition, _) => {
            func.layout.inst_block(definition) == block
                && func.layout.pp_cmp(definition, inst) == Ordering::Less
        }
        ValueDef::Param(of, _) => Some(of) == block,
        ValueDef::Union(..) => false,
    }
}
