//! The types of wasmparser in elfin's terms; what is not compiled yet is refused with the proposal's name.

use super::index::TypeIndex;
use super::module::{self, FuncType, GlobalType, MemoryType, RefType, TableType, ValType};
use super::unsupported;
use crate::error::Result;
use elfin_abi::address::WASM_PAGE_SIZE;
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType};

/// A value type at a byte offset.
pub(crate) fn value(ty: wasmparser::ValType, offset: usize) -> Result<ValType> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => ValType::Ref(reference(ty, offset)?),
    })
}

/// A reference type at a byte offset.
pub(super) fn reference(ty: wasmparser::RefType, offset: usize) -> Result<RefType> {
    let refuse = |proposal| {
        Err(unsupported::proposal(
            proposal,
            &format!("the type {ty}"),
            offset,
        ))
    };
    let heap = match ty.heap_type() {
        HeapType::Concrete(index) => match index.as_module_index() {
            Some(index) => module::HeapType::Defined(TypeIndex::from_u32(index)),
            None => return refuse("gc"),
        },
        HeapType::Exact(_) => return refuse("custom-descriptors"),
        HeapType::Abstract { shared: true, .. } => return refuse("shared-everything-threads"),
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Func => module::HeapType::Func,
            AbstractHeapType::NoFunc => module::HeapType::NoFunc,
            AbstractHeapType::Extern => module::HeapType::Extern,
            AbstractHeapType::NoExtern => module::HeapType::NoExtern,
            AbstractHeapType::Exn => module::HeapType::Exn,
            AbstractHeapType::NoExn => module::HeapType::NoExn,
            _ => return refuse("gc"),
        },
    };
    Ok(RefType {
        nullable: ty.is_nullable(),
        heap,
    })
}

/// A type of a recursion group; it must be a function type without supertypes and subtypes.
pub(super) fn definition(ty: &wasmparser::SubType, offset: usize) -> Result<FuncType> {
    if !ty.is_final || ty.supertype_idx.is_some() {
        return Err(unsupported::proposal("gc", "a subtype", offset));
    }
    match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => function(ty, offset),
        _ => Err(unsupported::proposal(
            "gc",
            "a structure or array type",
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
    if ty.shared {
        return Err(unsupported::proposal(
            "shared-everything-threads",
            "a shared table",
            offset,
        ));
    }
    Ok(TableType {
        element: reference(ty.element_type, offset)?,
        is_64: ty.table64,
        initial: ty.initial,
        maximum: ty.maximum,
    })
}

/// A memory's type.
pub(super) fn memory(ty: &wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        is_64: ty.memory64,
        is_shared: ty.shared,
        page_size_log2: ty.page_size_log2.unwrap_or(WASM_PAGE_SIZE.trailing_zeros()),
        initial: ty.initial,
        maximum: ty.maximum,
    }
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
