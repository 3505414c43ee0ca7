//! What differs between the targets: one folder each, with the same items.
//!
//! | item | what it is |
//! |---|---|
//! | `_start` | the entry point: hands the initial stack and the program to [`crate::start::start`] |
//! | `run_on_stack` | calls the guest on its own stack, then a function that doesn't return |
//! | `elfin_throw` ... | where generated code throws: hand its stack and frame pointers to [`crate::exception`] |
//! | `resume` | goes on at a handler |
//! | `system_call` | a system call with up to four arguments |
//! | `attempt`, `land` | a call that can be ended from outside, and how |
//! | `registers` | the registers that a signal interrupted |
//! | `code_address` | a return address without its signature |
//! | `set_registers` | where a signal handler returns to instead |
//! | `TRAP_SIGNALS` | the signals that a guest's instructions can raise |
//! | `set_restorer` | how a signal handler returns |
//! | `elfin_memmove` ... | the C memory functions, in assembly |
//!
//! Generated code and Rust's own code call the memory functions by their C names. Those exist in the archive only, so
//! that a host build, for unit tests, does not replace the ones of its C library.
//!
//! # Safety
//!
//! The declarations are those of the assembly of each target.

#![allow(unsafe_code)]

use elfin_abi::layout::Slot;

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(test)]
mod memory_tests;

#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::*;
#[cfg(target_arch = "riscv64")]
pub(crate) use riscv64::*;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::*;

unsafe extern "C" {
    /// Calls `call(code, arguments, results)`; gives 0. Before, it stores to `landing` a stack pointer and a program
    /// counter: as long as the call runs, who goes there with a result in the register of results makes this return
    /// that.
    ///
    /// # Safety
    ///
    /// `landing` can be written, and the call is sound.
    #[link_name = "elfin_attempt"]
    pub(crate) fn attempt(
        landing: *mut Landing,
        call: u64,
        code: u64,
        arguments: *const Slot,
        results: *mut Slot,
    ) -> u32;

    /// Goes to a landing with a result.
    ///
    /// # Safety
    ///
    /// The landing is that of an attempt which runs.
    #[link_name = "elfin_land"]
    pub(crate) fn land(sp: u64, pc: u64, result: u32) -> !;
}

/// Where an attempt can be ended.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Landing {
    /// The stack pointer to set.
    pub(crate) sp: u64,
    /// Where to go; 0 if no attempt runs.
    pub(crate) pc: u64,
}

/// What the callers of interrupted code are found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registers {
    /// The program counter.
    pub(crate) pc: u64,
    /// The frame pointer. At `fp` lies the caller's frame pointer and at `fp + 8` the return address, on all targets.
    pub(crate) fp: u64,
    /// Where a function without a frame returns to.
    pub(crate) caller: Caller,
}

/// Where a call leaves its return address.
#[derive(Clone, Copy, Debug)]
// Each target has one of the two.
#[allow(dead_code)]
pub(crate) enum Caller {
    /// At this address on the stack.
    OnStack(u64),
    /// In a register, which has this value.
    InRegister(u64),
}
