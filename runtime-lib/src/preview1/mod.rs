//! WASI preview 1, `wasi_snapshot_preview1`: guest pointers are decoded, the host is called, results and error numbers
//! are encoded. The layouts and numbers are those of the
//! [specification](https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md) and of wasi-libc's `wasi/api.h`.
//!
//! Each function of [`elfin_abi::preview1_functions`] becomes one symbol. Result pointers are checked before a call
//! does anything, so that a bad one leaves no file open that the guest doesn't know of.

mod arguments;
mod clock;
mod descriptor;
mod directory;
mod errno;
mod exports;
mod file;
mod flags;
mod layout;
mod path;
mod poll;
mod process;
mod rights;
mod socket;
mod time;

#[cfg(test)]
mod tests;
