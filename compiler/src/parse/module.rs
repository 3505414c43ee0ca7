//! What a validated module says, in the terms of the specification. Function bodies and data stay ranges of the input.

use super::constant::ConstExpr;
use super::index::*;
use super::references::Reference;
use cranelift_entity::PrimaryMap;
use std::collections::HashMap;

/// A validated module that uses nothing but what elfin compiles.
#[derive(Debug)]
pub struct Module<'a> {
    /// Types; what is not a function type was refused.
    pub types: PrimaryMap<TypeIndex, FuncType>,
    /// Imports, in their order.
    pub imports: Vec<Import<'a>>,
    /// The type of each function.
    pub functions: PrimaryMap<FuncIndex, TypeIndex>,
    /// Tables.
    pub tables: PrimaryMap<TableIndex, TableType>,
    /// The initial element of each table that the module defines, where it has one.
    pub table_initials: HashMap<TableIndex, ConstExpr>,
    /// Memories.
    pub memories: PrimaryMap<MemoryIndex, MemoryType>,
    /// Globals.
    pub globals: PrimaryMap<GlobalIndex, GlobalType>,
    /// Initial values of the globals that the module defines, in their order.
    pub global_initials: Vec<ConstExpr>,
    /// Exports, in their order.
    pub exports: Vec<Export<'a>>,
    /// The start function.
    pub start: Option<FuncIndex>,
    /// Element segments.
    pub elements: PrimaryMap<ElementIndex, ElementSegment>,
    /// Data segments.
    pub data: PrimaryMap<DataIndex, DataSegment<'a>>,
    /// Bodies of the functions that the module defines, in their order.
    pub bodies: Vec<Body<'a>>,
    /// Names of functions, from the custom section.
    pub names: HashMap<FuncIndex, &'a str>,
}

impl<'a> Module<'a> {
    /// How many functions are imported; the first index that is not.
    pub fn imported_functions(&self) -> usize {
        self.functions.len() - self.bodies.len()
    }

    /// How many globals are imported.
    pub fn imported_globals(&self) -> usize {
        self.globals.len() - self.global_initials.len()
    }

    /// The body of a function, `None` for an imported one.
    pub fn body(&self, function: FuncIndex) -> Option<&Body<'a>> {
        self.bodies.get(
            function
                .as_u32()
                .checked_sub(self.imported_functions() as u32)? as usize,
        )
    }

    /// The type of a function.
    pub fn function_type(&self, function: FuncIndex) -> &FuncType {
        &self.types[self.functions[function]]
    }

    /// The export of this name.
    pub fn export(&self, name: &str) -> Option<ExportItem> {
        self.exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| export.item)
    }
}

/// A value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// 128-bit vector.
    V128,
    /// Reference to a function, or null.
    FuncRef,
    /// Reference to something of the host, or null.
    ExternRef,
}

impl std::fmt::Display for ValType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
            ValType::FuncRef => "funcref",
            ValType::ExternRef => "externref",
        })
    }
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// Parameters.
    pub params: Box<[ValType]>,
    /// Results.
    pub results: Box<[ValType]>,
}

impl std::fmt::Display for FuncType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |types: &[ValType]| {
            types
                .iter()
                .map(ValType::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        write!(f, "({}) -> ({})", list(&self.params), list(&self.results))
    }
}

/// A table's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// What it holds.
    pub element: ValType,
    /// Elements at the start.
    pub initial: u64,
    /// Elements that it may grow to.
    pub maximum: Option<u64>,
}

/// A memory's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryType {
    /// Pages at the start.
    pub initial: u64,
    /// Pages that it may grow to.
    pub maximum: Option<u64>,
}

/// A global's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalType {
    /// What it holds.
    pub content: ValType,
    /// Whether it can be set.
    pub mutable: bool,
}

/// An import.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// The module that it is asked of.
    pub module: &'a str,
    /// Its name there.
    pub name: &'a str,
    /// What it is.
    pub item: ExportItem,
}

/// An export.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub item: ExportItem,
}

/// Something of a module that can be imported or exported, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportItem {
    /// A function.
    Function(FuncIndex),
    /// A table.
    Table(TableIndex),
    /// A memory.
    Memory(MemoryIndex),
    /// A global.
    Global(GlobalIndex),
}

/// An element segment.
#[derive(Debug)]
pub struct ElementSegment {
    /// When its elements are used.
    pub mode: ElementMode,
    /// What it holds.
    pub elements: Elements,
}

/// When an element segment is used.
#[derive(Debug)]
pub enum ElementMode {
    /// Written to a table at instantiation.
    Active(TableIndex, ConstExpr),
    /// By `table.init`.
    Passive,
    /// Never: it declares references.
    Declared,
}

/// The elements of a segment.
#[derive(Debug)]
pub enum Elements {
    /// Functions, by index.
    Functions(Box<[FuncIndex]>),
    /// Constant expressions.
    Expressions(Box<[ConstExpr]>),
}

/// A data segment.
#[derive(Debug)]
pub struct DataSegment<'a> {
    /// Where an active segment goes; `None` for a passive one.
    pub active: Option<(MemoryIndex, ConstExpr)>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A function's body.
#[derive(Debug)]
pub struct Body<'a> {
    /// Where it lies in the input.
    pub code: wasmparser::FunctionBody<'a>,
    /// What it refers to, without duplicates.
    pub references: Box<[Reference]>,
    /// Where it first has a value of the type v128, a byte offset of the input; parameters don't count.
    pub first_vector: Option<usize>,
    /// Whether it has a loop and accesses a memory.
    pub loops_over_memory: bool,
}
