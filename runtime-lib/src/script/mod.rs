//! Performs the steps of a test script and prints what differs from what is expected.
//!
//! Only programs that were compiled from a script refer to this.
//!
//! # Safety
//!
//! Generated code passes its own descriptor: each call fits its code, its arguments and the number of its results.
#![allow(unsafe_code)]

use crate::attempt::attempt;
use crate::message::Message;
use crate::program::elements;
use crate::sys::exit::exit;
use crate::sys::output::Stream;
use core::ptr::{copy_nonoverlapping, with_exposed_provenance};
use elfin_abi::layout::{Expected, MOST_VALUES, Outcome, Pattern, Script, Slot, Step};
use elfin_abi::trap::Trap;

/// [`elfin_abi::host::intrinsic::SCRIPT`].
///
/// # Safety
///
/// The script is the program's.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_script(script: &'static Script) {
    let steps = elements(&script.steps);
    let mut failed = 0;
    for (number, step) in steps.iter().enumerate() {
        let mut results = [[0; 2]; MOST_VALUES];
        // SAFETY: as the caller promises.
        let outcome = unsafe { perform(step, &mut results) };
        if !fits(step, outcome, &results) {
            failed += 1;
            report(number, step, outcome, &results);
        }
    }
    let mut message = Message::new(Stream::Output);
    message.text("steps ").decimal(steps.len() as u64);
    message.text(", failed ").decimal(failed).byte(b'\n');
    message.send();
    exit(if failed == 0 { 0 } else { 1 })
}

/// Performs a step; gives its [`Outcome`].
///
/// # Safety
///
/// The step is the program's.
unsafe fn perform(step: &'static Step, results: &mut [Slot; MOST_VALUES]) -> u32 {
    if step.call == 0 {
        let global: *const u8 = with_exposed_provenance(step.code as usize);
        let size = elements(&step.results)
            .first()
            .map_or(0, |result| result.size);
        // SAFETY: the compiler gave the place and the size of the global, at most that of a slot.
        unsafe { copy_nonoverlapping(global, results.as_mut_ptr().cast(), size as usize) };
        return Outcome::RETURN;
    }
    let arguments = elements(&step.arguments).as_ptr();
    // SAFETY: see above.
    unsafe { attempt(step.call, step.code, arguments, results.as_mut_ptr()) }
}

/// Whether a step ended as it should.
fn fits(step: &'static Step, outcome: u32, results: &[Slot]) -> bool {
    match step.outcome {
        Outcome::RETURN => {
            let mut expected = elements(&step.results).iter().zip(results);
            outcome == Outcome::RETURN
                && expected.all(|(expected, result)| is_one_of(expected, result))
        }
        Outcome::ANY_RETURN => outcome == Outcome::RETURN,
        other => outcome == other,
    }
}

fn is_one_of(expected: &'static Expected, result: &Slot) -> bool {
    elements(&expected.patterns).iter().any(|pattern| {
        let words = || pattern.mask.iter().zip(&pattern.value).zip(result);
        if pattern.is_non_zero != 0 {
            *result != [0; 2]
        } else {
            words().all(|((mask, value), word)| word & mask == *value)
        }
    })
}

fn report(number: usize, step: &'static Step, outcome: u32, results: &[Slot]) {
    let mut message = Message::new(Stream::Output);
    message.text("line ").decimal(step.line.into());
    message
        .text(": step ")
        .decimal(number as u64)
        .text(": expected ");
    describe(&mut message, step.outcome);
    if step.outcome == Outcome::RETURN {
        for expected in elements(&step.results) {
            message.byte(b' ');
            describe_patterns(&mut message, elements(&expected.patterns));
        }
    }
    message.text(", got ");
    describe(&mut message, outcome);
    if outcome == Outcome::RETURN {
        for (_, result) in elements(&step.results).iter().zip(results) {
            message.byte(b' ');
            describe_bits(&mut message, result);
        }
    }
    message.byte(b'\n');
    message.send();
}

fn describe(message: &mut Message, outcome: u32) {
    match outcome {
        Outcome::RETURN | Outcome::ANY_RETURN => message.text("a return"),
        Outcome::EXCEPTION => message.text("an exception"),
        other => {
            let code = u8::try_from(other - Outcome::TRAP).ok();
            let trap = code.and_then(Trap::from_code);
            message
                .text("trap: ")
                .text(trap.map_or("unknown", Trap::message))
        }
    };
}

fn describe_patterns(message: &mut Message, patterns: &[Pattern]) {
    for (index, pattern) in patterns.iter().enumerate() {
        if index > 0 {
            message.text("|");
        }
        if pattern.is_non_zero != 0 {
            message.text("not 0");
            continue;
        }
        describe_bits(message, &pattern.value);
        message.text("/");
        describe_bits(message, &pattern.mask);
    }
}

/// The low word, or both with the high one first.
fn describe_bits(message: &mut Message, [low, high]: &Slot) {
    if *high != 0 {
        message.hex(*high).byte(b':');
    }
    message.hex(*low);
}
