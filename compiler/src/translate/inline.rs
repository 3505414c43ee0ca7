//! A function in the place of its call: its body becomes a block of the caller's.

use super::control;
use super::function::Lowering;
use super::stack::FrameKind;
use crate::error::Result;
use crate::optimize::Inlined;
use crate::program::FuncId;
use cranelift_codegen::ir::Value;
use std::rc::Rc;

/// The weight that functions with a choice may add to their caller, see `only_in_loops` of its choice.
const BUDGET: u32 = 2000;

/// How a call of this function is inlined here, if it is.
pub(super) fn choose(lowering: &mut Lowering<'_, '_>, callee: FuncId) -> Option<Inlined> {
    let choice = lowering.env.inlining.choice(callee)?;
    if choice.only_in_loops {
        let weight = lowering.inlined_weight + choice.weight;
        if weight > BUDGET || !lowering.stack.is_in_loop() {
            return None;
        }
        lowering.inlined_weight = weight;
    }
    Some(choice.number)
}

/// Lowers the body of a function that a module defines, and pushes its results. Its exceptions are caught around the call,
/// those of a tail call around the caller: its frame would be gone.
pub(super) fn expand(
    lowering: &mut Lowering<'_, '_>,
    inlined: Inlined,
    callee: FuncId,
    args: &[Value],
    is_tail_call: bool,
) -> Result<()> {
    let program = lowering.env.program;
    let ty = program.type_of(callee);
    let call = lowering.locations.add_call(inlined, lowering.site);
    // What belongs to the caller's body, until the callee's ends.
    let caller_instance = (lowering.instance_id, lowering.instance);
    let caller_body = std::mem::replace(&mut lowering.body, program.body(callee));
    let caller_locals = std::mem::take(&mut lowering.locals);
    let (caller_frame, caller_site) = (lowering.body_frame, lowering.site);
    lowering.instance_id = program.functions[callee].instance;
    lowering.instance = &program.instances[lowering.instance_id];
    lowering.body_frame = lowering.stack.frames.len();
    lowering.site.call = call;

    control::push_frame(lowering, FrameKind::Block, 0, &ty.results);
    if is_tail_call {
        let handlers = Rc::clone(&lowering.stack.frames[caller_frame].handlers);
        lowering.stack.target(0).handlers = handlers;
    }
    for (ty, value) in ty.params.iter().zip(args) {
        lowering.declare_local(*ty, *value);
    }
    lowering.lower_body(callee)?;

    (lowering.instance_id, lowering.instance) = caller_instance;
    lowering.body = caller_body;
    lowering.locals = caller_locals;
    (lowering.body_frame, lowering.site) = (caller_frame, caller_site);
    lowering.resume();
    Ok(())
}
