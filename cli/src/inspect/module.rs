//! A module's bytes become facts about it.

use super::{LARGEST, SCHEMA_VERSION, Sized, largest};
use elfin_compiler::features::Features;
use elfin_compiler::{Error, Options, Result, Target, demangle, note};
use serde::Serialize;
use std::collections::HashMap;
use wasmparser::{
    CompositeInnerType, ExternalKind, FuncType, KnownCustom, MemoryType, Name, Parser, Payload,
    TableType, TypeRef,
};

/// What is known of a module. [`super::SCHEMA`] describes it.
#[derive(Serialize)]
pub(super) struct Facts {
    schema: u32,
    kind: &'static str,
    pub(super) size: u64,
    pub(super) format: &'static str,
    pub(super) digest: String,
    pub(super) proposals: Vec<&'static str>,
    pub(super) imports: Vec<Import>,
    pub(super) exports: Vec<Export>,
    pub(super) memories: Vec<Memory>,
    pub(super) tables: Vec<Table>,
    pub(super) start: Option<Start>,
    pub(super) sections: Vec<Sized>,
    pub(super) functions: Functions,
    pub(super) producers: Vec<Producer>,
    pub(super) compiles: bool,
    pub(super) error: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Import {
    pub(super) module: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    #[serde(rename = "type")]
    pub(super) ty: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Export {
    pub(super) name: String,
    pub(super) kind: &'static str,
    #[serde(rename = "type")]
    pub(super) ty: Option<String>,
}

/// Sizes are in pages.
#[derive(Serialize)]
pub(super) struct Memory {
    pub(super) minimum: u64,
    pub(super) maximum: Option<u64>,
    pub(super) page_size: u64,
    pub(super) is_64: bool,
    pub(super) is_shared: bool,
    pub(super) is_imported: bool,
}

#[derive(Serialize)]
pub(super) struct Table {
    pub(super) element: String,
    pub(super) minimum: u64,
    pub(super) maximum: Option<u64>,
    pub(super) is_64: bool,
    pub(super) is_imported: bool,
}

#[derive(Serialize)]
pub(super) struct Start {
    pub(super) index: u32,
    pub(super) name: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Functions {
    pub(super) imported: u32,
    pub(super) defined: u32,
    pub(super) largest: Vec<Function>,
}

#[derive(Serialize)]
pub(super) struct Function {
    pub(super) index: u32,
    pub(super) name: Option<String>,
    pub(super) size: u64,
}

#[derive(Serialize)]
pub(super) struct Producer {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) version: String,
}

/// What is gathered while the sections are read.
#[derive(Default)]
struct Reader {
    /// The signature of each type that is a function's.
    types: Vec<Option<String>>,
    /// The type of each function.
    functions: Vec<u32>,
    imports: Vec<Import>,
    exports: Vec<Export>,
    memories: Vec<Memory>,
    tables: Vec<Table>,
    start: Option<u32>,
    sections: Vec<Sized>,
    bodies: Vec<u64>,
    names: HashMap<u32, String>,
    producers: Vec<Producer>,
}

impl Facts {
    /// Reads a module in binary or text form, which must be valid with some proposals, not necessarily those that elfin
    /// compiles.
    pub(super) fn read(input: &[u8]) -> Result<Self> {
        let binary = elfin_compiler::binary(input)?;
        let proposals = elfin_compiler::proposals(&binary)?;
        let mut reader = Reader::default();
        for payload in Parser::new(0).parse_all(&binary) {
            reader.section(payload?)?;
        }
        let error = refusal(input);
        let Reader {
            functions,
            bodies,
            mut names,
            ..
        } = reader;
        let imported = functions.len().saturating_sub(bodies.len());
        let all = bodies.iter().enumerate().map(|(index, size)| Function {
            index: (imported + index) as u32,
            name: None,
            size: *size,
        });
        let mut largest = largest(all.collect(), |function| function.size);
        for function in &mut largest {
            function.name = names.get(&function.index).cloned();
        }
        debug_assert!(largest.len() <= LARGEST);
        Ok(Self {
            schema: SCHEMA_VERSION,
            kind: "module",
            size: input.len() as u64,
            format: if input.starts_with(b"\0asm") {
                "binary"
            } else {
                "text"
            },
            digest: note::digest(input),
            proposals,
            imports: reader.imports,
            exports: reader.exports,
            memories: reader.memories,
            tables: reader.tables,
            start: reader.start.map(|index| Start {
                index,
                name: names.remove(&index),
            }),
            sections: reader.sections,
            functions: Functions {
                imported: imported as u32,
                defined: bodies.len() as u32,
                largest,
            },
            producers: reader.producers,
            compiles: error.is_none(),
            error: error.map(|error| error.to_string()),
        })
    }
}

/// Why elfin does not compile a module with default options, if it does not.
fn refusal(input: &[u8]) -> Option<Error> {
    let target = Target::host().unwrap_or(Target::X86_64);
    let options = Options {
        features: Features::default(),
        ..Options::new(target)
    };
    elfin_compiler::check(input, &options).err()
}

impl Reader {
    fn section(&mut self, payload: Payload<'_>) -> Result<()> {
        if let Some((id, range)) = payload.as_section() {
            let name = match &payload {
                Payload::CustomSection(custom) => format!("custom `{}`", custom.name()),
                _ => section_name(id).to_owned(),
            };
            self.sections.push(Sized {
                name,
                size: range.len() as u64,
            });
        }
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        let signature = match &ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => Some(signature(ty)),
                            _ => None,
                        };
                        self.types.push(signature);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(import?);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for definition in section {
                    self.tables.push(table(&definition?.ty, false));
                }
            }
            Payload::MemorySection(section) => {
                for ty in section {
                    self.memories.push(memory(&ty?, false));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    let (kind, ty) = match export.kind {
                        ExternalKind::Func | ExternalKind::FuncExact => {
                            let ty = self.functions.get(export.index as usize);
                            ("function", ty.and_then(|ty| self.signature(*ty)))
                        }
                        ExternalKind::Table => ("table", None),
                        ExternalKind::Memory => ("memory", None),
                        ExternalKind::Global => ("global", None),
                        ExternalKind::Tag => ("tag", None),
                    };
                    let name = export.name.to_owned();
                    self.exports.push(Export { name, kind, ty });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range().len() as u64),
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Name(section) => self.names(section),
                KnownCustom::Producers(section) => self.producers(section),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'_>) {
        let (kind, ty) = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                ("function", self.signature(ty))
            }
            TypeRef::Table(ty) => {
                self.tables.push(table(&ty, true));
                ("table", Some(ty.element_type.to_string()))
            }
            TypeRef::Memory(ty) => {
                self.memories.push(memory(&ty, true));
                ("memory", None)
            }
            TypeRef::Global(ty) => {
                let mutable = if ty.mutable { "mut " } else { "" };
                ("global", Some(format!("{mutable}{}", ty.content_type)))
            }
            TypeRef::Tag(ty) => ("tag", self.signature(ty.func_type_idx)),
        };
        self.imports.push(Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            kind,
            ty,
        });
    }

    fn signature(&self, ty: u32) -> Option<String> {
        self.types.get(ty as usize).cloned().flatten()
    }

    /// Names of functions, as far as the section can be read: it is no part of the module's meaning.
    fn names(&mut self, section: wasmparser::NameSectionReader<'_>) {
        for name in section.into_iter().map_while(Result::ok) {
            if let Name::Function(map) = name {
                for naming in map.into_iter().map_while(Result::ok) {
                    self.names
                        .insert(naming.index, demangle(naming.name).into_owned());
                }
            }
        }
    }

    /// Who made the module, as far as the section can be read.
    fn producers(&mut self, section: wasmparser::ProducersSectionReader<'_>) {
        for field in section.into_iter().map_while(Result::ok) {
            for value in field.values.into_iter().map_while(Result::ok) {
                self.producers.push(Producer {
                    field: field.name.to_owned(),
                    name: value.name.to_owned(),
                    version: value.version.to_owned(),
                });
            }
        }
    }
}

/// <https://webassembly.github.io/spec/core/binary/modules.html#sections>
fn section_name(id: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    NAMES.get(usize::from(id)).copied().unwrap_or("unknown")
}

fn signature(ty: &FuncType) -> String {
    let list = |types: &[wasmparser::ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        types.join(", ")
    };
    match ty.results() {
        [one] => format!("({}) -> {one}", list(ty.params())),
        results => format!("({}) -> ({})", list(ty.params()), list(results)),
    }
}

fn memory(ty: &MemoryType, is_imported: bool) -> Memory {
    Memory {
        minimum: ty.initial,
        maximum: ty.maximum,
        page_size: 1 << ty.page_size_log2.unwrap_or(16).min(63),
        is_64: ty.memory64,
        is_shared: ty.shared,
        is_imported,
    }
}

fn table(ty: &TableType, is_imported: bool) -> Table {
    Table {
        element: ty.element_type.to_string(),
        minimum: ty.initial,
        maximum: ty.maximum,
        is_64: ty.table64,
        is_imported,
    }
}
