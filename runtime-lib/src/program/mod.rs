//! Reads the structures of [`elfin_abi::layout`] that the compiler wrote into the executable.
//!
//! # Safety
//!
//! A [`Span`] has a private field and no constructor: it can only be part of the program descriptor, where the
//! compiler filled it in and the linker checked it.
#![allow(unsafe_code)]

use core::ptr::with_exposed_provenance;
use core::slice::from_raw_parts;
use elfin_abi::layout::Span;

/// The elements of a span.
pub(crate) fn elements<T>(span: &'static Span<T>) -> &'static [T] {
    if span.len == 0 {
        return &[];
    }
    // SAFETY: the span is part of the program descriptor, and what it spans is never written to.
    unsafe {
        from_raw_parts(
            with_exposed_provenance(span.address as usize),
            span.len as usize,
        )
    }
}
