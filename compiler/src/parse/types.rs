//! The types of wasmparser in elfin's terms; what is not compiled yet is refused with the proposal's name.

use super::module::*;
use super::unsupported;
use crate::error::Result;
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType};

/// A value type at a byte offset.
pub(crate) fn value(ty: wasmparser::ValType, offset: usize) -> Result<ValType> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => reference(ty, offset)?,
    })
}

/// A reference type at a byte offset.
pub(super) fn reference(ty: wasmparser::RefType, offset: usize) -> Result<ValType> {
    if ty == wasmparser::RefType::FUNCREF {
        Ok(ValType::FuncRef)
    } else if ty == wasmparser::RefType::EXTERNREF {
        Ok(ValType::ExternRef)
    } else {
        let proposal = match ty.heap_type() {
            HeapType::Concrete(_) => "typed-function-references",
            HeapType::Abstract {
                ty: AbstractHeapType::Func | AbstractHeapType::Extern,
                ..
            } => "typed-function-references",
            HeapType::Abstract {
                ty: AbstractHeapType::Exn | AbstractHeapType::NoExn,
                ..
            } => "exception-handling",
            _ => "gc",
        };
        Err(unsupported::proposal(
            proposal,
            &format!("the type {ty}"),
            offset,
        ))
    }
}

/// A recursion group of types; each must be a single function type.
pub(super) fn group(group: &wasmparser::RecGroup, offset: usize) -> Result<FuncType> {
    let mut types = group.types();
    match (types.next(), types.next()) {
        (Some(ty), None) if ty.is_final && ty.supertype_idx.is_none() => {
            match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => function(ty, offset),
                _ => Err(unsupported::proposal(
                    "gc",
                    "a structure or array type",
                    offset,
                )),
            }
        }
        _ => Err(unsupported::proposal(
            "gc",
            "a recursive type or subtype",
            offset,
        )),
    }
}

fn function(ty: &wasmparser::FuncType, offset: usize) -> Result<FuncType> {
    let list = |types: &[wasmparser::ValType]| {
        types
            .iter()
            .map(|ty| value(*ty, offset))
            .collect::<Result<Box<[_]>>>()
    };
    Ok(FuncType {
        params: list(ty.params())?,
        results: list(ty.results())?,
    })
}

/// A table's type.
pub(super) fn table(ty: &wasmparser::TableType, offset: usize) -> Result<TableType> {
    if ty.table64 {
        return Err(unsupported::proposal(
            "memory64",
            "a table with 64-bit indices",
            offset,
        ));
    }
    if ty.shared {
        return Err(unsupported::proposal(
            "shared-everything-threads",
            "a shared table",
            offset,
        ));
    }
    Ok(TableType {
        element: reference(ty.element_type, offset)?,
        initial: ty.initial,
        maximum: ty.maximum,
    })
}

/// A memory's type.
pub(super) fn memory(ty: &wasmparser::MemoryType, offset: usize) -> Result<MemoryType> {
    if ty.memory64 {
        return Err(unsupported::proposal("memory64", "a 64-bit memory", offset));
    }
    if ty.shared {
        return Err(unsupported::proposal("atomics", "a shared memory", offset));
    }
    if ty.page_size_log2.is_some() {
        return Err(unsupported::proposal(
            "custom-page-sizes",
            "a memory with its own page size",
            offset,
        ));
    }
    Ok(MemoryType {
        initial: ty.initial,
        maximum: ty.maximum,
    })
}

/// A global's type.
pub(super) fn global(ty: &wasmparser::GlobalType, offset: usize) -> Result<GlobalType> {
    if ty.shared {
        return Err(unsupported::proposal(
            "shared-everything-threads",
            "a shared global",
            offset,
        ));
    }
    Ok(GlobalType {
        content: value(ty.content_type, offset)?,
        mutable: ty.mutable,
    })
}
