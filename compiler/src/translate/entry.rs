//! The code between the runtime and the guest: the entry, and the call that an invocation makes. Both use the C
//! convention.

use super::entities::Entities;
use super::environment::{Environment, clif_type};
use super::symbol::{Intrinsic, Symbol};
use crate::program::{Entry, FuncId};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use elfin_abi::layout::Slot;

/// Generates `extern "C" fn()`: runs the start functions in their order, then the command or the invocation.
pub fn entry(env: &Environment<'_>, context: &mut FunctionBuilderContext, func: &mut ir::Function) {
    func.signature = Signature::new(CallConv::SystemV);
    let mut builder = FunctionBuilder::new(func, context);
    let mut entities = Entities::default();
    let block = builder.create_block();
    builder.switch_to_block(block);
    builder.seal_block(block);
    let mut functions = env.program.roots();
    if let Entry::Invoke { function, .. } = env.program.entry {
        let last = functions.pop();
        assert_eq!(
            last,
            Some(function),
            "the invoked function is the last root"
        );
    }
    for function in functions {
        let callee = entities.function(env, builder.func, function);
        builder.ins().call(callee, &[]);
    }
    if let Entry::Invoke { .. } = env.program.entry {
        let invocation = entities.data(builder.func, Symbol::Invocation);
        let invocation = builder.ins().symbol_value(types::I64, invocation);
        let callee = entities.intrinsic(builder.func, Intrinsic::Invoke);
        builder.ins().call(callee, &[invocation]);
    }
    builder.ins().return_(&[]);
    builder.finalize(env.isa.frontend_config());
}

/// Generates `extern "C" fn(arguments: *const Slot, results: *mut Slot)`: calls `function`.
pub fn invocation(
    env: &Environment<'_>,
    function: FuncId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) {
    func.signature = Signature::new(CallConv::SystemV);
    func.signature.params.extend([AbiParam::new(types::I64); 2]);
    let mut builder = FunctionBuilder::new(func, context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    let &[arguments, results] = builder.block_params(block) else {
        unreachable!("two parameters were declared")
    };
    let slot = |index: usize| (index * size_of::<Slot>()) as i32;
    let args: Vec<Value> = env
        .program
        .type_of(function)
        .params
        .iter()
        .enumerate()
        .map(|(index, ty)| {
            builder.ins().load(
                clif_type(*ty),
                MemFlagsData::trusted(),
                arguments,
                slot(index),
            )
        })
        .collect();
    let callee = Entities::default().function(env, builder.func, function);
    let call = builder.ins().call(callee, &args);
    for (index, value) in builder.inst_results(call).to_vec().into_iter().enumerate() {
        builder
            .ins()
            .store(MemFlagsData::trusted(), value, results, slot(index));
    }
    builder.ins().return_(&[]);
    builder.finalize(env.isa.frontend_config());
}
