//! Calls an exported function with the arguments of the command line and prints its results, for `--invoke`.
//!
//! Only programs that were compiled with `--invoke` refer to this, and with it to the parsing and printing of floating
//! point numbers.
//!
//! # Safety
//!
//! Generated code passes its own descriptor, whose function reads and writes as many slots as the descriptor says.
#![allow(unsafe_code)]

mod number;

use crate::message::Message;
use crate::program::elements;
use crate::start::{process, refuse};
use crate::sys::output::Stream;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::{Invocation, MOST_VALUES, Slot, ValueType};

/// [`elfin_abi::host::intrinsic::INVOKE`].
///
/// # Safety
///
/// The invocation is the program's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_invoke(invocation: &'static Invocation) {
    let mut arguments = [[0; 2]; MOST_VALUES];
    parse(invocation, &mut arguments);
    let mut results = [[0; 2]; MOST_VALUES];
    // SAFETY: see above; a function has at most this many parameters and results.
    unsafe {
        let call = with_exposed_provenance::<()>(invocation.call as usize);
        let call: extern "C" fn(u64, *const Slot, *mut Slot) = core::mem::transmute(call);
        call(invocation.code, arguments.as_ptr(), results.as_mut_ptr());
    }
    print(invocation, &results);
}

fn parse(invocation: &'static Invocation, slots: &mut [Slot]) {
    let params = elements(&invocation.params);
    let given = process().arguments().skip(1);
    if given.clone().count() != params.len() {
        refuse_count(invocation, given.count());
    }
    for (index, ((param, text), slot)) in params.iter().zip(given).zip(slots).enumerate() {
        match number::parse(*param, text.to_bytes()) {
            Some(bits) => slot[0] = bits,
            None => refuse_argument(invocation, index, text.to_bytes()),
        }
    }
}

fn print(invocation: &'static Invocation, slots: &[Slot]) {
    let mut message = Message::new(Stream::Output);
    for (result, slot) in elements(&invocation.results).iter().zip(slots) {
        number::print(&mut message, *result, slot[0]);
        message.byte(b'\n');
    }
    message.send();
}

fn refuse_count(invocation: &'static Invocation, given: usize) -> ! {
    let mut message = Message::error();
    message.foreign(elements(&invocation.name)).text(" takes ");
    let params = elements(&invocation.params);
    match params.len() {
        1 => message.text("1 argument"),
        count => message.decimal(count as u64).text(" arguments"),
    };
    for (index, param) in params.iter().enumerate() {
        message.text(if index == 0 { " (" } else { ", " });
        message.text(type_name(*param));
    }
    message.text(if params.is_empty() { ", " } else { "), " });
    refuse(message.decimal(given as u64).text(" given"))
}

fn refuse_argument(invocation: &'static Invocation, index: usize, text: &[u8]) -> ! {
    let mut message = Message::error();
    message.text("argument ").decimal(index as u64 + 1);
    message.text(" of ").foreign(elements(&invocation.name));
    message.text(" is an ");
    let param = elements(&invocation.params).get(index).copied();
    message.text(type_name(param.unwrap_or(0)));
    refuse(message.text(", not `").foreign(text).byte(b'`'))
}

/// The name of a [`ValueType`].
fn type_name(code: u8) -> &'static str {
    const I32: u8 = ValueType::I32 as u8;
    const I64: u8 = ValueType::I64 as u8;
    const F32: u8 = ValueType::F32 as u8;
    match code {
        I32 => "i32",
        I64 => "i64",
        F32 => "f32",
        _ => "f64",
    }
}
