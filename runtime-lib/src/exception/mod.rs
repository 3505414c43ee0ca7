//! Exceptions of WebAssembly: making one, finding its handler, and going on there.
//!
//! Generated code enters here through the assembly of `arch`, which saves the registers that a callee keeps, since they
//! may hold references to exceptions, and knows the stack and frame pointers. A handler expects nothing of any register
//! but those two and the one for the exception.
//!
//! A program that does not throw refers to nothing here, so a linker leaves it out.
//!
//! # Safety
//!
//! There is one thread, and the pool is not used while a reference into it is held. The compiler wrote the
//! [`Exceptions`].
#![allow(unsafe_code)]

mod collect;
mod handler;
mod pool;
#[cfg(test)]
mod tests;

use crate::arch::{Caller, Registers, resume};
use crate::message::Message;
use crate::program::elements;
use crate::start::{guest_stack, process};
use crate::sys::exit::exit;
use crate::trap::uncaught;
use core::cell::UnsafeCell;
use elfin_abi::TRAP_EXIT_STATUS;
use elfin_abi::exception::Exceptions;
use pool::Pool;

struct Shared(UnsafeCell<Pool>);

// SAFETY: there is one thread.
unsafe impl Sync for Shared {}

static POOL: Shared = Shared(UnsafeCell::new(Pool::new()));

/// Throws a new exception with this tag, whose values lie at [`Exceptions::payload`].
///
/// # Safety
///
/// Called by `elfin_throw` only: `sp` is the lowest address of the stack that may hold references, `fp` the guest's frame
/// pointer, `returns_to` where its call would return to.
pub(crate) unsafe extern "C" fn throw(
    exceptions: &'static Exceptions,
    tag: u64,
    sp: u64,
    fp: u64,
    returns_to: u64,
) -> ! {
    // SAFETY: see above.
    let pool = unsafe { &mut *POOL.0.get() };
    let Some(exception) = collect::allocate(pool, exceptions, sp..guest_stack().top, tag as u32)
    else {
        Message::error()
            .text("out of memory for an exception\n")
            .send();
        exit(TRAP_EXIT_STATUS)
    };
    // SAFETY: as the caller promises.
    unsafe { throw_ref(exceptions, exception, sp, fp, returns_to) }
}

/// Throws an exception, which is not null.
///
/// # Safety
///
/// As for [`throw`], by `elfin_throw_ref`.
pub(crate) unsafe extern "C" fn throw_ref(
    exceptions: &'static Exceptions,
    exception: u64,
    _sp: u64,
    fp: u64,
    returns_to: u64,
) -> ! {
    // SAFETY: see above.
    let pool = unsafe { &mut *POOL.0.get() };
    let tag = pool.tag(exception).unwrap_or(u32::MAX);
    let thrower = Registers {
        // Of a caller, the last byte of its call.
        pc: returns_to.wrapping_sub(1),
        fp,
        caller: Caller::OnStack(0),
    };
    let stack = guest_stack();
    match handler::find(exceptions, process().program(), &stack, &thrower, tag) {
        // SAFETY: the frame is one of the guest's, which the compiler said to go on with like this.
        Some(at) => unsafe { resume(at.pc, at.sp, at.fp, exception) },
        None => {
            let name = elements(&exceptions.tags).get(tag as usize);
            uncaught(name.map_or(&[], elements), &thrower)
        }
    }
}
