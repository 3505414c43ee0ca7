//! Exceptions: where the calls are that catch them, and how one lies in memory.
//!
//! An exception is a slot of a pool that the runtime keeps; a reference to it is its address, null is 0.
//!
//! ```text
//! 0   number of its tag, 32 bits
//! 4   the runtime's own marks, 96 bits
//! 16  its values, one behind the other: 16 bytes for a vector, 8 for anything else
//! ```

use crate::layout::{Range, Span};
use crate::pc_map::{read_signed, read_unsigned, write_signed, write_unsigned};

/// Where an exception's values begin.
pub const PAYLOAD_OFFSET: u64 = 16;

/// What the runtime must know to throw. Only a program that throws has it: code passes its address.
#[repr(C)]
pub struct Exceptions {
    /// The text sections, in the order of their addresses.
    pub chunks: Span<CatchingChunk>,
    /// The name of each tag, for reports.
    pub tags: Span<Span<u8>>,
    /// Address of the values of the exception that is about to be thrown.
    pub payload: u64,
    /// Bytes of the largest payload, a multiple of 8.
    pub payload_size: u64,
    /// Words outside of the stack that may be references to exceptions: globals, and tables of fixed size.
    pub roots: Span<Range>,
    /// Addresses of the [`crate::layout::Table`]s that may hold such references.
    pub tables: Span<u64>,
}

/// The calls of a text section that catch exceptions.
#[repr(C)]
pub struct CatchingChunk {
    /// Address of the section's first byte.
    pub start: u64,
    /// Its length in bytes.
    pub len: u64,
    /// The calls, in the order of their addresses.
    pub calls: Span<CatchingCall>,
    /// Bytes that [`CatchingCall::handlers`] points into.
    pub handlers: Span<u8>,
}

/// A call whose exceptions the calling function may catch.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CatchingCall {
    /// Bytes from the section's start to the instruction that the call returns to.
    pub returns_to: u32,
    /// Where its run begins in [`CatchingChunk::handlers`]. It ends where the next call's begins.
    pub handlers: u32,
}

/// A handler of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The number of the tag that it catches; `None` for any.
    pub tag: Option<u32>,
    /// Where its code begins, in bytes from where the call returns to.
    pub offset: i32,
}

/// Appends a call's run through `push`: the bytes from its stack pointer up to its frame pointer, then the handlers,
/// those that are asked first in front.
///
/// ```text
/// frame size            unsigned LEB128
/// handler: tag + 1      unsigned LEB128, 0 for any
///          offset       signed LEB128
/// ```
pub fn write_handlers(frame_size: u32, handlers: &[Handler], mut push: impl FnMut(u8)) {
    write_unsigned(frame_size.into(), &mut push);
    for handler in handlers {
        write_unsigned(handler.tag.map_or(0, |tag| u64::from(tag) + 1), &mut push);
        write_signed(handler.offset.into(), &mut push);
    }
}

/// A reader of one call's run of bytes.
#[derive(Clone, Debug)]
pub struct Handlers<'a> {
    bytes: &'a [u8],
    /// Bytes from the stack pointer at the call up to the frame pointer.
    pub frame_size: u32,
}

impl<'a> Handlers<'a> {
    /// Reads the beginning of a run. `None` when the bytes end too early.
    pub fn new(mut bytes: &'a [u8]) -> Option<Self> {
        let frame_size = read_unsigned(&mut bytes)? as u32;
        Some(Self { bytes, frame_size })
    }
}

impl Iterator for Handlers<'_> {
    type Item = Handler;

    fn next(&mut self) -> Option<Handler> {
        let tag = read_unsigned(&mut self.bytes)?;
        let offset = read_signed(&mut self.bytes)? as i32;
        let tag = tag.checked_sub(1).map(|tag| tag as u32);
        Some(Handler { tag, offset })
    }
}
