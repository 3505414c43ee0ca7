//! `elfin compile`: a module's file becomes an executable's.

mod repeat;

use crate::cache::Kept;
use crate::code::{self, CodeArgs};
use crate::failure::{Failure, Result, STATUS_HELP, say};
use crate::grant::{self, GrantArgs};
use crate::input;
use crate::output::{Destination, Kind};
use crate::progress;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use elfin_compiler::Output;
use elfin_compiler::options::{Emit, Grants, Options};
use std::path::{Path, PathBuf};

/// Compile a module into a static executable that needs nothing beside it
#[derive(Args)]
#[command(
    after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"),
    long_about = "Compile a WebAssembly module (WASI preview 1) into a static Linux executable that needs nothing \
                  beside it: no runtime, no libraries.\n\nThe executable passes its arguments to the program \
                  untouched, and grants it nothing besides them and the standard streams but what the options below say; each \
                  grant is told in a line."
)]
pub(crate) struct Compile {
    /// The module, in binary (.wasm) or text form (.wat); `-` reads standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// Where to write; `-` is standard output [default: INPUT's name without its extension, here]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    #[command(flatten)]
    code: CodeArgs,

    /// What to write: an executable, the object file it is linked from, Cranelift's code, or assembly
    #[arg(long, value_name = "WHAT", default_value = "exe")]
    emit: Product,

    /// With --emit clif or asm: only the function of this name
    #[arg(long, value_name = "NAME")]
    func: Option<String>,

    #[command(flatten)]
    grants: GrantArgs,

    /// Put this directory and what is below it into the executable; the program sees it as GUEST, and can read it
    ///
    /// HOST is read now. Symbolic links in it stay what they are, and may not lead out of it. Times of files are 1970,
    /// so that equal files make equal executables. May be repeated.
    #[arg(long = "embed-dir", value_name = "HOST::GUEST",
          value_parser = OsStringValueParser::new().try_map(|text| grant::embedded::parse(&text)))]
    embedded: Vec<grant::embedded::Source>,

    /// Let whoever starts the executable grant it more
    ///
    /// The environment variables ELFIN_DIR, ELFIN_ENV and ELFIN_TCP_LISTEN hold grants as --dir, --env and --tcp-listen
    /// take them, one a line. Without this option they mean nothing.
    #[arg(long)]
    runtime_grants: bool,

    /// What the program sees as the name that it was called by [default: that name]
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    argv0: Option<String>,

    /// Link with this program, such as ld.lld or ld.bfd, instead of the linker that elfin has in it
    #[arg(long, value_name = "PATH")]
    linker: Option<PathBuf>,

    /// Write what is needed to repeat this compilation into a folder: for a report of a bug
    ///
    /// That is the module, the command line with all its values, and the versions of elfin and of this machine. It is there
    /// before the compilation begins, however that ends.
    #[arg(long, value_name = "DIR")]
    save_inputs: Option<PathBuf>,

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
  elfin compile app.wasm --dir '$HOME/x::/x::ro'  it reads the user's directory x, and can't change it
  elfin compile py.wasm --embed-dir lib::/lib     it reads lib as /lib from the executable itself
  elfin compile app.wasm --env HOME --env LANG=C  it sees two variables
  elfin compile lib.wat --invoke fib -o fib       `./fib 30` calls the function `fib`
  elfin compile app.wasm -g                       traps and debuggers show files and lines
  elfin compile app.wasm --emit asm -o - --func f the assembly of one function";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Product {
    /// An executable
    Exe,
    /// The relocatable object that the executable is linked from
    Obj,
    /// Cranelift's intermediate representation, as text
    Clif,
    /// Assembly, as text: Cranelift's, of which the executable has less on x86-64
    Asm,
}

impl Compile {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        // Everything that the command line alone decides comes first: no file is touched for a typing mistake.
        let mut options = self.options()?;
        let runtime = match self.emit {
            Product::Exe => {
                elfin_runtimes::get(options.target, options.pie).map_err(Failure::Usage)?
            }
            Product::Obj | Product::Clif | Product::Asm => &[],
        };
        let output = self.output_path()?;
        let input = input::read(&self.input)?;
        for source in &self.embedded {
            options.grants.embedded.push(grant::embedded::read(source)?);
        }
        // Before the work, so that an output that can't be written costs no waiting.
        let destination = Destination::resolve(&output, &self.input, self.emit.kind())?;
        if let Some(folder) = &self.save_inputs {
            repeat::save(folder, &input, &options)?;
        }
        let is_text = matches!(self.emit, Product::Clif | Product::Asm);
        let kept = Kept::open(self.code.no_cache || is_text)?;
        let (compiled, was_kept) = progress::show(|progress| {
            kept.lend(|cache| {
                elfin_compiler::compile_with(&input, &options, runtime, progress, cache)
            })
        });
        let compiled = compiled.map_err(|error| code::explain(&self.input, &error))?;
        for note in &compiled.notes {
            say("note", note);
        }
        if self.emit == Product::Exe {
            for line in grant::lines(&options.grants) {
                say("grant", line);
            }
        }
        let started = std::time::Instant::now();
        destination.write(&compiled.bytes)?;
        if self.verbose {
            self.report(&input, &compiled, &output, started.elapsed());
            report_cache(&compiled, was_kept);
        }
        Ok(())
    }

    fn options(&self) -> Result<Options> {
        if self.func.is_some() && !matches!(self.emit, Product::Clif | Product::Asm) {
            return Err(Failure::Usage(
                "--func chooses what to print: add --emit clif or --emit asm".into(),
            ));
        }
        if self.linker.is_some() && self.emit != Product::Exe {
            return Err(Failure::Usage(
                "--linker is for an executable, and --emit asks for something else: leave out one of them".into(),
            ));
        }
        Ok(Options {
            linker: self.linker.clone(),
            emit: match self.emit {
                Product::Exe => Emit::Executable,
                Product::Obj => Emit::Object,
                Product::Clif => Emit::Clif(self.func.clone()),
                Product::Asm => Emit::Assembly(self.func.clone()),
            },
            grants: Grants {
                argv0: self.argv0.clone().map(String::into_bytes),
                more_at_start: self.runtime_grants,
                ..self.grants.grants()
            },
            ..self.code.options()?
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

/// Says what the cache was good for.
fn report_cache(compiled: &Output, was_kept: Result<(), String>) {
    let (reused, functions) = (compiled.reused, compiled.functions);
    match was_kept {
        Ok(()) => say(
            "cache",
            format_args!("{reused} of {functions} functions were there"),
        ),
        Err(reason) => say("cache", format_args!("none: {reason}")),
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
