//! The state section: what code reads and writes at constant addresses.

use super::Builder;
use super::data::{elements, put_constant};
use super::record::Record;
use crate::error::Result;
use elfin_abi::address::STATE_BASE;
use elfin_abi::layout::{self, STATE_SECTION};
use object::{SectionFlags, SectionKind, elf};
use std::mem::offset_of;

/// Emits the state as it is at the start.
pub(super) fn emit(builder: &mut Builder<'_>) -> Result<()> {
    let (program, layout) = (builder.program, builder.layout);
    let mut state = Record {
        bytes: vec![0; layout.state_len as usize],
        addresses: Vec::new(),
    };
    let at = |address: u64| (address - STATE_BASE) as usize;
    for (id, memory) in &program.memories {
        let start = at(layout.memories[id]);
        state.put_u64(
            start + offset_of!(layout::Memory, base),
            layout.memory_places[id].base,
        );
        state.put_u64(start + offset_of!(layout::Memory, size), memory.initial);
        state.put_u64(
            start + offset_of!(layout::Memory, max),
            layout.memory_places[id].maximum,
        );
        state.put_u64(
            start + offset_of!(layout::Memory, page_size_log2),
            memory.ty.page_size_log2.into(),
        );
    }
    for (id, table) in &program.tables {
        if table.grows {
            let start = at(layout.tables[id]);
            state.put_u64(
                start + offset_of!(layout::Table, base),
                layout.table_bases[id],
            );
            state.put_u64(
                start + offset_of!(layout::Table, len),
                table.elements.len() as u64,
            );
            state.put_u64(
                start + offset_of!(layout::Table, max),
                layout.table_maxima[id],
            );
        } else {
            let contents = elements(builder, &table.elements);
            let start = at(layout.table_bases[id]);
            state.bytes[start..start + contents.bytes.len()].copy_from_slice(&contents.bytes);
            for address in contents.addresses {
                state.put_short_address(start + address.at, address.symbol);
            }
        }
    }
    for ((instance, index), address) in &layout.data_lengths {
        let len = program.instances[*instance].data[*index].contents.len();
        state.put_u64(at(*address), len as u64);
    }
    for ((instance, index), address) in &layout.element_lengths {
        let len = program.instances[*instance].elements[*index].contents.len();
        state.put_u64(at(*address), len as u64);
    }
    for (id, global) in &program.globals {
        if global.is_set {
            put_constant(builder, &mut state, at(layout.globals[id]), global.initial);
        }
    }
    let section = builder.object.add_section(
        Vec::new(),
        STATE_SECTION.as_bytes().to_vec(),
        SectionKind::Data,
    );
    // Code knows the section by its address, so nothing refers to it.
    builder.object.section_mut(section).flags = SectionFlags::Elf {
        sh_type: elf::SHT_PROGBITS,
        sh_flags: elf::SHF_ALLOC | elf::SHF_WRITE | elf::SHF_GNU_RETAIN,
    };
    builder.fill(section, state, 16)
}
