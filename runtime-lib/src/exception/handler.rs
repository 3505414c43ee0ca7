//! Which function on the stack catches an exception, by the chain of frame pointers.
//!
//! Every function on the way has made a call, and so has a frame, on each target.

use crate::arch::{Registers, code_address};
use crate::program::elements;
use crate::start::GuestStack;
use crate::trap::is_guest_code;
use elfin_abi::exception::{Exceptions, Handlers};
use elfin_abi::layout::Program;

/// Where the guest goes on, with which stack and frame pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Landing {
    pub(super) pc: u64,
    pub(super) sp: u64,
    pub(super) fp: u64,
}

/// The innermost handler of an exception with this tag; `None` if nobody catches it. Nothing has changed then.
pub(super) fn find(
    exceptions: &'static Exceptions,
    program: &'static Program,
    stack: &GuestStack,
    thrower: &Registers,
    tag: u32,
) -> Option<Landing> {
    let Registers { mut pc, mut fp, .. } = *thrower;
    while is_guest_code(program, pc) {
        let returns_to = pc + 1;
        if let Some((handlers, frame_size)) = handlers_of(exceptions, returns_to)
            && let Some(offset) = choose(handlers, tag)
        {
            return Some(Landing {
                pc: returns_to.wrapping_add_signed(offset.into()),
                sp: fp.wrapping_sub(frame_size.into()),
                fp,
            });
        }
        pc = code_address(stack.word(fp.checked_add(8)?)?).checked_sub(1)?;
        let outer = stack.word(fp)?;
        // Callers lie above; a chain that does not ascend is broken. The outermost frame's ends in 0.
        if outer <= fp && outer != 0 {
            return None;
        }
        fp = outer;
    }
    None
}

/// The handlers of the call that returns to this address, and the size of its frame.
fn handlers_of(
    exceptions: &'static Exceptions,
    returns_to: u64,
) -> Option<(Handlers<'static>, u32)> {
    let chunks = elements(&exceptions.chunks);
    let next = chunks.partition_point(|chunk| chunk.start < returns_to);
    let chunk = chunks.get(next.checked_sub(1)?)?;
    let at = returns_to - chunk.start;
    if at > chunk.len {
        return None;
    }
    let calls = elements(&chunk.calls);
    let index = calls
        .binary_search_by_key(&(at as u32), |call| call.returns_to)
        .ok()?;
    let bytes = elements(&chunk.handlers);
    let start = calls.get(index)?.handlers as usize;
    let next = calls.get(index + 1);
    let end = next.map_or(bytes.len(), |next| next.handlers as usize);
    let handlers = Handlers::new(bytes.get(start..end)?)?;
    let frame_size = handlers.frame_size;
    Some((handlers, frame_size))
}

/// The first handler that catches this tag.
fn choose(mut handlers: Handlers<'_>, tag: u32) -> Option<i32> {
    let catches = |caught: Option<u32>| caught.is_none_or(|caught| caught == tag);
    Some(handlers.find(|handler| catches(handler.tag))?.offset)
}
