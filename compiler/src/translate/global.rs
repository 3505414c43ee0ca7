//! Globals: words of the state, or constants where reachable code never sets them.

use super::call::type_number;
use super::constant::vector;
use super::entities::{Region, state_flags};
use super::environment::clif_type;
use super::function::Lowering;
use super::state;
use crate::parse::index::{FuncIndex, GlobalIndex};
use crate::program::{Constant, FuncId};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// `global.get`
pub(super) fn get(lowering: &mut Lowering<'_, '_>, index: GlobalIndex) {
    let id = lowering.instance.globals[index];
    let global = &lowering.env.program.globals[id];
    let value = if global.is_set {
        let address = lowering.env.layout.globals[id];
        let flags = state_flags(lowering.builder.func, Region::Global(address));
        let value = lowering.load_state(clif_type(global.content), address, flags);
        if lowering.env.aligned_globals.contains(id) {
            lowering.aligned.insert(value);
        }
        value
    } else {
        constant(lowering, global.initial)
    };
    lowering.stack.push(value);
}

/// `global.set`
pub(super) fn set(lowering: &mut Lowering<'_, '_>, index: GlobalIndex) {
    let id = lowering.instance.globals[index];
    let value = lowering.stack.pop();
    let address = lowering.env.layout.globals[id];
    let flags = state_flags(lowering.builder.func, Region::Global(address));
    lowering.store_state(value, address, flags);
}

/// `ref.func`
pub(super) fn ref_func(lowering: &mut Lowering<'_, '_>, index: FuncIndex) {
    let value = reference(lowering, lowering.instance.functions[index]);
    lowering.stack.push(value);
}

fn constant(lowering: &mut Lowering<'_, '_>, constant: Constant) -> Value {
    let builder = &mut lowering.builder;
    match constant {
        Constant::I32(value) => builder.ins().iconst(types::I32, i64::from(value)),
        Constant::I64(value) => builder.ins().iconst(types::I64, value),
        Constant::F32(bits) => builder.ins().f32const(Ieee32::with_bits(bits)),
        Constant::F64(bits) => builder.ins().f64const(Ieee64::with_bits(bits)),
        Constant::V128(bytes) => vector(builder, types::I8X16, bytes),
        Constant::Null => builder.ins().iconst(types::I64, 0),
        Constant::Func(function) => reference(lowering, function),
    }
}

/// A function's address and type number in one word.
fn reference(lowering: &mut Lowering<'_, '_>, function: FuncId) -> Value {
    let callee = lowering
        .entities
        .function(lowering.env, lowering.builder.func, function);
    let address = lowering.builder.ins().func_addr(types::I64, callee);
    let number = type_number(lowering.env.program.functions[function].signature);
    let (builder, entities) = (&mut lowering.builder, &mut lowering.entities);
    let address = match state::code_origin(lowering.env, builder, entities) {
        None => address,
        Some(origin) => {
            let distance = builder.ins().isub(address, origin);
            let distance = builder.ins().ireduce(types::I32, distance);
            builder.ins().uextend(types::I64, distance)
        }
    };
    let number = builder.ins().iconst(types::I64, number << 32);
    builder.ins().bor(address, number)
}
