//! The one error type of the compiler.

use std::fmt;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input is not a valid module.
    Invalid,
    /// The input is valid but uses something that elfin does not compile.
    Unsupported,
    /// The input exceeds a limit.
    Limit,
    /// An import or export does not fit.
    Link,
    /// The options and the input don't go together.
    Option,
    /// Cranelift or the linker failed: a bug, of elfin or of them.
    Internal,
}

/// Why a compilation failed, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// Bytes from the start of the input to the place, where there is one.
    pub offset: Option<u64>,
    /// The function concerned, where there is one.
    pub function: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            offset: None,
            function: None,
            message: message.into(),
        }
    }

    /// The same error at a byte offset of the input.
    pub fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset as u64);
        self
    }

    /// The same error in a function.
    pub fn in_function(mut self, name: impl Into<String>) -> Self {
        self.function = Some(name.into());
        self
    }
}

impl From<wasmparser::BinaryReaderError> for Error {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Error::new(ErrorKind::Invalid, error.message()).at(error.offset())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ErrorKind::Invalid {
            f.write_str("invalid module: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(function) = &self.function {
            write!(f, " (in function `{function}`)")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " (at offset {offset:#x})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
