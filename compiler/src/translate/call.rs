//! Calls: direct ones to functions of the program, C calls to the runtime, and calls through tables.

use super::control::{set_unreachable, trap_code};
use super::entities::{Region, state_flags};
use super::exception::{self, Callee};
use super::function::Lowering;
use super::inline;
use super::state;
use super::symbol::Intrinsic;
use super::table;
use crate::error::Result;
use crate::parse::index::{FuncIndex, TableIndex, TypeIndex};
use crate::program::{FuncId, SignatureId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, SigRef, Value, types};
use elfin_abi::host::{FUNCTIONS, HostFunction};
use elfin_abi::trap::Trap;

/// `call`
pub(super) fn call(lowering: &mut Lowering<'_, '_>, index: FuncIndex) -> Result<()> {
    let function = lowering.instance.functions[index];
    if let Some((host, memory)) = lowering.env.host_function(function) {
        call_host(lowering, host, memory);
        return Ok(());
    }
    let args = pop_args(lowering, function);
    if let Some(inlined) = inline::choose(lowering, function) {
        return inline::expand(lowering, inlined, function, &args, false);
    }
    let callee = lowering
        .entities
        .function(lowering.env, lowering.builder.func, function);
    let throws = lowering.env.program.throwing.functions.contains(function);
    exception::call(lowering, Callee::Direct(callee), &args, throws);
    Ok(())
}

/// `return_call`: a host function has another convention, so it is called and its results returned; so are those of an
/// inlined one, which has no frame.
pub(super) fn return_call(lowering: &mut Lowering<'_, '_>, index: FuncIndex) -> Result<()> {
    let function = lowering.instance.functions[index];
    let results = lowering.env.program.type_of(function).results.len();
    if let Some((host, memory)) = lowering.env.host_function(function) {
        call_host(lowering, host, memory);
        super::control::return_(lowering, results);
        set_unreachable(lowering);
        return Ok(());
    }
    let args = pop_args(lowering, function);
    if let Some(inlined) = inline::choose(lowering, function) {
        inline::expand(lowering, inlined, function, &args, true)?;
        if lowering.stack.reachable {
            super::control::return_(lowering, results);
        }
    } else {
        let callee = lowering
            .entities
            .function(lowering.env, lowering.builder.func, function);
        lowering.builder.ins().return_call(callee, &args);
    }
    set_unreachable(lowering);
    Ok(())
}

/// `call_indirect`
pub(super) fn call_indirect(lowering: &mut Lowering<'_, '_>, ty: TypeIndex, table: TableIndex) {
    let (signature, code, args) = indirect_callee(lowering, ty, table);
    let ty = lowering.instance.signatures[ty];
    let throws = lowering.env.program.throwing.signatures.contains(ty);
    exception::call(lowering, Callee::Indirect(signature, code), &args, throws);
}

/// `return_call_indirect`
pub(super) fn return_call_indirect(
    lowering: &mut Lowering<'_, '_>,
    ty: TypeIndex,
    table: TableIndex,
) {
    let (signature, code, args) = indirect_callee(lowering, ty, table);
    lowering
        .builder
        .ins()
        .return_call_indirect(signature, code, &args);
    set_unreachable(lowering);
}

/// The number that stands for a function type in a reference; 0 is that of null.
pub(super) fn type_number(signature: SignatureId) -> i64 {
    i64::from(signature.as_u32()) + 1
}

/// Pops an index and arguments; checks the element. Gives its code address.
fn indirect_callee(
    lowering: &mut Lowering<'_, '_>,
    ty: TypeIndex,
    table: TableIndex,
) -> (SigRef, Value, Vec<Value>) {
    let signature = lowering.instance.signatures[ty];
    let table = lowering.instance.tables[table];
    let index = table::pop_index(lowering, table);
    let params = lowering.env.program.signatures[signature].params.len();
    let args = lowering.stack.pop_many(params);
    table::check_index(lowering, table, index, Trap::UndefinedElement);
    let (address, offset) = table::element(lowering, table, index);
    let flags = state_flags(lowering.builder.func, Region::Tables);
    let found = lowering
        .builder
        .ins()
        .load(types::I32, flags, address, offset + 4);
    check_type(lowering, found, signature);
    let (builder, entities) = (&mut lowering.builder, &mut lowering.entities);
    let code = match state::code_origin(lowering.env, builder, entities) {
        None => builder.ins().uload32(flags, address, offset),
        Some(origin) => {
            let code = builder.ins().sload32(flags, address, offset);
            builder.ins().iadd(origin, code)
        }
    };
    let signature = lowering
        .entities
        .signature(lowering.env, lowering.builder.func, signature);
    (signature, code, args)
}

/// The code address in a reference.
pub(super) fn code_address(lowering: &mut Lowering<'_, '_>, reference: Value) -> Value {
    let (builder, entities) = (&mut lowering.builder, &mut lowering.entities);
    let address = builder.ins().ireduce(types::I32, reference);
    match state::code_origin(lowering.env, builder, entities) {
        None => builder.ins().uextend(types::I64, address),
        Some(origin) => {
            let address = builder.ins().sextend(types::I64, address);
            builder.ins().iadd(origin, address)
        }
    }
}

/// Traps unless an element's type number is that of `signature`; what kind of trap is decided off the hot path.
fn check_type(lowering: &mut Lowering<'_, '_>, found: Value, signature: SignatureId) {
    let builder = &mut lowering.builder;
    let differs = builder
        .ins()
        .icmp_imm_s(IntCC::NotEqual, found, type_number(signature));
    let mismatch = builder.create_block();
    let matches = builder.create_block();
    builder.set_cold_block(mismatch);
    builder.ins().brif(differs, mismatch, &[], matches, &[]);
    builder.seal_block(mismatch);
    builder.seal_block(matches);
    builder.switch_to_block(mismatch);
    builder
        .ins()
        .trapz(found, trap_code(Trap::UninitializedElement));
    builder
        .ins()
        .trap(trap_code(Trap::IndirectCallTypeMismatch));
    builder.switch_to_block(matches);
}

fn pop_args(lowering: &mut Lowering<'_, '_>, function: FuncId) -> Vec<Value> {
    lowering
        .stack
        .pop_many(lowering.env.program.type_of(function).params.len())
}

/// Calls a host function with the memory that its pointers refer to.
pub(super) fn call_host(lowering: &mut Lowering<'_, '_>, host: &HostFunction, memory: Option<u64>) {
    lowering.contents.forget();
    let number = FUNCTIONS
        .iter()
        .position(|candidate| candidate == host)
        .expect("host functions come from the list");
    let memory = match memory {
        Some(memory) => lowering.state_address(memory),
        None => lowering.constant(0),
    };
    let mut args = vec![memory];
    args.append(&mut lowering.stack.pop_many(host.params.len()));
    let callee = lowering
        .entities
        .host(lowering.env, lowering.builder.func, number as u32);
    let call = lowering.builder.ins().call(callee, &args);
    lowering.stack.extend(lowering.builder.inst_results(call));
}

/// Calls a function of the runtime; gives its result, if it has one.
pub(super) fn call_intrinsic(
    lowering: &mut Lowering<'_, '_>,
    intrinsic: Intrinsic,
    args: &[Value],
) -> Option<Value> {
    lowering.contents.forget();
    let callee = lowering
        .entities
        .intrinsic(lowering.builder.func, intrinsic);
    let call = lowering.builder.ins().call(callee, args);
    lowering.builder.inst_results(call).first().copied()
}
