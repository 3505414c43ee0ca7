//! Modules become a program: their imports are resolved, their initialisers folded.

use super::constant::Scope;
use super::entry::entry;
use super::import::{Resolved, resolve};
use super::place::LARGEST_32;
use super::types::Types;
use super::{
    Constant, Entry, FuncId, Function, FunctionKind, Global, GlobalId, Image, Initializer,
    Instance, InstanceId, Memory, MemoryId, Program, SignatureId, Table, TableId, Tag, TagId,
    Throwing, reach, script, throwing, vectors,
};
use crate::error::{Error, ErrorKind, Result};
use crate::options::{Options, UnknownImports};
use crate::parse::index::*;
use crate::parse::module::{ExportItem, FuncType, Module, TableType};
use crate::script::Script;
use cranelift_entity::{EntitySet, PrimaryMap};
use std::collections::HashMap;

/// A table that grows may reach this many elements where its type does not say less.
const MAXIMUM_ELEMENTS: u64 = 10_000_000;

/// A table's elements at the start are laid out in the file, 8 bytes each.
const MAXIMUM_INITIAL_ELEMENTS: u64 = 10_000_000;

/// The program of one module.
pub fn link<'a>(module: &'a Module<'a>, options: &Options) -> Result<Program<'a>> {
    let mut linker = Linker::default();
    let instance = linker.instantiate(module, options)?;
    let entry = entry(&linker.instances[instance], options)?;
    linker.finish(entry, options)
}

/// The program of a test script's modules.
pub fn link_script<'a>(
    modules: &'a [Module<'a>],
    script: &Script,
    options: &Options,
) -> Result<Program<'a>> {
    let mut linker = Linker::default();
    let steps = script::link(&mut linker, modules, script, options)?;
    linker.finish(Entry::Script(steps), options)
}

/// The program's entities while they are gathered.
#[derive(Default)]
pub(super) struct Linker<'a> {
    pub instances: PrimaryMap<InstanceId, Instance<'a>>,
    pub functions: PrimaryMap<FuncId, Function<'a>>,
    pub tables: PrimaryMap<TableId, Table>,
    pub memories: PrimaryMap<MemoryId, Memory>,
    pub globals: PrimaryMap<GlobalId, Global>,
    pub tags: PrimaryMap<TagId, Tag<'a>>,
    types: Types,
    /// The instances that imports can name.
    pub names: HashMap<String, InstanceId>,
    /// Whether guest code may have run by now, so that nothing that instances share is as it was at the start.
    pub code_ran: bool,
}

impl<'a> Linker<'a> {
    /// Adds an instance of `module`. Its imports come from the named instances, else from the host.
    pub(super) fn instantiate(
        &mut self,
        module: &'a Module<'a>,
        options: &Options,
    ) -> Result<InstanceId> {
        let signatures = self.types.intern(module);
        let imports = resolve(self, module, &signatures, options)?;
        let id = self.instances.next_key();
        let mut instance = Instance {
            module,
            functions: PrimaryMap::with_capacity(module.functions.len()),
            tables: PrimaryMap::new(),
            memories: PrimaryMap::new(),
            globals: PrimaryMap::new(),
            tags: PrimaryMap::new(),
            signatures,
            elements: PrimaryMap::new(),
            data: PrimaryMap::new(),
            initializers: Vec::new(),
        };
        self.import_entities(&mut instance, &imports);
        self.define_memories(&mut instance, options)?;
        self.import_functions(&mut instance, id, &imports, options);
        self.define_functions(&mut instance, id);
        self.define_globals(&mut instance)?;
        self.define_tables(&mut instance)?;
        self.define_tags(&mut instance);
        self.fill_tables(&mut instance)?;
        self.fill_memories(&mut instance)?;
        self.code_ran |= module.start.is_some();
        Ok(self.instances.push(instance))
    }

    /// The program of what has been gathered.
    fn finish(self, entry: Entry, options: &Options) -> Result<Program<'a>> {
        let mut program = Program {
            instances: self.instances,
            functions: self.functions,
            tables: self.tables,
            memories: self.memories,
            globals: self.globals,
            tags: self.tags,
            signatures: self.types.signatures,
            entry,
            compiled: Vec::new(),
            referenced: EntitySet::new(),
            throwing: Throwing::default(),
        };
        reach::resolve(&mut program);
        program.throwing = throwing::find(&program);
        vectors::refuse(&program, options.cpu)?;
        Ok(program)
    }

    /// The first entries of the index spaces but the functions': what other instances define.
    fn import_entities(&mut self, instance: &mut Instance<'a>, imports: &[Resolved<'a>]) {
        let module = instance.module;
        for (import, resolved) in module.imports.iter().zip(imports) {
            match *resolved {
                Resolved::Function(_) | Resolved::Host(_) | Resolved::Unknown(_) => {}
                Resolved::Global(global) => {
                    instance.globals.push(global);
                }
                Resolved::Tag(tag) => {
                    instance.tags.push(tag);
                }
                Resolved::Table(id) => {
                    instance.tables.push(id);
                    let ExportItem::Table(index) = import.item else {
                        unreachable!("the kinds were compared")
                    };
                    let required = module.tables[index].initial;
                    if (self.tables[id].elements.len() as u64) < required {
                        let check = Initializer::RequireTable(id, required);
                        instance.initializers.push(check);
                    }
                }
                Resolved::Memory(id) => {
                    instance.memories.push(id);
                    let ExportItem::Memory(index) = import.item else {
                        unreachable!("the kinds were compared")
                    };
                    let ty = &module.memories[index];
                    let required = ty.bytes(ty.initial);
                    if self.memories[id].initial < required {
                        let check = Initializer::RequireMemory(id, required);
                        instance.initializers.push(check);
                    }
                }
            }
        }
    }

    fn define_memories(&mut self, instance: &mut Instance<'a>, options: &Options) -> Result<()> {
        let imported = instance.memories.len();
        for ty in instance.module.memories.values().skip(imported) {
            let (initial, maximum) = (ty.bytes(ty.initial), ty.bytes(ty.maximum_pages()));
            let pages = |limit: u64| limit >> ty.page_size_log2 << ty.page_size_log2;
            let limit = options.max_memory.map_or(u64::MAX, pages);
            let largest = if ty.is_64 { u64::MAX } else { LARGEST_32 };
            if initial > limit {
                let message = format!(
                    "the module's memory begins with {initial} bytes, more than the {limit} that --max-memory allows"
                );
                return Err(Error::new(ErrorKind::Limit, message));
            }
            let memory = Memory {
                ty: *ty,
                initial,
                maximum: maximum.min(limit).min(largest.max(initial)),
                grows: false,
                image: Image::default(),
            };
            instance.memories.push(self.memories.push(memory));
        }
        Ok(())
    }

    fn import_functions(
        &mut self,
        instance: &mut Instance<'a>,
        id: InstanceId,
        imports: &[Resolved<'a>],
        options: &Options,
    ) {
        // WASI's pointers refer to the memory of that name; a module without one can only pass what is refused.
        let memory = match instance.module.export("memory") {
            Some(ExportItem::Memory(index)) => Some(instance.memories[index]),
            _ => instance.memories.values().next().copied(),
        };
        for resolved in imports {
            let kind = match *resolved {
                Resolved::Function(function) => {
                    instance.functions.push(function);
                    continue;
                }
                Resolved::Host(function) => FunctionKind::Host(function, memory),
                Resolved::Unknown(import) => FunctionKind::Unknown {
                    module: import.module,
                    name: import.name,
                    traps: options.unknown_imports == UnknownImports::Trap,
                },
                _ => continue,
            };
            self.function(instance, id, kind);
        }
    }

    fn define_functions(&mut self, instance: &mut Instance<'a>, id: InstanceId) {
        for _ in &instance.module.bodies {
            self.function(instance, id, FunctionKind::Wasm);
        }
    }

    /// Adds the next function of an instance.
    fn function(&mut self, instance: &mut Instance<'a>, id: InstanceId, kind: FunctionKind<'a>) {
        let index = instance.functions.next_key();
        let function = Function {
            instance: id,
            index,
            signature: instance.signatures[instance.module.functions[index]],
            kind,
        };
        instance.functions.push(self.functions.push(function));
    }

    fn define_globals(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let module = instance.module;
        let types = module.globals.values().skip(module.imported_globals());
        for (ty, initial) in types.zip(&module.global_initials) {
            let global = Global {
                content: ty.content.map(|ty| instance.signatures[ty]),
                mutable: ty.mutable,
                initial: self.scope(instance).fold(initial)?,
                is_set: false,
                setters: 0,
            };
            instance.globals.push(self.globals.push(global));
        }
        Ok(())
    }

    fn define_tables(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let imported = instance.tables.len();
        for (index, ty) in instance.module.tables.iter().skip(imported) {
            let table = self.table(instance, index, ty)?;
            instance.tables.push(self.tables.push(table));
        }
        Ok(())
    }

    fn table(&self, instance: &Instance<'a>, index: TableIndex, ty: &TableType) -> Result<Table> {
        if ty.initial > MAXIMUM_INITIAL_ELEMENTS {
            let message = format!(
                "a table begins with {} elements, more than the {MAXIMUM_INITIAL_ELEMENTS} that elfin lays out",
                ty.initial
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let initial = match instance.module.table_initials.get(&index) {
            Some(expression) => self.scope(instance).fold(expression)?,
            None => Constant::Null,
        };
        Ok(Table {
            element: ty.element.map(|ty| instance.signatures[ty]),
            is_64: ty.is_64,
            elements: vec![initial; ty.initial as usize],
            declared_maximum: ty.maximum,
            maximum: ty
                .maximum
                .unwrap_or(u64::MAX)
                .min(MAXIMUM_ELEMENTS.max(ty.initial)),
            grows: false,
            is_written: false,
        })
    }

    fn define_tags(&mut self, instance: &mut Instance<'a>) {
        let imported = instance.tags.len();
        for (index, ty) in instance.module.tags.iter().skip(imported) {
            let tag = self.tags.push(Tag {
                signature: instance.signatures[*ty],
                name: instance.module.tag_name(index),
                index,
                is_thrown: false,
            });
            instance.tags.push(tag);
        }
    }

    /// The type of a function.
    pub(super) fn type_of(&self, function: FuncId) -> &FuncType<SignatureId> {
        &self.types.signatures[self.functions[function].signature]
    }

    /// What the constant expressions of an instance may refer to.
    pub(super) fn scope<'p>(&'p self, instance: &'p Instance<'a>) -> Scope<'p> {
        Scope {
            functions: &instance.functions,
            instance_globals: &instance.globals,
            globals: &self.globals,
        }
    }
}
