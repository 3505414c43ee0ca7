//! Faults of a made-up program, and what is reported of them.
//!
//! # Safety
//!
//! The program and what it points to are leaked, so all addresses in it stay valid.
#![allow(unsafe_code)]

use super::cause::{Cause, Fault};
use super::report;
use super::walk::Walk;
use crate::arch::{Caller, Registers};
use crate::message::Message;
use crate::start::GuestStack;
use crate::sys::output::Stream;
use elfin_abi::layout::{CodeChunk, Function, GENERATED, Memory, MemoryInit, Program, Span};
use elfin_abi::pc_map::{write_signed, write_unsigned};
use elfin_abi::trap::Trap;
use linux_raw_sys::general::{BUS_ADRALN, BUS_ADRERR, SIGBUS, SIGILL, SIGSEGV};
use std::boxed::Box;
use std::string::String;
use std::vec::Vec;

const CODE: u64 = 0x50_0000;
const MEMORY: u64 = 0x4000_0000;
const PROLOGUE: u32 = 4;

fn leak<T>(elements: Vec<T>) -> Span<T> {
    let elements = elements.leak();
    let address = elements.as_ptr().expose_provenance() as u64;
    // SAFETY: a span is two words; see above.
    unsafe { core::mem::transmute_copy(&[address, elements.len() as u64]) }
}

/// Three functions of 0x100 bytes: `outer` with a frame calls at 0x20; `leaf` without one has a trap at 0x8; the third,
/// elfin's own, calls at 0x10.
fn program() -> &'static Program {
    let mut names = Vec::from([0]);
    let mut map = Vec::new();
    let mut functions = Vec::new();
    let mut add = |name: &str, index, frameless: bool, pc: u64, trap: Option<Trap>| {
        functions.push(Function {
            start: functions.len() as u32 * 0x100,
            map: map.len() as u32,
            name: if name.is_empty() {
                0
            } else {
                names.len() as u32
            },
            index,
        });
        write_unsigned(name.len() as u64, |byte| names.push(byte));
        names.extend(name.bytes());
        let prologue = if frameless {
            1
        } else {
            u64::from(PROLOGUE) << 1
        };
        write_unsigned(prologue, |byte| map.push(byte));
        write_unsigned(0x1000 * functions.len() as u64, |byte| map.push(byte));
        write_unsigned(0, |byte| map.push(byte));
        write_unsigned(pc << 1 | u64::from(trap.is_some()), |byte| map.push(byte));
        map.extend(trap.map(|trap| trap as u8));
        write_signed(5, |byte| map.push(byte));
    };
    add("outer\n", 3, false, 0x20, None);
    add("", 4, true, 0x8, Some(Trap::Unreachable));
    add("own", GENERATED, false, 0x10, None);
    let memory = Box::leak(Box::new(Memory {
        base: MEMORY,
        size: 0x1_0000,
        max: 0x2_0000,
        page_size_log2: 16,
    }));
    // SAFETY: all its fields are integers, and spans without elements.
    let mut program: Program = unsafe { core::mem::zeroed() };
    program.chunks = leak(Vec::from([CodeChunk {
        start: CODE,
        len: 0x300,
        functions: leak(functions),
        map: leak(map),
    }]));
    program.names = leak(names);
    program.memories = leak(Vec::from([MemoryInit {
        memory: core::ptr::from_ref(memory).expose_provenance() as u64,
        reservation: 0x10_0000,
        kept_free: 0x10_0000,
        mapped: leak(Vec::new()),
        copies: leak(Vec::new()),
    }]));
    Box::leak(Box::new(program))
}

/// A guest stack that holds these words, the last one at the top.
fn stack(words: &'static [u64]) -> GuestStack {
    let bottom = words.as_ptr().expose_provenance() as u64;
    GuestStack {
        signal_stack: 0,
        guard: bottom - 0x1000,
        bottom,
        top: bottom + size_of_val(words) as u64,
    }
}

fn fault(signal: u32, code: u32, address: u64, pc: u64) -> Fault {
    Fault {
        signal,
        code: code as i32,
        address,
        pc,
    }
}

/// The report without its first line.
fn backtrace(registers: &Registers, stack: &GuestStack) -> String {
    let program = program();
    let mut message = Message::new(Stream::Error);
    let walk = Walk::new(program, registers, stack);
    let fault = fault(SIGILL, 1, 0, registers.pc);
    report::write(&mut message, &Cause::StackOverflow, &fault, program, &walk);
    let lines = message.collected().split_once('\n');
    lines.unwrap().1.into()
}

#[test]
fn causes() {
    let stack = stack(&[0; 4]);
    let of = |fault: Fault| Cause::of(&fault, program(), &stack);
    let segv = |address, pc| of(fault(SIGSEGV, 1, address, pc));
    assert!(matches!(
        segv(MEMORY + 0x1_0000, CODE),
        Cause::OutOfBounds(_, 0x1_0000)
    ));
    assert!(matches!(
        segv(MEMORY + 0xf_ffff, CODE + 0x2ff),
        Cause::OutOfBounds(_, 0xf_ffff)
    ));
    // Outside of the reservation, inside of the memory, from host code.
    assert!(matches!(segv(MEMORY + 0x10_0000, CODE), Cause::Bug));
    assert!(matches!(segv(MEMORY - 1, CODE), Cause::Bug));
    assert!(matches!(segv(MEMORY, CODE), Cause::Bug));
    assert!(matches!(segv(MEMORY + 0x1_0000, CODE - 1), Cause::Bug));
    assert!(matches!(segv(MEMORY + 0x1_0000, CODE + 0x300), Cause::Bug));
    assert!(matches!(segv(0, 0), Cause::Bug));
    // The guard counts wherever the program counter is.
    assert!(matches!(segv(stack.guard, 0), Cause::StackOverflow));
    assert!(matches!(segv(stack.bottom - 1, CODE), Cause::StackOverflow));
    assert!(matches!(segv(stack.guard - 1, CODE), Cause::Bug));
    let bus = |code, address| of(fault(SIGBUS, code, address, CODE));
    assert!(matches!(bus(BUS_ADRERR, MEMORY + 8), Cause::Bus(_)));
    assert!(matches!(
        bus(BUS_ADRERR, MEMORY + 0x1_0000),
        Cause::OutOfBounds(..)
    ));
    assert!(matches!(bus(BUS_ADRALN, MEMORY + 8), Cause::Bug));
    let ill = |pc| of(fault(SIGILL, 1, pc, pc));
    assert!(matches!(ill(CODE + 0x108), Cause::Trap(Trap::Unreachable)));
    assert!(matches!(ill(CODE + 0x109), Cause::Bug));
    assert!(matches!(ill(CODE + 0x20), Cause::Bug));
    assert!(matches!(ill(8), Cause::Bug));
    assert!(matches!(of(fault(SIGSEGV, 0, 0, CODE)), Cause::Outside));
}

#[test]
fn walks_from_a_function_without_a_frame() {
    // The chain: outer's frame, then that of elfin's own.
    let words: &'static mut [u64] = Box::leak(Box::new([0; 6]));
    let base = words.as_ptr().addr() as u64;
    words[0] = CODE + 0x21;
    words[1] = base + 24;
    words[2] = CODE + 0x211;
    words[3] = 0;
    words[4] = 0x1234;
    let return_address = words[0];
    let stack = stack(words);
    let caller = match cfg!(target_arch = "x86_64") {
        true => Caller::OnStack(base),
        false => Caller::InRegister(return_address),
    };
    let registers = Registers {
        pc: CODE + 0x108,
        fp: base + 8,
        caller,
    };
    let expected = "   0: 0x2005  wasm-function[4]\n   1: 0x1005  outer\\x0a\n";
    assert_eq!(backtrace(&registers, &stack), expected);
    // In a prologue the frame is still the caller's.
    let registers = Registers {
        pc: CODE + u64::from(PROLOGUE) - 1,
        ..registers
    };
    let expected = "   0: 0x1005  outer\\x0a\n   1: 0x1005  outer\\x0a\n";
    assert_eq!(backtrace(&registers, &stack), expected);
}

#[test]
fn stays_on_the_stack() {
    let words: &'static mut [u64] = Box::leak(Box::new([0; 2]));
    let base = words.as_ptr().addr() as u64;
    // A frame that is its own caller.
    words[0] = base;
    words[1] = CODE + 0x21;
    let stack = stack(words);
    for fp in [
        0,
        8,
        base - 16,
        base + 1,
        base,
        base + 8,
        base + 16,
        u64::MAX - 7,
    ] {
        let registers = Registers {
            pc: CODE + 0x20,
            fp,
            caller: Caller::OnStack(0),
        };
        assert_eq!(backtrace(&registers, &stack), "   0: 0x1005  outer\\x0a\n");
    }
}

#[test]
fn leaves_out_the_middle_of_a_recursion() {
    let words: &'static mut [u64] = Vec::from([0; 200]).leak();
    let base = words.as_ptr().addr() as u64;
    for frame in 0..100 {
        words[2 * frame] = base + 16 * (frame as u64 + 1);
        words[2 * frame + 1] = CODE + 0x21;
    }
    words[199] = 0;
    let registers = Registers {
        pc: CODE + 0x20,
        fp: base,
        caller: Caller::OnStack(0),
    };
    let report = backtrace(&registers, &stack(words));
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 24 + 1 + 8);
    assert_eq!(lines[23], "  23: 0x1005  outer\\x0a");
    assert_eq!(lines[24], "      ... 68 frames");
    assert_eq!(lines[25], "  92: 0x1005  outer\\x0a");
    assert_eq!(lines[32], "  99: 0x1005  outer\\x0a");
}

#[test]
fn says_where_a_host_function_overflowed_the_stack() {
    let registers = Registers {
        pc: 0x1234,
        fp: 0,
        caller: Caller::OnStack(0),
    };
    assert_eq!(
        backtrace(&registers, &stack(&[0; 4])),
        "   in a host function\n"
    );
}
