//! What differs between the targets: one folder each, with the same items.
//!
//! | item | what it is |
//! |---|---|
//! | `_start` | the entry point: hands the initial stack and the program to [`crate::start::start`] |
//! | `run_on_stack` | calls the guest on its own stack, then a function that doesn't return |
//! | `elfin_throw` ... | where generated code throws: hand its stack and frame pointers to [`crate::exception`] |
//! | `resume` | goes on at a handler |
//! | `system_call` | a system call with up to four arguments |
//! | `registers` | the registers that a signal interrupted |
//! | `TRAP_SIGNALS` | the signals that a guest's instructions can raise |
//! | `set_restorer` | how a signal handler returns |
//! | `elfin_memmove` ... | the C memory functions, in assembly |
//!
//! Generated code and Rust's own code call the memory functions by their C names. Those exist in the archive only, so
//! that a host build, for unit tests, does not replace the ones of its C library.

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
