//! Sections of debug information for the executable: bytes, and what the linker puts in.

use gimli::write::{EndianVec, RelocateWriter, Relocation, RelocationTarget, Sections};
use gimli::{LittleEndian, SectionId};

/// A section of the object.
#[derive(Debug)]
pub struct Section {
    /// Which one.
    pub id: SectionId,
    /// Its bytes, zero where something goes in.
    pub bytes: Vec<u8>,
    /// What goes in, in no particular order.
    pub fixups: Vec<Fixup>,
}

/// A place where the linker puts an address or an offset.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// Bytes from the start of the section.
    pub at: u64,
    /// How it goes in.
    pub form: Form,
    /// Whose address.
    pub target: FixupTarget,
    /// Added to it.
    pub addend: i64,
}

/// How an address goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In 8 bytes.
    Long,
    /// In 4 bytes.
    Short,
    /// In 4 bytes, counted from the place itself.
    Relative,
}

/// What the linker knows the address of.
#[derive(Clone, Copy, Debug)]
pub enum FixupTarget {
    /// A compiled function, by its number.
    Function(usize),
    /// The start of a section of debug information.
    Section(SectionId),
}

/// What gimli writes a section of one unit into.
#[derive(Clone)]
pub(super) struct Part {
    bytes: EndianVec<LittleEndian>,
    relocations: Vec<Relocation>,
}

impl Part {
    pub(super) fn new() -> Self {
        Self {
            bytes: EndianVec::new(LittleEndian),
            relocations: Vec::new(),
        }
    }
}

impl RelocateWriter for Part {
    type Writer = EndianVec<LittleEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: Relocation) {
        self.relocations.push(relocation);
    }
}

/// One behind the other, the sections of all units.
pub(super) fn join(parts: Vec<Sections<Part>>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for unit in parts {
        // Where this unit's part of each section begins.
        let starts: Vec<(SectionId, u64)> = sections
            .iter()
            .map(|section| (section.id, section.bytes.len() as u64))
            .collect();
        let start = |id: SectionId| {
            let found = starts.iter().find(|(section, _)| *section == id);
            found.map_or(0, |(_, start)| *start)
        };
        let append = |id: SectionId, part: &Part| {
            if part.bytes.slice().is_empty() {
                return Ok::<(), ()>(());
            }
            let index = match sections.iter().position(|section| section.id == id) {
                Some(index) => index,
                None => {
                    sections.push(Section {
                        id,
                        bytes: Vec::new(),
                        fixups: Vec::new(),
                    });
                    sections.len() - 1
                }
            };
            let section = &mut sections[index];
            let base = section.bytes.len() as u64;
            section.bytes.extend_from_slice(part.bytes.slice());
            section.fixups.extend(part.relocations.iter().map(|fixup| {
                let (target, addend) = match fixup.target {
                    RelocationTarget::Symbol(function) => {
                        (FixupTarget::Function(function), fixup.addend)
                    }
                    RelocationTarget::Section(to) => {
                        (FixupTarget::Section(to), fixup.addend + start(to) as i64)
                    }
                };
                Fixup {
                    at: base + fixup.offset as u64,
                    form: match fixup.size {
                        4 => Form::Short,
                        _ => Form::Long,
                    },
                    target,
                    addend,
                }
            }));
            Ok(())
        };
        unit.for_each(append).expect("nothing fails");
    }
    sections
}
