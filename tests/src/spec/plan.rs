//! What becomes of a script: modules and steps for the executable, and the fate of each directive.

use super::encode::Input;
use super::kind::Kind;
use elfin_compiler::features::Features;
use elfin_compiler::script::Script;

/// A script, translated.
#[derive(Debug, Default)]
pub struct Plan {
    /// The modules, in binary form; the first one is `spectest`.
    pub modules: Vec<Vec<u8>>,
    /// What the executable does.
    pub script: Script,
    /// Steps that it counts: all but registrations.
    pub steps: u32,
    /// The proposals that its modules may use.
    pub features: Features,
    /// The script has values of the type v128, which not every CPU has.
    pub uses_vectors: bool,
    /// The directives, in their order.
    pub directives: Vec<Directive>,
}

/// A directive.
#[derive(Debug)]
pub struct Directive {
    /// Its line, from 1.
    pub line: u32,
    /// What it is.
    pub kind: Kind,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a directive.
#[derive(Clone, Debug)]
pub enum Fate {
    /// The executable performs it, as the step of this number.
    Step(u32),
    /// `elfin compile` must refuse this module.
    Refuse(Input),
    /// The linker refused it, as it should.
    Unlinkable,
    /// It has been done: a registration, or a definition that elfin takes.
    Done,
    /// This entry of the list of skips says why not.
    Skipped(usize),
    /// It can't be performed, and no entry says so.
    Failed(String),
}

impl From<anyhow::Error> for Fate {
    fn from(error: anyhow::Error) -> Fate {
        Fate::Failed(format!("{error:#}"))
    }
}

impl Plan {
    /// Whether a directive counts on each target rather than once.
    pub fn is_native(directive: &Directive) -> bool {
        match directive.fate {
            Fate::Step(_) => true,
            Fate::Refuse(_) | Fate::Unlinkable | Fate::Done => false,
            Fate::Skipped(_) | Fate::Failed(_) => directive.kind.is_native(),
        }
    }
}
