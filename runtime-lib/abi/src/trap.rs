//! Trap codes and their messages: one list for the compiler and the runtime.

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// Why a program trapped. The discriminant is what the PC map stores.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Trap {
            $($(#[$doc])* $name = $code,)*
        }

        impl Trap {
            /// The trap with this code, if there is one.
            pub const fn from_code(code: u8) -> Option<Trap> {
                match code {
                    $($code => Some(Trap::$name),)*
                    _ => None,
                }
            }

            /// The message of the specification's test suite, or the like where that has none.
            pub const fn message(self) -> &'static str {
                match self {
                    $(Trap::$name => $message,)*
                }
            }
        }
    };
}

traps! {
    /// The `unreachable` instruction.
    Unreachable = 1, "unreachable";
    /// An access outside a linear memory. Loads and stores carry no code: a fault in the reservation is this.
    MemoryOutOfBounds = 2, "out of bounds memory access";
    /// `table.get`, `table.set` or a bulk table instruction outside a table.
    TableOutOfBounds = 3, "out of bounds table access";
    /// `call_indirect` with an index outside its table.
    UndefinedElement = 4, "undefined element";
    /// `call_indirect` of a null entry.
    UninitializedElement = 5, "uninitialized element";
    /// `call_indirect` of a function with another type.
    IndirectCallTypeMismatch = 6, "indirect call type mismatch";
    /// Integer division of the smallest number by -1, or a conversion out of range.
    IntegerOverflow = 7, "integer overflow";
    /// Integer division by zero.
    IntegerDivideByZero = 8, "integer divide by zero";
    /// Conversion of a NaN to an integer.
    InvalidConversionToInteger = 9, "invalid conversion to integer";
    /// The guest stack's guard was hit.
    StackOverflow = 10, "call stack exhausted";
    /// A null reference was used.
    NullReference = 11, "null reference";
    /// A function was called that elfin does not know and that was compiled with `--unknown-imports=trap`.
    UnknownImport = 12, "unknown import called";
    /// An instance imports a memory or table that is smaller than it asks for when it is instantiated.
    IncompatibleImport = 13, "incompatible import type";
    /// An atomic access at an address that is no multiple of its width.
    UnalignedAtomic = 14, "unaligned atomic";
    /// `memory.atomic.wait` on a memory that is not shared.
    ExpectedSharedMemory = 15, "expected shared memory";
}
