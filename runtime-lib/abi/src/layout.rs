//! Structures that the compiler writes into an executable and the runtime reads.
//!
//! The root is [`Program`], at the symbol [`PROGRAM_SYMBOL`] in read-only data. Addresses are 64-bit words on every
//! target, filled in by the linker or known while compiling.

use core::marker::PhantomData;

/// The section at [`crate::address::STATE_BASE`].
pub const STATE_SECTION: &str = ".elfin.state";

/// The symbol of the [`Program`].
pub const PROGRAM_SYMBOL: &str = "elfin_program";

/// The entry point of an executable; the runtime defines it.
pub const START_SYMBOL: &str = "_start";

/// Elements that lie one behind the other in the executable.
#[repr(C)]
pub struct Span<T> {
    /// Address of the first element.
    pub address: u64,
    /// Number of elements.
    pub len: u64,
    element: PhantomData<T>,
}

/// Everything that the runtime must know of a program.
#[repr(C)]
pub struct Program {
    /// `extern "C" fn()`: runs the start functions and the command. The program ends with status 0 when it returns.
    pub entry: u64,
    /// Bytes of guest stack, a multiple of [`crate::address::MAX_PAGE_SIZE`], without its guard.
    pub stack_size: u64,
    /// [`crate::host::intrinsic::CHECK_CPU`], or 0 where the program runs on every CPU of its target.
    pub check_cpu: u64,
    /// What it is called with: the features that the CPU must have, see [`crate::cpu`].
    pub cpu_features: u64,
    /// What is done before the guest runs, in this order.
    pub preparations: Span<Preparation>,
    /// The number of descriptors that the guest can have at once; 0 if that is not limited.
    pub max_descriptors: u64,
    /// The linear memories, in the order of their addresses.
    pub memories: Span<MemoryInit>,
    /// The growable tables.
    pub tables: Span<TableInit>,
    /// Guest code, in the order of the addresses.
    pub chunks: Span<CodeChunk>,
    /// Function names: LEB128 length, then UTF-8 bytes. Offset 0 holds an empty name.
    pub names: Span<u8>,
    /// Functions that were put in the place of calls, see [`crate::pc_map::InlinedCall`].
    pub inlined: Span<InlinedFunction>,
    /// Address of the [`crate::sources::Sources`], or 0 without debug information.
    pub sources: u64,
    /// Directories granted while compiling.
    pub directories: Span<Directory>,
    /// Environment variables granted while compiling.
    pub environment: Span<Variable>,
    /// Parts of the state to copy from read-only data, in a position-independent executable.
    pub copies: Span<Copy>,
    /// What the guest sees as the name that it was called by; if empty, that name.
    pub argv0: Span<u8>,
    /// Address of the [`Embedded`], or 0 if the executable has no directories inside.
    pub embedded: u64,
}

/// Something to do before the guest runs. A program names what it needs, so that the linker leaves out the rest.
#[repr(C)]
pub struct Preparation {
    /// `extern "C" fn(argument: u64)`, one of [`crate::host::intrinsic`]. If it fails it ends the process, with a
    /// message.
    pub function: u64,
    /// What it is called with.
    pub argument: u64,
}

/// The second wall: what the kernel is asked to refuse once the runtime has prepared everything.
#[repr(C)]
pub struct Wall {
    /// The seccomp filter, `struct sock_filter` each; at most [`Wall::MAX_FILTER`].
    pub filter: Span<u64>,
    /// The number of the instruction whose constant, the high half, must become the number of the process.
    pub process_id_at: u64,
    /// Whether the filter allows calls with paths, which Landlock must confine: 0 or 1.
    pub reaches_files: u64,
    /// Without which the program must not start: [`Wall::SECCOMP`], [`Wall::LANDLOCK`].
    pub required: u64,
}

impl Wall {
    /// More instructions than the filter of a program that is linked with everything has.
    pub const MAX_FILTER: usize = 384;
    /// Seccomp filters.
    pub const SECCOMP: u64 = 1;
    /// Landlock, of version 2 or later.
    pub const LANDLOCK: u64 = 2;
}

/// What the runtime does at start for one linear memory.
#[repr(C)]
pub struct MemoryInit {
    /// Address of the [`Memory`], which holds the initial size.
    pub memory: u64,
    /// Bytes of address space from the base that belong to this memory: a fault there is one of its accesses.
    pub reservation: u64,
    /// Bytes from the base on which the runtime maps, inaccessibly where they are not the memory's yet, so that nobody
    /// else can.
    pub kept_free: u64,
    /// Parts that the kernel has mapped from the executable: whole pages, in the order of their addresses, `to` bytes
    /// from the base. `from` is 0, or in a position-independent executable where they lie before they are moved.
    pub mapped: Span<Copy>,
    /// Parts to copy from read-only data, `to` bytes from the base.
    pub copies: Span<Copy>,
}

/// A range of addresses.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Range {
    /// First address.
    pub start: u64,
    /// Length in bytes.
    pub len: u64,
}

/// Bytes to copy before the program starts.
#[repr(C)]
pub struct Copy {
    /// Where to.
    pub to: u64,
    /// Where from.
    pub from: u64,
    /// Length in bytes.
    pub len: u64,
}

/// A linear memory's state. Generated code reads `size`; only the runtime writes it.
#[repr(C)]
pub struct Memory {
    /// Address of byte 0. In a position-independent executable the runtime writes it before the program runs.
    pub base: u64,
    /// Current size in bytes.
    pub size: u64,
    /// Size in bytes that it may grow to.
    pub max: u64,
    /// The binary logarithm of the bytes of its pages.
    pub page_size_log2: u64,
}

/// What the runtime does at start for one growable table.
#[repr(C)]
pub struct TableInit {
    /// Address of the [`Table`].
    pub table: u64,
    /// Initial elements, [`ELEMENT_SIZE`] bytes each, to be copied to the table's base.
    pub elements: Span<u64>,
}

/// A growable table's state. Generated code reads `len`; only the runtime writes it.
#[repr(C)]
pub struct Table {
    /// Address of element 0; the runtime maps `max` elements here, and in a position-independent executable writes
    /// where.
    pub base: u64,
    /// Current number of elements.
    pub len: u64,
    /// Number of elements that it may grow to.
    pub max: u64,
}

/// Bytes of a table element. A null reference is 0. A function reference is the function's address in the low half
/// and its type's number, from 1, in the high half. In a position-independent executable it is the signed distance of
/// that address from the start of the read-only data that the compiler emits.
///
/// ```text
/// 63           32 31            0
/// | type number  | code address  |
/// ```
pub const ELEMENT_SIZE: u64 = 8;

/// A stretch of guest code: one text section.
#[repr(C)]
pub struct CodeChunk {
    /// Address of its first byte.
    pub start: u64,
    /// Length in bytes.
    pub len: u64,
    /// Its functions, in the order of their addresses.
    pub functions: Span<Function>,
    /// Bytes that [`Function::map`] points into, see [`crate::pc_map`].
    pub map: Span<u8>,
}

/// A guest function.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Function {
    /// Bytes from the chunk's start.
    pub start: u32,
    /// Where its run begins in [`CodeChunk::map`]. It ends where the next function's begins.
    pub map: u32,
    /// Where its name begins in [`Program::names`], 0 if it has none.
    pub name: u32,
    /// Its number in the module's function index space, or [`GENERATED`].
    pub index: u32,
}

/// A guest function that was put in the place of calls.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct InlinedFunction {
    /// Where its name begins in [`Program::names`], 0 if it has none.
    pub name: u32,
    /// Its number in the module's function index space.
    pub index: u32,
    /// Bytes from the start of the module to its body.
    pub wasm_offset: u32,
}

/// The [`Function::index`] of a function that is not the module's: reports leave it out.
pub const GENERATED: u32 = u32::MAX;

/// A directory granted to the guest.
#[repr(C)]
pub struct Directory {
    /// Path on the host; a relative one is relative to where the executable is started, one
    /// [below `$HOME`](crate::grant::below_home) to the home directory of whoever starts it. Followed by a zero byte
    /// that `len` does not count.
    pub host: Span<u8>,
    /// The name under which the guest sees it.
    pub guest: Span<u8>,
    /// Whether the guest can change nothing in it: 0 or 1.
    pub is_read_only: u64,
}

/// An environment variable granted to the guest.
#[repr(C)]
pub struct Variable {
    /// `NAME=VALUE`, or only `NAME` for the value that it has when the executable starts (none: not passed on).
    pub text: Span<u8>,
}

/// Directory trees inside the executable.
#[repr(C)]
pub struct Embedded {
    /// [`crate::host::intrinsic::EMBEDDED`].
    pub operations: u64,
    /// All files, directories and symbolic links: the trees' roots first, and the entries of a directory one behind the
    /// other, in the order of their names' bytes. A directory comes before its entries.
    pub nodes: Span<Node>,
    /// The names.
    pub names: Span<u8>,
    /// The contents of files and the texts of links.
    pub contents: Span<u8>,
}

/// A file, directory or symbolic link inside the executable. Nodes are referred to by their numbers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Node {
    /// A [`NodeKind`].
    pub kind: u32,
    /// The directory that it lies in; of a root, itself.
    pub parent: u32,
    /// Where its name begins in [`Embedded::names`]; a root has none.
    pub name: u32,
    /// Bytes of the name.
    pub name_len: u32,
    /// Of a directory, the number of its first entry; otherwise where its bytes begin in [`Embedded::contents`].
    pub start: u64,
    /// The number of entries, or of bytes.
    pub len: u64,
}

/// What a [`Node`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum NodeKind {
    /// A directory.
    Directory = 0,
    /// A file.
    File = 1,
    /// A symbolic link.
    Link = 2,
}

/// A directory inside the executable that the guest is given.
#[repr(C)]
pub struct EmbeddedDirectory {
    /// The name under which the guest sees it.
    pub guest: Span<u8>,
    /// The number of its root among [`Embedded::nodes`].
    pub node: u64,
}

/// An address at which the guest accepts TCP connections.
#[repr(C)]
pub struct Listener {
    /// The address as text, for messages.
    pub text: Span<u8>,
    /// The bytes of the IP address, in the order of the network; of version 4 the first four.
    pub address: [u8; 16],
    /// The version of the IP address, 4 or 6.
    pub version: u32,
    /// The port.
    pub port: u32,
    /// The scope of an address of version 6.
    pub scope: u32,
    /// 0.
    pub padding: u32,
}

/// An exported function to call with the arguments of the command line, for `--invoke`.
#[repr(C)]
pub struct Invocation {
    /// The name of the export.
    pub name: Span<u8>,
    /// A [`ValueType`] for each parameter.
    pub params: Span<u8>,
    /// A [`ValueType`] for each result.
    pub results: Span<u8>,
    /// `extern "C" fn(code: u64, arguments: *const Slot, results: *mut Slot)`: calls a function of its type.
    pub call: u64,
    /// The function's code.
    pub code: u64,
}

/// A parameter or result of a call by the runtime, the value in its low bytes.
pub type Slot = [u64; 2];

/// The largest number of parameters, and of results, that WebAssembly's
/// [implementation limits](https://webassembly.github.io/spec/js-api/#limits) allow.
pub const MOST_VALUES: usize = 1000;

/// The types that an [`Invocation`] can pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ValueType {
    /// 32-bit integer.
    I32 = 1,
    /// 64-bit integer.
    I64 = 2,
    /// 32-bit float.
    F32 = 3,
    /// 64-bit float.
    F64 = 4,
}

/// The steps of a test script.
#[repr(C)]
pub struct Script {
    /// In the order in which they are performed.
    pub steps: Span<Step>,
}

/// A step of a test script.
#[repr(C)]
pub struct Step {
    /// `extern "C" fn(code: u64, arguments: *const Slot, results: *mut Slot)`: calls a function, or instantiates; 0 to
    /// read a global.
    pub call: u64,
    /// The function's code, or the address of the global.
    pub code: u64,
    /// The arguments.
    pub arguments: Span<Slot>,
    /// What is expected of each result, where a return is expected.
    pub results: Span<Expected>,
    /// Where the script says so.
    pub line: u32,
    /// The [`Outcome`] that is expected.
    pub outcome: u32,
}

/// How a step of a test script ends: one of these, or `TRAP` plus the code of a [`crate::trap::Trap`].
pub struct Outcome;

impl Outcome {
    /// It returns, with the results that the step lists.
    pub const RETURN: u32 = 0;
    /// It returns, with any results.
    pub const ANY_RETURN: u32 = 1;
    /// An exception leaves it.
    pub const EXCEPTION: u32 = 2;
    /// It traps.
    pub const TRAP: u32 = 0x100;
}

/// What is expected of a result: that it fits one of the patterns.
#[repr(C)]
pub struct Expected {
    /// Bytes of the result.
    pub size: u64,
    /// The patterns.
    pub patterns: Span<Pattern>,
}

/// A set of values.
#[repr(C)]
pub struct Pattern {
    /// The bits that count.
    pub mask: Slot,
    /// What they are.
    pub value: Slot,
    /// Whether, instead, the value is anything but 0: 0 or 1.
    pub is_non_zero: u64,
}
