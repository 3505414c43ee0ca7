//! What an import means: an export of another instance, a host function, or nothing that is known.
//!
//! <https://webassembly.github.io/spec/core/valid/matching.html>

use super::link::Linker;
use super::types::{Names, is_subtype};
use super::{FuncId, GlobalId, InstanceId, Memory, MemoryId, Table, TableId, TagId};
use crate::error::{Error, ErrorKind, Result};
use crate::options::{Options, UnknownImports};
use crate::parse::module::{ExportItem, FuncType, Import, MemoryType, Module, TableType, ValType};
use elfin_abi::host::{self, HostFunction};

/// What an import means.
pub(super) enum Resolved<'a> {
    /// A function of another instance.
    Function(FuncId),
    /// A function of the runtime.
    Host(&'static HostFunction),
    /// A function that nobody defines and that may be replaced.
    Unknown(Import<'a>),
    /// A table of another instance.
    Table(TableId),
    /// A memory of another instance.
    Memory(MemoryId),
    /// A global of another instance.
    Global(GlobalId),
    /// A tag of another instance.
    Tag(TagId),
}

/// What each import of a module means, in their order. Whatever nobody defines is an error that lists all of it, but
/// for functions that the options allow to replace.
pub(super) fn resolve<'a>(
    linker: &Linker<'a>,
    module: &'a Module<'a>,
    types: &Names,
    options: &Options,
) -> Result<Vec<Resolved<'a>>> {
    let mut unknown = Vec::new();
    let mut resolved = Vec::with_capacity(module.imports.len());
    for import in &module.imports {
        if let Some(instance) = linker.names.get(import.module) {
            resolved.push(from_instance(linker, module, types, import, *instance)?);
            continue;
        }
        match import.item {
            ExportItem::Function(index) => {
                let ty = module.function_type(index);
                if let Some(function) = host::find(import.module, import.name) {
                    check_host(function, ty)?;
                    resolved.push(Resolved::Host(function));
                } else if options.unknown_imports == UnknownImports::Refuse {
                    unknown.push(describe(import, &format!("function {ty}")));
                } else {
                    resolved.push(Resolved::Unknown(*import));
                }
            }
            ExportItem::Table(_) => unknown.push(describe(import, "table")),
            ExportItem::Memory(_) => unknown.push(describe(import, "memory")),
            ExportItem::Tag(_) => unknown.push(describe(import, "tag")),
            ExportItem::Global(index) => {
                let what = format!("global of type {}", module.globals[index].content);
                unknown.push(describe(import, &what));
            }
        }
    }
    if unknown.is_empty() {
        return Ok(resolved);
    }
    let mut message = format!(
        "the module imports what elfin does not know:\n{}\n",
        unknown.join("\n")
    );
    message.push_str(if options.unknown_imports == UnknownImports::Refuse {
        "elfin knows wasi_snapshot_preview1 and wasi_unstable; --unknown-imports=trap compiles unknown functions as traps, \
         --unknown-imports=zero as functions that return zeros"
    } else {
        "only functions can be replaced by --unknown-imports"
    });
    Err(Error::new(ErrorKind::Link, message))
}

fn describe(import: &Import<'_>, what: &str) -> String {
    format!("  {}::{}: {what}", import.module, import.name)
}

/// The export that an import names, if it has the type that the import asks for.
fn from_instance<'a>(
    linker: &Linker<'a>,
    module: &Module<'a>,
    types: &Names,
    import: &Import<'a>,
    instance: InstanceId,
) -> Result<Resolved<'a>> {
    let instance = &linker.instances[instance];
    let Some(export) = instance.module.export(import.name) else {
        return Err(error(import, "unknown import"));
    };
    let (matches, resolved) = match (import.item, export) {
        (ExportItem::Function(asked), ExportItem::Function(given)) => {
            let given = instance.functions[given];
            let matches = linker.functions[given].signature == types[module.functions[asked]];
            (matches, Resolved::Function(given))
        }
        (ExportItem::Table(asked), ExportItem::Table(given)) => {
            let given = instance.tables[given];
            let matches = table_matches(
                &linker.tables[given],
                &module.tables[asked],
                types,
                linker.code_ran,
            );
            (matches, Resolved::Table(given))
        }
        (ExportItem::Memory(asked), ExportItem::Memory(given)) => {
            let given = instance.memories[given];
            let matches = memory_matches(
                &linker.memories[given],
                &module.memories[asked],
                linker.code_ran,
            );
            (matches, Resolved::Memory(given))
        }
        (ExportItem::Global(asked), ExportItem::Global(given)) => {
            let given = instance.globals[given];
            let found = &linker.globals[given];
            let asked = &module.globals[asked];
            let content = asked.content.map(|ty| types[ty]);
            let matches = found.mutable == asked.mutable
                && is_subtype(found.content, content)
                && (!asked.mutable || found.content == content);
            (matches, Resolved::Global(given))
        }
        (ExportItem::Tag(asked), ExportItem::Tag(given)) => {
            let given = instance.tags[given];
            let matches = linker.tags[given].signature == types[module.tags[asked]];
            (matches, Resolved::Tag(given))
        }
        _ => return Err(error(import, "incompatible import type")),
    };
    if matches {
        Ok(resolved)
    } else {
        Err(error(import, "incompatible import type"))
    }
}

/// The messages of the specification's test suite.
fn error(import: &Import<'_>, what: &str) -> Error {
    let message = format!("{what}: {}::{}", import.module, import.name);
    Error::new(ErrorKind::Link, message)
}

/// Whether a table can be imported with this type. Once code has run it may have grown: then its size is checked at
/// instantiation.
fn table_matches(table: &Table, asked: &TableType, types: &Names, may_have_grown: bool) -> bool {
    let size = table.elements.len() as u64;
    table.element == asked.element.map(|ty| types[ty])
        && table.is_64 == asked.is_64
        && (size >= asked.initial || may_have_grown)
        && maximum_matches(table.declared_maximum, asked.maximum)
}

/// Likewise for a memory.
fn memory_matches(memory: &Memory, asked: &MemoryType, may_have_grown: bool) -> bool {
    let MemoryType {
        is_64,
        is_shared,
        page_size_log2,
        initial,
        maximum,
    } = memory.ty;
    (is_64, is_shared, page_size_log2) == (asked.is_64, asked.is_shared, asked.page_size_log2)
        && (initial >= asked.initial || may_have_grown)
        && maximum_matches(maximum, asked.maximum)
}

fn maximum_matches(given: Option<u64>, asked: Option<u64>) -> bool {
    match (given, asked) {
        (_, None) => true,
        (Some(given), Some(asked)) => given <= asked,
        (None, Some(_)) => false,
    }
}

/// An error if a host function is imported with another type than it has.
fn check_host(function: &HostFunction, imported: &FuncType) -> Result<()> {
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
