//! What a caller asks of a compilation.

use crate::cpu::Cpu;
use crate::embed::{self, EmbeddedDirectory};
use crate::error::{Error, ErrorKind, Result};
use crate::features::Features;
use crate::target::Target;
use elfin_abi::cpu::x86_64;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Everything besides the input that decides the output. Equal options and input give equal bytes, as far as a
/// [`linker`](Options::linker) of the caller's does.
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
    /// Passes of the level that are left out.
    pub without: BTreeSet<Pass>,
    /// What to produce.
    pub emit: Emit,
    /// Bytes of guest stack; rounded up to 64 KiB.
    pub stack_size: u64,
    /// No linear memory grows beyond this many bytes, whatever the module allows.
    pub max_memory: Option<u64>,
    /// The guest never has more than this many descriptors at once, those that it starts with among them.
    pub max_descriptors: Option<u32>,
    /// The process ends when this much time has passed since it was started; whole milliseconds, at least one.
    pub timeout: Option<Duration>,
    /// Call this export instead of `_start`, with arguments from the command line.
    pub invoke: Option<String>,
    /// What becomes of an import that elfin does not know.
    pub unknown_imports: UnknownImports,
    /// What the guest may reach.
    pub grants: Grants,
    /// What the kernel is asked to refuse, besides what the runtime does.
    pub kernel_sandbox: KernelSandbox,
    /// Make an executable that runs at any address: the kernel chooses where its code and data lie, the runtime where
    /// its memories do.
    pub pie: bool,
    /// Sign return addresses on the stack (aarch64 alone), so that one that was overwritten is not returned to.
    pub sign_return_addresses: bool,
    /// Leave out symbols and function names.
    pub strip: bool,
    /// Add debug information: frames and, where the module has DWARF, lines, functions and what was inlined.
    pub debug: bool,
    /// Link by running this program, which takes the arguments and scripts of ld, instead of by the embedded linker.
    pub linker: Option<PathBuf>,
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
            without: BTreeSet::new(),
            emit: Emit::Executable,
            stack_size: 8 << 20,
            max_memory: None,
            max_descriptors: None,
            timeout: None,
            invoke: None,
            unknown_imports: UnknownImports::Refuse,
            grants: Grants::default(),
            kernel_sandbox: KernelSandbox::default(),
            pie: false,
            sign_return_addresses: false,
            strip: false,
            debug: false,
            linker: None,
            jobs: 0,
        }
    }

    /// Whether a pass is part of the compilation.
    pub(crate) fn runs(&self, pass: Pass) -> bool {
        let is_of_level = matches!(self.opt_level, OptLevel::Speed | OptLevel::Size);
        is_of_level && !self.without.contains(&pass)
    }

    /// What the program looks for in the CPU when it starts, as bits of [`elfin_abi::cpu`], to make use of it there.
    pub(crate) fn cpu_features_at_start(&self) -> u64 {
        let popcnt = if self.finds_popcnt() {
            x86_64::POPCNT
        } else {
            0
        };
        popcnt | self.version_features()
    }

    /// Whether one instruction takes the place of a dozen where the program finds it.
    pub(crate) fn finds_popcnt(&self) -> bool {
        self.target == Target::X86_64
            && self.opt_level == OptLevel::Speed
            && self.runs(Pass::Popcount)
            // A CPU with more has it as well.
            && self.cpu.features() & (x86_64::POPCNT | x86_64::SSE41) == 0
    }

    /// What the CPU has that the second versions of functions are for, see [`crate::optimize::versions`]; 0 if there are none.
    /// Debuggers get one place for each function.
    pub(crate) fn version_features(&self) -> u64 {
        let makes = self.target == Target::X86_64
            && self.opt_level == OptLevel::Speed
            && self.runs(Pass::Versions)
            && !self.pie
            && !self.debug
            && self.cpu.features() & VERSION_FEATURES != VERSION_FEATURES;
        if makes { VERSION_FEATURES } else { 0 }
    }

    /// The options that second versions are compiled with.
    pub(crate) fn of_versions(&self) -> Self {
        Self {
            cpu: self.cpu.with(VERSION_FEATURES),
            ..self.clone()
        }
    }

    /// Whether what is asked for can be had, whatever the input.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Option, message));
        let grants = &self.grants;
        let directories = grants.directories.len() + grants.embedded.len();
        let given = STREAMS + grants.listeners.len() + directories;
        if self
            .max_descriptors
            .is_some_and(|max| (max as usize) < given)
        {
            return wrong(format!(
                "the program begins with {given} descriptors, more than it may have at once"
            ));
        }
        let is_text = |bytes: &[u8]| !bytes.is_empty() && !bytes.contains(&0);
        let hosts = grants.directories.iter().map(|directory| &directory.host);
        let guests = grants.directories.iter().map(|directory| &directory.guest);
        let embedded = grants.embedded.iter().map(|directory| &directory.guest);
        for name in hosts.chain(guests).chain(embedded) {
            if !is_text(name) || name.len() > LONGEST_NAME {
                return wrong("a granted directory has no name, or one that no path can be".into());
            }
        }
        for variable in &grants.environment {
            let value = variable.value.as_deref().unwrap_or_default();
            if !is_text(&variable.name) || variable.name.contains(&b'=') || value.contains(&0) {
                return wrong(
                    "a granted environment variable has a name that none can have".into(),
                );
            }
        }
        embed::check(&grants.embedded)?;
        if self
            .grants
            .argv0
            .as_deref()
            .is_some_and(|name| !is_text(name))
        {
            return wrong("the name that the program is called by is empty".into());
        }
        Ok(())
    }
}

/// The descriptors that every guest begins with: standard input, output and error.
const STREAMS: usize = 3;

/// Bytes of the longest path.
const LONGEST_NAME: usize = 4095;

/// x86-64-v3 without what elfin's code makes little use of: Intel's processors have it since 2013, AMD's since 2015. All but
/// the fewest questions to the CPU would take longer than they save: a hypervisor takes some microseconds for each.
const VERSION_FEATURES: u64 = x86_64::SSE3
    | x86_64::SSSE3
    | x86_64::SSE41
    | x86_64::SSE42
    | x86_64::POPCNT
    | x86_64::AVX
    | x86_64::AVX2
    | x86_64::BMI1
    | x86_64::BMI2;

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

/// An optimisation of elfin's own, beyond Cranelift's: part of [`OptLevel::Speed`] and the levels behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Small functions take the place of their calls.
    Inline,
    /// Functions that multiply 128-bit numbers by halves become wide multiplications.
    Multiply,
    /// Functions that copy or fill bytes become bulk memory operations.
    Bulk,
    /// Divisions by constants become products of 64 bits, on x86-64.
    Divide,
    /// Sums of 128 bits use the carry flag.
    Carry,
    /// Bits are counted by an instruction where a program finds it when it starts, on x86-64.
    Popcount,
    /// Shifts and masks that turn the bytes of a number around become one instruction.
    Swap,
    /// Branches through tables become comparisons or tests of bits, where those are few.
    Switch,
    /// Indices that differ by a constant share a register.
    Addresses,
    /// Loads take the value that was stored just before.
    Forward,
    /// Bytes of vectors take the shortest way to where they are needed, on x86-64 without SSSE3.
    Shuffle,
    /// Counters of loops live in one register.
    Counters,
    /// Loops over arrays do several iterations at once, in vectors.
    Vectorize,
    /// Loops that search arrays look at 16 bytes at once, on x86-64 and aarch64 where addresses are fixed.
    Search,
    /// Vectors of which nothing but the lanes is used are loaded lane by lane, on x86-64.
    Lanes,
    /// Numbers are negated or not without a branch, on x86-64.
    Signs,
    /// Divisions and square roots are done two at a time, on x86-64.
    Superwords,
    /// Masks of bits that are zero anyway go.
    Masks,
    /// Indices of memories are held as the 64 bits that addresses are added up from, on x86-64.
    Widen,
    /// Loops are laid out in one piece.
    Order,
    /// Machine code gets shorter encodings, and no frame that it does not use, on x86-64.
    Compact,
    /// Short code that jumps lead to takes their place then.
    Copies,
    /// Functions that gain by it are there for CPUs with more as well, on x86-64 at fixed addresses.
    Versions,
}

impl Pass {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Inline,
        Self::Multiply,
        Self::Bulk,
        Self::Divide,
        Self::Carry,
        Self::Popcount,
        Self::Swap,
        Self::Switch,
        Self::Addresses,
        Self::Forward,
        Self::Shuffle,
        Self::Counters,
        Self::Vectorize,
        Self::Search,
        Self::Lanes,
        Self::Signs,
        Self::Superwords,
        Self::Masks,
        Self::Widen,
        Self::Order,
        Self::Compact,
        Self::Copies,
        Self::Versions,
    ];

    /// Its name, as users write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Multiply => "multiply",
            Self::Bulk => "bulk",
            Self::Divide => "divide",
            Self::Carry => "carry",
            Self::Popcount => "popcount",
            Self::Swap => "swap",
            Self::Switch => "switch",
            Self::Addresses => "addresses",
            Self::Forward => "forward",
            Self::Shuffle => "shuffle",
            Self::Counters => "counters",
            Self::Vectorize => "vectorize",
            Self::Search => "search",
            Self::Lanes => "lanes",
            Self::Signs => "signs",
            Self::Superwords => "superwords",
            Self::Masks => "masks",
            Self::Widen => "widen",
            Self::Order => "order",
            Self::Compact => "compact",
            Self::Copies => "copies",
            Self::Versions => "versions",
        }
    }
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
    /// The target's assembly, as text, of all functions or the named one: as Cranelift makes it, before [`Pass::Compact`].
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

/// The second wall, see [`crate::sandbox`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelSandbox {
    /// None: nothing of it gets into the executable.
    Off,
    /// What the kernel has of it; the executable does not start where it lacks what is required.
    On {
        /// Seccomp filters are required.
        require_seccomp: bool,
        /// Landlock is required, of version 2 or later.
        require_landlock: bool,
    },
}

impl KernelSandbox {
    /// Nothing is required.
    pub const AUTO: Self = Self::On {
        require_seccomp: false,
        require_landlock: false,
    };
}

impl Default for KernelSandbox {
    fn default() -> Self {
        Self::AUTO
    }
}

/// What the guest may reach besides standard input, output and error, and its arguments.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Addresses at which the guest accepts TCP connections: its descriptors from 3 on.
    pub listeners: Vec<SocketAddr>,
    /// Directories, in the order in which the guest sees them: the descriptors after the listeners'.
    pub directories: Vec<Directory>,
    /// Directories inside the executable: the descriptors after the directories'.
    pub embedded: Vec<EmbeddedDirectory>,
    /// Environment variables. Where a name occurs twice, the guest finds the first.
    pub environment: Vec<Variable>,
    /// The guest sees all other environment variables as well.
    pub inherit_environment: bool,
    /// What the guest sees as the name that it was called by; otherwise that name.
    pub argv0: Option<Vec<u8>>,
    /// Whoever starts the executable can grant more, by the variables of [`elfin_abi::grant`].
    pub more_at_start: bool,
}

/// A directory of the host that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Path on the host, resolved when the executable starts; a leading `$HOME` stands for the home directory.
    pub host: Vec<u8>,
    /// The name under which the guest sees it.
    pub guest: Vec<u8>,
    /// Whether the guest can change nothing in it.
    pub read_only: bool,
}

/// An environment variable that the guest sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, without `=`.
    pub name: Vec<u8>,
    /// Its value; without one, the value that it has when the executable starts.
    pub value: Option<Vec<u8>>,
}
