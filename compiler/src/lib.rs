//! elfin's compiler: the bytes of a WASI WebAssembly program become a standalone native Linux executable.
//!
//! ```text
//! bytes --parse--> Module --program--> Program --translate--> CLIF --codegen--> code --object--> ELF --link--> executable
//! ```
//!
//! Each phase borrows from the one before and changes nothing in it. [`compile`] is the table of contents.

mod codegen;
pub mod cpu;
pub mod embed;
pub mod error;
pub mod features;
mod link;
mod object;
pub mod options;
mod parse;
mod program;
pub mod script;
pub mod target;
mod translate;

pub use cpu::Cpu;
pub use error::{Error, ErrorKind, Result};
use options::Emit;
pub use options::Options;
use program::Program;
use script::Script;
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
}

/// Compiles `input`, a core module in binary or text form.
///
/// `runtime` is the object file of elfin-runtime for `options.target`; only an executable needs it.
pub fn compile(input: &[u8], options: &Options, runtime: &[u8]) -> Result<Output> {
    options.check()?;
    in_pool(options, || {
        let mut clock = Clock::start();
        // Text becomes binary; a binary is borrowed.
        let binary = parse::binary(input)?;
        // What the module says, validated; what elfin does not compile is refused here.
        let module = parse::parse(&binary, &options.features)?;
        clock.phase("parse");
        // The closed world: imports resolved, initialisers folded, what can't be reached left out.
        let program = program::link(&module, options)?;
        generate(&program, options, runtime, clock)
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
    in_pool(options, || {
        let mut clock = Clock::start();
        let binaries = modules
            .iter()
            .map(|module| parse::binary(module))
            .collect::<Result<Vec<_>>>()?;
        let modules = binaries
            .iter()
            .map(|binary| parse::parse(binary, &options.features))
            .collect::<Result<Vec<_>>>()?;
        clock.phase("parse");
        let program = program::link_script(&modules, script, options)?;
        generate(&program, options, runtime, clock)
    })
}

/// Does something with the threads that `options` allows.
fn in_pool<T: Send>(options: &Options, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs)
        .stack_size(COMPILER_STACK)
        .build();
    let threads = threads.map_err(|error| {
        let message = format!("no threads to compile with: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    threads.install(work)
}

/// A program becomes what `options` asks for.
fn generate(
    program: &Program<'_>,
    options: &Options,
    runtime: &[u8],
    mut clock: Clock,
) -> Result<Output> {
    // From here on, every address of the program's state is a constant.
    let layout = program::Layout::new(program, options.target)?;
    clock.phase("program");
    let isa = codegen::build_isa(options)?;
    let environment = translate::Environment::new(program, &layout, options.target, &*isa);
    let notes = program::notes(program, options);
    if let Emit::Clif(_) | Emit::Assembly(_) = options.emit {
        let bytes = codegen::text(&environment, &options.emit)?.into_bytes();
        clock.phase("codegen");
        return Ok(Output {
            bytes,
            notes,
            phases: clock.phases,
        });
    }
    // Each function becomes CLIF and then machine code, in parallel.
    let functions = codegen::compile(&environment)?;
    clock.phase("codegen");
    // Code, data, and what the runtime needs to know of them.
    let object = object::build(program, &layout, &functions, options)?;
    drop(functions);
    clock.phase("object");
    let bytes = match options.emit {
        Emit::Object => object.bytes,
        _ => link::link(object, runtime, options)?,
    };
    clock.phase("link");
    Ok(Output {
        bytes,
        notes,
        phases: clock.phases,
    })
}

/// Where the time goes.
struct Clock {
    last: Instant,
    phases: Vec<(&'static str, Duration)>,
}

impl Clock {
    fn start() -> Self {
        Self {
            last: Instant::now(),
            phases: Vec::new(),
        }
    }

    /// Ends the phase of this name.
    fn phase(&mut self, name: &'static str) {
        let now = Instant::now();
        self.phases.push((name, now - self.last));
        self.last = now;
    }
}
