//! Which exceptions can still be reached: those that a word of the guest's stack, of a global or of a table may refer
//! to, and those that their values refer to.
//!
//! Any word that equals the address of a slot counts as a reference. One that is none keeps an exception for longer than
//! needed, but there are no more of those than there are words, so memory stays bounded.
//!
//! # Safety
//!
//! The compiler wrote the addresses of globals and tables. The stack is mapped, and the guest does not run meanwhile.
#![allow(unsafe_code)]

use super::pool::Pool;
use crate::program::elements;
use core::ops::Range;
use core::ptr::with_exposed_provenance;
use elfin_abi::exception::Exceptions;
use elfin_abi::layout::{ELEMENT_SIZE, Table};

/// Words that a collection may look at for each slot of the pool: a collection of a deep stack must be rare.
const WORDS_PER_SLOT: u64 = 32;

/// A new exception with this tag, of the values at [`Exceptions::payload`]; `None` if there is no memory for it.
pub(super) fn allocate(
    pool: &mut Pool,
    exceptions: &'static Exceptions,
    stack: Range<u64>,
    tag: u32,
) -> Option<u64> {
    let values = || words(exceptions.payload, exceptions.payload_size);
    if let Some(exception) = pool.take(tag, values()) {
        return Some(exception);
    }
    let looked_at = collect(pool, exceptions, stack);
    let (capacity, used) = pool.usage();
    let wanted = (2 * used).max((looked_at / WORDS_PER_SLOT) as usize);
    if capacity == 0 || capacity < wanted {
        // Without more memory, what is free must do.
        let values = exceptions.payload_size / size_of::<u64>() as u64;
        pool.grow(values as usize, wanted);
    }
    pool.take(tag, values())
}

/// Marks all exceptions that can be reached; gives the number of words that it has looked at.
fn collect(pool: &mut Pool, exceptions: &'static Exceptions, stack: Range<u64>) -> u64 {
    pool.forget_all();
    let mut looked_at = 0;
    let mut look_at = |start: u64, len: u64| {
        words(start, len).for_each(|word| pool.mark(word));
        looked_at += len / size_of::<u64>() as u64;
    };
    look_at(stack.start, stack.end.saturating_sub(stack.start));
    look_at(exceptions.payload, exceptions.payload_size);
    for root in elements(&exceptions.roots) {
        look_at(root.start, root.len);
    }
    for &table in elements(&exceptions.tables) {
        // SAFETY: see above.
        let table: &Table = unsafe { &*with_exposed_provenance(table as usize) };
        look_at(table.base, table.len * ELEMENT_SIZE);
    }
    pool.mark_nested();
    looked_at
}

/// The words of a range of bytes.
fn words(start: u64, len: u64) -> impl Iterator<Item = u64> {
    (start..start + len)
        .step_by(size_of::<u64>())
        // SAFETY: see above.
        .map(|address| unsafe { *with_exposed_provenance(address as usize) })
}
