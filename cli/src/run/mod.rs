//! `elfin run`: a module is compiled into a cache, unless it is there, and the process becomes the guest. Linux alone.
//!
//! On the way to what is in the cache nothing is done that only a compilation needs: no runtime is unpacked, no thread
//! is started.

mod emulator;
mod guest;
mod handover;
mod key;

use crate::cache::{self, Folder, Kept};
use crate::code::{self, CodeArgs};
use crate::failure::{Failure, Result, STATUS_HELP, say};
use crate::grant::GrantArgs;
use crate::input;
use crate::progress;
use clap::Args;
use elfin_compiler::Options;
use elfin_compiler::options::Grants;
use emulator::Emulator;
use guest::Guest;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::time::Instant;

/// Compile a module for this machine, unless that was done before, and execute it
#[derive(Args)]
#[command(
    override_usage = "elfin run [OPTIONS] INPUT [ARGS]...",
    after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}\n  otherwise the program's own; 134 after a trap"),
    long_about = "Compile a WebAssembly module (WASI preview 1) for this machine's CPU and execute it.\n\nWhat follows \
                  INPUT belongs to the program. The process becomes the program: signals, exit status and process \
                  number are its own. Executables are kept below $XDG_CACHE_HOME or ~/.cache, in a folder `elfin`, up to \
                  ELFIN_CACHE_SIZE bytes (default 1G, 0 keeps none); what was not used for longest goes first. What --dir, --env and the like \
                  grant is handed over when the program starts, and kept nowhere."
)]
pub(crate) struct Run {
    /// The module, in binary (.wasm) or text form (.wat), `-` for standard input; what follows are the program's arguments
    #[arg(value_name = "INPUT", required = true, num_args = 1.., trailing_var_arg = true)]
    program: Vec<OsString>,

    /// What the program sees as its own name [default: INPUT's, without folders]
    #[arg(long, value_name = "NAME")]
    argv0: Option<OsString>,

    #[command(flatten)]
    code: CodeArgs,

    #[command(flatten)]
    grants: GrantArgs,

    /// Say whether the executable was in the cache, and how long compiling took
    #[arg(short, long)]
    verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  elfin run app.wasm                           compiles it, or takes it from the cache, and runs it
  elfin run app.wasm --help                    the program's own help
  elfin run --dir . --env LANG=C app.wasm      it may use this directory, and sees a variable
  elfin run --invoke fib lib.wat 30            calls the function `fib`
  elfin run --target riscv64-linux app.wasm    under qemu-user, which must be installed
  CARGO_TARGET_WASM32_WASIP1_RUNNER='elfin run' cargo run --target wasm32-wasip1 -- --help";

impl Run {
    /// Runs the command; returns only where the program can't be started.
    pub(crate) fn run(self) -> Result<()> {
        let input = Path::new(&self.program[0]);
        // Whoever may reach the executable in the cache learns nothing of what this run grants.
        let options = Options {
            grants: Grants {
                more_at_start: true,
                ..Grants::default()
            },
            ..self.code.native_options()?
        };
        let kept = Kept::open(self.code.no_cache)?;
        let guest = self.guest(Emulator::of(options.target)?)?;
        let module = input::read(input)?;
        let place = match self.place(&kept, &module, &options) {
            Ok((folder, name)) => {
                self.execute_cached(&guest, folder, &name)?;
                Some((folder, name))
            }
            Err(reason) => {
                self.say(format_args!("there is no cache: {reason}"));
                None
            }
        };
        let executable = self.compile(&module, &options, &kept)?;
        if let Some((folder, name)) = &place {
            match folder.insert(name, &executable) {
                Ok(()) => drop(guest.execute(folder.folder(), name, &folder.path_of(name))),
                Err(error) => self.say(format_args!("not kept: {error}")),
            }
        }
        Err(self.explain(&guest.execute_bytes(&executable)))
    }

    /// Where the executable is kept, and by what name; or why nowhere.
    fn place<'k>(
        &self,
        kept: &'k Kept,
        module: &[u8],
        options: &Options,
    ) -> Result<(&'k Folder, String), &'k str> {
        let folder = kept.folder()?;
        let name = key::key(Path::new(&self.program[0]), module, options);
        Ok((folder, name.ok_or(cache::UNKNOWN)?))
    }

    /// Becomes the executable in the cache. Returns without an error where there is none to use.
    fn execute_cached(&self, guest: &Guest, folder: &Folder, name: &str) -> Result<()> {
        let Some(mut file) = folder.find(name) else {
            return Ok(());
        };
        self.say(format_args!(
            "`{}` was in the cache",
            folder.path_of(name).display()
        ));
        let error = guest.execute(folder.folder(), name, &folder.path_of(name));
        if error.kind() != io::ErrorKind::PermissionDenied {
            // Removed in this moment, or damaged: it is made anew.
            self.say(format_args!("it can't be executed: {error}"));
            return Ok(());
        }
        // Files there may not be executed, but they may be read.
        let mut executable = Vec::new();
        match file.read_to_end(&mut executable) {
            Ok(_) => Err(self.explain(&guest.execute_bytes(&executable))),
            Err(_) => Ok(()),
        }
    }

    fn compile(&self, module: &[u8], options: &Options, kept: &Kept) -> Result<Vec<u8>> {
        let started = Instant::now();
        let runtime = elfin_runtimes::get(options.target, options.pie).map_err(Failure::Usage)?;
        let input = Path::new(&self.program[0]);
        let (compiled, _) = progress::show(|progress| {
            kept.lend(|cache| {
                elfin_compiler::compile_with(module, options, runtime, progress, cache)
            })
        });
        let compiled = compiled.map_err(|error| code::explain(input, &error))?;
        let took = started.elapsed().as_secs_f64() * 1e3;
        let (reused, functions) = (compiled.reused, compiled.functions);
        self.say(format_args!(
            "compiled in {took:.3} ms; {reused} of {functions} functions were in the cache"
        ));
        Ok(compiled.bytes)
    }

    fn guest(&self, emulator: Option<Emulator>) -> Result<Guest> {
        let input = &self.program[0];
        let base = || Path::new(input).file_name().unwrap_or(input).to_owned();
        Ok(Guest {
            argv0: self.argv0.clone().unwrap_or_else(base),
            arguments: self.program[1..].to_vec(),
            environment: handover::environment(&self.grants.grants())?,
            emulator,
        })
    }

    fn explain(&self, error: &io::Error) -> Failure {
        let input = Path::new(&self.program[0]).display();
        Failure::Failed(match error.kind() {
            io::ErrorKind::ArgumentListTooLong => {
                format!(
                    "`{input}` can't be started: its arguments and the environment are longer than this system allows"
                )
            }
            io::ErrorKind::PermissionDenied => format!(
                "`{input}` can't be started: this system executes neither files of the cache nor files in memory \
                 ({error}). Name another folder with XDG_CACHE_HOME"
            ),
            _ => format!("`{input}` can't be started: {error}"),
        })
    }

    fn say(&self, message: impl std::fmt::Display) {
        if self.verbose {
            say("run", message);
        }
    }
}
