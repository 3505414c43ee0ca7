//! What a caller asks of a compilation.

use crate::cpu::Cpu;
use crate::features::Features;
use crate::target::Target;

/// Everything besides the input that decides the output. Equal options and input give equal bytes.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the executable runs on.
    pub target: Target,
    /// What the target's CPU has at least; of the same target.
    pub cpu: Cpu,
    /// The proposals that the input may use.
    pub features: Features,
    /// How much effort goes into the code.
    pub opt_level: OptLevel,
    /// What to produce.
    pub emit: Emit,
    /// Bytes of guest stack; rounded up to 64 KiB.
    pub stack_size: u64,
    /// No linear memory grows beyond this many bytes, whatever the module allows.
    pub max_memory: Option<u64>,
    /// Call this export instead of `_start`, with arguments from the command line.
    pub invoke: Option<String>,
    /// What becomes of an import that elfin does not know.
    pub unknown_imports: UnknownImports,
    /// What the guest may reach.
    pub grants: Grants,
    /// Make an executable that runs at any address: the kernel chooses where its code and data lie, the runtime where
    /// its memories do.
    pub pie: bool,
    /// Sign return addresses on the stack (aarch64 alone), so that one that was overwritten is not returned to.
    pub sign_return_addresses: bool,
    /// Leave out symbols and function names.
    pub strip: bool,
    /// Threads to compile with; 0 takes one a core.
    pub jobs: usize,
}

impl Options {
    /// Defaults for `target`: an executable at the default level that is granted nothing.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            cpu: Cpu::generic(target),
            features: Features::default(),
            opt_level: OptLevel::default(),
            emit: Emit::Executable,
            stack_size: 8 << 20,
            max_memory: None,
            invoke: None,
            unknown_imports: UnknownImports::Refuse,
            grants: Grants::default(),
            pie: false,
            sign_return_addresses: false,
            strip: false,
            jobs: 0,
        }
    }
}

/// How much effort goes into the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OptLevel {
    /// Compile fastest.
    None,
    /// Cranelift's optimisations.
    Basic,
    /// Everything within a budget.
    #[default]
    Speed,
    /// Small code first.
    Size,
}

/// What to produce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Emit {
    /// A static executable.
    Executable,
    /// The relocatable object that the executable is linked from, without the runtime.
    Object,
    /// Cranelift's intermediate representation, as text, of all functions or the named one.
    Clif(Option<String>),
    /// The target's assembly, as text, of all functions or the named one.
    Assembly(Option<String>),
}

/// What becomes of an import that elfin does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownImports {
    /// An error that lists all of them.
    Refuse,
    /// A function that traps when it is called.
    Trap,
    /// A function that returns zeros.
    Zero,
}

/// What the guest may reach besides standard input, output and error, and its arguments.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Directories, in the order in which the guest sees them.
    pub directories: Vec<Directory>,
    /// Environment variables.
    pub environment: Vec<Variable>,
}

/// A directory of the host that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Path on the host, resolved when the executable starts.
    pub host: Vec<u8>,
    /// The name under which the guest sees it.
    pub guest: Vec<u8>,
}

/// An environment variable that the guest sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, without `=`.
    pub name: Vec<u8>,
    /// Its value; without one, the value that it has when the executable starts.
    pub value: Option<Vec<u8>>,
}
