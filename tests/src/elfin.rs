//! The compiler under test, as its command line.

use crate::execute::{self, Outcome, Stdout};
use crate::machine;
use crate::place::{self, Scratch};
use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

/// What an executable exits with after a trap: 128 + SIGABRT, as `wasmtime run` gives.
pub const TRAP_EXIT_STATUS: u8 = 134;

/// The `elfin` to test: the one that `ELFIN` names, or the workspace's own, built once in release mode.
pub fn path() -> Result<PathBuf> {
    static BUILT: LazyLock<Result<PathBuf, String>> =
        LazyLock::new(|| build().map_err(|error| format!("{error:#}")));
    BUILT.clone().map_err(anyhow::Error::msg)
}

fn build() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("ELFIN") {
        return Ok(path.into());
    }
    let target = place::target_root();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(place::workspace_root())
        .args([
            "build",
            "--quiet",
            "--release",
            "--package=elfin-cli",
            "--target-dir",
        ])
        .arg(&target)
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "elfin does not build");
    Ok(target.join("release/elfin"))
}

/// `elfin compile INPUT -o OUTPUT --target TARGET OPTIONS`, all of it anew, whatever comes out.
pub fn try_compile(
    input: &Path,
    output: &Path,
    target: Target,
    options: &[OsString],
) -> Result<Outcome> {
    let mut command = Command::new(path()?);
    command.arg("compile").arg("--no-cache");
    command.arg(input).arg("-o").arg(output);
    command.arg("--target").arg(target.name()).args(options);
    let more = std::env::var("ELFIN_TEST_OPTIONS").unwrap_or_default();
    command.args(more.split_whitespace());
    execute::run(command, None, Stdout::Collected, Duration::from_secs(600))
}

/// The same; anything but success is an error.
pub fn compile(input: &Path, output: &Path, target: Target, options: &[OsString]) -> Result<()> {
    let outcome = try_compile(input, output, target, options)?;
    ensure!(
        outcome.code() == Some(0),
        "elfin compile: {}: {}",
        outcome.ending(),
        outcome.stderr_text().trim_end()
    );
    Ok(())
}

/// What `--emit FORM` gives of a module in the text format.
pub fn emitted(text: &str, form: &str, target: Target, options: &[&str]) -> Result<String> {
    let scratch = Scratch::new("emit")?;
    let [input, output] = ["module.wat", "emitted"].map(|name| scratch.path().join(name));
    std::fs::write(&input, text)?;
    let options: Vec<OsString> = ["--emit", form]
        .iter()
        .chain(options)
        .map(Into::into)
        .collect();
    compile(&input, &output, target, &options)?;
    std::fs::read_to_string(output).context("what was emitted")
}

/// What a module in the text format writes to standard output, compiled with these options and run on a machine that
/// [`machine::command_on`] knows. Anything but its normal end is an error.
pub fn stdout_of(
    text: &str,
    target: Target,
    machine: Option<&str>,
    options: &[OsString],
) -> Result<Vec<u8>> {
    let scratch = Scratch::new("module")?;
    let input = scratch.path().join("module.wat");
    let output = scratch.path().join("module");
    std::fs::write(&input, text)?;
    compile(&input, &output, target, options)?;
    let command = machine::command_on(target, machine, &output)?;
    let outcome =
        execute::run(command, None, Stdout::Collected, Duration::from_secs(120))?.succeeded()?;
    Ok(outcome.stdout)
}
