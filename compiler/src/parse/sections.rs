//! The sections of a module, but for the code, gathered one by one.

use super::constant::ConstExpr;
use super::index::*;
use super::module::*;
use super::{types, unsupported};
use crate::error::Result;
use cranelift_entity::{EntityRef, PrimaryMap};
use std::collections::HashMap;
use wasmparser::{ExternalKind, KnownCustom, Name, Payload, TypeRef};

/// What has been read so far.
#[derive(Default)]
pub(super) struct Sections<'a> {
    types: PrimaryMap<TypeIndex, FuncType>,
    groups: Vec<u32>,
    imports: Vec<Import<'a>>,
    functions: PrimaryMap<FuncIndex, TypeIndex>,
    tables: PrimaryMap<TableIndex, TableType>,
    table_initials: HashMap<TableIndex, ConstExpr>,
    memories: PrimaryMap<MemoryIndex, MemoryType>,
    globals: PrimaryMap<GlobalIndex, GlobalType>,
    tags: PrimaryMap<TagIndex, TypeIndex>,
    global_initials: Vec<ConstExpr>,
    exports: Vec<Export<'a>>,
    start: Option<FuncIndex>,
    elements: PrimaryMap<ElementIndex, ElementSegment>,
    data: PrimaryMap<DataIndex, DataSegment<'a>>,
    names: HashMap<FuncIndex, &'a str>,
    tag_names: HashMap<TagIndex, &'a str>,
    hints: HashMap<FuncIndex, Box<[BranchHint]>>,
    debug: HashMap<&'a str, &'a [u8]>,
    code_start: usize,
}

impl<'a> Sections<'a> {
    /// Reads a section that the validator has accepted.
    pub(super) fn read(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, group) = item?;
                    for ty in group.types() {
                        self.types.push(types::definition(ty, offset)?);
                    }
                    self.groups.push(group.types().len() as u32);
                }
            }
            Payload::ImportSection(reader) => {
                for item in reader.into_imports_with_offsets() {
                    let (offset, import) = item?;
                    self.import(import, offset)?;
                }
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.functions.push(TypeIndex::from_u32(ty?));
                }
            }
            Payload::TableSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, table) = item?;
                    let index = self.tables.push(types::table(&table.ty, offset)?);
                    if let wasmparser::TableInit::Expr(expression) = &table.init {
                        self.table_initials
                            .insert(index, ConstExpr::read(expression)?);
                    }
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.memories.push(types::memory(&memory?));
                }
            }
            Payload::TagSection(reader) => {
                for ty in reader {
                    self.tags.push(TypeIndex::from_u32(ty?.func_type_idx));
                }
            }
            Payload::GlobalSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, global) = item?;
                    self.globals.push(types::global(&global.ty, offset)?);
                    self.global_initials
                        .push(ConstExpr::read(&global.init_expr)?);
                }
            }
            Payload::ExportSection(reader) => {
                for item in reader.into_iter_with_offsets() {
                    let (offset, export) = item?;
                    self.export(export, offset)?;
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(FuncIndex::from_u32(func)),
            Payload::ElementSection(reader) => {
                for item in reader {
                    self.elements.push(element_segment(item?)?);
                }
            }
            Payload::DataSection(reader) => {
                for item in reader {
                    self.data.push(data_segment(item?)?);
                }
            }
            Payload::CustomSection(reader) => match reader.as_known() {
                KnownCustom::Name(names) => self.names(names),
                KnownCustom::BranchHints(hints) => self.branch_hints(hints),
                _ if reader.name().starts_with(".debug_") => {
                    self.debug.entry(reader.name()).or_insert(reader.data());
                }
                _ => {}
            },
            Payload::CodeSectionStart { range, .. } => self.code_start = range.start,
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'a>, offset: usize) -> Result<()> {
        let item = match import.ty {
            TypeRef::Func(ty) => ExportItem::Function(self.functions.push(TypeIndex::from_u32(ty))),
            TypeRef::FuncExact(_) => {
                return Err(unsupported::proposal(
                    "custom-descriptors",
                    "an exact import",
                    offset,
                ));
            }
            TypeRef::Table(ty) => ExportItem::Table(self.tables.push(types::table(&ty, offset)?)),
            TypeRef::Memory(ty) => ExportItem::Memory(self.memories.push(types::memory(&ty))),
            TypeRef::Global(ty) => {
                ExportItem::Global(self.globals.push(types::global(&ty, offset)?))
            }
            TypeRef::Tag(ty) => {
                ExportItem::Tag(self.tags.push(TypeIndex::from_u32(ty.func_type_idx)))
            }
        };
        self.imports.push(Import {
            module: import.module,
            name: import.name,
            item,
        });
        Ok(())
    }

    fn export(&mut self, export: wasmparser::Export<'a>, offset: usize) -> Result<()> {
        let index = export.index;
        let item = match export.kind {
            ExternalKind::Func => ExportItem::Function(FuncIndex::from_u32(index)),
            ExternalKind::FuncExact => {
                return Err(unsupported::proposal(
                    "custom-descriptors",
                    "an exact export",
                    offset,
                ));
            }
            ExternalKind::Table => ExportItem::Table(TableIndex::from_u32(index)),
            ExternalKind::Memory => ExportItem::Memory(MemoryIndex::from_u32(index)),
            ExternalKind::Global => ExportItem::Global(GlobalIndex::from_u32(index)),
            ExternalKind::Tag => ExportItem::Tag(TagIndex::from_u32(index)),
        };
        self.exports.push(Export {
            name: export.name,
            item,
        });
        Ok(())
    }

    /// Names of functions and tags, as far as the section can be read: it is no part of the module's meaning.
    fn names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for name in names.into_iter().map_while(Result::ok) {
            match name {
                Name::Function(map) => self.names.extend(namings(map, self.functions.len())),
                Name::Tag(map) => self.tag_names.extend(namings(map, self.tags.len())),
                _ => {}
            }
        }
    }

    /// Branch hints, if the section can be read: a malformed one says nothing.
    fn branch_hints(&mut self, functions: wasmparser::BranchHintSectionReader<'a>) {
        let mut all = HashMap::new();
        for function in functions {
            let Ok(function) = function else { return };
            let hints = function.hints.into_iter().map(|hint| {
                let hint = hint?;
                Ok(BranchHint {
                    offset: hint.func_offset,
                    is_likely: hint.taken,
                })
            });
            let Ok(mut hints) = hints.collect::<Result<Box<[_]>>>() else {
                return;
            };
            hints.sort_unstable_by_key(|hint| hint.offset);
            all.insert(FuncIndex::from_u32(function.func), hints);
        }
        self.hints = all;
    }

    /// The module, with the bodies of its functions.
    pub(super) fn finish(mut self, mut bodies: Vec<Body<'a>>) -> Result<Module<'a>> {
        let imported = self.functions.len() - bodies.len();
        for (index, body) in (imported..).zip(&mut bodies) {
            if let Some(hints) = self.hints.remove(&FuncIndex::new(index)) {
                body.hints = hints;
            }
        }
        Ok(Module {
            types: self.types,
            groups: self.groups,
            imports: self.imports,
            functions: self.functions,
            tables: self.tables,
            table_initials: self.table_initials,
            memories: self.memories,
            globals: self.globals,
            tags: self.tags,
            global_initials: self.global_initials,
            exports: self.exports,
            start: self.start,
            elements: self.elements,
            data: self.data,
            bodies,
            names: self.names,
            tag_names: self.tag_names,
            debug: self.debug,
            code_start: self.code_start,
        })
    }
}

/// The names of an index space with this many entities.
fn namings<'a, I: EntityRef>(
    map: wasmparser::NameMap<'a>,
    count: usize,
) -> impl Iterator<Item = (I, &'a str)> {
    map.into_iter()
        .map_while(Result::ok)
        .filter(move |naming| (naming.index as usize) < count && !naming.name.is_empty())
        .map(|naming| (I::new(naming.index as usize), naming.name))
}

fn element_segment(segment: wasmparser::Element<'_>) -> Result<ElementSegment> {
    let mode = match segment.kind {
        wasmparser::ElementKind::Active {
            table_index,
            offset_expr,
        } => ElementMode::Active(
            TableIndex::new(table_index.unwrap_or(0) as usize),
            ConstExpr::read(&offset_expr)?,
        ),
        wasmparser::ElementKind::Passive => ElementMode::Passive,
        wasmparser::ElementKind::Declared => ElementMode::Declared,
    };
    let elements = match segment.items {
        wasmparser::ElementItems::Functions(reader) => {
            let functions = reader
                .into_iter()
                .map(|index| Ok(FuncIndex::from_u32(index?)));
            Elements::Functions(functions.collect::<Result<_>>()?)
        }
        wasmparser::ElementItems::Expressions(ty, reader) => {
            types::reference(ty, segment.range.start)?;
            let expressions = reader
                .into_iter()
                .map(|expression| ConstExpr::read(&expression?));
            Elements::Expressions(expressions.collect::<Result<_>>()?)
        }
    };
    Ok(ElementSegment { mode, elements })
}

fn data_segment(segment: wasmparser::Data<'_>) -> Result<DataSegment<'_>> {
    let active = match segment.kind {
        wasmparser::DataKind::Active {
            memory_index,
            offset_expr,
        } => Some((
            MemoryIndex::from_u32(memory_index),
            ConstExpr::read(&offset_expr)?,
        )),
        wasmparser::DataKind::Passive => None,
    };
    Ok(DataSegment {
        active,
        bytes: segment.data,
    })
}
