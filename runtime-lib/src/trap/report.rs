//! What a user reads when a program traps.
//!
//! ```text
//! elfin: trap: out of bounds memory access (address 0x10000, memory has 65536 bytes)
//!    0: 0x1a2b  some::function
//!    1: 0x0f33  wasm-function[7]
//! ```
//!
//! The number before a function is the offset in the module of the instruction, as other tools print it. Where the
//! executable has debug information, `source` writes frames.
//!
//! # Safety
//!
//! The linker put in the address of the function that writes frames.
#![allow(unsafe_code)]

use super::cause::{Cause, Fault};
use super::lookup::Frame;
use super::source;
use super::walk::Walk;
use crate::message::Message;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::{GENERATED, Program};
use elfin_abi::trap::Trap;
use linux_raw_sys::general as linux;

/// Innermost frames to print.
const FIRST: usize = 24;

/// Outermost frames to print.
const LAST: usize = 8;

/// The report of a cause that is not [`Cause::Outside`].
pub(super) fn write(
    message: &mut Message,
    cause: &Cause,
    fault: &Fault,
    program: &'static Program,
    walk: &Walk,
) {
    describe(message, cause, fault);
    message.byte(b'\n');
    backtrace(message, program, walk);
    if let Cause::Bug = cause {
        message.text("This is a bug in elfin, not in the program: please report it.\n");
    }
}

/// The report of an exception that nobody catches.
pub(super) fn uncaught(message: &mut Message, tag: &[u8], program: &'static Program, walk: &Walk) {
    message
        .text("uncaught exception: ")
        .foreign(tag)
        .byte(b'\n');
    backtrace(message, program, walk);
}

/// The rest of the report of a system call that was refused.
pub(super) fn refusal(message: &mut Message, program: &'static Program, walk: &Walk) {
    backtrace(message, program, walk);
    message.text(
        "This is a bug in elfin, or somebody has taken the program over: please report it.\n",
    );
}

fn describe(message: &mut Message, cause: &Cause, fault: &Fault) {
    match *cause {
        Cause::Trap(trap) => message.text("trap: ").text(trap.message()),
        Cause::StackOverflow => message.text("trap: ").text(Trap::StackOverflow.message()),
        Cause::OutOfBounds(memory, address) => message
            .text("trap: ")
            .text(Trap::MemoryOutOfBounds.message())
            .text(" (address ")
            .hex(address)
            .text(", memory has ")
            .decimal(memory.size)
            .text(" bytes)"),
        Cause::Bus(address) => message
            .text("bus error at ")
            .hex(address)
            .text(": the file behind the memory is gone or can't be read"),
        Cause::Bug | Cause::Outside => message
            .text("internal error: ")
            .text(signal_name(fault.signal))
            .text(" (code ")
            .signed(fault.code.into())
            .text(") at pc ")
            .hex(fault.pc)
            .text(", address ")
            .hex(fault.address),
    };
}

fn signal_name(signal: u32) -> &'static str {
    match signal {
        linux::SIGSEGV => "SIGSEGV",
        linux::SIGBUS => "SIGBUS",
        linux::SIGILL => "SIGILL",
        linux::SIGFPE => "SIGFPE",
        _ => "signal",
    }
}

fn backtrace(message: &mut Message, program: &'static Program, walk: &Walk) {
    let count = each_frame(program, walk, &mut |_, _| {});
    if count == 0 {
        let is_generated = walk.clone().next().is_some();
        message.text(if is_generated {
            "   while the module is instantiated\n"
        } else {
            "   in a host function\n"
        });
    }
    let left_out = count.saturating_sub(FIRST + LAST);
    let frame = frame_writer(program);
    each_frame(program, walk, &mut |index, found| {
        if index < FIRST || index >= FIRST + left_out {
            frame(message, program, index, found);
        } else if index == FIRST {
            message.text("      ... ").decimal(left_out as u64);
            message.text(" frames\n");
        }
    });
}

/// Visits the frames of a report, innermost first, with their numbers; how many there are.
fn each_frame(
    program: &'static Program,
    walk: &Walk,
    visit: &mut dyn FnMut(usize, &Frame),
) -> usize {
    let mut count = 0;
    for place in walk.clone() {
        if place.function.index == GENERATED {
            continue;
        }
        for frame in place.frames(program) {
            visit(count, &frame);
            count += 1;
        }
    }
    count
}

/// What writes a frame of a report: the message, the program, the frame's number, the frame.
pub(super) type WriteFrame = fn(&mut Message, &'static Program, usize, &Frame);

/// How this program's frames are written.
fn frame_writer(program: &'static Program) -> WriteFrame {
    match source::sources(program) {
        None => frame,
        Some(sources) => {
            let report = with_exposed_provenance::<()>(sources.report as usize);
            // SAFETY: the linker put the address of `elfin_report_source` here, which has this type.
            unsafe { core::mem::transmute::<*const (), WriteFrame>(report) }
        }
    }
}

fn frame(message: &mut Message, program: &'static Program, index: usize, frame: &Frame) {
    position(message, index, frame);
    function_name(message, program, frame);
    message.byte(b'\n');
}

/// The beginning of a frame's line.
pub(super) fn position(message: &mut Message, index: usize, frame: &Frame) {
    message.column(index as u64, 4).text(": ");
    message.hex(frame.wasm_offset.into()).text("  ");
}

/// The name of a frame's function, or its index if it has none.
pub(super) fn function_name(message: &mut Message, program: &'static Program, frame: &Frame) {
    match frame.name(program) {
        [] => message
            .text("wasm-function[")
            .decimal(frame.index.into())
            .byte(b']'),
        name => message.foreign(name),
    };
}
