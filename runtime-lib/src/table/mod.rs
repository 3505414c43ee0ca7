//! Growable tables: their initial state, growth, and filling.
//!
//! # Safety
//!
//! Generated code passes the address of a [`Table`] that it alone reads and this module alone writes, on the thread
//! that runs the guest. Elements are reached through addresses only.
#![allow(unsafe_code)]

use crate::program::elements;
use crate::start::{map_apart, map_at_start, refuse_mapping};
use crate::sys::memory::Access;
use core::ptr::with_exposed_provenance_mut;
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::layout::{ELEMENT_SIZE, Program, Table};

/// What `table.grow` gives when it fails.
const FAILED: u64 = u64::MAX;

/// Maps all growable tables at their full size and copies their initial elements, or ends the process with a message.
pub(crate) fn map_initial(program: &'static Program) {
    for init in elements(&program.tables) {
        // SAFETY: see above.
        let table: &mut Table = unsafe { &mut *with_exposed_provenance_mut(init.table as usize) };
        let len = (table.max * ELEMENT_SIZE).next_multiple_of(MAX_PAGE_SIZE);
        if cfg!(elfin_pie) {
            if len != 0 {
                table.base = map_apart("table", len);
            }
        } else if len != 0
            && let Err(error) = map_at_start(table.base, len, Access::ReadWrite)
        {
            refuse_mapping("table", len, error);
        }
        for (index, &element) in (0..).zip(elements(&init.elements)) {
            // SAFETY: a table has at least its initial elements.
            unsafe { element_at(table.base, index).write(element) };
        }
    }
}

/// [`elfin_abi::host::intrinsic::TABLE_GROW`].
///
/// # Safety
///
/// `table` is a growable table of the program.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_table_grow(table: *mut Table, count: u64, value: u64) -> u64 {
    // SAFETY: see above.
    let table = unsafe { &mut *table };
    let before = table.len;
    match before.checked_add(count) {
        Some(len) if len <= table.max => {
            // SAFETY: the table's storage has room for its maximum.
            unsafe { elfin_table_fill(element_at(table.base, before), value, count) };
            table.len = len;
            before
        }
        _ => FAILED,
    }
}

/// [`elfin_abi::host::intrinsic::TABLE_FILL`].
///
/// # Safety
///
/// `first` and the elements behind it, `count` in all, are elements of a table.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_table_fill(first: *mut u64, value: u64, count: u64) {
    for index in 0..count as usize {
        // SAFETY: as the caller promises.
        unsafe { first.add(index).write(value) };
    }
}

fn element_at(base: u64, index: u64) -> *mut u64 {
    with_exposed_provenance_mut((base + index * ELEMENT_SIZE) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_up_to_its_maximum() {
        let mut storage = [7u64; 8];
        let mut table = Table {
            base: storage.as_mut_ptr().expose_provenance() as u64,
            len: 2,
            max: 6,
        };
        // SAFETY: the table is exclusive and its storage has room.
        let mut grow = |count, value| unsafe { elfin_table_grow(&mut table, count, value) };
        assert_eq!(grow(0, 1), 2);
        assert_eq!(grow(3, 9), 2);
        assert_eq!(grow(2, 9), FAILED);
        assert_eq!(grow(u64::MAX, 9), FAILED);
        assert_eq!(grow(1, 4), 5);
        assert_eq!(storage, [7, 7, 9, 9, 9, 4, 7, 7]);
    }
}
