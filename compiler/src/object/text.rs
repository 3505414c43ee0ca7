//! Text sections and what the runtime knows of their functions.

use super::record::{Place, Record};
use super::thunks::{self, Thunks};
use super::{Builder, exception, relocation};
use crate::codegen::{
    Chunk, Function as Compiled, Relocation as CodeRelocation, RelocationTarget, Text,
};
use crate::demangle::demangle;
use crate::error::{Error, ErrorKind, Result};
use crate::optimize::Inlining;
use crate::program::FuncId;
use crate::target::Target;
use crate::translate::Symbol;
use elfin_abi::layout::{CodeChunk, Function, GENERATED, InlinedFunction};
use elfin_abi::pc_map::write_unsigned;
use object::write::{Relocation, SectionId, Symbol as ElfSymbol, SymbolId, SymbolSection};
use object::{RelocationFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope};
use std::mem::offset_of;

/// Bytes of code from which an aarch64 branch may not reach from one end to the other. The runtime's code comes on top,
/// and thunks.
const AARCH64_NEAR: usize = 100 << 20;

/// Bytes of code after which a new section begins where calls from one to another go through thunks: any branch reaches
/// all of its own section.
const FAR_CHUNK_SIZE: usize = 64 << 20;

/// The descriptors of all text sections.
pub(super) struct Chunks {
    /// Their [`CodeChunk`]s.
    pub descriptors: (Option<Place>, u64),
    /// The [`InlinedFunction`]s.
    pub inlined: (Option<Place>, u64),
    /// The function names, see [`elfin_abi::layout::Program::names`].
    pub names: (Option<Place>, u64),
    /// Their [`elfin_abi::exception::CatchingChunk`]s.
    pub catching: Vec<Record>,
}

/// Emits the code into text sections, in its order.
pub(super) fn emit(builder: &mut Builder<'_>, text: Text, inlining: &Inlining) -> Result<Chunks> {
    let target = builder.options.target;
    let is_far = target == Target::Aarch64 && text.len() > AARCH64_NEAR;
    let sections = if is_far {
        join(text.chunks, target)
    } else {
        text.chunks
    };
    let mut names = vec![0];
    let mut descriptors = Vec::with_capacity(sections.len());
    let mut catching = Vec::new();
    for (number, chunk) in sections.into_iter().enumerate() {
        let (descriptor, calls) = emit_chunk(builder, chunk, number, is_far, &mut names)?;
        descriptors.push(descriptor);
        catching.extend(calls);
    }
    let descriptors = builder.add_array(descriptors);
    let inlined = inlining.functions.values();
    let inlined: Vec<Record> = inlined
        .map(|function| inlined_function(builder, *function, &mut names))
        .collect();
    let inlined = builder.add_array(inlined);
    let names = if builder.options.strip {
        vec![0]
    } else {
        names
    };
    let names = (builder.add_bytes(&names), names.len() as u64);
    Ok(Chunks {
        descriptors,
        inlined,
        names,
        catching,
    })
}

/// Larger chunks, for a program with calls that go through thunks.
fn join(chunks: Vec<Chunk>, target: Target) -> Vec<Chunk> {
    let mut joined: Vec<Chunk> = Vec::new();
    for chunk in chunks {
        match joined.last_mut() {
            Some(last) if last.code.len() < FAR_CHUNK_SIZE => last.append(chunk, target),
            _ => joined.push(chunk),
        }
    }
    joined
}

/// Emits one text section; gives its [`CodeChunk`], and what [`exception::chunk`] gives.
fn emit_chunk(
    builder: &mut Builder<'_>,
    chunk: Chunk,
    number: usize,
    is_far: bool,
    names: &mut Vec<u8>,
) -> Result<(Record, Option<Record>)> {
    let name = format!(".text.wasm.{number}").into_bytes();
    let section = builder
        .object
        .add_section(Vec::new(), name, SectionKind::Text);
    for function in &chunk.functions {
        let (start, len) = (function.start as u64, function.len as u64);
        builder.define(function.symbol, SymbolKind::Text, section, start, len);
    }
    let catching = exception::chunk(builder, section, &chunk);
    let mut thunks = is_far.then(|| Thunks::new(section, &chunk.functions));
    let mut code = chunk.code;
    for relocation in chunk.relocations {
        relocate(builder, relocation, section, thunks.as_mut(), &mut code)?;
    }
    let mut descriptor = Record::of::<CodeChunk>();
    let symbol = builder.object.section_symbol(section);
    descriptor.put_address(offset_of!(CodeChunk, start), Place { symbol, offset: 0 });
    descriptor.put_u64(offset_of!(CodeChunk, len), code.len() as u64);
    let entries: Vec<Record> = chunk
        .functions
        .iter()
        .map(|function| function_entry(builder, function, names))
        .collect();
    let (functions, count) = builder.add_array(entries);
    descriptor.put_span(offset_of!(CodeChunk, functions), functions, count);
    let map = builder.add_bytes(&chunk.pc_map);
    descriptor.put_span(offset_of!(CodeChunk, map), map, chunk.pc_map.len() as u64);
    builder
        .object
        .set_section_data(section, code, u64::from(chunk.alignment));
    Ok((descriptor, catching))
}

/// A function's [`Function`].
fn function_entry(builder: &Builder<'_>, function: &Compiled, names: &mut Vec<u8>) -> Record {
    let mut entry = Record::of::<Function>();
    entry.put_u32(offset_of!(Function, start), function.start as u32);
    entry.put_u32(offset_of!(Function, map), function.pc_map.start as u32);
    let index = match function.symbol {
        Symbol::Function(id) | Symbol::Version(id) => {
            entry.put_u32(offset_of!(Function, name), add_name(builder, id, names));
            builder.program.functions[id].index.as_u32()
        }
        _ => GENERATED,
    };
    entry.put_u32(offset_of!(Function, index), index);
    entry
}

/// The [`InlinedFunction`] of a function.
fn inlined_function(builder: &Builder<'_>, function: FuncId, names: &mut Vec<u8>) -> Record {
    let mut record = Record::of::<InlinedFunction>();
    let name = add_name(builder, function, names);
    let index = builder.program.functions[function].index.as_u32();
    let start = builder.program.body(function).code.range().start as u32;
    record.put_u32(offset_of!(InlinedFunction, name), name);
    record.put_u32(offset_of!(InlinedFunction, index), index);
    record.put_u32(offset_of!(InlinedFunction, wasm_offset), start);
    record
}

/// Where the name of a function begins among the names, after it was added; 0 if it has none.
fn add_name(builder: &Builder<'_>, function: FuncId, names: &mut Vec<u8>) -> u32 {
    let name = builder.program.given_name(function);
    let Some(name) = name.filter(|_| !builder.options.strip) else {
        return 0;
    };
    let at = names.len() as u32;
    // Debuggers and profilers demangle symbols by themselves; the runtime can't.
    let name = demangle(&name);
    write_unsigned(name.len() as u64, |byte| names.push(byte));
    names.extend_from_slice(name.as_bytes());
    at
}

/// Adds a relocation of `section`; a call may go through `thunks`, which follow the functions in `code`.
fn relocate(
    builder: &mut Builder<'_>,
    relocation: CodeRelocation<Symbol>,
    section: SectionId,
    thunks: Option<&mut Thunks>,
    code: &mut Vec<u8>,
) -> Result<()> {
    let Some(r_type) = relocation::of_code(builder.options.target, relocation.kind) else {
        let kind = relocation.kind;
        let message = format!("no ELF relocation stands for Cranelift's {kind:?}");
        return Err(Error::new(ErrorKind::Internal, message));
    };
    let mut addend = relocation.addend;
    let symbol = match (relocation.target, thunks) {
        (RelocationTarget::Symbol(symbol), Some(thunks)) if thunks::is_call(r_type) => {
            thunks.target(builder, code, symbol)?
        }
        (RelocationTarget::Symbol(symbol), _) => builder.symbol(symbol),
        (RelocationTarget::Local(offset), _) if builder.options.target == Target::X86_64 => {
            addend += i64::from(offset);
            builder.object.section_symbol(section)
        }
        (RelocationTarget::Local(offset), _) => local_label(builder, section, offset.into()),
    };
    let relocation = Relocation {
        offset: relocation.offset.into(),
        symbol,
        addend,
        flags: RelocationFlags::Elf { r_type },
    };
    builder
        .object
        .add_relocation(section, relocation)
        .map_err(super::internal)
}

/// A symbol for a place in code. riscv64 needs one: the low half of an address is relative to the instruction that
/// makes the high half.
pub(super) fn local_label(builder: &mut Builder<'_>, section: SectionId, offset: u64) -> SymbolId {
    builder.object.add_symbol(ElfSymbol {
        name: b".L".to_vec(),
        value: offset,
        size: 0,
        kind: SymbolKind::Label,
        scope: SymbolScope::Compilation,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    })
}
