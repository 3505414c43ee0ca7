//! The functions with the signatures and symbols that generated code calls, one for each of
//! [`elfin_abi::preview1_functions`], in front of the functions of the same names beside this file.
//!
//! # Safety
//!
//! Generated code passes the state of the memory that the guest's pointers refer to, or null where there is none. The
//! symbols are elfin's own; they exist in the archive only.
#![allow(unsafe_code)]
// Without the symbols nothing but unit tests calls them.
#![cfg_attr(not(elfin_archive), allow(dead_code))]

use super::arguments::*;
use super::clock::*;
use super::descriptor::*;
use super::directory::*;
use super::errno::encode;
use super::file::*;
use super::path::*;
use super::poll::*;
use super::process::*;
use super::socket::*;
use crate::guest::Guest;
use elfin_abi::layout::Memory;

/// Defines exported functions, whose symbols begin with `$prefix`, in front of functions of the same names.
macro_rules! define {
    ($prefix:literal, $($name:ident($($param:ident: $type:ident),*) $(-> $result:ident)?;)*) => {
        /// The exported functions.
        pub(crate) mod symbols {
            use super::*;

            $(
                #[cfg_attr(
                    elfin_archive,
                    unsafe(export_name = concat!($prefix, stringify!($name)))
                )]
                pub(crate) extern "C" fn $name(
                    memory: *const Memory,
                    $($param: $type),*
                ) $(-> $result)? {
                    // SAFETY: see above.
                    let guest = unsafe { Guest::new(memory) };
                    let outcome = super::$name(&guest, $($param.cast_unsigned()),*);
                    answer!(outcome $($result)?)
                }
            )*
        }
    };
}

/// What the guest gets of an outcome: an error number, or nothing from a function that doesn't come back.
macro_rules! answer {
    ($outcome:ident $result:ident) => {
        encode($outcome)
    };
    ($outcome:ident) => {
        $outcome
    };
}

pub(crate) use {answer, define};

macro_rules! export {
    ($($functions:tt)*) => {
        define! { "elfin_preview1_", $($functions)* }
    };
}

elfin_abi::preview1_functions!(export);
