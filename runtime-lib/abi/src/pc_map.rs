//! From a program counter to a WebAssembly offset and a trap code.
//!
//! Each function has a run of bytes: a header, the calls that were inlined, then one entry a call site or instruction
//! that can trap, in the order of their addresses. All numbers are LEB128, since most differences are below 64.
//!
//! ```text
//! header:  prologue << 1 | frameless     unsigned   bytes until the frame is set up
//!          wasm offset of the function   unsigned   bytes from the start of the module
//!          inlined calls                 unsigned   their number
//! inlined: function                      unsigned   index in Program::inlined
//!          inlined call around it        unsigned   counted from 1, before this one; 0 for the function itself
//!          wasm offset difference        signed     of the call, as in an entry
//! entry:   pc difference << 1 | has code unsigned   from the entry before (first: from the function's start)
//!          trap code                     one byte   only if it has one
//!          wasm offset difference        signed     from the one before (first: from the function's offset)
//!          inlined call around it        unsigned   only if the function has any
//! ```
//!
//! The PC of a call is that of its last byte, one below the return address, so that it can't be mistaken for the next
//! instruction; the PC of a trap is the first byte of its instruction. A load or store carries no code: what its fault
//! means follows from the faulting address. The run ends where the next function's begins.

/// Appends `value` as unsigned LEB128 through `push`.
pub fn write_unsigned(mut value: u64, mut push: impl FnMut(u8)) {
    while value >= 0x80 {
        push(value as u8 | 0x80);
        value >>= 7;
    }
    push(value as u8);
}

/// Appends `value` as signed LEB128 through `push`.
pub fn write_signed(mut value: i64, mut push: impl FnMut(u8)) {
    while !(-0x40..0x40).contains(&value) {
        push(value as u8 | 0x80);
        value >>= 7;
    }
    push(value as u8 & 0x7f);
}

/// What the map knows of one program counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Bytes from the start of the module to the instruction.
    pub wasm_offset: u32,
    /// The code of [`crate::trap::Trap`], or 0.
    pub trap: u8,
    /// The innermost inlined call that the instruction lies in, counted from 1; 0 for the function itself.
    pub call: u32,
}

/// A call in whose place a function was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InlinedCall {
    /// The function, an index of [`crate::layout::Program::inlined`].
    pub callee: u32,
    /// Bytes from the start of the module to the call.
    pub wasm_offset: u32,
    /// The inlined call that it lies in, counted from 1; 0 for the function itself.
    pub around: u32,
}

/// A reader of one function's run of bytes.
#[derive(Clone, Debug)]
pub struct FunctionMap<'a> {
    bytes: &'a [u8],
    /// Bytes of code until the frame is set up; a fault before that has its return address where the call left it.
    pub prologue: u32,
    /// Whether the function never sets up a frame.
    pub frameless: bool,
    /// Bytes from the start of the module to the function's body.
    pub wasm_offset: u32,
    /// Inlined calls.
    calls: u32,
}

impl<'a> FunctionMap<'a> {
    /// Reads the header of a run. `None` when the bytes end too early.
    pub fn new(mut bytes: &'a [u8]) -> Option<Self> {
        let header = read_unsigned(&mut bytes)?;
        let wasm_offset = read_unsigned(&mut bytes)? as u32;
        let calls = read_unsigned(&mut bytes)? as u32;
        Some(Self {
            bytes,
            calls,
            prologue: (header >> 1) as u32,
            frameless: header & 1 != 0,
            wasm_offset,
        })
    }

    /// The site whose PC is `pc` bytes from the function's start, if it is in the map.
    pub fn find(&self, pc: u32) -> Option<Site> {
        let (at, site) = self.first_from(pc)?;
        (at == pc).then_some(site)
    }

    /// The first site whose PC is at least `pc` bytes from the function's start.
    pub fn find_from(&self, pc: u32) -> Option<Site> {
        Some(self.first_from(pc)?.1)
    }

    fn first_from(&self, pc: u32) -> Option<(u32, Site)> {
        self.sites().find(|(at, _)| *at >= pc)
    }

    /// An inlined call, by its number counted from 1.
    pub fn call(&self, number: u32) -> Option<InlinedCall> {
        self.calls().nth(number.checked_sub(1)? as usize)
    }

    /// All inlined calls, in the order of their numbers.
    pub fn calls(&self) -> Calls<'a> {
        Calls {
            bytes: self.bytes,
            left: self.calls,
            wasm_offset: self.wasm_offset,
        }
    }

    /// All sites, each with its PC in bytes from the function's start.
    pub fn sites(&self) -> Sites<'a> {
        let mut calls = self.calls();
        calls.by_ref().for_each(drop);
        Sites {
            bytes: calls.bytes,
            at: 0,
            wasm_offset: calls.wasm_offset,
            has_calls: self.calls != 0,
        }
    }
}

/// The inlined calls of a function, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Calls<'a> {
    bytes: &'a [u8],
    left: u32,
    wasm_offset: u32,
}

impl Iterator for Calls<'_> {
    type Item = InlinedCall;

    fn next(&mut self) -> Option<InlinedCall> {
        self.left = self.left.checked_sub(1)?;
        let callee = read_unsigned(&mut self.bytes)? as u32;
        let around = read_unsigned(&mut self.bytes)? as u32;
        let difference = read_signed(&mut self.bytes)? as u32;
        self.wasm_offset = self.wasm_offset.wrapping_add(difference);
        Some(InlinedCall {
            callee,
            wasm_offset: self.wasm_offset,
            around,
        })
    }
}

/// The sites of a function, in the order of their addresses.
#[derive(Clone, Debug)]
pub struct Sites<'a> {
    bytes: &'a [u8],
    at: u32,
    wasm_offset: u32,
    has_calls: bool,
}

impl Iterator for Sites<'_> {
    type Item = (u32, Site);

    fn next(&mut self) -> Option<(u32, Site)> {
        // A read at the end fails.
        let header = read_unsigned(&mut self.bytes)?;
        let mut trap = 0;
        if header & 1 != 0 {
            let (&code, rest) = self.bytes.split_first()?;
            trap = code;
            self.bytes = rest;
        }
        self.at = self.at.wrapping_add((header >> 1) as u32);
        let difference = read_signed(&mut self.bytes)? as u32;
        self.wasm_offset = self.wasm_offset.wrapping_add(difference);
        let call = if self.has_calls {
            read_unsigned(&mut self.bytes)? as u32
        } else {
            0
        };
        let site = Site {
            wasm_offset: self.wasm_offset,
            trap,
            call,
        };
        Some((self.at, site))
    }
}

/// A function's name at the beginning of `bytes`: its length, then the bytes of [`crate::layout::Program::names`].
pub fn read_name(mut bytes: &[u8]) -> Option<&[u8]> {
    let len = read_unsigned(&mut bytes)?;
    bytes.get(..len as usize)
}

/// Takes unsigned LEB128 from the front of `bytes`. `None` when they end too early.
pub fn read_unsigned(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    let mut shift = 0;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if shift < 64 {
            value |= u64::from(byte & 0x7f) << shift;
        }
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// Takes signed LEB128 from the front of `bytes`. `None` when they end too early.
pub fn read_signed(bytes: &mut &[u8]) -> Option<i64> {
    let mut value = 0i64;
    let mut shift = 0;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if shift < 64 {
            value |= i64::from(byte & 0x7f) << shift;
        }
        shift += 7;
        if byte & 0x80 == 0 {
            if shift < 64 && byte & 0x40 != 0 {
                value |= -1 << shift;
            }
            return Some(value);
        }
    }
}
