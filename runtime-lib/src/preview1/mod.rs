//! WASI preview 1, `wasi_snapshot_preview1`: guest pointers are decoded, the host is called, results and error numbers
//! are encoded. The layouts and numbers are those of the
//! [specification](https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md) and of wasi-libc's `wasi/api.h`.
//!
//! Each function of [`elfin_abi::preview1_functions`] becomes one symbol. Result pointers are checked before a call
//! does anything, so that a bad one leaves no file open that the guest doesn't know of.

//! [`crate::unstable`] uses what is the same there.

mod arguments;
mod clock;
pub(crate) mod descriptor;
mod directory;
pub(crate) mod errno;
pub(crate) mod exports;
pub(crate) mod file;
mod flags;
pub(crate) mod layout;
pub(crate) mod path;
pub(crate) mod poll;
mod process;
mod rights;
mod socket;
mod time;

#[cfg(test)]
mod tests;
