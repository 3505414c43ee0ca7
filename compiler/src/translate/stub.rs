//! Functions without a body: imports that nobody defines, and host functions that are called through references.

use super::constant::zero;
use super::control::trap_code;
use super::entities::Entities;
use super::environment::{Environment, clif_type};
use super::state;
use crate::program::{FuncId, FunctionKind};
use cranelift_codegen::ir::{self, InstBuilder, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use elfin_abi::host::FUNCTIONS;
use elfin_abi::trap::Trap;

/// Generates a wasm function for one that no module defines, into `func`, which is empty but for its name.
pub fn stub(
    env: &Environment<'_>,
    function: FuncId,
    context: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) {
    let ty = env.program.type_of(function);
    func.signature = env.signature(ty);
    let mut builder = FunctionBuilder::new(func, context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    match env.program.functions[function].kind {
        FunctionKind::Wasm => unreachable!("a function with a body is translated"),
        FunctionKind::Unknown { traps: true, .. } => {
            builder.ins().trap(trap_code(Trap::UnknownImport));
        }
        FunctionKind::Unknown { traps: false, .. } => {
            let zeros: Vec<Value> = ty
                .results
                .iter()
                .map(|ty| zero(&mut builder, clif_type(*ty)))
                .collect();
            builder.ins().return_(&zeros);
        }
        FunctionKind::Host(host, _) => {
            let (_, memory) = env.host_function(function).expect("it is a host function");
            let number = FUNCTIONS
                .iter()
                .position(|candidate| candidate == host)
                .expect("it comes from the list");
            let mut entities = Entities::default();
            let callee = entities.host(env, builder.func, number as u32);
            let memory = match memory {
                Some(memory) => state::address(env, &mut builder, &mut entities, memory),
                None => builder.ins().iconst(types::I64, 0),
            };
            let mut args = vec![memory];
            args.extend_from_slice(builder.block_params(block));
            let call = builder.ins().call(callee, &args);
            let results = builder.inst_results(call).to_vec();
            builder.ins().return_(&results);
        }
    }
    builder.finalize(env.isa.frontend_config());
}
