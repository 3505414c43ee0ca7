//! Machine code, one function behind the other in the order of the program, as it is laid into the object. A function is
//! added when it is compiled and leaves nothing else behind.

use super::{CatchingCall, CompiledFunction, DebugInfo, Relocation};
use crate::target::Target;
use crate::translate::Symbol;
use std::ops::Range;

/// Bytes of code after which a new chunk begins. A linker places range thunks between sections, and an aarch64 branch
/// reaches 128 MB; every section costs a little.
const CHUNK_SIZE: usize = 4 << 20;

/// The code of a program.
#[derive(Debug)]
pub struct Text {
    target: Target,
    /// The chunks, in the order of their functions.
    pub chunks: Vec<Chunk>,
}

/// Some megabytes of code, which become a section of text.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The bytes.
    pub code: Vec<u8>,
    /// What the start must be a multiple of.
    pub alignment: u32,
    /// What lies in it, in the order of the addresses.
    pub functions: Vec<Function>,
    /// Where addresses go in, in ascending order of the offsets; those count from the start of the chunk.
    pub relocations: Vec<Relocation<Symbol>>,
    /// The runs of all functions, see [`elfin_abi::pc_map`].
    pub pc_map: Vec<u8>,
    /// The calls whose exceptions a function catches, in the order of the addresses, which count from the start of the
    /// chunk.
    pub catching_calls: Vec<CatchingCall>,
}

/// A function that has been laid out.
#[derive(Debug)]
pub struct Function {
    /// What it is.
    pub symbol: Symbol,
    /// Bytes from the start of the chunk.
    pub start: usize,
    /// Bytes of code.
    pub len: usize,
    /// Its run of the chunk's PC map.
    pub pc_map: Range<usize>,
    /// What debuggers are told of it, if they are to be told something.
    pub debug: Option<DebugInfo>,
}

impl Text {
    /// Without a function.
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            chunks: Vec::new(),
        }
    }

    /// Lays the next function out.
    pub(super) fn add(&mut self, function: CompiledFunction) {
        if self
            .chunks
            .last()
            .is_none_or(|chunk| chunk.code.len() >= CHUNK_SIZE)
        {
            self.chunks.push(Chunk::default());
        }
        let chunk = self.chunks.last_mut().expect("there is one now");
        chunk.add(function, self.target);
    }

    /// All functions.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.chunks.iter().flat_map(|chunk| &chunk.functions)
    }

    /// Bytes of code.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.code.len()).sum()
    }
}

impl Chunk {
    fn add(&mut self, function: CompiledFunction, target: Target) {
        let start = self.align(function.alignment, target);
        self.functions.push(Function {
            symbol: function.symbol,
            start,
            len: function.code.len(),
            pc_map: self.pc_map.len()..self.pc_map.len() + function.pc_map.len(),
            debug: function.debug,
        });
        self.code.extend_from_slice(&function.code);
        self.pc_map.extend_from_slice(&function.pc_map);
        self.add_relocations(function.relocations, start);
        self.add_catching_calls(function.catching_calls, start);
    }

    /// Lays another chunk behind this one.
    pub fn append(&mut self, other: Chunk, target: Target) {
        let start = self.align(other.alignment, target);
        let pc_map = self.pc_map.len();
        let functions = other.functions.into_iter().map(|function| Function {
            start: start + function.start,
            pc_map: pc_map + function.pc_map.start..pc_map + function.pc_map.end,
            ..function
        });
        self.functions.extend(functions);
        self.code.extend_from_slice(&other.code);
        self.pc_map.extend_from_slice(&other.pc_map);
        self.add_relocations(other.relocations, start);
        self.add_catching_calls(other.catching_calls, start);
    }

    /// Fills up to a multiple of `alignment`; gives the offset.
    fn align(&mut self, alignment: u32, target: Target) -> usize {
        // On x86-64 an instruction that traps.
        let padding = if target == Target::X86_64 { 0xcc } else { 0 };
        let start = self.code.len().next_multiple_of(alignment as usize);
        self.code.resize(start, padding);
        self.alignment = self.alignment.max(alignment);
        start
    }

    /// The addresses in what begins at `start`.
    fn add_relocations(&mut self, relocations: Vec<Relocation<Symbol>>, start: usize) {
        let moved = relocations
            .into_iter()
            .map(|relocation| relocation.map(start as u32, |symbol| symbol));
        self.relocations.extend(moved);
    }

    fn add_catching_calls(&mut self, calls: Vec<CatchingCall>, start: usize) {
        let moved = calls.into_iter().map(|call| CatchingCall {
            returns_to: start as u32 + call.returns_to,
            ..call
        });
        self.catching_calls.extend(moved);
    }
}
