//! Modules become a [`Program`]: a closed world in which every import is resolved, every initialiser folded, and
//! everything that can't be reached left out.
//!
//! A preview 1 module is a program of one instance. A component or a test script is a program of several; nothing
//! that reads a program may assume that there is one.

mod constant;
mod entry;
mod image;
mod import;
mod layout;
mod link;
mod notes;
mod payload;
mod place;
mod reach;
mod script;
mod segment;
mod throwing;
mod types;
mod vectors;

pub use image::{Image, Run};
pub use layout::{Layout, Placed};
pub use link::{link, link_script};
pub use notes::notes;
pub use place::{GUARD, LARGEST_32};
pub use script::{Action, Step};
pub use throwing::Throwing;

use crate::parse::index::*;
use crate::parse::module::{Body, FuncType, MemoryType, Module, RefType, ValType};
use cranelift_entity::{EntityRef, EntitySet, PrimaryMap, entity_impl};
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::host::HostFunction;
use std::borrow::Cow;
use std::collections::BTreeSet;

macro_rules! entity {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(u32);
            entity_impl!($name, $prefix);
        )*
    };
}

entity! {
    /// An instance of the program.
    InstanceId, "instance";
    /// A function of the program, whichever instances know it.
    FuncId, "fn";
    /// A table of the program.
    TableId, "table";
    /// A linear memory of the program.
    MemoryId, "memory";
    /// A global of the program.
    GlobalId, "global";
    /// A tag of the program: what exceptions are told apart by.
    TagId, "tag";
    /// A function type of the program; equal types have one number.
    SignatureId, "sig";
}

/// A closed world.
#[derive(Debug)]
pub struct Program<'a> {
    /// The instances, in the order of instantiation.
    pub instances: PrimaryMap<InstanceId, Instance<'a>>,
    /// All functions.
    pub functions: PrimaryMap<FuncId, Function<'a>>,
    /// All tables.
    pub tables: PrimaryMap<TableId, Table>,
    /// All memories.
    pub memories: PrimaryMap<MemoryId, Memory>,
    /// All globals.
    pub globals: PrimaryMap<GlobalId, Global>,
    /// All tags.
    pub tags: PrimaryMap<TagId, Tag<'a>>,
    /// Function types without duplicates.
    pub signatures: PrimaryMap<SignatureId, FuncType<SignatureId>>,
    /// What the executable does.
    pub entry: Entry,
    /// Functions whose code the executable needs, in ascending order: they are called or referred to.
    pub compiled: Vec<FuncId>,
    /// Functions whose address is taken; a subset of `compiled`.
    pub referenced: EntitySet<FuncId>,
    /// What exceptions may leave.
    pub throwing: Throwing,
}

/// An instance: a module with its index spaces resolved to entities of the program.
#[derive(Debug)]
pub struct Instance<'a> {
    /// Its module.
    pub module: &'a Module<'a>,
    /// What each function index means.
    pub functions: PrimaryMap<FuncIndex, FuncId>,
    /// What each table index means.
    pub tables: PrimaryMap<TableIndex, TableId>,
    /// What each memory index means.
    pub memories: PrimaryMap<MemoryIndex, MemoryId>,
    /// What each global index means.
    pub globals: PrimaryMap<GlobalIndex, GlobalId>,
    /// What each tag index means.
    pub tags: PrimaryMap<TagIndex, TagId>,
    /// What each type index means; only function types exist.
    pub signatures: PrimaryMap<TypeIndex, SignatureId>,
    /// Element segments that `table.init` uses, folded; the others are empty.
    pub elements: PrimaryMap<ElementIndex, Segment<Vec<Constant>>>,
    /// Data segments that `memory.init` uses; the others are empty.
    pub data: PrimaryMap<DataIndex, Segment<&'a [u8]>>,
    /// What instantiation does at run time before the start function, in this order. Empty where everything could be
    /// folded.
    pub initializers: Vec<Initializer<'a>>,
}

/// A part of instantiation that happens at run time: it concerns what other instances may have changed before, or it
/// traps.
#[derive(Debug)]
pub enum Initializer<'a> {
    /// Checks that an imported table, which may have grown, has at least this many elements.
    RequireTable(TableId, u64),
    /// Checks that an imported memory, which may have grown, has at least this many bytes.
    RequireMemory(MemoryId, u64),
    /// Writes an active element segment.
    Elements {
        /// Where it goes.
        table: TableId,
        /// The index of its first element there.
        start: u64,
        /// Its references.
        contents: Vec<Constant>,
    },
    /// Writes an active data segment.
    Data {
        /// Where it goes.
        memory: MemoryId,
        /// The address of its first byte there.
        start: u64,
        /// Its bytes.
        contents: &'a [u8],
    },
}

/// A passive segment as code sees it.
#[derive(Debug)]
pub struct Segment<T> {
    /// What it holds at the start.
    pub contents: T,
    /// Whether reachable code uses it.
    pub used: bool,
    /// Whether reachable code drops it, so that its length is state.
    pub dropped: bool,
}

/// A function.
#[derive(Debug)]
pub struct Function<'a> {
    /// The instance that defines it or, for a host function, imports it.
    pub instance: InstanceId,
    /// Its index there.
    pub index: FuncIndex,
    /// Its type.
    pub signature: SignatureId,
    /// Where it comes from.
    pub kind: FunctionKind<'a>,
}

/// Where a function comes from.
#[derive(Clone, Copy, Debug)]
pub enum FunctionKind<'a> {
    /// A body in the instance's module.
    Wasm,
    /// The runtime, with the memory that its pointers refer to.
    Host(&'static HostFunction, Option<MemoryId>),
    /// An import that nobody defines: traps, or returns zeros.
    Unknown {
        /// The module that it is asked of.
        module: &'a str,
        /// Its name there.
        name: &'a str,
        /// Whether it traps.
        traps: bool,
    },
}

/// A constant that needs no run time, but for the address of a function.
#[derive(Clone, Copy, Debug, PartialEq, Hash)]
pub enum Constant {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// 32-bit float, as bits.
    F32(u32),
    /// 64-bit float, as bits.
    F64(u64),
    /// 128-bit vector, as bytes in memory order.
    V128([u8; 16]),
    /// A null reference.
    Null,
    /// A reference to a function.
    Func(FuncId),
}

/// A tag.
#[derive(Debug)]
pub struct Tag<'a> {
    /// Its type; the parameters are what an exception carries.
    pub signature: SignatureId,
    /// Its name: the one that the name section gives it, or that of an export.
    pub name: Option<&'a str>,
    /// Its index in the instance that defines it.
    pub index: TagIndex,
    /// Whether reachable code throws it; if not, nothing can be caught with it.
    pub is_thrown: bool,
}

/// A global.
#[derive(Debug)]
pub struct Global {
    /// What it holds.
    pub content: ValType<SignatureId>,
    /// Whether some instance may set it.
    pub mutable: bool,
    /// Its value at the start.
    pub initial: Constant,
    /// Whether reachable code sets it; if not, it is a constant.
    pub is_set: bool,
    /// How many reachable functions do.
    pub setters: u32,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// What it holds.
    pub element: RefType<SignatureId>,
    /// Whether its indices have 64 bits.
    pub is_64: bool,
    /// Its elements at the start.
    pub elements: Vec<Constant>,
    /// Elements that its type allows it to grow to.
    pub declared_maximum: Option<u64>,
    /// Elements that it may grow to.
    pub maximum: u64,
    /// Whether reachable code grows it; if not, its size is a constant.
    pub grows: bool,
    /// Whether reachable code writes elements; if not, they are constants.
    pub is_written: bool,
}

/// A linear memory.
#[derive(Debug)]
pub struct Memory {
    /// Its type.
    pub ty: MemoryType,
    /// Bytes at the start.
    pub initial: u64,
    /// Bytes that it may grow to.
    pub maximum: u64,
    /// Whether reachable code grows it; if not, its size is a constant.
    pub grows: bool,
    /// Its contents at the start.
    pub image: Image,
}

impl Memory {
    /// Whether code compares the index of every access with the size. Where it does not, what lies outside faults; but
    /// a 64-bit index reaches beyond any reservation, and a memory whose pages are smaller than the machine's may end
    /// inside of one.
    pub fn is_checked(&self) -> bool {
        self.ty.is_64 || !self.ends_with_a_page()
    }

    /// Whether every size that it can have is a number of whole pages of the machine, so that an access behind its end
    /// faults.
    pub fn ends_with_a_page(&self) -> bool {
        1 << self.ty.page_size_log2 >= MAX_PAGE_SIZE
    }
}

/// What the executable does, after the start functions.
#[derive(Debug)]
pub enum Entry {
    /// Runs a command's `_start`.
    Command(FuncId),
    /// Runs a reactor's `_initialize`, if it has one, then a function with arguments from the command line.
    Invoke {
        /// `_initialize`.
        initialize: Option<FuncId>,
        /// The function.
        function: FuncId,
        /// Its name.
        name: String,
    },
    /// Performs the steps of a test script.
    Script(Vec<Step>),
}

impl<'a> Program<'a> {
    /// The functions that the executable calls of its own accord: the start functions and the entry's own.
    pub fn roots(&self) -> Vec<FuncId> {
        let mut roots: Vec<FuncId> = self
            .instances
            .values()
            .filter_map(|instance| Some(instance.functions[instance.module.start?]))
            .collect();
        match &self.entry {
            Entry::Command(start) => roots.push(*start),
            Entry::Invoke {
                initialize,
                function,
                ..
            } => roots.extend(initialize.iter().chain([function])),
            Entry::Script(steps) => roots.extend(script::called(steps)),
        }
        roots
    }

    /// The types of the functions that the runtime calls, in ascending order.
    pub fn called_signatures(&self) -> BTreeSet<SignatureId> {
        let signature = |function: FuncId| self.functions[function].signature;
        match &self.entry {
            Entry::Command(_) => BTreeSet::new(),
            Entry::Invoke { function, .. } => [signature(*function)].into(),
            Entry::Script(steps) => script::called(steps).map(signature).collect(),
        }
    }

    /// The name that a function was given: by the name section, or by its import if nobody defines it.
    pub fn given_name(&self, function: FuncId) -> Option<Cow<'a, str>> {
        let function = &self.functions[function];
        if let FunctionKind::Unknown { module, name, .. } = function.kind {
            return Some(Cow::Owned(format!("{module}::{name}")));
        }
        let names = &self.instances[function.instance].module.names;
        names.get(&function.index).map(|name| Cow::Borrowed(*name))
    }

    /// A name for people: the one that it was given, or the one that browsers use where there is none.
    pub fn name(&self, function: FuncId) -> Cow<'a, str> {
        self.given_name(function).unwrap_or_else(|| {
            let index = self.functions[function].index.index();
            Cow::Owned(format!("wasm-function[{index}]"))
        })
    }

    /// Whether reachable code throws exceptions. If not, no call needs to know its handlers.
    pub fn throws(&self) -> bool {
        self.tags.values().any(|tag| tag.is_thrown)
    }

    /// The body of a function that a module defines.
    pub fn body(&self, function: FuncId) -> &'a Body<'a> {
        let function = &self.functions[function];
        let body = self.instances[function.instance]
            .module
            .body(function.index);
        body.expect("a module defines it")
    }

    /// The type of a function.
    pub fn type_of(&self, function: FuncId) -> &FuncType<SignatureId> {
        &self.signatures[self.functions[function].signature]
    }
}
