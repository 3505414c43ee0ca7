//! Another engine that runs the same guests: node's. `ELFIN_REFERENCE=node` checks the expectations against it, so that
//! none of them says only what elfin does.

use crate::case::Run;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// Whether the expectations are checked, in place of elfin.
pub fn is_wanted() -> bool {
    std::env::var_os("ELFIN_REFERENCE").is_some() || crate::bless::is_wanted()
}

/// A command that runs `wasm` as `run` says; the caller adds the arguments and the environment.
pub fn command(wasm: &Path, run: &Run, directory: &Path) -> Result<Command> {
    let node = crate::machine::find_tool("node")
        .context("no reference engine; install it with: apt-get install nodejs")?;
    let mut command = Command::new(node);
    command
        .args([
            "--no-warnings",
            "--experimental-wasm-type-reflection",
            "--experimental-wasm-return-call",
        ])
        .arg(crate::place::crate_root().join("src/reference.mjs"))
        .arg(wasm)
        .arg(directory)
        .arg(run.invoke.as_deref().unwrap_or(""))
        .arg(run.directories.join("\n"))
        .arg(run.variables.join("\n"));
    Ok(command)
}
