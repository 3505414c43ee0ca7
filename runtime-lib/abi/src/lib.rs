//! The contract between the code that elfin generates and the runtime that it is linked with.
//!
//! Both sides are built from this crate: the compiler lays out the structures of [`layout`] in the object file and
//! the runtime reads them; the compiler declares the functions of [`host`] and the runtime defines them. So neither
//! can drift from the other. Nothing here allocates, and nothing depends on the target but [`address`].
#![no_std]

pub mod address;
pub mod cpu;
pub mod exception;
pub mod grant;
pub mod host;
pub mod layout;
pub mod pc_map;
pub mod sources;
pub mod trap;

/// Exit status of an executable that ends in a trap: 128 + SIGABRT, as `wasmtime run` gives.
pub const TRAP_EXIT_STATUS: i32 = 134;

/// Exit status of an executable that ran out of the time that it was given, as timeout(1) gives.
pub const TIMEOUT_EXIT_STATUS: i32 = 124;

/// Exit status when an executable refuses to start: no memory, a granted directory that is missing, a CPU without a
/// feature that the program was compiled for. 126 is the shell's "found but could not be executed".
pub const START_EXIT_STATUS: i32 = 126;

/// The folder of this crate, for the build script that builds the runtime archive.
pub const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");
