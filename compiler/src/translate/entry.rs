//! The code between the runtime and the guest: the entry, and what the runtime calls functions by. Both use the C
//! convention.

use super::entities::Entities;
use super::environment::{Environment, clif_type};
use super::instantiate::initialize;
use super::symbol::{Intrinsic, Symbol};
use crate::program::{Entry, SignatureId};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use elfin_abi::layout::Slot;

/// Generates `extern "C" fn()`: instantiates in the order of the instances, then runs the command or the invocation. A
/// test script instantiates by its steps.
pub fn entry(env: &Environment<'_>, context: &mut FunctionBuilderContext, func: &mut ir::Function) {
    func.signature = Signature::new(CallConv::SystemV);
    let mut builder = FunctionBuilder::new(func, context);
    let mut entities = Entities::default();
    let block = builder.create_block();
    builder.switch_to_block(block);
    builder.seal_block(block);
    let functions: Vec<_> = match &env.program.entry {
        Entry::Script(_) => Vec::new(),
        Entry::Command(start) => vec![*start],
        Entry::Invoke { initialize, .. } => initialize.iter().copied().collect(),
    };
    if !matches!(env.program.entry, Entry::Script(_)) {
        for id in env.program.instances.keys() {
            initialize(env, id, &mut builder, &mut entities);
        }
    }
    for function in functions {
        let callee = entities.function(env, builder.func, function);
        builder.ins().call(callee, &[]);
    }
    let descriptor = match env.program.entry {
        Entry::Command(_) => None,
        Entry::Invoke { .. } => Some((Symbol::Invocation, Intrinsic::Invoke)),
        Entry::Script(_) => Some((Symbol::Script, Intrinsic::Script)),
    };
    if let Some((descriptor, intrinsic)) = descriptor {
        let descriptor = entities.data(builder.func, descriptor);
        let descriptor = builder.ins().symbol_value(types::I64, descriptor);
        let callee = entities.intrinsic(builder.func, intrinsic);
        builder.ins().call(callee, &[descriptor]);
    }
    builder.ins().return_(&[]);
    builder.finalize(env.isa.frontend_config());
}

/// Generates `extern "C" fn(code: u64, arguments: *const Slot, results: *mut Slot)`: calls a function of this type.
pub fn call(
    env: &Environment<'_>,
    signature: SignatureId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) {
    func.signature = runtime_call();
    let mut builder = FunctionBuilder::new(func, context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    let &[code, arguments, results] = builder.block_params(block) else {
        unreachable!("three parameters were declared")
    };
    let slot = |index: usize| (index * size_of::<Slot>()) as i32;
    let flags = MemFlagsData::trusted();
    let params = env.program.signatures[signature].params.iter().enumerate();
    let args: Vec<Value> = params
        .map(|(index, ty)| {
            let ty = clif_type(*ty);
            builder.ins().load(ty, flags, arguments, slot(index))
        })
        .collect();
    let signature = Entities::default().signature(env, builder.func, signature);
    let call = builder.ins().call_indirect(signature, code, &args);
    for (index, value) in builder.inst_results(call).to_vec().into_iter().enumerate() {
        builder.ins().store(flags, value, results, slot(index));
    }
    builder.ins().return_(&[]);
    builder.finalize(env.isa.frontend_config());
}

/// The signature of what the runtime calls: a function's code, arguments and results.
pub(super) fn runtime_call() -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend([AbiParam::new(types::I64); 3]);
    signature
}
