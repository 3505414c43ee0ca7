//! The calls of a function that have handlers, from Cranelift's list of call sites.

use cranelift_codegen::{CompiledCode, FinalizedMachExceptionHandler};
use elfin_abi::exception::Handler;

/// A call whose exceptions the calling function may catch.
#[derive(Debug, PartialEq)]
pub struct CatchingCall {
    /// Bytes from the start of the function to where the call returns to.
    pub returns_to: u32,
    /// Bytes from the stack pointer at the call up to the frame pointer.
    pub frame_size: u32,
    /// The handlers, those that are asked first in front.
    pub handlers: Vec<Handler>,
}

/// The calls of one function, in the order of their addresses.
pub(super) fn calls(code: &CompiledCode) -> Vec<CatchingCall> {
    let calls = code.buffer.call_sites();
    let catching = calls.filter(|call| !call.exception_handlers.is_empty());
    let catching = catching.map(|call| {
        let handlers = call.exception_handlers.iter().map(|handler| {
            let (tag, target) = match *handler {
                FinalizedMachExceptionHandler::Tag(tag, target) => (Some(tag.as_u32()), target),
                FinalizedMachExceptionHandler::Default(target) => (None, target),
                FinalizedMachExceptionHandler::Context(_) => {
                    unreachable!("no exception table asks for a context")
                }
            };
            let offset = target.wrapping_sub(call.ret_addr) as i32;
            Handler { tag, offset }
        });
        CatchingCall {
            returns_to: call.ret_addr,
            frame_size: call
                .frame_offset
                .expect("Cranelift knows the frame of a call with handlers"),
            handlers: handlers.collect(),
        }
    });
    catching.collect()
}
