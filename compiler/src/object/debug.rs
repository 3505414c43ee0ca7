//! Sections of debug information, and what the report of a trap reads of it.

use super::record::{Place, Record};
use super::{Builder, internal, relocation};
use crate::debug::{FixupTarget, Form, Information, Section, Sources as Contents};
use crate::error::Result;
use crate::translate::{Intrinsic, Symbol};
use elfin_abi::sources::{FunctionSource, Sources};
use object::write::{Relocation, SectionId};
use object::{RelocationFlags, SectionKind};
use std::collections::HashMap;
use std::mem::offset_of;

/// Emits the sections, and the [`Sources`] if there are any; gives where they lie. `functions` are those of the program, in
/// the order of their numbers.
pub(super) fn emit(
    builder: &mut Builder<'_>,
    information: Option<Information>,
    functions: &[Symbol],
) -> Result<Option<Place>> {
    let Some(information) = information else {
        return Ok(None);
    };
    let ids: HashMap<gimli::SectionId, SectionId> = information
        .sections
        .iter()
        .map(|section| (section.id, declare(builder, section.id)))
        .collect();
    for section in information.sections {
        fill(builder, &ids, section, functions)?;
    }
    Ok(information
        .sources
        .map(|sources| emit_sources(builder, &sources)))
}

fn declare(builder: &mut Builder<'_>, id: gimli::SectionId) -> SectionId {
    let name = id.name().as_bytes().to_vec();
    let kind = match id {
        gimli::SectionId::EhFrame => SectionKind::ReadOnlyData,
        // The linker leaves out duplicates.
        gimli::SectionId::DebugStr => SectionKind::DebugString,
        _ => SectionKind::Debug,
    };
    builder.object.add_section(Vec::new(), name, kind)
}

fn fill(
    builder: &mut Builder<'_>,
    ids: &HashMap<gimli::SectionId, SectionId>,
    section: Section,
    functions: &[Symbol],
) -> Result<()> {
    let id = ids[&section.id];
    for fixup in section.fixups {
        let symbol = match fixup.target {
            FixupTarget::Function(number) => builder.symbol(functions[number]),
            FixupTarget::Section(section) => builder.object.section_symbol(ids[&section]),
        };
        let target = builder.options.target;
        let r_type = match fixup.form {
            Form::Long => relocation::of_address(target, false),
            Form::Short => relocation::of_address(target, true),
            Form::Relative => relocation::of_distance(target),
        };
        let relocation = Relocation {
            offset: fixup.at,
            symbol,
            addend: fixup.addend,
            flags: RelocationFlags::Elf { r_type },
        };
        builder
            .object
            .add_relocation(id, relocation)
            .map_err(internal)?;
    }
    let alignment = match section.id {
        gimli::SectionId::EhFrame => 8,
        _ => 1,
    };
    builder
        .object
        .set_section_data(id, section.bytes, alignment);
    Ok(())
}

fn emit_sources(builder: &mut Builder<'_>, contents: &Contents) -> Place {
    let mut record = Record::of::<Sources>();
    // Without a reference to it the linker leaves out what reads the rest.
    let symbol = builder.symbol(Symbol::Intrinsic(Intrinsic::ReportSource));
    record.put_address(offset_of!(Sources, report), Place { symbol, offset: 0 });
    let functions = contents.functions.iter().map(|&(wasm_offset, run)| {
        let mut function = Record::of::<FunctionSource>();
        function.put_u32(offset_of!(FunctionSource, wasm_offset), wasm_offset);
        function.put_u32(offset_of!(FunctionSource, run), run);
        function
    });
    let (functions, count) = builder.add_array(functions);
    record.put_span(offset_of!(Sources, functions), functions, count);
    for (at, bytes) in [
        (offset_of!(Sources, runs), &contents.runs),
        (offset_of!(Sources, strings), &contents.strings),
    ] {
        let place = builder.add_bytes(bytes);
        record.put_span(at, place, bytes.len() as u64);
    }
    builder.add_constant(record)
}
