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

    /// The frames that this place stands for, innermost first: those of inlined functions, then the function's own.
    pub(super) fn frames(&self, program: &'static Program) -> Frames {
        let (wasm_offset, call) = self.position();
        Frames {
            program,
            place: self.clone(),
            next: Some((wasm_offset, call)),
        }
    }

    /// Where in the module this is, and in which inlined call. A call on x86-64 faults at its first byte when its push
    /// hits the guard, and the map has its last: then the next entry is the call's.
    fn position(&self) -> (u32, u32) {
        match self.map.find_from(self.offset) {
            // What is inlined begins behind the prologue.
            Some(site) if self.offset >= self.map.prologue || site.call == 0 => {
                (site.wasm_offset, site.call)
            }
            _ => (self.map.wasm_offset, 0),
        }
    }
}

/// A function as reports show it: one with a frame, or an inlined one.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Where its name begins in [`Program::names`], 0 if it has none.
    name: u32,
    /// Its number in the module's function index space.
    pub(super) index: u32,
    /// Bytes from the start of the module to its body.
    pub(super) start: u32,
    /// Bytes from the start of the module to the instruction.
    pub(super) wasm_offset: u32,
}

impl Frame {
    /// The function's name, empty if it has none.
    pub(super) fn name(&self, program: &'static Program) -> &'static [u8] {
        let names = elements(&program.names);
        names
            .get(self.name as usize..)
            .and_then(read_name)
            .unwrap_or(&[])
    }
}

/// The frames that a place stands for.
#[derive(Clone)]
pub(super) struct Frames {
    program: &'static Program,
    place: Place,
    /// The offset in the module and the inlined call of the next one.
    next: Option<(u32, u32)>,
}

impl Iterator for Frames {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        let (wasm_offset, call) = self.next.take()?;
        let inlined = self.place.map.call(call).and_then(|call| {
            let function = elements(&self.program.inlined).get(call.callee as usize)?;
            Some((call, function))
        });
        let Some((call, function)) = inlined else {
            return Some(Frame {
                name: self.place.function.name,
                index: self.place.function.index,
                start: self.place.map.wasm_offset,
                wasm_offset,
            });
        };
        self.next = Some((call.wasm_offset, call.around));
        Some(Frame {
            name: function.name,
            index: function.index,
            start: function.wasm_offset,
            wasm_offset,
        })
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
