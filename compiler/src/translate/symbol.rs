//! What generated code refers to by name; the object gives each an ELF symbol.

use crate::parse::index::{DataIndex, ElementIndex};
use crate::program::{FuncId, InstanceId, SignatureId, TableId};
use cranelift_codegen::ir::{AbiParam, Signature, UserExternalName, types};
use cranelift_codegen::isa::CallConv;
use elfin_abi::host::intrinsic;

/// Something that generated code refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A function of the program.
    Function(FuncId),
    /// A host function, by its number in [`elfin_abi::host::FUNCTIONS`].
    Host(u32),
    /// A function of the runtime that code calls of its own accord.
    Intrinsic(Intrinsic),
    /// The bytes of a passive data segment.
    Data(InstanceId, DataIndex),
    /// The elements of a passive element segment.
    Elements(InstanceId, ElementIndex),
    /// The code that the runtime enters.
    Entry,
    /// The code by which the runtime calls functions of a type.
    Call(SignatureId),
    /// The [`elfin_abi::layout::Invocation`].
    Invocation,
    /// The code by which a test script instantiates.
    Instantiate(InstanceId),
    /// The bytes or references of an initialiser, by its number.
    Initializer(InstanceId, u32),
    /// The [`elfin_abi::layout::Script`].
    Script,
    /// The [`elfin_abi::exception::Exceptions`].
    Exceptions,
    /// The state, of a position-independent executable.
    State,
    /// What code addresses in references are relative to, in a position-independent executable.
    Origin,
    /// The elements of a table that never changes, in a position-independent executable.
    Table(TableId),
    /// The second version of a function, see [`crate::optimize::versions`].
    Version(FuncId),
}

/// Bits of the kind of symbol, which shares a word with the number of an instance.
const KIND_BITS: u32 = 4;

impl Symbol {
    /// Cranelift's form: the kind and the instance in one word, the index in the other.
    pub fn to_external(self) -> UserExternalName {
        let name = |kind: u32, instance: u32, index: u32| UserExternalName {
            namespace: instance << KIND_BITS | kind,
            index,
        };
        match self {
            Symbol::Function(function) => name(0, 0, function.as_u32()),
            Symbol::Host(index) => name(1, 0, index),
            Symbol::Intrinsic(intrinsic) => name(2, 0, intrinsic as u32),
            Symbol::Data(instance, index) => name(3, instance.as_u32(), index.as_u32()),
            Symbol::Elements(instance, index) => name(4, instance.as_u32(), index.as_u32()),
            Symbol::Entry => name(5, 0, 0),
            Symbol::Call(signature) => name(6, 0, signature.as_u32()),
            Symbol::Invocation => name(7, 0, 0),
            Symbol::Instantiate(instance) => name(8, instance.as_u32(), 0),
            Symbol::Initializer(instance, index) => name(9, instance.as_u32(), index),
            Symbol::Script => name(10, 0, 0),
            Symbol::Exceptions => name(11, 0, 0),
            Symbol::State => name(12, 0, 0),
            Symbol::Origin => name(13, 0, 0),
            Symbol::Table(table) => name(14, 0, table.as_u32()),
            Symbol::Version(function) => name(15, 0, function.as_u32()),
        }
    }

    /// The symbol of Cranelift's form. Panics on a name that [`Self::to_external`] does not give.
    pub fn from_external(name: &UserExternalName) -> Self {
        let instance = InstanceId::from_u32(name.namespace >> KIND_BITS);
        match name.namespace & ((1 << KIND_BITS) - 1) {
            0 => Symbol::Function(FuncId::from_u32(name.index)),
            1 => Symbol::Host(name.index),
            2 => Symbol::Intrinsic(Intrinsic::ALL[name.index as usize]),
            3 => Symbol::Data(instance, DataIndex::from_u32(name.index)),
            4 => Symbol::Elements(instance, ElementIndex::from_u32(name.index)),
            5 => Symbol::Entry,
            6 => Symbol::Call(SignatureId::from_u32(name.index)),
            7 => Symbol::Invocation,
            8 => Symbol::Instantiate(instance),
            9 => Symbol::Initializer(instance, name.index),
            10 => Symbol::Script,
            11 => Symbol::Exceptions,
            12 => Symbol::State,
            13 => Symbol::Origin,
            14 => Symbol::Table(TableId::from_u32(name.index)),
            15 => Symbol::Version(FuncId::from_u32(name.index)),
            kind => panic!("a symbol of the unknown kind {kind}"),
        }
    }
}

/// A function of the runtime that code calls of its own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intrinsic {
    /// Grows a memory.
    MemoryGrow,
    /// Waits for a 32-bit word of a shared memory.
    MemoryWait32,
    /// Waits for a 64-bit word of a shared memory.
    MemoryWait64,
    /// Grows a table.
    TableGrow,
    /// Fills part of a table.
    TableFill,
    /// Parses arguments, calls and prints.
    Invoke,
    /// Performs the steps of a test script.
    Script,
    /// Throws a new exception.
    Throw,
    /// Throws an exception again.
    ThrowRef,
    /// C's `memmove`.
    Memmove,
    /// C's `memset`.
    Memset,
    /// Checks the CPU; called by the runtime itself, where the descriptor names it.
    CheckCpu,
    /// Reports where code comes from; likewise.
    ReportSource,
    /// Asks the kernel for the second wall. This and those below are preparations, which the descriptor lists.
    Wall,
    /// Opens a granted directory.
    OpenDirectory,
    /// Opens a granted directory below the home directory.
    OpenHomeDirectory,
    /// Gives the guest a directory inside the executable.
    OpenEmbedded,
    /// What the runtime can do with directories inside the executable; called by the runtime itself.
    Embedded,
    /// Listens at an address.
    Listen,
    /// Grants all environment variables.
    InheritEnvironment,
    /// Grants the directories that the environment names.
    MoreDirectories,
    /// Grants the variables that the environment names.
    MoreVariables,
    /// Listens at the addresses that the environment names.
    MoreListeners,
    /// Ends the process when its time is over.
    LimitTime,
    /// Looks for features of the CPU.
    FindCpu,
}

impl Intrinsic {
    /// All, in the order of their numbers.
    pub const ALL: [Intrinsic; 25] = [
        Intrinsic::MemoryGrow,
        Intrinsic::MemoryWait32,
        Intrinsic::MemoryWait64,
        Intrinsic::TableGrow,
        Intrinsic::TableFill,
        Intrinsic::Invoke,
        Intrinsic::Script,
        Intrinsic::Throw,
        Intrinsic::ThrowRef,
        Intrinsic::Memmove,
        Intrinsic::Memset,
        Intrinsic::CheckCpu,
        Intrinsic::ReportSource,
        Intrinsic::Wall,
        Intrinsic::OpenDirectory,
        Intrinsic::OpenHomeDirectory,
        Intrinsic::OpenEmbedded,
        Intrinsic::Embedded,
        Intrinsic::Listen,
        Intrinsic::InheritEnvironment,
        Intrinsic::MoreDirectories,
        Intrinsic::MoreVariables,
        Intrinsic::MoreListeners,
        Intrinsic::LimitTime,
        Intrinsic::FindCpu,
    ];

    /// The symbol that the runtime defines.
    pub const fn name(self) -> &'static str {
        match self {
            Intrinsic::MemoryGrow => intrinsic::MEMORY_GROW,
            Intrinsic::MemoryWait32 => intrinsic::MEMORY_WAIT32,
            Intrinsic::MemoryWait64 => intrinsic::MEMORY_WAIT64,
            Intrinsic::TableGrow => intrinsic::TABLE_GROW,
            Intrinsic::TableFill => intrinsic::TABLE_FILL,
            Intrinsic::Invoke => intrinsic::INVOKE,
            Intrinsic::Script => intrinsic::SCRIPT,
            Intrinsic::Throw => intrinsic::THROW,
            Intrinsic::ThrowRef => intrinsic::THROW_REF,
            Intrinsic::Memmove => intrinsic::MEMMOVE,
            Intrinsic::Memset => intrinsic::MEMSET,
            Intrinsic::CheckCpu => intrinsic::CHECK_CPU,
            Intrinsic::ReportSource => intrinsic::REPORT_SOURCE,
            Intrinsic::Wall => intrinsic::WALL,
            Intrinsic::OpenDirectory => intrinsic::OPEN_DIRECTORY,
            Intrinsic::OpenHomeDirectory => intrinsic::OPEN_HOME_DIRECTORY,
            Intrinsic::OpenEmbedded => intrinsic::OPEN_EMBEDDED,
            Intrinsic::Embedded => intrinsic::EMBEDDED,
            Intrinsic::Listen => intrinsic::LISTEN,
            Intrinsic::InheritEnvironment => intrinsic::INHERIT_ENVIRONMENT,
            Intrinsic::MoreDirectories => intrinsic::MORE_DIRECTORIES,
            Intrinsic::MoreVariables => intrinsic::MORE_VARIABLES,
            Intrinsic::MoreListeners => intrinsic::MORE_LISTENERS,
            Intrinsic::LimitTime => intrinsic::LIMIT_TIME,
            Intrinsic::FindCpu => intrinsic::FIND_CPU,
        }
    }

    /// Its signature, with the types that [`intrinsic`] documents; C's where nothing else is said there.
    pub fn signature(self) -> Signature {
        let (params, results): (&[_], &[_]) = match self {
            Intrinsic::MemoryGrow => (&[types::I64, types::I64], &[types::I64]),
            Intrinsic::MemoryWait32 => (&[types::I64, types::I32, types::I64], &[types::I32]),
            Intrinsic::MemoryWait64 => (&[types::I64, types::I64, types::I64], &[types::I32]),
            Intrinsic::TableGrow => (&[types::I64, types::I64, types::I64], &[types::I64]),
            Intrinsic::TableFill => (&[types::I64, types::I64, types::I64], &[]),
            Intrinsic::Invoke
            | Intrinsic::Script
            | Intrinsic::CheckCpu
            | Intrinsic::Wall
            | Intrinsic::OpenDirectory
            | Intrinsic::OpenHomeDirectory
            | Intrinsic::OpenEmbedded
            | Intrinsic::Listen
            | Intrinsic::InheritEnvironment
            | Intrinsic::MoreDirectories
            | Intrinsic::MoreVariables
            | Intrinsic::MoreListeners
            | Intrinsic::LimitTime
            | Intrinsic::FindCpu => (&[types::I64], &[]),
            Intrinsic::Embedded => (&[], &[types::I64]),
            Intrinsic::Throw | Intrinsic::ThrowRef => (&[types::I64, types::I64], &[]),
            Intrinsic::ReportSource => unreachable!("only the runtime calls it"),
            Intrinsic::Memmove => (&[types::I64, types::I64, types::I64], &[types::I64]),
            Intrinsic::Memset => (&[types::I64, types::I32, types::I64], &[types::I64]),
        };
        let mut signature = Signature::new(match self {
            // A handler in the calling function finds every register changed but the stack and frame pointers.
            Intrinsic::Throw | Intrinsic::ThrowRef => CallConv::Tail,
            _ => CallConv::SystemV,
        });
        signature
            .params
            .extend(params.iter().map(|ty| AbiParam::new(*ty)));
        signature
            .returns
            .extend(results.iter().map(|ty| AbiParam::new(*ty)));
        signature
    }
}
