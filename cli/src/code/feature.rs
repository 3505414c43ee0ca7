//! `--wasm-features`: names of proposals, each switched on, or off with a `-` before it; a mistyped one is answered with
//! the nearest.

use clap::builder::TypedValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use elfin_compiler::features::Switch;
use std::ffi::OsStr;

/// Parses one name of the list.
#[derive(Clone)]
pub(super) struct SwitchParser;

impl TypedValueParser for SwitchParser {
    type Value = Switch;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Switch, clap::Error> {
        let name = value.to_string_lossy();
        name.parse().map_err(|_| {
            let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
            if let Some(argument) = argument {
                let argument = ContextValue::String(argument.to_string());
                error.insert(ContextKind::InvalidArg, argument);
            }
            let invalid = ContextValue::String(name.clone().into_owned());
            error.insert(ContextKind::InvalidValue, invalid);
            let names = Switch::canonical_names().map(str::to_owned).collect();
            error.insert(ContextKind::ValidValue, ContextValue::Strings(names));
            if let Some(near) = nearest(&name) {
                error.insert(ContextKind::SuggestedValue, ContextValue::String(near));
            }
            error
        })
    }
}

/// The name that someone who typed `text` most likely meant, with its sign, by the measure and threshold of clap's own
/// suggestions.
fn nearest(text: &str) -> Option<String> {
    let name = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    let sign = if text.starts_with('-') { "-" } else { "" };
    Switch::names()
        .map(|known| (strsim::jaro(&name, known), known))
        .filter(|&(likeness, _)| likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| format!("{sign}{known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses() {
        assert_eq!(nearest("atomic").as_deref(), Some("atomics"));
        assert_eq!(nearest("-SIMD128").as_deref(), Some("-simd128"));
        assert_eq!(
            nearest("custom-page-size").as_deref(),
            Some("custom-page-sizes")
        );
        assert_eq!(nearest("thread").as_deref(), Some("threads"));
        assert_eq!(nearest("xyz"), None);
    }
}
