//! Text sections and what the runtime knows of their functions.

use super::record::{Place, Record};
use super::thunks::{self, Thunks};
use super::{Builder, exception, relocation};
use crate::codegen::{CompiledFunction, RelocationTarget};
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

/// Bytes of code after which a new section begins. A linker places range thunks between sections, and an aarch64
/// branch reaches 128 MB; every section costs a little.
const CHUNK_SIZE: usize = 4 << 20;

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

/// Emits the functions into text sections, in their order.
pub(super) fn emit(
    builder: &mut Builder<'_>,
    functions: &[CompiledFunction],
    inlining: &Inlining,
) -> Result<Chunks> {
    let mut names = vec![0];
    let mut descriptors = Vec::new();
    let mut catching = Vec::new();
    let size: usize = functions.iter().map(|function| function.code.len()).sum();
    let is_far = builder.options.target == Target::Aarch64 && size > AARCH64_NEAR;
    let chunk_size = if is_far { FAR_CHUNK_SIZE } else { CHUNK_SIZE };
    let mut rest = functions;
    while !rest.is_empty() {
        let mut size = 0;
        let count = rest
            .iter()
            .take_while(|function| {
                let fits = size < chunk_size;
                size += function.code.len();
                fits
            })
            .count();
        let (chunk, later) = rest.split_at(count);
        let number = descriptors.len();
        let (descriptor, calls) = emit_chunk(builder, chunk, number, is_far, &mut names)?;
        descriptors.push(descriptor);
        catching.extend(calls);
        rest = later;
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

/// Emits one text section; gives its [`CodeChunk`], and what [`exception::chunk`] gives.
fn emit_chunk(
    builder: &mut Builder<'_>,
    functions: &[CompiledFunction],
    number: usize,
    is_far: bool,
    names: &mut Vec<u8>,
) -> Result<(Record, Option<Record>)> {
    let name = format!(".text.wasm.{number}").into_bytes();
    let section = builder
        .object
        .add_section(Vec::new(), name, SectionKind::Text);
    let mut code: Vec<u8> = Vec::new();
    let mut pc_map = Vec::new();
    let mut entries = Vec::with_capacity(functions.len());
    let mut alignment = 1;
    for function in functions {
        alignment = alignment.max(function.alignment);
        let start = code.len().next_multiple_of(function.alignment as usize);
        code.resize(start, padding(builder.options.target));
        code.extend_from_slice(&function.code);
        entries.push(function_entry(
            builder,
            function,
            start,
            pc_map.len(),
            names,
        ));
        pc_map.extend_from_slice(&function.pc_map);
        builder.define(
            function.symbol,
            SymbolKind::Text,
            section,
            start as u64,
            function.code.len() as u64,
        );
    }
    let starts: Vec<usize> = entries.iter().map(|(start, _)| *start).collect();
    let catching = exception::chunk(builder, section, functions, &starts);
    let mut thunks = is_far.then(|| Thunks::new(section, functions));
    for (function, start) in functions.iter().zip(starts) {
        relocate(
            builder,
            function,
            section,
            start,
            thunks.as_mut(),
            &mut code,
        )?;
    }
    let mut descriptor = Record::of::<CodeChunk>();
    let symbol = builder.object.section_symbol(section);
    descriptor.put_address(offset_of!(CodeChunk, start), Place { symbol, offset: 0 });
    descriptor.put_u64(offset_of!(CodeChunk, len), code.len() as u64);
    let (functions, count) = builder.add_array(entries.into_iter().map(|(_, entry)| entry));
    descriptor.put_span(offset_of!(CodeChunk, functions), functions, count);
    let map = builder.add_bytes(&pc_map);
    descriptor.put_span(offset_of!(CodeChunk, map), map, pc_map.len() as u64);
    builder
        .object
        .set_section_data(section, code, u64::from(alignment));
    Ok((descriptor, catching))
}

/// What fills the gaps between functions: on x86-64 an instruction that traps.
fn padding(target: Target) -> u8 {
    if target == Target::X86_64 { 0xcc } else { 0 }
}

/// A function's start, and its [`Function`].
fn function_entry(
    builder: &Builder<'_>,
    function: &CompiledFunction,
    start: usize,
    map: usize,
    names: &mut Vec<u8>,
) -> (usize, Record) {
    let mut entry = Record::of::<Function>();
    entry.put_u32(offset_of!(Function, start), start as u32);
    entry.put_u32(offset_of!(Function, map), map as u32);
    let index = match function.symbol {
        Symbol::Function(id) => {
            entry.put_u32(offset_of!(Function, name), add_name(builder, id, names));
            builder.program.functions[id].index.as_u32()
        }
        _ => GENERATED,
    };
    entry.put_u32(offset_of!(Function, index), index);
    (start, entry)
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

/// Adds the relocations of one function, which begins at `start` of `section`; its calls may go through `thunks`, which
/// follow the functions in `code`.
fn relocate(
    builder: &mut Builder<'_>,
    function: &CompiledFunction,
    section: SectionId,
    start: usize,
    mut thunks: Option<&mut Thunks>,
    code: &mut Vec<u8>,
) -> Result<()> {
    for relocation in &function.relocations {
        let Some(r_type) = relocation::of_code(builder.options.target, relocation.kind) else {
            let kind = relocation.kind;
            let message = format!("no ELF relocation stands for Cranelift's {kind:?}");
            return Err(Error::new(ErrorKind::Internal, message));
        };
        let symbol = match (relocation.target, &mut thunks) {
            (RelocationTarget::Symbol(symbol), Some(thunks)) if thunks::is_call(r_type) => {
                thunks.target(builder, code, symbol)?
            }
            (RelocationTarget::Symbol(symbol), _) => builder.symbol(symbol),
            (RelocationTarget::Local(offset), _) => {
                local_label(builder, section, start as u64 + u64::from(offset))
            }
        };
        let relocation = Relocation {
            offset: start as u64 + u64::from(relocation.offset),
            symbol,
            addend: relocation.addend,
            flags: RelocationFlags::Elf { r_type },
        };
        builder
            .object
            .add_relocation(section, relocation)
            .map_err(super::internal)?;
    }
    Ok(())
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
