//! How far a compilation is: written by it, read from another thread by whoever wants to show it.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// A part of a compilation, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The input is parsed and validated.
    Parse,
    /// Modules become a program.
    Program,
    /// Functions become machine code: the long one, which counts.
    Codegen,
    /// Debug information is made, if it is asked for.
    Debug,
    /// Code and data become an object.
    Object,
    /// The object becomes an executable.
    Link,
}

impl Phase {
    const ALL: [Self; 6] = [
        Self::Parse,
        Self::Program,
        Self::Codegen,
        Self::Debug,
        Self::Object,
        Self::Link,
    ];

    /// Its name, as [`Output::phases`](crate::Output::phases) has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Program => "program",
            Self::Codegen => "codegen",
            Self::Debug => "debug",
            Self::Object => "object",
            Self::Link => "link",
        }
    }
}

/// How far a compilation is.
///
/// The numbers are for people: they are read without regard to what other threads write at the same moment.
#[derive(Debug, Default)]
pub struct Progress {
    phase: AtomicU8,
    compiled: AtomicUsize,
    functions: AtomicUsize,
    reused: AtomicUsize,
}

impl Progress {
    /// The phase that is under way.
    pub fn phase(&self) -> Phase {
        Phase::ALL[usize::from(self.phase.load(Ordering::Relaxed))]
    }

    /// How many functions have been compiled, and of how many; both are zero before [`Phase::Codegen`].
    pub fn functions(&self) -> (usize, usize) {
        let compiled = self.compiled.load(Ordering::Relaxed);
        (compiled, self.functions.load(Ordering::Relaxed))
    }

    /// How many functions have been found in the cache.
    pub fn reused(&self) -> usize {
        self.reused.load(Ordering::Relaxed)
    }

    /// A phase begins.
    pub(crate) fn begin(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// So many functions are to be compiled.
    pub(crate) fn expect(&self, functions: usize) {
        self.functions.store(functions, Ordering::Relaxed);
    }

    /// A function has been compiled.
    pub(crate) fn count(&self) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
    }

    /// A function has been found in the cache.
    pub(crate) fn count_reused(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_have_their_numbers() {
        let progress = Progress::default();
        assert_eq!(progress.phase(), Phase::Parse);
        for phase in Phase::ALL {
            progress.begin(phase);
            assert_eq!(progress.phase(), phase);
        }
    }
}
