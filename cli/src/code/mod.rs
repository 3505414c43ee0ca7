//! The flags that decide the code, the same ones for every command that compiles: they become the compiler's options.
//!
//! What is done with the code (files, grants, formats) is each command's own.

mod cpu;
mod duration;
mod feature;
mod pass;
mod sandbox;
pub(crate) mod size;
mod target;

use crate::failure::{Failure, Result};
use clap::{Args, ValueEnum};
#[cfg(target_os = "linux")]
use elfin_compiler::cpu::NATIVE;
use elfin_compiler::features::{Features, Switch};
use elfin_compiler::options::{KernelSandbox, OptLevel, Options, Pass, UnknownImports};
use elfin_compiler::{Cpu, Error, ErrorKind, Target};
use feature::SwitchParser;
use std::path::Path;
use std::time::Duration;
use target::TargetParser;

/// The flags.
#[derive(Args)]
pub(crate) struct CodeArgs {
    /// The machine that the executable is for; spellings of Rust, Debian and zig are understood [default: this one]
    #[arg(long, value_name = "TARGET", value_parser = TargetParser)]
    target: Option<Target>,

    /// What the machine's CPU has at least: a level, features after it, or `native` [default: generic, any CPU;
    /// of `run`: native]
    ///
    /// x86-64-v2, x86-64-v3 or x86-64-v4; rv64gcv, which SIMD on riscv64 needs; `native` is what this machine has.
    /// Features follow as in `x86-64-v2,+bmi2`; a name that is none is answered with all there are. The executable
    /// checks when it starts that its CPU has them.
    #[arg(long, value_name = "CPU")]
    cpu: Option<String>,

    /// How hard to optimise: 0 compiles fastest, 2 runs fastest, s is smallest; z is taken as s
    #[arg(
        short = 'O',
        long = "opt-level",
        value_name = "LEVEL",
        default_value = "2"
    )]
    opt_level: Level,

    /// Leave out a pass of -O2, -O3 and -Os: no-PASS; a name that is none is answered with all there are
    ///
    /// To find out what a pass gives, or whether it is at fault.
    #[arg(short = 'Z', value_name = "no-PASS", value_parser = pass::parse)]
    without: Vec<Pass>,

    /// What the kernel shall refuse the program besides: auto, off, or require[=seccomp,landlock]
    ///
    /// From what the program uses and is granted elfin derives the system calls that it can need (a seccomp filter) and the
    /// directories that it can reach (Landlock). `auto` has the kernel enforce what it can; with `require` the executable
    /// does not start where the kernel can't; `off` leaves this out.
    #[arg(long, value_name = "HOW", default_value = "auto", value_parser = sandbox::parse)]
    kernel_sandbox: KernelSandbox,

    /// Bytes of stack for the program; K, M and G are understood
    #[arg(long, value_name = "SIZE", default_value = "8M", value_parser = size::stack)]
    stack_size: u64,

    /// Never let the program's memory grow beyond this many bytes [default: what the module allows]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    max_memory: Option<u64>,

    /// The number of descriptors that the program can have at once [default: as many as the system allows]
    ///
    /// The three standard streams, listening sockets and granted directories are among them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..))]
    max_fds: Option<u32>,

    /// End the program, with status 124, when this much time has passed since its start; ms, s, m and h are understood
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<Duration>,

    /// Call this exported function instead of `_start`
    ///
    /// The executable takes the function's arguments from its command line and prints its results.
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,

    /// Compile a module that imports functions which elfin does not know: they trap, or return zeros
    /// [default: refuse it]
    #[arg(long, value_name = "HOW")]
    unknown_imports: Option<Unknown>,

    /// Proposals of WebAssembly that the module may use beside those of WebAssembly 3.0; `-NAME` switches one off
    ///
    /// Names are those of LLVM, separated by commas. Off unless named here: atomics, custom-page-sizes, wide-arithmetic.
    /// `all` stands for all.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = SwitchParser)]
    wasm_features: Vec<Switch>,

    /// Make a position-independent executable: its code, data and memory lie at other addresses each time it runs
    ///
    /// It hinders who has found a hole in elfin, and makes programs 1 to 13 % slower on x86-64: see SECURITY.md.
    #[arg(long)]
    pie: bool,

    /// Let functions sign the return addresses that they put on the stack: `pac-ret`, on aarch64 alone
    ///
    /// A return address that was overwritten is then not returned to, on CPUs with pointer authentication (from Armv8.3
    /// on); others take the instructions as none.
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "none",
        hide_default_value = true
    )]
    branch_protection: Protection,

    /// Leave out symbols and function names, which traps, debuggers and profilers show
    #[arg(long, conflicts_with = "debug")]
    strip: bool,

    /// Add debug information: traps, gdb and perf show files, lines and inlined functions
    ///
    /// Lines and functions are those of the module's own debug information (DWARF): build it with -g (clang) or
    /// -C debuginfo=2 (rustc). The stack can be walked without. Variables are not described.
    #[arg(short = 'g', long)]
    debug: bool,

    /// Threads to compile with [default: one a core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Compile everything anew, and keep nothing of it
    ///
    /// Otherwise the machine code of functions is kept below $XDG_CACHE_HOME or ~/.cache, in a folder `elfin`, and a function
    /// that has not changed since is not compiled again. The result is the same. The folder takes up to ELFIN_CACHE_SIZE bytes
    /// (default 1G, 0 keeps none); what was not used for longest goes first.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    /// Compile fastest
    #[value(name = "0")]
    None,
    /// Basic optimisations
    #[value(name = "1")]
    Basic,
    /// Run fast
    #[value(name = "2", alias = "3")]
    Speed,
    /// Smallest
    #[value(name = "s", alias = "z")]
    Size,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Protection {
    /// Nothing
    None,
    /// Return addresses are signed
    PacRet,
}

#[derive(Clone, Copy, ValueEnum)]
enum Unknown {
    /// Calling one is a trap
    Trap,
    /// Each returns zeros
    Zero,
}

impl CodeArgs {
    /// The compiler's options for an executable; the rest of them have their defaults.
    pub(crate) fn options(&self) -> Result<Options> {
        self.options_for(Cpu::generic)
    }

    /// What `--cpu` says, as it was written.
    #[cfg(target_os = "linux")]
    pub(crate) fn cpu(&self) -> Option<&str> {
        self.cpu.as_deref()
    }

    /// The same for an executable that runs here and now: for this machine's CPU, unless `--cpu` names one.
    #[cfg(target_os = "linux")]
    pub(crate) fn native_options(&self) -> Result<Options> {
        self.options_for(|target| {
            Cpu::parse(target, NATIVE).unwrap_or_else(|_| Cpu::generic(target))
        })
    }

    fn options_for(&self, default: impl Fn(Target) -> Cpu) -> Result<Options> {
        let target = self.target.or_else(Target::host).ok_or_else(|| {
            Failure::Usage(format!(
                "this machine is not a target; name one with --target: {}",
                target::list()
            ))
        })?;
        let cpu = match &self.cpu {
            Some(text) => cpu::parse(target, text)?,
            None => default(target),
        };
        let mut features = Features::default();
        for switch in &self.wasm_features {
            features.apply(*switch);
        }
        Ok(Options {
            cpu,
            features,
            opt_level: match self.opt_level {
                Level::None => OptLevel::None,
                Level::Basic => OptLevel::Basic,
                Level::Speed => OptLevel::Speed,
                Level::Size => OptLevel::Size,
            },
            without: self.without.iter().copied().collect(),
            stack_size: self.stack_size,
            max_memory: self.max_memory,
            max_descriptors: self.max_fds,
            timeout: self.timeout,
            invoke: self.invoke.clone(),
            unknown_imports: match self.unknown_imports {
                None => UnknownImports::Refuse,
                Some(Unknown::Trap) => UnknownImports::Trap,
                Some(Unknown::Zero) => UnknownImports::Zero,
            },
            kernel_sandbox: self.kernel_sandbox,
            pie: self.pie,
            sign_return_addresses: self.branch_protection == Protection::PacRet,
            strip: self.strip,
            debug: self.debug,
            jobs: self.jobs.map_or(0, usize::from),
            ..Options::new(target)
        })
    }
}

/// What the user is told of an input that is not compiled.
pub(crate) fn explain(input: &Path, error: &Error) -> Failure {
    let input = input.display();
    match error.kind {
        ErrorKind::Internal => Failure::Bug(Some(format!("`{input}`: {error}"))),
        ErrorKind::Invalid
        | ErrorKind::Unsupported
        | ErrorKind::Limit
        | ErrorKind::Link
        | ErrorKind::Option => Failure::Failed(format!("`{input}`: {error}")),
    }
}
