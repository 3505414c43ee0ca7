//! The proposals that scripts want switched beside those of version 3.

use anyhow::{Result, anyhow};
use elfin_compiler::features::{Features, Switch};

/// On for the whole script: its name or the beginning of it, and a proposal.
const ON: [(&str, &str); 3] = [
    ("custom-page-sizes/", "custom-page-sizes"),
    ("threads/", "atomics"),
    ("wide-arithmetic/", "wide-arithmetic"),
];

/// Off for the modules that must be refused: copies of older tests assert what a later proposal made valid.
const OFF: [(&str, &str); 12] = [
    // The reserved byte of memory.size and memory.grow became an index.
    ("function-references/binary", "multi-memory"),
    ("memory64/binary", "multi-memory"),
    ("multi-value/binary", "multi-memory"),
    ("reference-types/binary", "multi-memory"),
    // A module has one memory.
    ("memory64/memory", "multi-memory"),
    ("memory64/memory64", "multi-memory"),
    ("reference-types/imports", "multi-memory"),
    ("threads/imports", "multi-memory"),
    ("threads/memory", "multi-memory"),
    // A module has one table.
    ("threads/imports", "reference-types"),
    // A limit and an offset have 32 bits.
    ("reference-types/binary", "memory64"),
    ("reference-types/binary-leb128", "memory64"),
];

/// What the compiler takes in a script.
pub fn of(script: &str) -> Result<Features> {
    let mut features = Features::default();
    for proposal in on(script) {
        let switch: Switch = proposal.parse().map_err(|error| anyhow!("{error}"))?;
        features.apply(switch);
    }
    Ok(features)
}

/// The proposals that are off for the modules of a script that must be refused.
pub fn off(script: &str) -> impl Iterator<Item = &'static str> {
    let matches = move |(name, _): &&(&str, &str)| *name == script;
    OFF.iter().filter(matches).map(|(_, proposal)| *proposal)
}

/// The value of `--wasm-features` for the modules of a script that must be refused.
pub fn switches(script: &str) -> String {
    let on = on(script).map(str::to_owned);
    let off = off(script).map(|proposal| format!("-{proposal}"));
    on.chain(off).collect::<Vec<_>>().join(",")
}

fn on(script: &str) -> impl Iterator<Item = &'static str> {
    let matches = move |(start, _): &&(&str, &str)| script.starts_with(start);
    ON.iter().filter(matches).map(|(_, proposal)| *proposal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_name_what_they_switch() {
        assert_eq!(switches("wasm-v3/i32"), "");
        assert_eq!(switches("threads/memory"), "atomics,-multi-memory");
        assert_eq!(off("memory64/memory_grow64").count(), 0);
        assert!(of("wide-arithmetic/wide-arithmetic").is_ok());
    }
}
