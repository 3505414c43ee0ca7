//! The kinds of directives that a script consists of, by the words that they begin with.
//!
//! <https://github.com/WebAssembly/spec/blob/main/interpreter/README.md#scripts>

use wast::WastDirective;

/// What a directive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `(module ...)`: defines and instantiates.
    Module,
    /// `(module definition ...)`.
    Definition,
    /// `(module instance ...)`.
    Instance,
    /// `(register ...)`.
    Register,
    /// `(invoke ...)`, whose results don't matter.
    Invoke,
    /// `(assert_return ...)`.
    Return,
    /// `(assert_trap ...)`, of an action or of a module.
    Trap,
    /// `(assert_exhaustion ...)`.
    Exhaustion,
    /// `(assert_exception ...)`.
    Exception,
    /// `(assert_suspension ...)`.
    Suspension,
    /// `(assert_unlinkable ...)`.
    Unlinkable,
    /// `(assert_invalid ...)`, also of a custom section.
    Invalid,
    /// `(assert_malformed ...)`, also of a custom section.
    Malformed,
    /// `(thread ...)`.
    Thread,
    /// `(wait ...)`.
    Wait,
}

impl Kind {
    /// What a directive that begins with these words is. `None` for anything that is no directive.
    pub fn of_words(first: &str, second: &str) -> Option<Kind> {
        Some(match (first, second) {
            ("module", "definition") => Kind::Definition,
            ("module", "instance") => Kind::Instance,
            ("module", _) => Kind::Module,
            ("register", _) => Kind::Register,
            ("invoke", _) => Kind::Invoke,
            ("assert_return", _) => Kind::Return,
            ("assert_trap", _) => Kind::Trap,
            ("assert_exhaustion", _) => Kind::Exhaustion,
            ("assert_exception", _) => Kind::Exception,
            ("assert_suspension", _) => Kind::Suspension,
            ("assert_unlinkable", _) => Kind::Unlinkable,
            ("assert_invalid" | "assert_invalid_custom", _) => Kind::Invalid,
            ("assert_malformed" | "assert_malformed_custom", _) => Kind::Malformed,
            ("thread", _) => Kind::Thread,
            ("wait", _) => Kind::Wait,
            _ => return None,
        })
    }

    /// What a parsed directive is.
    pub fn of(directive: &WastDirective<'_>) -> Kind {
        match directive {
            WastDirective::Module(_) => Kind::Module,
            WastDirective::ModuleDefinition(_) => Kind::Definition,
            WastDirective::ModuleInstance { .. } => Kind::Instance,
            WastDirective::Register { .. } => Kind::Register,
            WastDirective::Invoke(_) => Kind::Invoke,
            WastDirective::AssertReturn { .. } => Kind::Return,
            WastDirective::AssertTrap { .. } => Kind::Trap,
            WastDirective::AssertExhaustion { .. } => Kind::Exhaustion,
            WastDirective::AssertException { .. } => Kind::Exception,
            WastDirective::AssertSuspension { .. } => Kind::Suspension,
            WastDirective::AssertUnlinkable { .. } => Kind::Unlinkable,
            WastDirective::AssertInvalid { .. } | WastDirective::AssertInvalidCustom { .. } => {
                Kind::Invalid
            }
            WastDirective::AssertMalformed { .. } | WastDirective::AssertMalformedCustom { .. } => {
                Kind::Malformed
            }
            WastDirective::Thread(_) => Kind::Thread,
            WastDirective::Wait { .. } => Kind::Wait,
        }
    }

    /// Whether it asserts something, rather than preparing it.
    pub fn is_assertion(self) -> bool {
        use Kind::*;
        !matches!(
            self,
            Module | Definition | Instance | Register | Invoke | Thread | Wait
        )
    }

    /// Whether the executable performs it; the others are decided while compiling. An unlinkable module can be either.
    pub fn is_native(self) -> bool {
        use Kind::*;
        !matches!(
            self,
            Definition | Register | Invalid | Malformed | Unlinkable
        )
    }
}
