//! What the specification allows and elfin does not compile yet: one clear error with the proposal's name.

use crate::error::{Error, ErrorKind};
use wasmparser::Operator;

/// The error for something of a proposal at a byte offset.
pub fn proposal(name: &str, what: &str, offset: usize) -> Error {
    let message = format!(
        "{what} needs the {name} proposal, which elfin does not compile yet; build the module without it \
         (for example `-C target-feature=-{name}` in RUSTFLAGS, `-mno-{name}` with clang)"
    );
    Error::new(ErrorKind::Unsupported, message).at(offset)
}

/// The error for a module that is valid with proposals that are off; `error` says where it is not without them.
pub(super) fn switched_off(proposals: &[&str], error: Error) -> Error {
    let list = proposals.join(",");
    let (plural, are) = match proposals {
        [_] => ("", "is"),
        _ => ("s", "are"),
    };
    let message = format!(
        "the module needs the {} proposal{plural}, which {are} off; --wasm-features={list} allows it ({})",
        proposals.join(" and "),
        error.message
    );
    Error {
        kind: ErrorKind::Unsupported,
        message,
        ..error
    }
}

/// The error for an instruction at a byte offset.
pub fn operator(operator: &Operator<'_>, offset: usize) -> Error {
    let name = format!("{operator:?}");
    let name = name.split([' ', '{']).next().unwrap_or_default();
    proposal(
        proposal_of(operator),
        &format!("the instruction {name}"),
        offset,
    )
}

/// Whether [`crate::translate`] lowers an instruction.
pub(super) fn is_lowered(operator: &Operator<'_>) -> bool {
    matches!(
        proposal_of(operator),
        "mvp"
            | "sign-extension"
            | "saturating-float-to-int"
            | "bulk-memory"
            | "reference-types"
            | "tail-call"
            | "typed-function-references"
            | "simd128"
            | "relaxed-simd"
            | "exception-handling"
            | "atomics"
            | "wide-arithmetic"
    )
}

macro_rules! proposal_names {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The proposal that brought an instruction, as toolchains spell it.
        fn proposal_of(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => name(stringify!($proposal)),)*
                _ => "unknown",
            }
        }
    };
}

wasmparser::for_each_operator!(proposal_names);

/// wasmparser's name of a proposal in the spelling of toolchains.
fn name(proposal: &'static str) -> &'static str {
    match proposal {
        "sign_extension" => "sign-extension",
        "saturating_float_to_int" => "saturating-float-to-int",
        "bulk_memory" => "bulk-memory",
        "reference_types" => "reference-types",
        "tail_call" => "tail-call",
        "simd" => "simd128",
        "relaxed_simd" => "relaxed-simd",
        "threads" => "atomics",
        "exceptions" | "legacy_exceptions" => "exception-handling",
        "function_references" => "typed-function-references",
        "wide_arithmetic" => "wide-arithmetic",
        "gc" => "gc",
        "stack_switching" => "stack-switching",
        "memory_control" => "memory-control",
        "shared_everything_threads" => "shared-everything-threads",
        "custom_descriptors" => "custom-descriptors",
        other => other,
    }
}
