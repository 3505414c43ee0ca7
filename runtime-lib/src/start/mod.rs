//! From the kernel's entry to the guest's.
//!
//! # Safety
//!
//! `_start` calls `start` or, in a position-independent executable, `enter`, with the stack pointer of the kernel and
//! the program that the executable holds.
#![allow(unsafe_code)]

mod mapping;
mod process;
mod refuse;
#[cfg(elfin_pie)]
mod relocate;
mod stack;

pub(crate) use mapping::map_apart;
pub(crate) use mapping::map_at_start;
#[cfg(any(elfin_pie, test))]
pub(crate) use mapping::{is_far, is_far_from_kernel};
pub(crate) use process::{Process, is_of, process};
pub(crate) use refuse::{refuse, refuse_mapping};
#[cfg(elfin_pie)]
pub(crate) use relocate::enter;
pub(crate) use stack::{GuestStack, guest_stack};

use crate::program::elements;
use crate::{arch, host, memory, sys, table, trap};
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::Program;

/// What `_start` goes to.
#[cfg(all(elfin_archive, not(elfin_pie)))]
pub(crate) use start as enter;

/// The executable's first function; a position-independent one's is `enter`.
///
/// # Safety
///
/// `stack` is the initial stack pointer; nothing has run before.
// What relocates must not be mixed with what needs relocated data.
#[cfg_attr(elfin_pie, inline(never))]
pub(crate) unsafe extern "C" fn start(stack: *const usize, program: &'static Program) -> ! {
    // SAFETY: as the caller promises.
    unsafe { process().set(stack, program) };
    // SAFETY: likewise; rustix finds the auxiliary vector behind the environment.
    #[cfg(elfin_archive)]
    unsafe {
        rustix::param::init(process().environment_array())
    };

    check_cpu(program);

    // The address space first: what is mapped later must not come to lie in a linear memory's reservation.
    memory::map_initial(program);
    table::map_initial(program);
    stack::map(program);

    // From here on a fault is reported, and a write to a closed pipe is an error instead of a signal.
    trap::install();
    host::start();
    for preparation in elements(&program.preparations) {
        // SAFETY: the compiler put the address of such a function there, see `Preparation`.
        unsafe { call(preparation.function, preparation.argument) };
    }

    // SAFETY: the stack was mapped for this; the compiler made the entry an `extern "C" fn()`.
    unsafe { arch::run_on_stack(program.entry, guest_stack().top, finish) }
}

/// Ends the process where the CPU is not what the program was compiled for. A program that runs everywhere has no such
/// check, not even the code of one.
fn check_cpu(program: &Program) {
    if program.check_cpu != 0 {
        // SAFETY: the linker put the address of the function there that the descriptor names.
        unsafe { call(program.check_cpu, program.cpu_features) };
    }
}

/// Calls a function that only the program descriptor refers to.
///
/// # Safety
///
/// At the address is an `extern "C" fn(u64)`.
unsafe fn call(function: u64, argument: u64) {
    let function = with_exposed_provenance::<()>(function as usize);
    // SAFETY: as the caller promises.
    let function: extern "C" fn(u64) = unsafe { core::mem::transmute(function) };
    function(argument);
}

/// Where the guest's entry returns to.
extern "C" fn finish() -> ! {
    sys::exit::exit(0)
}
