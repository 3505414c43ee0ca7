//! Handlers of a made-up program, and collections of a made-up stack.
//!
//! # Safety
//!
//! What the structures point to is leaked, so all addresses in them stay valid.
#![allow(unsafe_code)]

use super::collect::allocate;
use super::handler::{Landing, find};
use super::pool::Pool;
use crate::arch::{Caller, Registers};
use crate::start::GuestStack;
use core::ops::Range;
use elfin_abi::exception::{CatchingCall, CatchingChunk, Exceptions, Handler, write_handlers};
use elfin_abi::layout::{self, CodeChunk, Program, Span, Table};
use std::boxed::Box;
use std::vec::Vec;

const CODE: u64 = 0x50_0000;

fn leak<T>(elements: Vec<T>) -> Span<T> {
    let elements = elements.leak();
    let address = elements.as_ptr().expose_provenance() as u64;
    // SAFETY: a span is two words; see above.
    unsafe { core::mem::transmute_copy(&[address, elements.len() as u64]) }
}

/// One chunk of 0x1000 bytes. The call that returns to 0x100 catches tag 3, then tag 4; the one that returns to 0x200
/// catches anything.
fn exceptions() -> Exceptions {
    let handler = |tag, offset| Handler { tag, offset };
    let calls = [
        (
            0x100,
            32,
            &[handler(Some(3), 0x10), handler(Some(4), -0x20)][..],
        ),
        (0x200, 48, &[handler(None, 0x30)][..]),
    ];
    let mut bytes = Vec::new();
    let mut list = Vec::new();
    for (returns_to, frame_size, handlers) in calls {
        list.push(CatchingCall {
            returns_to,
            handlers: bytes.len() as u32,
        });
        write_handlers(frame_size, handlers, |byte| bytes.push(byte));
    }
    // SAFETY: all its fields are integers, and spans without elements.
    let mut exceptions: Exceptions = unsafe { core::mem::zeroed() };
    exceptions.chunks = leak(Vec::from([CatchingChunk {
        start: CODE,
        len: 0x1000,
        calls: leak(list),
        handlers: leak(bytes),
    }]));
    exceptions
}

fn program() -> &'static Program {
    // SAFETY: as above.
    let mut program: Program = unsafe { core::mem::zeroed() };
    program.chunks = leak(Vec::from([CodeChunk {
        start: CODE,
        len: 0x1000,
        functions: leak(Vec::new()),
        map: leak(Vec::new()),
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

#[test]
fn the_innermost_handler_of_a_tag_is_found() {
    // Two frames: the inner one returns into the call at 0x200, the outer one to the runtime.
    let words: &'static mut [u64] = Box::leak(Box::new([0; 4]));
    let base = words.as_ptr().addr() as u64;
    words[0] = base + 16;
    words[1] = CODE + 0x200;
    words[2] = 0;
    words[3] = 0x1234;
    let stack = stack(words);
    let (program, exceptions) = (program(), Box::leak(Box::new(exceptions())));
    let find = |returns_to: u64, tag| {
        let thrower = Registers {
            pc: returns_to - 1,
            fp: base,
            caller: Caller::OnStack(0),
        };
        find(exceptions, program, &stack, &thrower, tag)
    };
    let inner = |pc| {
        Some(Landing {
            pc,
            sp: base - 32,
            fp: base,
        })
    };
    assert_eq!(find(CODE + 0x100, 3), inner(CODE + 0x110));
    assert_eq!(find(CODE + 0x100, 4), inner(CODE + 0xe0));
    let outer = Some(Landing {
        pc: CODE + 0x230,
        sp: base + 16 - 48,
        fp: base + 16,
    });
    assert_eq!(find(CODE + 0x100, 5), outer);
    assert_eq!(find(CODE + 0x101, 3), outer);
    // Not from guest code: nothing above counts.
    assert_eq!(find(CODE + 0x1001, 3), None);
}

#[test]
fn nobody_catches_beyond_the_stack() {
    let words: &'static mut [u64] = Box::leak(Box::new([0; 2]));
    let base = words.as_ptr().addr() as u64;
    // A frame that is its own caller.
    words[0] = base;
    words[1] = CODE + 0x300;
    let stack = stack(words);
    let (program, exceptions) = (program(), Box::leak(Box::new(exceptions())));
    for fp in [0, base - 16, base, base + 1, base + 8, u64::MAX - 7] {
        let thrower = Registers {
            pc: CODE + 0x2ff,
            fp,
            caller: Caller::OnStack(0),
        };
        assert_eq!(find(exceptions, program, &stack, &thrower, 3), None);
    }
}

/// A pool of exceptions with one word of values, and the places that may refer to them.
struct World {
    pool: Pool,
    exceptions: &'static Exceptions,
    payload: &'static mut [u64],
    stack: &'static mut [u64],
}

fn range(words: &[u64]) -> Range<u64> {
    let start = words.as_ptr().expose_provenance() as u64;
    start..start + size_of_val(words) as u64
}

impl World {
    fn new(roots: &'static [u64], table: Option<Table>) -> Self {
        let payload: &'static mut [u64] = Box::leak(Box::new([0; 1]));
        let mut exceptions = exceptions();
        exceptions.payload = range(payload).start;
        exceptions.payload_size = 8;
        let Range { start, end } = range(roots);
        exceptions.roots = leak(Vec::from([layout::Range {
            start,
            len: end - start,
        }]));
        let table = table.map(|table| &*Box::leak(Box::new(table)));
        let tables = table
            .iter()
            .map(|table| core::ptr::from_ref(*table).expose_provenance());
        exceptions.tables = leak(tables.map(|address| address as u64).collect());
        Self {
            pool: Pool::new(),
            exceptions: Box::leak(Box::new(exceptions)),
            payload,
            stack: Box::leak(Box::new([0; 16])),
        }
    }

    fn throw(&mut self, tag: u32, value: u64) -> u64 {
        self.payload[0] = value;
        let stack = range(self.stack);
        allocate(&mut self.pool, self.exceptions, stack, tag).unwrap()
    }

    fn throw_often(&mut self) {
        for value in 0..100_000 {
            self.throw(1, value);
        }
    }
}

fn value(exception: u64) -> u64 {
    // SAFETY: a slot is mapped for good.
    unsafe { *core::ptr::with_exposed_provenance((exception + 16) as usize) }
}

#[test]
fn what_nothing_refers_to_is_freed() {
    let mut world = World::new(&[], None);
    world.throw_often();
    assert_eq!(world.pool.usage().0, 1024);
}

#[test]
fn what_something_refers_to_stays() {
    let root: &'static mut [u64] = Box::leak(Box::new([0; 1]));
    let elements: &'static mut [u64] = Box::leak(Box::new([0; 4]));
    let (root_address, elements_address) = (root.as_mut_ptr(), elements.as_mut_ptr());
    let table = Table {
        base: elements_address.expose_provenance() as u64,
        len: 4,
        max: 4,
    };
    let mut world = World::new(root, Some(table));
    let on_stack = world.throw(2, 20);
    world.stack[15] = on_stack;
    let in_root = world.throw(3, 30);
    let in_table = world.throw(4, 40);
    let inner = world.throw(5, 50);
    let outer = world.throw(6, inner);
    world.stack[0] = outer;
    // SAFETY: both are leaked.
    unsafe {
        root_address.write(in_root);
        elements_address.add(3).write(in_table);
    }
    world.throw_often();
    let kept = [
        (on_stack, 2, 20),
        (in_root, 3, 30),
        (in_table, 4, 40),
        (inner, 5, 50),
    ];
    for (exception, tag, number) in kept {
        assert_eq!(world.pool.tag(exception), Some(tag));
        assert_eq!(value(exception), number);
    }
    assert_eq!(value(outer), inner);
    assert_eq!(world.pool.usage().0, 1024);
}

#[test]
fn a_full_pool_grows() {
    let mut world = World::new(&[], None);
    // Each carries the one before.
    let mut last = 0;
    for _ in 0..10_000 {
        last = world.throw(1, last);
        world.stack[3] = last;
    }
    let mut len = 0;
    while last != 0 {
        assert_eq!(world.pool.tag(last), Some(1));
        last = value(last);
        len += 1;
    }
    assert_eq!(len, 10_000);
    assert!(world.pool.usage().0 <= 4 * 10_000);
}

#[test]
fn other_words_are_no_references() {
    let mut world = World::new(&[], None);
    let exception = world.throw(1, 1);
    for word in [0, 8, exception - 8, exception + 1, exception + 8, u64::MAX] {
        assert_eq!(world.pool.tag(word), None, "{word:#x}");
    }
    assert_eq!(world.pool.tag(exception), Some(1));
}
