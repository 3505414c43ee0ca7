//! Typed function references: calls through them, and what depends on whether a reference is null.

use super::call::code_address;
use super::control::{block_args, set_unreachable, trap_code};
use super::exception::{self, Callee};
use super::function::Lowering;
use crate::parse::index::TypeIndex;
use cranelift_codegen::ir::{InstBuilder, SigRef, Value};
use elfin_abi::trap::Trap;

/// `call_ref`
pub(super) fn call(lowering: &mut Lowering<'_, '_>, ty: TypeIndex) {
    let (signature, code, args) = callee(lowering, ty);
    let ty = lowering.instance.signatures[ty];
    let throws = lowering.env.program.throwing.signatures.contains(ty);
    exception::call(lowering, Callee::Indirect(signature, code), &args, throws);
}

/// `return_call_ref`
pub(super) fn return_call(lowering: &mut Lowering<'_, '_>, ty: TypeIndex) {
    let (signature, code, args) = callee(lowering, ty);
    let ins = lowering.builder.ins();
    ins.return_call_indirect(signature, code, &args);
    set_unreachable(lowering);
}

/// Pops a reference, which must not be null, and arguments. Validation knows its type.
fn callee(lowering: &mut Lowering<'_, '_>, ty: TypeIndex) -> (SigRef, Value, Vec<Value>) {
    let signature = lowering.instance.signatures[ty];
    let reference = lowering.stack.pop();
    let params = lowering.env.program.signatures[signature].params.len();
    let args = lowering.stack.pop_many(params);
    check(lowering, reference);
    let code = code_address(lowering, reference);
    let signature = lowering
        .entities
        .signature(lowering.env, lowering.builder.func, signature);
    (signature, code, args)
}

/// `ref.as_non_null`
pub(super) fn as_non_null(lowering: &mut Lowering<'_, '_>) {
    let reference = lowering.stack.peek(1)[0];
    check(lowering, reference);
}

fn check(lowering: &mut Lowering<'_, '_>, reference: Value) {
    let trap = trap_code(Trap::NullReference);
    lowering.builder.ins().trapz(reference, trap);
}

/// `br_on_null`: the reference stays where it is not null.
pub(super) fn br_on_null(lowering: &mut Lowering<'_, '_>, depth: u32) {
    let reference = lowering.stack.pop();
    let (target, count) = lowering.stack.target(depth).branch();
    let args = block_args(lowering.stack.peek(count));
    let next = lowering.builder.create_block();
    let ins = lowering.builder.ins();
    ins.brif(reference, next, &[], target, &args);
    lowering.builder.seal_block(next);
    lowering.builder.switch_to_block(next);
    lowering.stack.push(reference);
}

/// `br_on_non_null`: the reference goes with the branch.
pub(super) fn br_on_non_null(lowering: &mut Lowering<'_, '_>, depth: u32) {
    let (target, count) = lowering.stack.target(depth).branch();
    let args = block_args(lowering.stack.peek(count));
    let reference = lowering.stack.pop();
    let next = lowering.builder.create_block();
    let ins = lowering.builder.ins();
    ins.brif(reference, target, &args, next, &[]);
    lowering.builder.seal_block(next);
    lowering.builder.switch_to_block(next);
}
