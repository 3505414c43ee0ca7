//! The instructions, one arm each: where the lowering of each is found.

use super::function::Lowering;
use super::rounding::{Rounding, round};
use super::{
    atomic, bulk, call, carry, control, convert, exception, float, global, integer,
    legacy_exception, memory, popcount, reference, simd, swap, switch, table, wide,
};
use crate::error::Result;
use crate::parse::index::*;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Opcode};
use wasmparser::Operator;

/// Lowers one instruction, or passes over it where it can't be reached.
pub(super) fn lower(l: &mut Lowering<'_, '_>, operator: &Operator<'_>) -> Result<()> {
    if l.stack.reachable {
        return lower_reachable(l, operator);
    }
    match operator {
        Operator::Block { .. }
        | Operator::Loop { .. }
        | Operator::If { .. }
        | Operator::TryTable { .. }
        | Operator::Try { .. } => l.stack.unreachable_depth += 1,
        Operator::End | Operator::Delegate { .. } if l.stack.unreachable_depth > 0 => {
            l.stack.unreachable_depth -= 1
        }
        Operator::End | Operator::Delegate { .. } => control::end(l),
        Operator::Catch { tag_index } if l.stack.unreachable_depth == 0 => {
            legacy_exception::catch(l, TagIndex::from_u32(*tag_index))
        }
        Operator::CatchAll if l.stack.unreachable_depth == 0 => legacy_exception::catch_all(l),
        Operator::Else if l.stack.unreachable_depth == 0 => control::else_(l),
        _ => {}
    }
    Ok(())
}

fn lower_reachable(l: &mut Lowering<'_, '_>, operator: &Operator<'_>) -> Result<()> {
    use Operator as O;
    match operator {
        O::Nop => {}
        O::Unreachable => control::unreachable(l),
        O::Block { blockty } => control::block(l, *blockty)?,
        O::Loop { blockty } => control::loop_(l, *blockty)?,
        O::If { blockty } => control::if_(l, *blockty)?,
        O::Else => control::else_(l),
        O::End => control::end(l),
        O::Br { relative_depth } => control::br(l, *relative_depth),
        O::BrIf { relative_depth } => control::br_if(l, *relative_depth),
        O::BrTable { targets } => switch::br_table(l, targets)?,
        O::Return => {
            control::leave_body(l);
        }

        O::Call { function_index } => call::call(l, FuncIndex::from_u32(*function_index))?,
        O::ReturnCall { function_index } => {
            call::return_call(l, FuncIndex::from_u32(*function_index))?;
        }
        O::CallIndirect {
            type_index,
            table_index,
        } => {
            call::call_indirect(
                l,
                TypeIndex::from_u32(*type_index),
                TableIndex::from_u32(*table_index),
            );
        }
        O::ReturnCallIndirect {
            type_index,
            table_index,
        } => {
            call::return_call_indirect(
                l,
                TypeIndex::from_u32(*type_index),
                TableIndex::from_u32(*table_index),
            );
        }

        O::CallRef { type_index } => reference::call(l, TypeIndex::from_u32(*type_index)),
        O::ReturnCallRef { type_index } => {
            reference::return_call(l, TypeIndex::from_u32(*type_index));
        }
        O::RefAsNonNull => reference::as_non_null(l),
        O::BrOnNull { relative_depth } => reference::br_on_null(l, *relative_depth),
        O::BrOnNonNull { relative_depth } => reference::br_on_non_null(l, *relative_depth),
        O::TryTable { try_table } => exception::try_table(l, try_table)?,
        O::Throw { tag_index } => exception::throw(l, TagIndex::from_u32(*tag_index)),
        O::ThrowRef => exception::throw_ref(l),
        O::Try { blockty } => legacy_exception::try_(l, *blockty)?,
        O::Catch { tag_index } => legacy_exception::catch(l, TagIndex::from_u32(*tag_index)),
        O::CatchAll => legacy_exception::catch_all(l),
        O::Delegate { .. } => control::end(l),
        O::Rethrow { relative_depth } => legacy_exception::rethrow(l, *relative_depth),

        O::Drop => {
            l.stack.pop();
        }
        O::Select | O::TypedSelect { .. } => {
            let (first, second, condition) = l.stack.pop3();
            let value = l.builder.ins().select(condition, first, second);
            l.stack.push(value);
        }
        O::LocalGet { local_index } => {
            let value = l.locals.get(&mut l.builder, *local_index);
            l.stack.push(value);
        }
        O::LocalSet { local_index } => {
            let value = l.stack.pop();
            l.locals.set(&mut l.builder, *local_index, value);
        }
        O::LocalTee { local_index } => {
            let value = l.stack.peek(1)[0];
            l.locals.set(&mut l.builder, *local_index, value);
        }
        O::GlobalGet { global_index } => global::get(l, GlobalIndex::from_u32(*global_index)),
        O::GlobalSet { global_index } => global::set(l, GlobalIndex::from_u32(*global_index)),

        O::RefNull { .. } => {
            let null = l.zero(I64);
            l.stack.push(null);
        }
        O::RefIsNull => integer::is_zero(l),
        O::RefFunc { function_index } => global::ref_func(l, FuncIndex::from_u32(*function_index)),
        O::TableGet { table } => table::get(l, TableIndex::from_u32(*table)),
        O::TableSet { table } => table::set(l, TableIndex::from_u32(*table)),
        O::TableSize { table } => table::size(l, TableIndex::from_u32(*table)),
        O::TableGrow { table } => table::grow(l, TableIndex::from_u32(*table)),
        O::TableFill { table } => table::fill(l, TableIndex::from_u32(*table)),
        O::TableCopy {
            dst_table,
            src_table,
        } => {
            table::copy(
                l,
                TableIndex::from_u32(*dst_table),
                TableIndex::from_u32(*src_table),
            );
        }
        O::TableInit { elem_index, table } => {
            table::init(
                l,
                ElementIndex::from_u32(*elem_index),
                TableIndex::from_u32(*table),
            );
        }
        O::ElemDrop { elem_index } => table::drop(l, ElementIndex::from_u32(*elem_index)),

        O::MemorySize { mem } => memory::size(l, MemoryIndex::from_u32(*mem)),
        O::MemoryGrow { mem } => memory::grow(l, MemoryIndex::from_u32(*mem)),
        O::MemoryCopy { dst_mem, src_mem } => {
            bulk::copy(
                l,
                MemoryIndex::from_u32(*dst_mem),
                MemoryIndex::from_u32(*src_mem),
            );
        }
        O::MemoryFill { mem } => bulk::fill(l, MemoryIndex::from_u32(*mem)),
        O::MemoryInit { data_index, mem } => {
            bulk::init(
                l,
                DataIndex::from_u32(*data_index),
                MemoryIndex::from_u32(*mem),
            );
        }
        O::DataDrop { data_index } => bulk::drop(l, DataIndex::from_u32(*data_index)),

        O::I32Load { memarg } => memory::load(l, memarg, I32),
        O::I64Load { memarg } => memory::load(l, memarg, I64),
        O::F32Load { memarg } => memory::load(l, memarg, F32),
        O::F64Load { memarg } => memory::load(l, memarg, F64),
        O::I32Load8S { memarg } => memory::load_extended(l, memarg, Opcode::Sload8, I32),
        O::I32Load8U { memarg } => memory::load_extended(l, memarg, Opcode::Uload8, I32),
        O::I32Load16S { memarg } => memory::load_extended(l, memarg, Opcode::Sload16, I32),
        O::I32Load16U { memarg } => memory::load_extended(l, memarg, Opcode::Uload16, I32),
        O::I64Load8S { memarg } => memory::load_extended(l, memarg, Opcode::Sload8, I64),
        O::I64Load8U { memarg } => memory::load_extended(l, memarg, Opcode::Uload8, I64),
        O::I64Load16S { memarg } => memory::load_extended(l, memarg, Opcode::Sload16, I64),
        O::I64Load16U { memarg } => memory::load_extended(l, memarg, Opcode::Uload16, I64),
        O::I64Load32S { memarg } => memory::load_extended(l, memarg, Opcode::Sload32, I64),
        O::I64Load32U { memarg } => memory::load_extended(l, memarg, Opcode::Uload32, I64),
        O::I32Store { memarg }
        | O::I64Store { memarg }
        | O::F32Store { memarg }
        | O::F64Store { memarg } => {
            memory::store(l, memarg);
        }
        O::I32Store8 { memarg } | O::I64Store8 { memarg } => {
            memory::store_narrow(l, memarg, Opcode::Istore8)
        }
        O::I32Store16 { memarg } | O::I64Store16 { memarg } => {
            memory::store_narrow(l, memarg, Opcode::Istore16)
        }
        O::I64Store32 { memarg } => memory::store_narrow(l, memarg, Opcode::Istore32),

        O::I32Const { value } => {
            let value = l.builder.ins().iconst(I32, i64::from(*value));
            l.stack.push(value);
        }
        O::I64Const { value } => {
            let value = l.builder.ins().iconst(I64, *value);
            l.stack.push(value);
        }
        O::F32Const { value } => {
            let value = l.builder.ins().f32const(Ieee32::with_bits(value.bits()));
            l.stack.push(value);
        }
        O::F64Const { value } => {
            let value = l.builder.ins().f64const(Ieee64::with_bits(value.bits()));
            l.stack.push(value);
        }

        O::I32Eqz | O::I64Eqz => integer::is_zero(l),
        O::I32Eq | O::I64Eq => integer::compare(l, IntCC::Equal),
        O::I32Ne | O::I64Ne => integer::compare(l, IntCC::NotEqual),
        O::I32LtS | O::I64LtS => integer::compare(l, IntCC::SignedLessThan),
        O::I32LtU | O::I64LtU => integer::compare(l, IntCC::UnsignedLessThan),
        O::I32GtS | O::I64GtS => integer::compare(l, IntCC::SignedGreaterThan),
        O::I32GtU | O::I64GtU => integer::compare(l, IntCC::UnsignedGreaterThan),
        O::I32LeS | O::I64LeS => integer::compare(l, IntCC::SignedLessThanOrEqual),
        O::I32LeU | O::I64LeU => integer::compare(l, IntCC::UnsignedLessThanOrEqual),
        O::I32GeS | O::I64GeS => integer::compare(l, IntCC::SignedGreaterThanOrEqual),
        O::I32GeU | O::I64GeU => integer::compare(l, IntCC::UnsignedGreaterThanOrEqual),
        O::F32Eq | O::F64Eq => float::compare(l, FloatCC::Equal),
        O::F32Ne | O::F64Ne => float::compare(l, FloatCC::NotEqual),
        O::F32Lt | O::F64Lt => float::compare(l, FloatCC::LessThan),
        O::F32Gt | O::F64Gt => float::compare(l, FloatCC::GreaterThan),
        O::F32Le | O::F64Le => float::compare(l, FloatCC::LessThanOrEqual),
        O::F32Ge | O::F64Ge => float::compare(l, FloatCC::GreaterThanOrEqual),

        O::I32Clz | O::I64Clz => integer::unary(l, |ins, a| ins.clz(a)),
        O::I32Ctz | O::I64Ctz => integer::unary(l, |ins, a| ins.ctz(a)),
        O::I32Popcnt | O::I64Popcnt => popcount::lower(l),
        O::I32Add => integer::binary(l, |ins, a, b| ins.iadd(a, b)),
        O::I64Add => carry::add(l),
        O::I32Sub => integer::binary(l, |ins, a, b| ins.isub(a, b)),
        O::I64Sub => carry::subtract(l),
        O::I32Mul | O::I64Mul => integer::binary(l, |ins, a, b| ins.imul(a, b)),
        O::I32DivS | O::I64DivS => integer::binary(l, |ins, a, b| ins.sdiv(a, b)),
        O::I32DivU | O::I64DivU => integer::binary(l, |ins, a, b| ins.udiv(a, b)),
        O::I32RemS | O::I64RemS => integer::binary(l, |ins, a, b| ins.srem(a, b)),
        O::I32RemU | O::I64RemU => integer::binary(l, |ins, a, b| ins.urem(a, b)),
        O::I32And | O::I64And => integer::binary(l, |ins, a, b| ins.band(a, b)),
        O::I32Or | O::I64Or => swap::or(l),
        O::I32Xor | O::I64Xor => integer::binary(l, |ins, a, b| ins.bxor(a, b)),
        O::I32Shl | O::I64Shl => integer::binary(l, |ins, a, b| ins.ishl(a, b)),
        O::I32ShrS | O::I64ShrS => integer::binary(l, |ins, a, b| ins.sshr(a, b)),
        O::I32ShrU | O::I64ShrU => integer::binary(l, |ins, a, b| ins.ushr(a, b)),
        O::I32Rotl | O::I64Rotl => integer::binary(l, |ins, a, b| ins.rotl(a, b)),
        O::I32Rotr | O::I64Rotr => integer::binary(l, |ins, a, b| ins.rotr(a, b)),
        O::I32Extend8S | O::I64Extend8S => integer::sign_extend(l, I8),
        O::I32Extend16S | O::I64Extend16S => integer::sign_extend(l, I16),
        O::I64Extend32S => integer::sign_extend(l, I32),

        O::F32Abs | O::F64Abs => integer::unary(l, |ins, a| ins.fabs(a)),
        O::F32Neg | O::F64Neg => integer::unary(l, |ins, a| ins.fneg(a)),
        O::F32Sqrt | O::F64Sqrt => integer::unary(l, |ins, a| ins.sqrt(a)),
        O::F32Ceil | O::F64Ceil => round(l, Rounding::Ceil),
        O::F32Floor | O::F64Floor => round(l, Rounding::Floor),
        O::F32Trunc | O::F64Trunc => round(l, Rounding::Trunc),
        O::F32Nearest | O::F64Nearest => round(l, Rounding::Nearest),
        O::F32Add | O::F64Add => integer::binary(l, |ins, a, b| ins.fadd(a, b)),
        O::F32Sub | O::F64Sub => integer::binary(l, |ins, a, b| ins.fsub(a, b)),
        O::F32Mul | O::F64Mul => integer::binary(l, |ins, a, b| ins.fmul(a, b)),
        O::F32Div | O::F64Div => integer::binary(l, |ins, a, b| ins.fdiv(a, b)),
        O::F32Min | O::F64Min => integer::binary(l, |ins, a, b| ins.fmin(a, b)),
        O::F32Max | O::F64Max => integer::binary(l, |ins, a, b| ins.fmax(a, b)),
        O::F32Copysign | O::F64Copysign => integer::binary(l, |ins, a, b| ins.fcopysign(a, b)),

        O::I32WrapI64 => convert::to(l, I32, |ins, ty, a| ins.ireduce(ty, a)),
        O::I64ExtendI32S => convert::to(l, I64, |ins, ty, a| ins.sextend(ty, a)),
        O::I64ExtendI32U => convert::to(l, I64, |ins, ty, a| ins.uextend(ty, a)),
        O::I32TruncF32S | O::I32TruncF64S => {
            convert::to(l, I32, |ins, ty, a| ins.fcvt_to_sint(ty, a))
        }
        O::I32TruncF32U | O::I32TruncF64U => {
            convert::to(l, I32, |ins, ty, a| ins.fcvt_to_uint(ty, a))
        }
        O::I64TruncF32S | O::I64TruncF64S => {
            convert::to(l, I64, |ins, ty, a| ins.fcvt_to_sint(ty, a))
        }
        O::I64TruncF32U | O::I64TruncF64U => {
            convert::to(l, I64, |ins, ty, a| ins.fcvt_to_uint(ty, a))
        }
        O::I32TruncSatF32S | O::I32TruncSatF64S => {
            convert::to(l, I32, |ins, ty, a| ins.fcvt_to_sint_sat(ty, a))
        }
        O::I32TruncSatF32U | O::I32TruncSatF64U => {
            convert::to(l, I32, |ins, ty, a| ins.fcvt_to_uint_sat(ty, a))
        }
        O::I64TruncSatF32S | O::I64TruncSatF64S => {
            convert::to(l, I64, |ins, ty, a| ins.fcvt_to_sint_sat(ty, a))
        }
        O::I64TruncSatF32U | O::I64TruncSatF64U => {
            convert::to(l, I64, |ins, ty, a| ins.fcvt_to_uint_sat(ty, a))
        }
        O::F32ConvertI32S | O::F32ConvertI64S => {
            convert::to(l, F32, |ins, ty, a| ins.fcvt_from_sint(ty, a))
        }
        O::F32ConvertI32U | O::F32ConvertI64U => {
            convert::to(l, F32, |ins, ty, a| ins.fcvt_from_uint(ty, a))
        }
        O::F64ConvertI32S | O::F64ConvertI64S => {
            convert::to(l, F64, |ins, ty, a| ins.fcvt_from_sint(ty, a))
        }
        O::F64ConvertI32U | O::F64ConvertI64U => {
            convert::to(l, F64, |ins, ty, a| ins.fcvt_from_uint(ty, a))
        }
        O::F32DemoteF64 => convert::to(l, F32, |ins, ty, a| ins.fdemote(ty, a)),
        O::F64PromoteF32 => convert::to(l, F64, |ins, ty, a| ins.fpromote(ty, a)),
        O::I32ReinterpretF32 => convert::reinterpret(l, I32),
        O::I64ReinterpretF64 => convert::reinterpret(l, I64),
        O::F32ReinterpretI32 => convert::reinterpret(l, F32),
        O::F64ReinterpretI64 => convert::reinterpret(l, F64),

        O::I64Add128 => wide::binary(l, |ins, a, b| ins.iadd(a, b)),
        O::I64Sub128 => wide::binary(l, |ins, a, b| ins.isub(a, b)),
        O::I64MulWideS => wide::multiply(l, |ins, ty, a| ins.sextend(ty, a)),
        O::I64MulWideU => wide::multiply(l, |ins, ty, a| ins.uextend(ty, a)),

        other => {
            if !atomic::lower(l, other) {
                simd::lower(l, other);
            }
        }
    }
    Ok(())
}
