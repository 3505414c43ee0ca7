//! `--target`: a target's name in any spelling; a mistyped one is answered with the nearest.

use clap::builder::TypedValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use elfin_compiler::Target;
use std::ffi::OsStr;

/// Parses the argument of `--target`.
#[derive(Clone)]
pub(super) struct TargetParser;

impl TypedValueParser for TargetParser {
    type Value = Target;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Target, clap::Error> {
        let name = value.to_string_lossy();
        name.parse().map_err(|_| {
            let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
            if let Some(argument) = argument {
                error.insert(
                    ContextKind::InvalidArg,
                    ContextValue::String(argument.to_string()),
                );
            }
            error.insert(
                ContextKind::InvalidValue,
                ContextValue::String(name.clone().into_owned()),
            );
            error.insert(
                ContextKind::ValidValue,
                ContextValue::Strings(Target::ALL.map(|target| target.name().to_owned()).into()),
            );
            if let Some(near) = nearest(&name) {
                error.insert(
                    ContextKind::SuggestedValue,
                    ContextValue::String(near.name().to_owned()),
                );
            }
            error
        })
    }
}

/// elfin's names of all targets, for a message.
pub(super) fn list() -> String {
    Target::ALL.map(Target::name).join(", ")
}

/// The target that someone who typed `name` most likely meant, by the measure and threshold of clap's own suggestions.
fn nearest(name: &str) -> Option<Target> {
    let name = name.to_ascii_lowercase();
    // `arm` and `x64` are near nothing, but people say them.
    let machine = name.split('-').next().unwrap_or_default();
    match machine {
        "x64" | "x86" => return Some(Target::X86_64),
        "arm" | "armv8" => return Some(Target::Aarch64),
        "riscv" | "rv64" | "rv64gc" => return Some(Target::Riscv64),
        _ => {}
    }
    Target::ALL
        .into_iter()
        .map(|target| {
            let whole = strsim::jaro(&name, target.name());
            let first = target.name().split('-').next().unwrap_or_default();
            (whole.max(strsim::jaro(machine, first)), target)
        })
        .filter(|&(likeness, _)| likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, target)| target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses() {
        assert_eq!(nearest("x86_64-linx"), Some(Target::X86_64));
        assert_eq!(nearest("X86_64-Linux"), Some(Target::X86_64));
        assert_eq!(nearest("arch64"), Some(Target::Aarch64));
        assert_eq!(nearest("arm"), Some(Target::Aarch64));
        assert_eq!(nearest("riscv-linux"), Some(Target::Riscv64));
        assert_eq!(nearest("mips"), None);
        assert_eq!(nearest(""), None);
    }
}
