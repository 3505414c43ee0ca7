//! Traps: a signal that guest code raised becomes a report and exit status 134. So does an exception that nobody catches.
//!
//! # Safety
//!
//! The handler runs on its own stack with all trap signals blocked, so a fault inside of it makes the kernel end the
//! process. It reads the program descriptor, which never changes, and what the kernel passes.
#![allow(unsafe_code)]

mod cause;
mod lookup;
mod report;
mod source;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use lookup::is_guest_code;

use crate::arch::{Registers, TRAP_SIGNALS, registers};
use crate::attempt;
use crate::message::Message;
use crate::start::{guest_stack, process};
use crate::sys::exit::exit;
use crate::sys::signal;
use cause::{Cause, Fault};
use elfin_abi::TRAP_EXIT_STATUS;
use elfin_abi::layout::Outcome;
use linux_raw_sys::general::{SIGPIPE, SIGXFSZ, siginfo_t};
use walk::Walk;

/// Installs the handlers and their stack. Writing to a closed pipe and beyond the limit of a file's size gives errors;
/// the signals that come with them are blocked, both by one system call.
pub(crate) fn install() {
    let stack = guest_stack();
    signal::set_stack(stack.signal_stack, stack.guard - stack.signal_stack);
    let blocked = TRAP_SIGNALS
        .iter()
        .fold(0, |set, signal| set | 1 << (signal - 1));
    for &signal in TRAP_SIGNALS {
        signal::handle(signal, handle, blocked);
    }
    signal::block(1 << (SIGPIPE - 1) | 1 << (SIGXFSZ - 1));
}

/// The handler of all trap signals.
///
/// # Safety
///
/// The arguments are those of a signal handler.
unsafe extern "C" fn handle(signal: i32, information: *const u8, context: *const u8) {
    // SAFETY: with SA_SIGINFO the second argument is this structure; the fields are those of a fault, or unused.
    let (code, address) = unsafe {
        let information = &(*information.cast::<siginfo_t>())
            .__bindgen_anon_1
            .__bindgen_anon_1;
        (information.si_code, information._sifields._sigfault._addr)
    };
    // SAFETY: as the caller promises.
    let registers = unsafe { registers(context) };
    let fault = Fault {
        signal: signal as u32,
        code,
        address: address.addr() as u64,
        pc: registers.pc,
    };
    let program = process().program();
    let stack = guest_stack();
    let cause = Cause::of(&fault, program, &stack);
    if let Cause::Outside = cause {
        return signal::die_of(signal);
    }
    if let Some(trap) = cause.trap() {
        let outcome = Outcome::TRAP + trap as u32;
        // SAFETY: it is this handler's context.
        if unsafe { attempt::end_from_signal(context.cast_mut(), outcome) } {
            return;
        }
    }
    let walk = Walk::new(program, &registers, &stack);
    let mut message = Message::error();
    report::write(&mut message, &cause, &fault, program, &walk);
    message.send();
    exit(TRAP_EXIT_STATUS)
}

/// Ends the process after a system call was refused that code with these registers made; the message says which.
pub(crate) fn report_refusal(message: &mut Message, registers: &Registers) -> ! {
    let program = process().program();
    let stack = guest_stack();
    let walk = Walk::new(program, registers, &stack);
    report::refusal(message, program, &walk);
    message.send();
    exit(TRAP_EXIT_STATUS)
}

/// Where an exception ends up that no function on the stack catches, thrown with these registers: reports it with the
/// name of its tag, and ends the process.
pub(crate) fn uncaught(tag: &[u8], registers: &Registers) -> ! {
    attempt::end(Outcome::EXCEPTION);
    let program = process().program();
    let stack = guest_stack();
    let walk = Walk::new(program, registers, &stack);
    let mut message = Message::error();
    report::uncaught(&mut message, tag, program, &walk);
    message.send();
    exit(TRAP_EXIT_STATUS)
}
