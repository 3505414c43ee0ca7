//! Passive segments that code uses, and tables that never change, as read-only data; the elements of references.

use super::Builder;
use super::record::Record;
use crate::error::Result;
use crate::program::{Constant, Entry, Initializer};
use crate::translate::Symbol;
use elfin_abi::layout::ELEMENT_SIZE;
use object::SymbolKind;

/// Emits the passive segments.
pub(super) fn emit(builder: &mut Builder<'_>) -> Result<()> {
    let program = builder.program;
    for (id, instance) in &program.instances {
        for (index, segment) in &instance.data {
            if segment.used && !segment.contents.is_empty() {
                let record = Record {
                    bytes: segment.contents.to_vec(),
                    addresses: Vec::new(),
                };
                define(builder, Symbol::Data(id, index), record);
            }
        }
        for (index, segment) in &instance.elements {
            if segment.used && !segment.contents.is_empty() {
                let record = elements(builder, &segment.contents);
                define(builder, Symbol::Elements(id, index), record);
            }
        }
        for (index, initializer) in instance.initializers.iter().enumerate() {
            let record = match initializer {
                Initializer::RequireTable(..) | Initializer::RequireMemory(..) => continue,
                Initializer::Elements { contents, .. } => elements(builder, contents),
                Initializer::Data { contents, .. } => Record {
                    bytes: contents.to_vec(),
                    addresses: Vec::new(),
                },
            };
            define(builder, Symbol::Initializer(id, index as u32), record);
        }
    }
    for (id, table) in &program.tables {
        if builder.options.pie && !table.grows && !table.is_written {
            let record = elements(builder, &table.elements);
            define(builder, Symbol::Table(id), record);
        }
    }
    match &program.entry {
        Entry::Command(_) => {}
        Entry::Invoke { .. } => {
            let record = super::descriptor::invocation(builder)?;
            define(builder, Symbol::Invocation, record);
        }
        Entry::Script(steps) => {
            let record = super::script::record(builder, steps);
            define(builder, Symbol::Script, record);
        }
    }
    Ok(())
}

fn define(builder: &mut Builder<'_>, symbol: Symbol, record: Record) {
    let size = record.bytes.len() as u64;
    let place = builder.add_constant(record);
    builder.define(
        symbol,
        SymbolKind::Data,
        builder.constants,
        place.offset as u64,
        size,
    );
}

/// References one behind the other.
pub(super) fn elements(builder: &mut Builder<'_>, constants: &[Constant]) -> Record {
    let size = ELEMENT_SIZE as usize;
    let mut record = Record {
        bytes: vec![0; constants.len() * size],
        addresses: Vec::new(),
    };
    for (index, constant) in constants.iter().enumerate() {
        put_constant(builder, &mut record, index * size, *constant);
    }
    record
}

/// Writes a constant as code loads it. A function that no code can reach keeps its type and loses its address.
pub(super) fn put_constant(
    builder: &mut Builder<'_>,
    record: &mut Record,
    at: usize,
    constant: Constant,
) {
    match constant {
        Constant::I32(value) => record.put_u32(at, value as u32),
        Constant::I64(value) => record.put_u64(at, value as u64),
        Constant::F32(bits) => record.put_u32(at, bits),
        Constant::F64(bits) => record.put_u64(at, bits),
        Constant::V128(bytes) => record.bytes[at..at + bytes.len()].copy_from_slice(&bytes),
        Constant::Null => {}
        Constant::Func(function) => {
            let signature = builder.program.functions[function].signature;
            record.put_u32(at + 4, signature.as_u32() + 1);
            if builder.program.referenced.contains(function) {
                let symbol = builder.function_symbol(function);
                record.put_short_address(at, symbol);
            }
        }
    }
}
