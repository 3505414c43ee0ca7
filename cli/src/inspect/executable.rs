//! An executable's bytes become facts about it: what its note says, and where its bytes go.

use super::sizes::{self, Part};
use super::{SCHEMA_VERSION, Sized, largest};
use elfin_compiler::note::{self, Escaped, Note};
use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectKind, ObjectSection};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of an executable. [`super::SCHEMA`] describes it.
#[derive(Serialize)]
pub(super) struct Facts {
    schema: u32,
    pub(super) kind: &'static str,
    pub(super) size: u64,
    pub(super) elfin: String,
    pub(super) inputs: Vec<String>,
    pub(super) options: Lines,
    pub(super) grants: Lines,
    pub(super) limits: Lines,
    pub(super) sizes: Vec<Sized>,
    pub(super) sections: Vec<Sized>,
    pub(super) functions: Option<Vec<Sized>>,
}

/// The values of each key.
pub(super) type Lines = BTreeMap<String, Vec<String>>;

impl Facts {
    /// Reads an executable of elfin. The error follows the file's name.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let Ok(file) = ElfFile64::<Endianness>::parse(bytes) else {
            return Err(
                "is an ELF file that is damaged, or not for a 64-bit machine, so elfin did not make it",
            );
        };
        let Some(note) = Note::read(bytes) else {
            return Err(
                "is an ELF file, but not one that elfin made: it has no note `.note.elfin` of elfin",
            );
        };
        let parts = sizes::divide(bytes);
        let mut facts = Self {
            schema: SCHEMA_VERSION,
            kind: match file.kind() {
                ObjectKind::Relocatable => "object",
                _ => "executable",
            },
            size: bytes.len() as u64,
            elfin: String::new(),
            inputs: Vec::new(),
            options: Lines::new(),
            grants: Lines::new(),
            limits: Lines::new(),
            sizes: parts.parts.iter().map(sized).collect(),
            sections: sections(&file),
            functions: functions(&parts),
        };
        for (key, value) in note.lines() {
            let value = Escaped(value).to_string();
            let lines = match key {
                note::ELFIN => {
                    facts.elfin = value;
                    continue;
                }
                note::INPUT => {
                    facts.inputs.push(value);
                    continue;
                }
                key if note::GRANTS.contains(&key) => &mut facts.grants,
                key if note::LIMITS.contains(&key) => &mut facts.limits,
                _ => &mut facts.options,
            };
            lines.entry(key.to_owned()).or_default().push(value);
        }
        Ok(facts)
    }
}

fn sections(file: &ElfFile64<'_, Endianness>) -> Vec<Sized> {
    let sections = file.sections().map(|section| Sized {
        name: String::from_utf8_lossy(section.name_bytes().unwrap_or_default()).into_owned(),
        size: section.file_range().map_or(0, |(_, size)| size),
    });
    sections.collect()
}

/// The largest of the guest's functions, if the executable names them.
fn functions(parts: &Part) -> Option<Vec<Sized>> {
    let program = parts
        .parts
        .iter()
        .find(|part| part.name == sizes::PROGRAM)?;
    let functions = program.parts.iter().flat_map(|group| &group.parts);
    Some(largest(functions.map(sized).collect(), |part| part.size))
}

fn sized(part: &Part) -> Sized {
    Sized {
        name: part.name.clone(),
        size: part.size,
    }
}
