//! elfin's compiler: the bytes of a WASI WebAssembly program become a standalone native Linux executable.
//!
//! ```text
//! bytes --parse--> Module --program--> Program --translate--> CLIF --codegen--> code --object--> ELF --link--> executable
//! ```
//!
//! Each phase borrows from the one before and changes nothing in it. [`compile`] is the table of contents.
//!
//! Bytes and [`Options`] go in, bytes come out; the library prints nothing and never ends the process. An executable is
//! linked with the runtime for its target, an object file that the crate `elfin-runtimes` has in it; all else needs none:
//!
//! ```
//! use elfin_compiler::options::Emit;
//! use elfin_compiler::{ErrorKind, Options, Target, compile};
//!
//! let module = br#"(module (func (export "_start")))"#;
//! let options = Options {
//!     emit: Emit::Assembly(None),
//!     ..Options::new(Target::Aarch64)
//! };
//! let output = compile(module, &options, &[])?;
//! let assembly = String::from_utf8(output.bytes).unwrap();
//! assert!(assembly.contains("ret"));
//!
//! let error = compile(b"no module", &options, &[]).unwrap_err();
//! assert_eq!(error.kind, ErrorKind::Invalid);
//! # Ok::<(), elfin_compiler::Error>(())
//! ```

pub mod cache;
mod codegen;
pub mod cpu;
mod debug;
mod demangle;
pub mod embed;
pub mod error;
pub mod features;
mod link;
pub mod note;
mod object;
mod optimize;
pub mod options;
mod parse;
mod program;
pub mod progress;
pub mod sandbox;
pub mod script;
pub mod target;
mod translate;

use cache::Cache;
pub use cpu::Cpu;
pub use demangle::demangle;
pub use error::{Error, ErrorKind, Result};
use options::Emit;
pub use options::Options;
use program::Program;
use progress::{Phase, Progress};
use script::Script;
use std::borrow::Cow;
use std::time::{Duration, Instant};
pub use target::Target;

/// Bytes of stack for each thread: the text parser and Cranelift recurse on what an input nests.
const COMPILER_STACK: usize = 16 << 20;

/// What a compilation gives.
#[derive(Debug)]
pub struct Output {
    /// The file's contents: what [`options::Emit`] asked for.
    pub bytes: Vec<u8>,
    /// Things that the user should know, a sentence each.
    pub notes: Vec<String>,
    /// Where the time went, in the order of the phases.
    pub phases: Vec<(&'static str, Duration)>,
    /// How many functions the executable has.
    pub functions: usize,
    /// How many of them were in the cache.
    pub reused: usize,
}

/// Compiles `input`, a core module in binary or text form.
///
/// `runtime` is the object file of elfin-runtime for `options.target`; only an executable needs it. The work is done on
/// threads of its own, [`Options::jobs`] of them, which are gone afterwards.
///
/// # Errors
///
/// The input is wrong, uses what elfin does not compile, exceeds a limit, or does not go together with the options: see
/// [`ErrorKind`]. The error's text says what to do.
///
/// # Panics
///
/// A broken invariant: a bug in elfin, whatever the input.
pub fn compile(input: &[u8], options: &Options, runtime: &[u8]) -> Result<Output> {
    compile_with(input, options, runtime, &Progress::default(), None)
}

/// The same as [`compile`]; `progress` tells other threads how far it is, and functions that are in `cache` are not
/// compiled again. The result is the same without it.
pub fn compile_with(
    input: &[u8],
    options: &Options,
    runtime: &[u8],
    progress: &Progress,
    cache: Option<&dyn Cache>,
) -> Result<Output> {
    options.check()?;
    in_pool(options.jobs, || {
        let mut clock = Clock::start(progress);
        // Text becomes binary; a binary is borrowed.
        let binary = parse::binary(input)?;
        // What the module says, validated; what elfin does not compile is refused here.
        let module = parse::parse(&binary, &options.features)?;
        clock.begin(Phase::Program);
        // The closed world: imports resolved, initialisers folded, what can't be reached left out.
        let program = program::link(&module, options)?;
        generate(&program, &[input], options, runtime, clock, cache)
    })
}

/// Compiles a test script into a program of several instances, see [`script`]. `modules` are core modules in binary
/// or text form; the rest as for [`compile`].
pub fn compile_script(
    modules: &[&[u8]],
    script: &Script,
    options: &Options,
    runtime: &[u8],
) -> Result<Output> {
    let progress = Progress::default();
    in_pool(options.jobs, || {
        let mut clock = Clock::start(&progress);
        let inputs = modules;
        let binaries = inputs
            .iter()
            .map(|module| parse::binary(module))
            .collect::<Result<Vec<_>>>()?;
        let modules = binaries
            .iter()
            .map(|binary| parse::parse(binary, &options.features))
            .collect::<Result<Vec<_>>>()?;
        clock.begin(Phase::Program);
        let program = program::link_script(&modules, script, options)?;
        generate(&program, inputs, options, runtime, clock, None)
    })
}

/// Whether [`compile`] takes a module, as far as that can be known without compiling its functions: an error, or what the
/// user should know, a sentence each.
pub fn check(input: &[u8], options: &Options) -> Result<Vec<String>> {
    in_pool(options.jobs, || {
        let binary = parse::binary(input)?;
        let module = parse::parse(&binary, &options.features)?;
        let program = program::link(&module, options)?;
        Ok(program::notes(&program, options))
    })
}

/// A module in binary form: `input` itself, or what its text says. Nothing but the text's syntax is checked.
pub fn binary(input: &[u8]) -> Result<Cow<'_, [u8]>> {
    in_pool(1, || parse::binary(input))
}

/// The names of the proposals beyond WebAssembly 1.0 without which a module in binary form is not valid, elfin's or not.
pub fn proposals(binary: &[u8]) -> Result<Vec<&'static str>> {
    in_pool(0, || parse::proposals(binary))
}

/// Does something with so many threads; 0 takes one a core.
fn in_pool<T: Send>(jobs: usize, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(COMPILER_STACK)
        .build();
    let threads = threads.map_err(|error| {
        let message = format!("no threads to compile with: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    threads.install(work)
}

/// A program becomes what `options` asks for. `inputs` are what its modules were read from.
fn generate(
    program: &Program<'_>,
    inputs: &[&[u8]],
    options: &Options,
    runtime: &[u8],
    mut clock: Clock<'_>,
    cache: Option<&dyn Cache>,
) -> Result<Output> {
    // From here on, every address of the program's state is a constant.
    let layout = program::Layout::new(program, options)?;
    clock.begin(Phase::Codegen);
    let isa = codegen::build_isa(options)?;
    // What is decided for the whole program, beyond what Cranelift sees of a function.
    let optimized = optimize::Optimized::new(program, options);
    let environment = translate::Environment::new(program, &layout, &optimized, options, &*isa);
    // For functions that are there twice.
    let of_versions = (options.version_features() != 0).then(|| options.of_versions());
    let isa_of_versions = of_versions.as_ref().map(codegen::build_isa).transpose()?;
    let versions = of_versions.as_ref().zip(isa_of_versions.as_deref());
    let versions = versions.map(|(options, isa)| {
        translate::Environment::of_versions(program, &layout, &optimized, options, isa)
    });
    let mut notes = program::notes(program, options);
    if let Emit::Clif(_) | Emit::Assembly(_) = options.emit {
        let bytes = codegen::text(&environment, versions.as_ref(), &options.emit)?.into_bytes();
        return Ok(clock.end(bytes, notes));
    }
    // Each function becomes CLIF and then machine code, in parallel.
    let text = codegen::compile(&environment, versions.as_ref(), clock.progress, cache)?;
    // Where the code comes from, for debuggers, profilers and reports.
    let information = options.debug.then(|| {
        clock.begin(Phase::Debug);
        debug::build(program, &optimized.inlining, &*isa, &text)
    });
    if let Some(information) = &information {
        notes.extend(information.notes.iter().cloned());
    }
    clock.begin(Phase::Object);
    // Code, data, and what the runtime needs to know of them.
    let object = object::build(
        program,
        &layout,
        &optimized.inlining,
        text,
        information,
        inputs,
        options,
    )?;
    clock.begin(Phase::Link);
    let bytes = match options.emit {
        Emit::Object => object.bytes,
        _ => link::link(object, runtime, options)?,
    };
    Ok(clock.end(bytes, notes))
}

/// Where the time goes.
struct Clock<'p> {
    began: Instant,
    phases: Vec<(&'static str, Duration)>,
    progress: &'p Progress,
}

impl<'p> Clock<'p> {
    /// The first phase begins.
    fn start(progress: &'p Progress) -> Self {
        progress.begin(Phase::Parse);
        Self {
            began: Instant::now(),
            phases: Vec::new(),
            progress,
        }
    }

    /// The next phase begins.
    fn begin(&mut self, phase: Phase) {
        let now = Instant::now();
        let name = self.progress.phase().name();
        self.phases.push((name, now - self.began));
        self.began = now;
        self.progress.begin(phase);
    }

    /// The last phase ends, with this result.
    fn end(mut self, bytes: Vec<u8>, notes: Vec<String>) -> Output {
        self.begin(Phase::Link);
        let (_, functions) = self.progress.functions();
        Output {
            bytes,
            notes,
            phases: self.phases,
            functions,
            reused: self.progress.reused(),
        }
    }
}
