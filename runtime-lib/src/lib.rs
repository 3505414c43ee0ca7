//! The static archive that every executable made by elfin is linked with.
//!
//! ```text
//! arch, sys          the target, and the only system calls
//! start              from the kernel's entry to the guest's
//! memory, table      initial state, growth
//! wait               waiting for a word of a shared memory
//! cpu                what the program was compiled for
//! grant, limit       what the guest is given before it runs, and how long it may
//! wall               what the kernel is asked to refuse
//! exception          throwing, and what is thrown
//! trap, panic        how a program ends that goes wrong
//! invoke             calls an exported function with the arguments of the command line
//! attempt, script    calls that survive a trap; test scripts, which consist of them
//! planted            what the tests break
//! program, message   reading the program descriptor; text without `core::fmt`
//! preview1, unstable the imports of WASI preview 1 and of its forerunner, by
//! guest              the checked access to the guest's memory, and
//! host               descriptors, path sandbox, clocks, polling, sockets
//! ```
//!
//! The command line's build script builds the archive, with the flags of [`recipe`]. Without `--cfg elfin_archive` the
//! crate is an ordinary library without `_start`, panic handler and C memory functions, which is what its unit tests
//! run in.
#![no_std]
// A host build has no `_start`, from which everything is reached.
#![cfg_attr(not(elfin_archive), allow(dead_code))]

#[cfg(test)]
extern crate std;

mod arch;
mod attempt;
mod cpu;
mod exception;
mod grant;
mod guest;
mod host;
mod invoke;
mod limit;
mod memory;
mod message;
mod panic;
mod planted;
mod preview1;
mod program;
pub mod recipe;
mod script;
mod start;
mod sys;
mod table;
mod trap;
mod unstable;
mod wait;
mod wall;

#[cfg(elfin_archive)]
#[allow(unsafe_code)]
// SAFETY: the object file that the compiler made defines it.
unsafe extern "C" {
    /// [`elfin_abi::layout::PROGRAM_SYMBOL`].
    safe static elfin_program: elfin_abi::layout::Program;
}
