//! The index spaces of a module, a type for each, so that none can be taken for another.

use cranelift_entity::entity_impl;

macro_rules! index_space {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(u32);
            entity_impl!($name, $prefix);
        )*
    };
}

index_space! {
    /// A type of the module.
    TypeIndex, "type";
    /// A function of the module, imported ones first.
    FuncIndex, "func";
    /// A table of the module, imported ones first.
    TableIndex, "table";
    /// A memory of the module, imported ones first.
    MemoryIndex, "memory";
    /// A global of the module, imported ones first.
    GlobalIndex, "global";
    /// A tag of the module, imported ones first.
    TagIndex, "tag";
    /// An element segment.
    ElementIndex, "elem";
    /// A data segment.
    DataIndex, "data";
}
