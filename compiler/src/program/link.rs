//! One module becomes a program: its imports are resolved, its initialisers folded.

use super::constant::Scope;
use super::{
    Constant, Entry, FuncId, Function, FunctionKind, Global, GlobalId, Image, Instance, InstanceId,
    Memory, MemoryId, Program, Segment, SignatureId, Table, TableId, reach, vectors,
};
use crate::error::{Error, ErrorKind, Result};
use crate::options::{Options, UnknownImports};
use crate::parse::index::*;
use crate::parse::module::{ElementMode, Elements, ExportItem, FuncType, Import, Module, ValType};
use cranelift_entity::{EntitySet, PrimaryMap};
use elfin_abi::address::WASM_PAGE_SIZE;
use elfin_abi::host::{self, HostFunction};
use std::collections::HashMap;

/// A table that grows may reach this many elements where its type does not say less.
const MAXIMUM_ELEMENTS: u64 = 10_000_000;

/// A table's elements at the start are laid out in the file, 8 bytes each.
const MAXIMUM_INITIAL_ELEMENTS: u64 = 10_000_000;

/// The program of one module.
pub fn link<'a>(module: &'a Module<'a>, options: &Options) -> Result<Program<'a>> {
    let mut linker = Linker::default();
    let instance = linker.instantiate(module, options)?;
    let entry = entry(module, &linker.instances[instance], options)?;
    let mut program = Program {
        instances: linker.instances,
        functions: linker.functions,
        tables: linker.tables,
        memories: linker.memories,
        globals: linker.globals,
        signatures: linker.signatures,
        entry,
        compiled: Vec::new(),
        referenced: EntitySet::new(),
    };
    reach::resolve(&mut program);
    vectors::refuse(&program, options.cpu)?;
    Ok(program)
}

/// The program's entities while they are gathered.
#[derive(Default)]
struct Linker<'a> {
    instances: PrimaryMap<InstanceId, Instance<'a>>,
    functions: PrimaryMap<FuncId, Function<'a>>,
    tables: PrimaryMap<TableId, Table>,
    memories: PrimaryMap<MemoryId, Memory>,
    globals: PrimaryMap<GlobalId, Global>,
    signatures: PrimaryMap<SignatureId, FuncType>,
    signature_ids: HashMap<FuncType, SignatureId>,
}

impl<'a> Linker<'a> {
    /// Adds an instance of `module` whose imports come from the host.
    fn instantiate(&mut self, module: &'a Module<'a>, options: &Options) -> Result<InstanceId> {
        refuse_unknown(module, options.unknown_imports)?;
        let id = self.instances.next_key();
        let mut instance = Instance {
            module,
            functions: PrimaryMap::with_capacity(module.functions.len()),
            tables: PrimaryMap::new(),
            memories: PrimaryMap::new(),
            globals: PrimaryMap::new(),
            signatures: module.types.values().map(|ty| self.signature(ty)).collect(),
            elements: PrimaryMap::new(),
            data: PrimaryMap::new(),
        };
        self.define_memories(&mut instance, options)?;
        self.define_functions(&mut instance, id, options)?;
        self.define_globals(&mut instance)?;
        self.define_tables(&mut instance)?;
        self.fill_tables(&mut instance)?;
        self.fill_memories(&mut instance)?;
        Ok(self.instances.push(instance))
    }

    fn signature(&mut self, ty: &FuncType) -> SignatureId {
        if let Some(id) = self.signature_ids.get(ty) {
            return *id;
        }
        let id = self.signatures.push(ty.clone());
        self.signature_ids.insert(ty.clone(), id);
        id
    }

    fn define_memories(&mut self, instance: &mut Instance<'a>, options: &Options) -> Result<()> {
        for ty in instance.module.memories.values() {
            let initial = ty.initial * WASM_PAGE_SIZE;
            let limit = options
                .max_memory
                .map_or(1 << 32, |limit| limit / WASM_PAGE_SIZE * WASM_PAGE_SIZE);
            if initial > limit {
                let message = format!(
                    "the module's memory begins with {initial} bytes, more than the {limit} that --max-memory allows"
                );
                return Err(Error::new(ErrorKind::Limit, message));
            }
            let maximum = ty
                .maximum
                .map_or(1 << 32, |pages| pages * WASM_PAGE_SIZE)
                .min(limit);
            let memory = Memory {
                initial,
                maximum,
                grows: false,
                image: Image::default(),
            };
            instance.memories.push(self.memories.push(memory));
        }
        Ok(())
    }

    fn define_functions(
        &mut self,
        instance: &mut Instance<'a>,
        id: InstanceId,
        options: &Options,
    ) -> Result<()> {
        let module = instance.module;
        // WASI's pointers refer to the memory of that name; a module without one can only pass what is refused.
        let memory = match module.export("memory") {
            Some(ExportItem::Memory(index)) => Some(instance.memories[index]),
            _ => instance.memories.values().next().copied(),
        };
        for import in &module.imports {
            let ExportItem::Function(index) = import.item else {
                continue;
            };
            let kind = match host::find(import.module, import.name) {
                Some(function) => {
                    check_type(function, module.function_type(index))?;
                    FunctionKind::Host(function, memory)
                }
                None => FunctionKind::Unknown {
                    module: import.module,
                    name: import.name,
                    traps: options.unknown_imports == UnknownImports::Trap,
                },
            };
            let signature = instance.signatures[module.functions[index]];
            instance.functions.push(self.functions.push(Function {
                instance: id,
                index,
                signature,
                kind,
            }));
        }
        for index in module.functions.keys().skip(module.imported_functions()) {
            let signature = instance.signatures[module.functions[index]];
            let function = Function {
                instance: id,
                index,
                signature,
                kind: FunctionKind::Wasm,
            };
            instance.functions.push(self.functions.push(function));
        }
        Ok(())
    }

    fn define_globals(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let module = instance.module;
        let types = module.globals.values().skip(module.imported_globals());
        for (ty, initial) in types.zip(&module.global_initials) {
            let initial = self.scope(instance).fold(initial)?;
            let global = Global {
                content: ty.content,
                initial,
                is_set: false,
            };
            instance.globals.push(self.globals.push(global));
        }
        Ok(())
    }

    fn define_tables(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        for (index, ty) in &instance.module.tables {
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
            let table = Table {
                elements: vec![initial; ty.initial as usize],
                maximum: ty
                    .maximum
                    .unwrap_or(u64::MAX)
                    .min(MAXIMUM_ELEMENTS.max(ty.initial)),
                grows: false,
                is_written: false,
            };
            instance.tables.push(self.tables.push(table));
        }
        Ok(())
    }

    fn fill_tables(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        for (index, segment) in &instance.module.elements {
            let contents = match &segment.elements {
                Elements::Functions(list) => list
                    .iter()
                    .map(|function| Constant::Func(instance.functions[*function]))
                    .collect(),
                Elements::Expressions(list) => {
                    let scope = self.scope(instance);
                    list.iter()
                        .map(|expression| scope.fold(expression))
                        .collect::<Result<Vec<_>>>()?
                }
            };
            let mut passive = Vec::new();
            match &segment.mode {
                ElementMode::Active(table, offset) => {
                    let start = self.scope(instance).fold_offset(offset)?;
                    let table = &mut self.tables[instance.tables[*table]];
                    let end = start.saturating_add(contents.len() as u64);
                    if end > table.elements.len() as u64 {
                        return Err(out_of_bounds(
                            "element",
                            index.as_u32(),
                            start,
                            contents.len() as u64,
                        )
                        .at(offset.offset));
                    }
                    table.elements[start as usize..end as usize].copy_from_slice(&contents);
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

    fn fill_memories(&mut self, instance: &mut Instance<'a>) -> Result<()> {
        let mut writes: PrimaryMap<MemoryIndex, Vec<(u64, &'a [u8])>> =
            instance.memories.values().map(|_| Vec::new()).collect();
        for (index, segment) in &instance.module.data {
            let mut passive: &[u8] = &[];
            match &segment.active {
                Some((memory, offset)) => {
                    let start = self.scope(instance).fold_offset(offset)?;
                    let len = segment.bytes.len() as u64;
                    if start.saturating_add(len) > self.memories[instance.memories[*memory]].initial
                    {
                        return Err(
                            out_of_bounds("data", index.as_u32(), start, len).at(offset.offset)
                        );
                    }
                    writes[*memory].push((start, segment.bytes));
                }
                None => passive = segment.bytes,
            }
            instance.data.push(Segment {
                contents: passive,
                used: false,
                dropped: false,
            });
        }
        for (index, segments) in &writes {
            self.memories[instance.memories[index]].image = Image::new(segments);
        }
        Ok(())
    }

    fn scope<'p>(&'p self, instance: &'p Instance<'a>) -> Scope<'p> {
        Scope {
            functions: &instance.functions,
            instance_globals: &instance.globals,
            globals: &self.globals,
        }
    }
}

/// An active segment that does not fit: the program could only trap before it begins.
fn out_of_bounds(what: &str, index: u32, start: u64, len: u64) -> Error {
    let message = format!(
        "{what} segment {index} of {len} at {start} does not fit: the program would trap before it begins \
         (out of bounds {} access)",
        if what == "data" { "memory" } else { "table" }
    );
    Error::new(ErrorKind::Link, message)
}

/// An error that lists the imports that nobody defines, if there are any and they may not be replaced.
fn refuse_unknown(module: &Module<'_>, policy: UnknownImports) -> Result<()> {
    let unknown: Vec<String> = module
        .imports
        .iter()
        .filter_map(|import| match import.item {
            ExportItem::Function(index) => {
                let is_known = host::find(import.module, import.name).is_some();
                (!is_known && policy == UnknownImports::Refuse)
                    .then(|| describe(import, &format!("function {}", module.function_type(index))))
            }
            ExportItem::Table(_) => Some(describe(import, "table")),
            ExportItem::Memory(_) => Some(describe(import, "memory")),
            ExportItem::Global(index) => Some(describe(
                import,
                &format!("global of type {}", module.globals[index].content),
            )),
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut message = format!(
        "the module imports what elfin does not know:\n{}\n",
        unknown.join("\n")
    );
    message.push_str(if policy == UnknownImports::Refuse {
        "elfin knows wasi_snapshot_preview1; --unknown-imports=trap compiles unknown functions as traps, \
         --unknown-imports=zero as functions that return zeros"
    } else {
        "only functions can be replaced by --unknown-imports"
    });
    Err(Error::new(ErrorKind::Link, message))
}

fn describe(import: &Import<'_>, what: &str) -> String {
    format!("  {}::{}: {what}", import.module, import.name)
}

/// An error if a host function is imported with another type than it has.
fn check_type(function: &HostFunction, imported: &FuncType) -> Result<()> {
    let list = |types: &[host::Type]| -> Box<[ValType]> {
        types
            .iter()
            .map(|ty| {
                if *ty == host::Type::I32 {
                    ValType::I32
                } else {
                    ValType::I64
                }
            })
            .collect()
    };
    let expected = FuncType {
        params: list(function.params),
        results: list(function.results),
    };
    if *imported == expected {
        return Ok(());
    }
    let message = format!(
        "the module imports {}::{} with the type {imported}, but it is {expected}",
        function.module, function.name
    );
    Err(Error::new(ErrorKind::Link, message))
}

/// What the executable does.
fn entry(module: &Module<'_>, instance: &Instance<'_>, options: &Options) -> Result<Entry> {
    let find = |name: &str| match module.export(name) {
        Some(ExportItem::Function(index)) => Some(instance.functions[index]),
        _ => None,
    };
    let exported = || {
        let names: Vec<&str> = module
            .exports
            .iter()
            .filter(|export| matches!(export.item, ExportItem::Function(_)))
            .map(|export| export.name)
            .collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    if let Some(name) = &options.invoke {
        let Some(function) = find(name) else {
            let message = format!(
                "the module exports no function `{name}`; it exports: {}",
                exported()
            );
            return Err(Error::new(ErrorKind::Option, message));
        };
        let Some(ExportItem::Function(index)) = module.export(name) else {
            unreachable!("found above")
        };
        let ty = module.function_type(index);
        if let Some(ty) = ty
            .params
            .iter()
            .chain(&ty.results)
            .find(|ty| !is_number(**ty))
        {
            let message =
                format!("the function `{name}` can't be invoked: a command line can't pass a {ty}");
            return Err(Error::new(ErrorKind::Option, message));
        }
        return Ok(Entry::Invoke {
            initialize: find("_initialize"),
            function,
            name: name.clone(),
        });
    }
    let Some(start) = find("_start") else {
        let message = format!(
            "the module exports no `_start`, so it is not a command; name the function to call with --invoke \
             (exported functions: {})",
            exported()
        );
        return Err(Error::new(ErrorKind::Option, message));
    };
    let Some(ExportItem::Function(index)) = module.export("_start") else {
        unreachable!("found above")
    };
    let ty = module.function_type(index);
    if !ty.params.is_empty() || !ty.results.is_empty() {
        let message =
            format!("the module's `_start` has the type {ty}, but a command's is () -> ()");
        return Err(Error::new(ErrorKind::Link, message));
    }
    Ok(Entry::Command(start))
}

fn is_number(ty: ValType) -> bool {
    matches!(
        ty,
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64
    )
}
