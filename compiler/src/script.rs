//! Test scripts: programs of several instances that perform a list of steps and report what differs from what is
//! expected. The specification's `.wast` files become such scripts, see [`crate::compile_script`].
//!
//! The executable prints one line to standard output for each step that differs,
//!
//! ```text
//! line 17: step 3: expected trap: out of bounds memory access, got a return
//! ```
//!
//! and at the end `steps N, failed M`. Its exit status is 0 if none failed, else 1.

pub use elfin_abi::trap::Trap;

/// A list of steps, and what to instantiate.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// What to do, in this order.
    pub steps: Vec<Step>,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where the script says so, for the report.
    pub line: u32,
    /// What to do.
    pub action: Action,
    /// What must come of it. [`Action::Register`] has nothing to expect.
    pub expected: Expected,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Instantiates the module of this number. The first such step makes instance 0, the next instance 1.
    Instantiate(usize),
    /// From the next step on, imports from the module of this name are the exports of this instance.
    Register(usize, String),
    /// Calls an exported function of an instance.
    Invoke {
        /// The instance.
        instance: usize,
        /// The name of the export.
        export: String,
        /// An argument for each parameter.
        arguments: Vec<Bits>,
    },
    /// Reads an exported global of an instance.
    Get {
        /// The instance.
        instance: usize,
        /// The name of the export.
        export: String,
    },
}

/// A value as 128 bits, little-endian, the high ones zero where its type is narrower. A null reference is 0; the
/// reference `ref.extern N` is N + 1.
pub type Bits = u128;

/// What must come of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A return, with a value for each result; each value fits one of the patterns.
    Return(Vec<Vec<Pattern>>),
    /// A return with any values.
    AnyReturn,
    /// This trap.
    Trap(Trap),
    /// An exception that nobody catches.
    Exception,
}

/// What a value may be: those whose bits under the mask are `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `bits & mask == value`
    Masked {
        /// The bits that count.
        mask: Bits,
        /// What they must be.
        value: Bits,
    },
    /// Anything but zero: a reference that is not null.
    NonZero,
}
