//! What a validated module says, in the terms of the specification. Function bodies and data stay ranges of the input.

use super::constant::ConstExpr;
use super::index::*;
use super::legacy::LegacyTry;
use super::loops::{Loop, Sets};
use super::references::Reference;
use cranelift_entity::PrimaryMap;
use std::collections::HashMap;
use std::fmt::{Display, Formatter};

/// A validated module that uses nothing but what elfin compiles.
#[derive(Debug)]
pub struct Module<'a> {
    /// Types; what is not a function type was refused.
    pub types: PrimaryMap<TypeIndex, FuncType>,
    /// How many types each recursion group has, in their order.
    pub groups: Vec<u32>,
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
    /// The type of each tag, whose parameters are what an exception carries.
    pub tags: PrimaryMap<TagIndex, TypeIndex>,
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
    /// Names of tags, likewise.
    pub tag_names: HashMap<TagIndex, &'a str>,
    /// Sections of debug information, by their names, which begin with `.debug_`.
    pub debug: HashMap<&'a str, &'a [u8]>,
    /// Where the contents of the code section begin: what addresses of debug information count from.
    pub code_start: usize,
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

    /// How many tables are imported.
    pub fn imported_tables(&self) -> u32 {
        self.count_imports(|item| matches!(item, ExportItem::Table(_)))
    }

    /// How many memories are imported.
    pub fn imported_memories(&self) -> u32 {
        self.count_imports(|item| matches!(item, ExportItem::Memory(_)))
    }

    fn count_imports(&self, is_kind: impl Fn(ExportItem) -> bool) -> u32 {
        let imports = self.imports.iter();
        imports.filter(|import| is_kind(import.item)).count() as u32
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

    /// The name of a tag: the one of the name section, or the one under which it is exported.
    pub fn tag_name(&self, tag: TagIndex) -> Option<&'a str> {
        let exported = || {
            let mut exports = self.exports.iter();
            let export = exports.find(|export| export.item == ExportItem::Tag(tag));
            export.map(|export| export.name)
        };
        self.tag_names.get(&tag).copied().or_else(exported)
    }

    /// The export of this name.
    pub fn export(&self, name: &str) -> Option<ExportItem> {
        self.exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| export.item)
    }
}

/// A value type. References to defined types name them by `T`: in a module by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType<T = TypeIndex> {
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
    /// A reference.
    Ref(RefType<T>),
}

/// A reference type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefType<T = TypeIndex> {
    /// Whether it may be null.
    pub nullable: bool,
    /// What it refers to.
    pub heap: HeapType<T>,
}

/// What a reference refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeapType<T = TypeIndex> {
    /// Any function.
    Func,
    /// No function.
    NoFunc,
    /// Something of the host.
    Extern,
    /// Nothing of the host.
    NoExtern,
    /// An exception.
    Exn,
    /// No exception.
    NoExn,
    /// A function of this type.
    Defined(T),
}

impl<T> ValType<T> {
    /// The same type with defined types named otherwise.
    pub fn map<U>(self, name: impl Fn(T) -> U) -> ValType<U> {
        match self {
            ValType::I32 => ValType::I32,
            ValType::I64 => ValType::I64,
            ValType::F32 => ValType::F32,
            ValType::F64 => ValType::F64,
            ValType::V128 => ValType::V128,
            ValType::Ref(ty) => ValType::Ref(ty.map(name)),
        }
    }
}

impl<T> RefType<T> {
    /// The same type with defined types named otherwise.
    pub fn map<U>(self, name: impl Fn(T) -> U) -> RefType<U> {
        let heap = match self.heap {
            HeapType::Func => HeapType::Func,
            HeapType::NoFunc => HeapType::NoFunc,
            HeapType::Extern => HeapType::Extern,
            HeapType::NoExtern => HeapType::NoExtern,
            HeapType::Exn => HeapType::Exn,
            HeapType::NoExn => HeapType::NoExn,
            HeapType::Defined(ty) => HeapType::Defined(name(ty)),
        };
        RefType {
            nullable: self.nullable,
            heap,
        }
    }
}

impl<T: Display> Display for ValType<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            ValType::I32 => f.write_str("i32"),
            ValType::I64 => f.write_str("i64"),
            ValType::F32 => f.write_str("f32"),
            ValType::F64 => f.write_str("f64"),
            ValType::V128 => f.write_str("v128"),
            ValType::Ref(ty) => ty.fmt(f),
        }
    }
}

impl<T: Display> Display for RefType<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match (self.nullable, &self.heap) {
            (true, HeapType::Func) => f.write_str("funcref"),
            (true, HeapType::Extern) => f.write_str("externref"),
            (true, HeapType::Exn) => f.write_str("exnref"),
            (true, heap) => write!(f, "(ref null {heap})"),
            (false, heap) => write!(f, "(ref {heap})"),
        }
    }
}

impl<T: Display> Display for HeapType<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            HeapType::Func => f.write_str("func"),
            HeapType::NoFunc => f.write_str("nofunc"),
            HeapType::Extern => f.write_str("extern"),
            HeapType::NoExtern => f.write_str("noextern"),
            HeapType::Exn => f.write_str("exn"),
            HeapType::NoExn => f.write_str("noexn"),
            HeapType::Defined(ty) => ty.fmt(f),
        }
    }
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType<T = TypeIndex> {
    /// Parameters.
    pub params: Box<[ValType<T>]>,
    /// Results.
    pub results: Box<[ValType<T>]>,
}

impl<T: Copy> FuncType<T> {
    /// The same type with defined types named otherwise.
    pub fn map<U>(&self, name: impl Fn(T) -> U) -> FuncType<U> {
        let list = |types: &[ValType<T>]| types.iter().map(|ty| ty.map(&name)).collect();
        FuncType {
            params: list(&self.params),
            results: list(&self.results),
        }
    }
}

impl<T: Display> Display for FuncType<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let list = |types: &[ValType<T>]| {
            let types: Vec<String> = types.iter().map(ValType::to_string).collect();
            types.join(", ")
        };
        write!(f, "({}) -> ({})", list(&self.params), list(&self.results))
    }
}

/// A table's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// What it holds.
    pub element: RefType,
    /// Whether its indices have 64 bits.
    pub is_64: bool,
    /// Elements at the start.
    pub initial: u64,
    /// Elements that it may grow to.
    pub maximum: Option<u64>,
}

/// A memory's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    /// Whether its indices have 64 bits.
    pub is_64: bool,
    /// Whether threads share it.
    pub is_shared: bool,
    /// The binary logarithm of its page's bytes.
    pub page_size_log2: u32,
    /// Pages at the start.
    pub initial: u64,
    /// Pages that it may grow to.
    pub maximum: Option<u64>,
}

impl MemoryType {
    /// Bytes of so many pages; `u64::MAX` stands for what that can't hold.
    pub fn bytes(&self, pages: u64) -> u64 {
        pages.saturating_mul(1 << self.page_size_log2)
    }

    /// Pages that it may grow to. `memory.size` must be able to say how many, and `memory.grow` needs a number that says
    /// that it failed: a memory of 4 GiB with pages of a byte is one byte short.
    pub fn maximum_pages(&self) -> u64 {
        let bits = if self.is_64 { 64 } else { 32 };
        let all = u64::MAX >> (64 - bits + self.page_size_log2);
        let all = if self.page_size_log2 == 0 {
            all
        } else {
            all + 1
        };
        self.maximum.map_or(all, |maximum| maximum.min(all))
    }
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
    /// A tag.
    Tag(TagIndex),
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
    /// The memories that it accesses, if it has a loop.
    pub memories_of_loops: Box<[MemoryIndex]>,
    /// Its loops, in the order of their offsets.
    pub loops: Box<[Loop]>,
    /// Each `try` of the legacy form, in the order of their offsets.
    pub tries: Box<[LegacyTry]>,
    /// What the module says of its branches, in ascending order of the offsets.
    pub hints: Box<[BranchHint]>,
    /// Whether it ends with the call of another function anywhere: `return_call` and its like.
    pub has_tail_calls: bool,
    /// Whether it counts the bits of a number: `i32.popcnt` or `i64.popcnt`.
    pub counts_bits: bool,
    /// About how many instructions of a machine it becomes, taken one by one.
    pub weight: u32,
}

impl Body<'_> {
    /// The locals that the loop at this offset of the input sets.
    pub fn sets_in_loop(&self, offset: usize) -> &Sets {
        let found = self
            .loops
            .binary_search_by_key(&offset, |found| found.offset);
        &self.loops[found.expect("each loop was recorded while the body was validated")].sets
    }

    /// Whether the branch at this offset of the input is likely to be taken, where the module says so.
    pub fn hint(&self, offset: usize) -> Option<bool> {
        let start = self.code.range().start;
        let by_offset = |hint: &BranchHint| start + hint.offset as usize;
        let found = self.hints.binary_search_by_key(&offset, by_offset).ok()?;
        Some(self.hints[found].is_likely)
    }
}

/// What a module says of an `if` or a `br_if`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BranchHint {
    /// Bytes from the start of the function's body.
    pub offset: u32,
    /// Whether the condition is likely to hold.
    pub is_likely: bool,
}
