//! What a function body refers to, gathered while it is validated: from this, [`crate::program`] computes what can be
//! reached and what never changes.

use super::index::*;
use wasmparser::{Catch, Operator};

/// Something that a function body does to an entity of its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// Calls a function directly.
    Call(FuncIndex),
    /// Takes a reference to a function.
    RefFunc(FuncIndex),
    /// Sets a global.
    SetGlobal(GlobalIndex),
    /// Grows a memory.
    GrowMemory(MemoryIndex),
    /// Grows a table.
    GrowTable(TableIndex),
    /// Calls elements of a table that have this type.
    CallIndirect(TableIndex, TypeIndex),
    /// Calls through references of this type.
    CallRef(TypeIndex),
    /// Reads elements of a table as references.
    ReadTable(TableIndex),
    /// Writes elements of a table.
    WriteTable(TableIndex),
    /// Initialises from an element segment.
    UseElement(ElementIndex),
    /// Drops an element segment.
    DropElement(ElementIndex),
    /// Initialises from a data segment.
    UseData(DataIndex),
    /// Drops a data segment.
    DropData(DataIndex),
    /// Throws exceptions with a tag.
    Throw(TagIndex),
    /// Catches exceptions with a tag.
    Catch(TagIndex),
    /// Throws exceptions again.
    ThrowRef,
}

/// Appends what `operator` refers to.
pub(super) fn collect(operator: &Operator<'_>, list: &mut Vec<Reference>) {
    use Operator as O;
    let table = TableIndex::from_u32;
    match *operator {
        O::Call { function_index } | O::ReturnCall { function_index } => {
            list.push(Reference::Call(FuncIndex::from_u32(function_index)));
        }
        O::RefFunc { function_index } => {
            list.push(Reference::RefFunc(FuncIndex::from_u32(function_index)))
        }
        O::GlobalSet { global_index } => {
            list.push(Reference::SetGlobal(GlobalIndex::from_u32(global_index)))
        }
        O::MemoryGrow { mem } => list.push(Reference::GrowMemory(MemoryIndex::from_u32(mem))),
        O::TableGrow { table: index } => {
            list.push(Reference::GrowTable(table(index)));
            list.push(Reference::WriteTable(table(index)));
        }
        O::CallIndirect {
            type_index,
            table_index,
        }
        | O::ReturnCallIndirect {
            type_index,
            table_index,
        } => {
            list.push(Reference::CallIndirect(
                table(table_index),
                TypeIndex::from_u32(type_index),
            ));
        }
        O::CallRef { type_index } | O::ReturnCallRef { type_index } => {
            list.push(Reference::CallRef(TypeIndex::from_u32(type_index)));
        }
        O::TableGet { table: index } => list.push(Reference::ReadTable(table(index))),
        O::TableSet { table: index } | O::TableFill { table: index } => {
            list.push(Reference::WriteTable(table(index)));
        }
        O::TableCopy {
            dst_table,
            src_table,
        } => {
            list.push(Reference::WriteTable(table(dst_table)));
            list.push(Reference::ReadTable(table(src_table)));
        }
        O::TableInit {
            elem_index,
            table: index,
        } => {
            list.push(Reference::WriteTable(table(index)));
            list.push(Reference::UseElement(ElementIndex::from_u32(elem_index)));
        }
        O::ElemDrop { elem_index } => {
            list.push(Reference::DropElement(ElementIndex::from_u32(elem_index)))
        }
        O::MemoryInit { data_index, .. } => {
            list.push(Reference::UseData(DataIndex::from_u32(data_index)))
        }
        O::DataDrop { data_index } => {
            list.push(Reference::DropData(DataIndex::from_u32(data_index)))
        }
        O::Throw { tag_index } => list.push(Reference::Throw(TagIndex::from_u32(tag_index))),
        O::ThrowRef | O::Rethrow { .. } => list.push(Reference::ThrowRef),
        O::Catch { tag_index } => list.push(Reference::Catch(TagIndex::from_u32(tag_index))),
        O::TryTable { ref try_table } => {
            list.extend(try_table.catches.iter().filter_map(|catch| match catch {
                Catch::One { tag, .. } | Catch::OneRef { tag, .. } => {
                    Some(Reference::Catch(TagIndex::from_u32(*tag)))
                }
                Catch::All { .. } | Catch::AllRef { .. } => None,
            }));
        }
        _ => {}
    }
}

/// Whether `operator` leaves its function for another one.
pub(super) fn is_tail_call(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. }
    )
}

/// The memory of an instruction's first field if that is a `memarg`.
macro_rules! memory_of {
    (memarg $value:ident $($rest:ident)*) => {
        Some(MemoryIndex::from_u32($value.memory))
    };
    ($($other:ident)*) => {
        None
    };
}

macro_rules! operators_with_memarg {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The memory that `operator` loads from or stores to.
        #[expect(unused_variables, reason = "fields that are no memarg")]
        pub(super) fn accessed_memory(operator: &Operator<'_>) -> Option<MemoryIndex> {
            match operator {
                $(Operator::$op $({ $($arg),* })? => memory_of!($($($arg $arg)*)?),)*
                _ => None,
            }
        }
    };
}

wasmparser::for_each_operator!(operators_with_memarg);
