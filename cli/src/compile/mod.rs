//! `elfin compile`: a module's file becomes an executable's.

mod cpu;
mod feature;
mod grant;
mod input;
mod size;
mod target;

use crate::failure::{Failure, Result, STATUS_HELP, say};
use crate::output::{Destination, Kind};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use elfin_compiler::features::{Features, Switch};
use elfin_compiler::options::{
    Directory, Emit, Grants, OptLevel, Options, UnknownImports, Variable,
};
use elfin_compiler::{Cpu, ErrorKind, Output, Target};
use feature::SwitchParser;
use std::path::{Path, PathBuf};
use target::TargetParser;

/// Compile a module into a static executable that needs nothing beside it
#[derive(Args)]
#[command(
    after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"),
    long_about = "Compile a WebAssembly module (WASI preview 1) into a static Linux executable that needs nothing \
                  beside it: no runtime, no libraries.\n\nThe executable passes its arguments to the program \
                  untouched, and grants it nothing besides them and the standard streams but what --dir and --env name."
)]
pub(crate) struct Compile {
    /// The module, in binary (.wasm) or text form (.wat); `-` reads standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// Where to write; `-` is standard output [default: INPUT's name without its extension, here]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// The machine that the executable is for; spellings of Rust, Debian and zig are understood [default: this one]
    #[arg(long, value_name = "TARGET", value_parser = TargetParser)]
    target: Option<Target>,

    /// What the machine's CPU has at least: a level, features after it, or `native` [default: generic, any CPU]
    ///
    /// x86-64-v2, x86-64-v3 or x86-64-v4; rv64gcv, which SIMD on riscv64 needs; `native` is what this machine has.
    /// Features follow as in `x86-64-v2,+bmi2`; a name that is none is answered with all there are. The executable
    /// checks when it starts that its CPU has them.
    #[arg(long, value_name = "CPU")]
    cpu: Option<String>,

    /// How hard to optimise: 0 compiles fastest, 2 runs fastest, s is smallest
    #[arg(
        short = 'O',
        long = "opt-level",
        value_name = "LEVEL",
        default_value = "2"
    )]
    opt_level: Level,

    /// What to write: an executable, the object file it is linked from, Cranelift's code, or assembly
    #[arg(long, value_name = "WHAT", default_value = "exe")]
    emit: Product,

    /// With --emit clif or asm: only the function of this name
    #[arg(long, value_name = "NAME")]
    func: Option<String>,

    /// Let the program use this directory and what is below it; it sees it as GUEST [default: as HOST]
    ///
    /// HOST is looked up when the executable starts, from the directory that it is started in. May be repeated.
    #[arg(long = "dir", value_name = "HOST[::GUEST]",
          value_parser = OsStringValueParser::new().try_map(|text| grant::directory(&text)))]
    directories: Vec<Directory>,

    /// Let the program see this environment variable: as it is when the executable starts, or with a fixed VALUE
    ///
    /// A VALUE is stored in the executable as plain text: whoever can read the file can read it. May be repeated.
    #[arg(long = "env", value_name = "NAME[=VALUE]",
          value_parser = OsStringValueParser::new().try_map(|text| grant::variable(&text)))]
    environment: Vec<Variable>,

    /// Bytes of stack for the program; K, M and G are understood
    #[arg(long, value_name = "SIZE", default_value = "8M", value_parser = size::stack)]
    stack_size: u64,

    /// Never let the program's memory grow beyond this many bytes [default: what the module allows]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    max_memory: Option<u64>,

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
    #[arg(long)]
    strip: bool,

    /// Threads to compile with [default: one a core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Say how long each phase took and how large the result is
    #[arg(short, long)]
    verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  elfin compile app.wasm                          writes ./app, which runs on this machine
  elfin compile app.wasm --target aarch64-linux   for 64-bit Arm
  elfin compile app.wasm --cpu x86-64-v3          for CPUs with AVX2, and faster there
  elfin compile app.wasm --dir .                  the program may use the directory it is started in
  elfin compile app.wasm --dir /srv/data::/data   it sees /srv/data as /data
  elfin compile app.wasm --env HOME --env LANG=C  it sees two variables
  elfin compile lib.wat --invoke fib -o fib       `./fib 30` calls the function `fib`
  elfin compile app.wasm --emit asm -o - --func f the assembly of one function";

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    /// Compile fastest
    #[value(name = "0")]
    None,
    /// Basic optimisations
    #[value(name = "1")]
    Basic,
    /// Run fastest
    #[value(name = "2")]
    Speed,
    /// Smallest
    #[value(name = "s")]
    Size,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Product {
    /// An executable
    Exe,
    /// The relocatable object that the executable is linked from
    Obj,
    /// Cranelift's intermediate representation, as text
    Clif,
    /// Assembly, as text
    Asm,
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

impl Compile {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        // Everything that the command line alone decides comes first: no file is touched for a typing mistake.
        let options = self.options()?;
        let runtime = match self.emit {
            Product::Exe => {
                elfin_runtimes::unpack(options.target, options.pie).map_err(Failure::Usage)?
            }
            Product::Obj | Product::Clif | Product::Asm => Vec::new(),
        };
        let output = self.output_path()?;
        let input = input::read(&self.input)?;
        // Before the work, so that an output that can't be written costs no waiting.
        let destination = Destination::resolve(&output, &self.input, self.emit.kind())?;
        let compiled = elfin_compiler::compile(&input, &options, &runtime)
            .map_err(|error| self.explain(&error))?;
        for note in &compiled.notes {
            say("note", note);
        }
        let started = std::time::Instant::now();
        destination.write(&compiled.bytes)?;
        if self.verbose {
            self.report(&input, &compiled, &output, started.elapsed());
        }
        Ok(())
    }

    fn options(&self) -> Result<Options> {
        if self.func.is_some() && !matches!(self.emit, Product::Clif | Product::Asm) {
            return Err(Failure::Usage(
                "--func chooses what to print: add --emit clif or --emit asm".into(),
            ));
        }
        let target = self.target.or_else(Target::host).ok_or_else(|| {
            Failure::Usage(format!(
                "this machine is not a target; name one with --target: {}",
                target::list()
            ))
        })?;
        let cpu = match &self.cpu {
            Some(text) => cpu::parse(target, text)?,
            None => Cpu::generic(target),
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
            emit: match self.emit {
                Product::Exe => Emit::Executable,
                Product::Obj => Emit::Object,
                Product::Clif => Emit::Clif(self.func.clone()),
                Product::Asm => Emit::Assembly(self.func.clone()),
            },
            stack_size: self.stack_size,
            max_memory: self.max_memory,
            invoke: self.invoke.clone(),
            unknown_imports: match self.unknown_imports {
                None => UnknownImports::Refuse,
                Some(Unknown::Trap) => UnknownImports::Trap,
                Some(Unknown::Zero) => UnknownImports::Zero,
            },
            grants: Grants {
                directories: self.directories.clone(),
                environment: self.environment.clone(),
            },
            pie: self.pie,
            sign_return_addresses: self.branch_protection == Protection::PacRet,
            strip: self.strip,
            jobs: self.jobs.map_or(0, usize::from),
            ..Options::new(target)
        })
    }

    /// What `-o` names, or the input's stem in the working directory.
    fn output_path(&self) -> Result<PathBuf> {
        if let Some(output) = &self.output {
            return Ok(output.clone());
        }
        if input::is_standard(&self.input) {
            return Err(Failure::Usage(
                "standard input has no name to derive the output's from: name it with -o".into(),
            ));
        }
        let stem = self.input.file_stem().ok_or_else(|| {
            Failure::Failed(format!(
                "`{}` is a directory: name a .wasm or .wat file",
                self.input.display()
            ))
        })?;
        let mut output = PathBuf::from(stem);
        if let Some(extension) = self.emit.extension() {
            output.as_mut_os_string().push(extension);
        }
        Ok(output)
    }

    fn explain(&self, error: &elfin_compiler::Error) -> Failure {
        let input = self.input.display();
        match error.kind {
            ErrorKind::Internal => Failure::Bug(Some(format!("`{input}`: {error}"))),
            ErrorKind::Invalid
            | ErrorKind::Unsupported
            | ErrorKind::Limit
            | ErrorKind::Link
            | ErrorKind::Option => Failure::Failed(format!("`{input}`: {error}")),
        }
    }

    fn report(&self, input: &[u8], compiled: &Output, output: &Path, wrote: std::time::Duration) {
        for (phase, time) in compiled.phases.iter().copied().chain([("write", wrote)]) {
            say(
                "time",
                format_args!("{phase:<10} {:9.3} ms", time.as_secs_f64() * 1e3),
            );
        }
        say(
            "size",
            format_args!(
                "{} {} bytes -> {} {} bytes",
                self.input.display(),
                input.len(),
                output.display(),
                compiled.bytes.len()
            ),
        );
    }
}

impl Product {
    fn extension(self) -> Option<&'static str> {
        match self {
            Product::Exe => None,
            Product::Obj => Some(".o"),
            Product::Clif => Some(".clif"),
            Product::Asm => Some(".s"),
        }
    }

    fn kind(self) -> Kind {
        match self {
            Product::Exe => Kind::Executable,
            Product::Obj => Kind::Binary,
            Product::Clif | Product::Asm => Kind::Text,
        }
    }
}
