//! From a program counter to the function that holds it, by binary search.

use crate::program::elements;
use elfin_abi::layout::{CodeChunk, Function, Program};
use elfin_abi::pc_map::{FunctionMap, Site, read_name};

/// A program counter inside guest code.
#[derive(Clone)]
pub(super) struct Place {
    /// The function that holds it.
    pub(super) function: &'static Function,
    /// What is known of the function's instructions.
    pub(super) map: FunctionMap<'static>,
    /// Bytes from the function's start.
    pub(super) offset: u32,
}

impl Place {
    /// The place of a program counter, if it is guest code's.
    pub(super) fn find(program: &'static Program, pc: u64) -> Option<Self> {
        let chunk = find_chunk(program, pc)?;
        let at = (pc - chunk.start) as u32;
        let functions = elements(&chunk.functions);
        let next = functions.partition_point(|function| function.start <= at);
        let function = functions.get(next.checked_sub(1)?)?;
        let map = elements(&chunk.map);
        let end = functions
            .get(next)
            .map_or(map.len(), |next| next.map as usize);
        Some(Self {
            function,
            map: FunctionMap::new(map.get(function.map as usize..end)?)?,
            offset: at - function.start,
        })
    }

    /// What the map says of exactly this program counter.
    pub(super) fn site(&self) -> Option<Site> {
        self.map.find(self.offset)
    }

    /// Where in the module this is. A call on x86-64 faults at its first byte when its push hits the guard, and the map
    /// has its last: then the next entry is the call's.
    pub(super) fn wasm_offset(&self) -> u32 {
        self.map
            .find_from(self.offset)
            .map_or(self.map.wasm_offset, |site| site.wasm_offset)
    }
}

/// Whether a program counter is guest code's.
pub(crate) fn is_guest_code(program: &'static Program, pc: u64) -> bool {
    find_chunk(program, pc).is_some()
}

/// The chunk that holds a program counter.
pub(super) fn find_chunk(program: &'static Program, pc: u64) -> Option<&'static CodeChunk> {
    let chunks = elements(&program.chunks);
    let next = chunks.partition_point(|chunk| chunk.start <= pc);
    let chunk = chunks.get(next.checked_sub(1)?)?;
    (pc - chunk.start < chunk.len).then_some(chunk)
}

/// A function's name, empty if it has none.
pub(super) fn name(program: &'static Program, function: &Function) -> &'static [u8] {
    let names = elements(&program.names);
    names
        .get(function.name as usize..)
        .and_then(read_name)
        .unwrap_or(&[])
}
