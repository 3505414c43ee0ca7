//! Active segments: folded into what tables and memories hold at the start where possible, else left to instantiation.

use super::link::Linker;
use super::{Constant, Image, Initializer, Instance, MemoryId, Segment};
use crate::error::Result;
use crate::parse::module::{ElementMode, Elements};
use std::collections::BTreeMap;

impl<'a> Linker<'a> {
    /// Folds or keeps the element segments of an instance whose other entities are known.
    pub(super) fn fill_tables(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let imported = instance.module.imported_tables();
        for segment in instance.module.elements.values() {
            let contents = self.references(instance, &segment.elements)?;
            let mut passive = Vec::new();
            match &segment.mode {
                ElementMode::Active(index, offset) => {
                    let start = self.scope(instance).fold_offset(offset)?;
                    let id = instance.tables[*index];
                    let is_own = index.as_u32() >= imported;
                    let elements = &mut self.tables[id].elements;
                    let end = start.checked_add(contents.len() as u64);
                    match end.filter(|end| *end <= elements.len() as u64) {
                        Some(end) if can_fold(self.code_ran, instance, is_own) => {
                            elements[start as usize..end as usize].copy_from_slice(&contents);
                        }
                        _ => instance.initializers.push(Initializer::Elements {
                            table: id,
                            start,
                            contents,
                        }),
                    }
                }
                ElementMode::Passive => passive = contents,
                ElementMode::Declared => {}
            }
            instance.elements.push(Segment {
                contents: passive,
                used: false,
                dropped: false,
            });
        }
        Ok(())
    }

    fn references(&self, instance: &Instance<'a>, elements: &Elements) -> Result<Vec<Constant>> {
        match elements {
            Elements::Functions(list) => {
                let functions = list.iter().map(|function| instance.functions[*function]);
                Ok(functions.map(Constant::Func).collect())
            }
            Elements::Expressions(list) => {
                let scope = self.scope(instance);
                list.iter()
                    .map(|expression| scope.fold(expression))
                    .collect()
            }
        }
    }

    /// Folds or keeps the data segments of an instance whose other entities are known.
    pub(super) fn fill_memories(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let imported = instance.module.imported_memories();
        let mut writes: BTreeMap<MemoryId, Vec<(u64, &'a [u8])>> = BTreeMap::new();
        for segment in instance.module.data.values() {
            let mut passive: &[u8] = &[];
            match &segment.active {
                Some((index, offset)) => {
                    let start = self.scope(instance).fold_offset(offset)?;
                    let id = instance.memories[*index];
                    let is_own = index.as_u32() >= imported;
                    let end = start.checked_add(segment.bytes.len() as u64);
                    let fits = end.is_some_and(|end| end <= self.memories[id].initial);
                    if fits && can_fold(self.code_ran, instance, is_own) {
                        writes.entry(id).or_default().push((start, segment.bytes));
                    } else {
                        instance.initializers.push(Initializer::Data {
                            memory: id,
                            start,
                            contents: segment.bytes,
                        });
                    }
                }
                None => passive = segment.bytes,
            }
            instance.data.push(Segment {
                contents: passive,
                used: false,
                dropped: false,
            });
        }
        for (memory, mut segments) in writes {
            let image = &mut self.memories[memory].image;
            let before = std::mem::take(image);
            let runs = before.runs.iter();
            let runs = runs.map(|run| (run.offset, run.bytes.as_slice()));
            let all: Vec<(u64, &[u8])> = runs.chain(segments.drain(..)).collect();
            *image = Image::new(&all);
        }
        Ok(())
    }
}

/// Whether a segment that fits can be folded: nothing before it is left to run time, and nobody else has had the
/// occasion to write where it goes.
fn can_fold(code_ran: bool, instance: &Instance<'_>, is_own: bool) -> bool {
    instance.initializers.is_empty() && (is_own || !code_ran)
}
