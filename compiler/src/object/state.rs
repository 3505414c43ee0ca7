//! The state section: what code reads and writes, at constant addresses unless the executable is
//! position-independent. Then the runtime fills in where memories and tables lie, and copies what refers to functions:
//! distances can be relocations of one section only, which is read-only.

use super::Builder;
use super::data::{elements, put_constant};
use super::record::Record;
use crate::error::Result;
use crate::parse::module::ValType;
use crate::translate::Symbol;
use elfin_abi::address::STATE_BASE;
use elfin_abi::layout::{self, Copy, ELEMENT_SIZE, STATE_SECTION, Slot};
use object::{SectionFlags, SectionKind, SymbolKind, elf};
use std::mem::offset_of;

/// Emits the state as it is at the start.
pub(super) fn emit(builder: &mut Builder<'_>) -> Result<()> {
    let (program, layout) = (builder.program, builder.layout);
    let is_pie = builder.options.pie;
    let mut state = Record {
        bytes: vec![0; layout.state_len as usize],
        addresses: Vec::new(),
    };
    let at = |address: u64| (address - STATE_BASE) as usize;
    if layout.cpu_features != 0 {
        // The runtime removes what it does not find.
        let features = builder.options.cpu_features_at_start();
        state.put_u64(at(layout.cpu_features), features);
    }
    for (id, memory) in &program.memories {
        let start = at(layout.memories[id]);
        if !is_pie {
            let base = layout.memory_places[id].base;
            state.put_u64(start + offset_of!(layout::Memory, base), base);
        }
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
            if !is_pie {
                let base = layout.table_bases[id];
                state.put_u64(start + offset_of!(layout::Table, base), base);
            }
            state.put_u64(
                start + offset_of!(layout::Table, len),
                table.elements.len() as u64,
            );
            state.put_u64(
                start + offset_of!(layout::Table, max),
                layout.table_maxima[id],
            );
        } else if !is_pie || table.is_written {
            let contents = elements(builder, &table.elements);
            put(builder, &mut state, layout.table_bases[id], contents);
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
            let mut value = Record::of::<Slot>();
            put_constant(builder, &mut value, 0, global.initial);
            if !matches!(global.content, ValType::V128) {
                value.bytes.truncate(ELEMENT_SIZE as usize);
            }
            put(builder, &mut state, layout.globals[id], value);
        }
    }
    let section = builder.object.add_section(
        Vec::new(),
        STATE_SECTION.as_bytes().to_vec(),
        SectionKind::Data,
    );
    if is_pie {
        builder.define(Symbol::State, SymbolKind::Data, section, 0, 0);
    }
    // Code may know the section by its address alone, so that nothing refers to it.
    builder.object.section_mut(section).flags = SectionFlags::Elf {
        sh_type: elf::SHT_PROGBITS,
        sh_flags: elf::SHF_ALLOC | elf::SHF_WRITE | elf::SHF_GNU_RETAIN,
    };
    builder.fill(section, state, 16)
}

/// Makes a record the contents of the state at an address.
fn put(builder: &mut Builder<'_>, state: &mut Record, address: u64, contents: Record) {
    let len = contents.bytes.len();
    if builder.options.pie && !contents.addresses.is_empty() {
        let mut copy = Record::of::<Copy>();
        builder.put_state_address(&mut copy, offset_of!(Copy, to), address);
        let from = builder.add_constant(contents);
        copy.put_address(offset_of!(Copy, from), from);
        copy.put_u64(offset_of!(Copy, len), len as u64);
        builder.state_copies.push(copy);
        return;
    }
    let start = (address - STATE_BASE) as usize;
    state.bytes[start..start + len].copy_from_slice(&contents.bytes);
    for address in contents.addresses {
        state.put_short_address(start + address.at, address.symbol);
    }
}
