//! elfin's compiler: the bytes of a WASI WebAssembly program become a standalone native Linux executable.

pub mod error;
pub mod options;
pub mod target;

pub use error::{Error, ErrorKind, Result};
pub use options::Options;
pub use target::Target;

/// What a compilation gives.
#[derive(Debug)]
pub struct Output {
    /// The file's contents: what [`options::Emit`] asked for.
    pub bytes: Vec<u8>,
    /// Things that the user should know, a sentence each.
    pub notes: Vec<String>,
    /// Where the time went, in the order of the phases.
    pub phases: Vec<(&'static str, std::time::Duration)>,
}

/// Compiles `input`, a core module in binary or text form.
///
/// `runtime` is the archive of elfin-runtime for `options.target`; only an executable needs it.
pub fn compile(input: &[u8], options: &Options, runtime: &[u8]) -> Result<Output> {
    let _ = (input, options, runtime);
    Err(Error::new(
        ErrorKind::Unsupported,
        "nothing is compiled yet",
    ))
}
