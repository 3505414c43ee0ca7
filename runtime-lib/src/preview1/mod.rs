//! WASI preview 1, `wasi_snapshot_preview1`: guest pointers are decoded, the host is called, results and error numbers
//! are encoded. The layouts and numbers are those of the
//! [specification](https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md) and of wasi-libc's `wasi/api.h`.
//!
//! Each function of [`elfin_abi::preview1_functions`] becomes one symbol. Result pointers are checked before a call
//! does anything, so that a bad one leaves no file open that the guest doesn't know of.
//!
//! Functions that do nothing yet and return `nosys`: `proc_raise`, since no signal means anything to a guest.
//!
//! # Safety
//!
//! Generated code passes the state of the memory that the guest's pointers refer to.
#![allow(unsafe_code)]

mod arguments;
mod clock;
mod descriptor;
mod directory;
mod errno;
mod file;
mod flags;
mod layout;
mod path;
mod poll;
mod process;
mod socket;
mod time;

#[cfg(test)]
mod tests;

use crate::guest::Guest;
use elfin_abi::layout::Memory;

use arguments::*;
use clock::*;
use descriptor::*;
use directory::*;
use file::*;
use path::*;
use poll::*;
use process::*;
use socket::*;

/// The functions with the signatures that generated code calls.
#[cfg_attr(not(elfin_archive), allow(dead_code))]
mod exports {
    use super::*;

    macro_rules! export {
        ($($name:ident($($param:ident: $type:ident),*) $(-> $result:ident)?;)*) => {$(
            #[cfg_attr(
                elfin_archive,
                unsafe(export_name = concat!("elfin_preview1_", stringify!($name)))
            )]
            pub(crate) extern "C" fn $name(memory: *const Memory, $($param: $type),*) $(-> $result)? {
                // SAFETY: see above.
                let guest = unsafe { Guest::new(memory) };
                let outcome = super::$name(&guest, $($param.cast_unsigned()),*);
                answer!(outcome $($result)?)
            }
        )*};
    }

    macro_rules! answer {
        ($outcome:ident $result:ident) => {
            errno::encode($outcome)
        };
        ($outcome:ident) => {
            $outcome
        };
    }

    elfin_abi::preview1_functions!(export);
}
