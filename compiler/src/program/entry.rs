//! What the executable does after instantiation: a command, or a function that is named.

use super::{Entry, Instance};
use crate::error::{Error, ErrorKind, Result};
use crate::options::Options;
use crate::parse::module::{ExportItem, ValType};

/// What the executable does.
pub(super) fn entry(instance: &Instance<'_>, options: &Options) -> Result<Entry> {
    let module = instance.module;
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
