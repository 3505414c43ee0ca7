//! What the runtime must know to throw, see [`elfin_abi::exception`]. A program that does not throw has none of it.

use super::Builder;
use super::record::{Place, Record};
use crate::codegen::Chunk;
use crate::parse::module::{HeapType, RefType, ValType};
use crate::program::{SignatureId, TagId};
use crate::translate::Symbol;
use elfin_abi::exception::{CatchingCall, CatchingChunk, Exceptions, write_handlers};
use elfin_abi::layout::{ELEMENT_SIZE, Range, Span};
use object::SymbolKind;
use object::write::SectionId;
use std::mem::offset_of;

/// The [`CatchingChunk`] of a text section with this code; `None` if none of its calls has a handler.
pub(super) fn chunk(
    builder: &mut Builder<'_>,
    section: SectionId,
    chunk: &Chunk,
) -> Option<Record> {
    let mut calls = Vec::with_capacity(chunk.catching_calls.len());
    let mut handlers = Vec::new();
    for call in &chunk.catching_calls {
        let mut record = Record::of::<CatchingCall>();
        record.put_u32(offset_of!(CatchingCall, returns_to), call.returns_to);
        record.put_u32(offset_of!(CatchingCall, handlers), handlers.len() as u32);
        calls.push(record);
        write_handlers(call.frame_size, &call.handlers, |byte| handlers.push(byte));
    }
    if calls.is_empty() {
        return None;
    }
    let mut record = Record::of::<CatchingChunk>();
    let symbol = builder.object.section_symbol(section);
    record.put_address(
        offset_of!(CatchingChunk, start),
        Place { symbol, offset: 0 },
    );
    record.put_u64(offset_of!(CatchingChunk, len), chunk.code.len() as u64);
    let (calls, count) = builder.add_array(calls);
    record.put_span(offset_of!(CatchingChunk, calls), calls, count);
    let place = builder.add_bytes(&handlers);
    let at = offset_of!(CatchingChunk, handlers);
    record.put_span(at, place, handlers.len() as u64);
    Some(record)
}

/// Emits the [`Exceptions`] of a program that throws.
pub(super) fn emit(builder: &mut Builder<'_>, chunks: Vec<Record>) {
    let (program, layout) = (builder.program, builder.layout);
    if !program.throws() {
        return;
    }
    let mut record = Record::of::<Exceptions>();
    let (chunks, len) = builder.add_array(chunks);
    record.put_span(offset_of!(Exceptions, chunks), chunks, len);
    let names: Vec<Record> = program
        .tags
        .keys()
        .map(|tag| tag_name(builder, tag))
        .collect();
    let (names, len) = builder.add_array(names);
    record.put_span(offset_of!(Exceptions, tags), names, len);
    builder.put_state_address(&mut record, offset_of!(Exceptions, payload), layout.payload);
    record.put_u64(offset_of!(Exceptions, payload_size), layout.payload_size);
    let roots = roots(builder);
    let (roots, len) = builder.add_array(roots);
    record.put_span(offset_of!(Exceptions, roots), roots, len);
    let tables: Vec<Record> = program
        .tables
        .iter()
        .filter(|(_, table)| table.grows && is_exception(&table.element))
        .map(|(id, _)| word(builder, layout.tables[id]))
        .collect();
    let (tables, len) = builder.add_array(tables);
    record.put_span(offset_of!(Exceptions, tables), tables, len);
    let size = record.bytes.len() as u64;
    let place = builder.add_constant(record);
    builder.define(
        Symbol::Exceptions,
        SymbolKind::Data,
        builder.constants,
        place.offset as u64,
        size,
    );
}

/// The span of a tag's name.
fn tag_name(builder: &mut Builder<'_>, tag: TagId) -> Record {
    let tag = &builder.program.tags[tag];
    let name = match tag.name.filter(|_| !builder.options.strip) {
        Some(name) => name.to_owned(),
        None => format!("tag[{}]", tag.index.as_u32()),
    };
    let mut record = Record::of::<Span<u8>>();
    let place = builder.add_bytes(name.as_bytes());
    record.put_span(0, place, name.len() as u64);
    record
}

/// The [`Range`]s outside of the stack that may hold references to exceptions and do not move.
fn roots(builder: &mut Builder<'_>) -> Vec<Record> {
    let (program, layout) = (builder.program, builder.layout);
    let globals = program
        .globals
        .iter()
        .filter(|(_, global)| global.is_set && is_exception_value(global.content))
        .map(|(id, _)| (layout.globals[id], ELEMENT_SIZE));
    let tables = program
        .tables
        .iter()
        .filter(|(_, table)| !table.grows && table.is_written && is_exception(&table.element))
        .map(|(id, table)| {
            let len = table.elements.len() as u64 * ELEMENT_SIZE;
            (layout.table_bases[id], len)
        });
    let ranges = globals.chain(tables).map(|(start, len)| {
        let mut record = Record::of::<Range>();
        builder.put_state_address(&mut record, offset_of!(Range, start), start);
        record.put_u64(offset_of!(Range, len), len);
        record
    });
    ranges.collect()
}

fn is_exception_value(ty: ValType<SignatureId>) -> bool {
    matches!(ty, ValType::Ref(ty) if is_exception(&ty))
}

fn is_exception(ty: &RefType<SignatureId>) -> bool {
    ty.heap == HeapType::Exn
}

/// A word with the address of something in the state.
fn word(builder: &mut Builder<'_>, address: u64) -> Record {
    let mut record = Record::of::<u64>();
    builder.put_state_address(&mut record, 0, address);
    record
}
