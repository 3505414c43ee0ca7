//! What a module declares: its types, and what lies in its index spaces. Generated modules import nothing, so an index
//! is the number of a definition.

use anyhow::{Result, ensure};
use wasmparser::{
    ExternalKind, FuncType, GlobalType, MemoryType, Parser, Payload, TableType, TypeRef,
};

/// The declarations of a module.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// The types, all of functions.
    pub types: Vec<FuncType>,
    /// The type of each function.
    pub functions: Vec<u32>,
    /// The tables.
    pub tables: Vec<TableType>,
    /// The memories.
    pub memories: Vec<MemoryType>,
    /// The globals.
    pub globals: Vec<GlobalType>,
    /// How many element segments there are.
    pub elements: u32,
    /// How many data segments there are.
    pub data: u32,
    /// Name, kind and index of each export.
    pub exports: Vec<(String, ExternalKind, u32)>,
}

impl Shape {
    /// Reads the declarations of a module without imports and without garbage-collected types.
    pub fn of(module: &[u8]) -> Result<Self> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        shape.types.push(ty?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        ensure!(
                            !matches!(import?.ty, TypeRef::Func(_)),
                            "a generated module imports a function"
                        );
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        shape.functions.push(ty?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        shape.tables.push(table?.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        shape.memories.push(memory?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        shape.globals.push(global?.ty);
                    }
                }
                Payload::ElementSection(section) => shape.elements = section.count(),
                Payload::DataSection(section) => shape.data = section.count(),
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        let name = export.name.to_owned();
                        shape.exports.push((name, export.kind, export.index));
                    }
                }
                _ => {}
            }
        }
        Ok(shape)
    }

    /// The type of a function.
    pub fn function_type(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// The exported functions in the order of their exports.
    pub fn exported_functions(&self) -> impl Iterator<Item = (&str, u32)> {
        let functions = self.exports.iter();
        let functions = functions.filter(|(_, kind, _)| *kind == ExternalKind::Func);
        functions.map(|(name, _, index)| (name.as_str(), *index))
    }
}
