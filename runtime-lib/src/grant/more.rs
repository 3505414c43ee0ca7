//! What whoever starts the executable grants, in programs that were compiled to accept it: three environment variables,
//! each a list whose lines are written as the options of the compiler are ([`elfin_abi::grant`]).
//!
//! A program with more rights than its caller takes nothing from its environment: there the lists are empty.
#![allow(unsafe_code)]

use super::directory::open_anywhere;
use super::listener::listen;
use super::variable::reserve;
use crate::host::environment;
use crate::message::Message;
use crate::start::{process, refuse};
use elfin_abi::grant::{self, DIRECTORIES, LISTENERS, VARIABLES, entries};

/// [`elfin_abi::host::intrinsic::MORE_DIRECTORIES`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_more_directories(_: u64) {
    for entry in list(DIRECTORIES) {
        match grant::directory(entry) {
            Ok(directory) => open_anywhere(&directory),
            Err(why) => refuse_entry(DIRECTORIES, entry, why),
        }
    }
}

/// [`elfin_abi::host::intrinsic::MORE_LISTENERS`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_more_listeners(_: u64) {
    for entry in list(LISTENERS) {
        match grant::listener(entry) {
            Ok(address) => listen(&address, entry),
            Err(why) => refuse_entry(LISTENERS, entry, why),
        }
    }
}

/// [`elfin_abi::host::intrinsic::MORE_VARIABLES`]. What the program was compiled with stays as it is.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_more_variables(_: u64) {
    reserve(list(VARIABLES).count());
    for entry in list(VARIABLES) {
        match grant::variable(entry) {
            Ok(variable) => {
                if let Some(text) = environment::text_of(entry) {
                    environment::add(variable.name, text);
                }
            }
            Err(why) => refuse_entry(VARIABLES, entry, why),
        }
    }
}

/// The grants in the variable of this name.
fn list(name: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    let text = match process().is_secure() {
        true => None,
        false => process().variable(name),
    };
    let value = text.and_then(|text| text.get(name.len() + 1..));
    entries(value.unwrap_or(&[]))
}

#[cold]
fn refuse_entry(name: &[u8], entry: &[u8], why: &str) -> ! {
    let mut message = Message::error();
    message.text("cannot start: `").foreign(entry);
    refuse(message.text("` in ").foreign(name).text(": ").text(why))
}
