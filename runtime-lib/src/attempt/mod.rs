//! Calls of the guest that survive a trap: whoever finds the trap ends the attempt instead of the process.
//!
//! # Safety
//!
//! A landing is valid while its attempt runs, and taken away when it ends. Nothing that an attempt leaves behind on the
//! stack owns anything: it is guest code, and the frames of host functions, which don't trap.
#![allow(unsafe_code)]

use crate::arch::{self, Landing};
use core::ptr::addr_of_mut;
use elfin_abi::layout::Slot;

/// Where the attempt that runs can be ended. A process has one thread, and its signal handler runs while it does not.
static mut LANDING: Landing = Landing { sp: 0, pc: 0 };

/// Calls `call(code, arguments, results)`; gives 0 if it returns, else what the attempt was ended with.
///
/// # Safety
///
/// The call is sound with these arguments.
pub(crate) unsafe fn attempt(
    call: u64,
    code: u64,
    arguments: *const Slot,
    results: *mut Slot,
) -> u32 {
    // SAFETY: attempts don't nest, so nobody else has the landing; the rest is the caller's promise.
    unsafe {
        let result = arch::attempt(addr_of_mut!(LANDING), call, code, arguments, results);
        LANDING = Landing::default();
        result
    }
}

/// Lets a signal handler return to the end of the attempt that runs, if one does.
///
/// # Safety
///
/// `context` is the third argument of the signal handler.
pub(crate) unsafe fn end_from_signal(context: *mut u8, result: u32) -> bool {
    // SAFETY: what the handler interrupted does not run.
    let landing = unsafe { LANDING };
    if landing.pc == 0 {
        return false;
    }
    // SAFETY: the attempt runs.
    unsafe { arch::set_registers(context, landing, result) };
    true
}

/// Ends the attempt that runs, if one does.
pub(crate) fn end(result: u32) {
    // SAFETY: the guest, who called, goes on at the landing or not at all.
    unsafe {
        let landing = LANDING;
        if landing.pc != 0 {
            arch::land(landing.sp, landing.pc, result);
        }
    }
}
