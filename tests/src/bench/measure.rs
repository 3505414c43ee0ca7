//! How long a subject takes, natively and in the runtimes: `elfin bench` runs it in turns, sees to it that all print the
//! same, and says what each run took.

use super::build::Subject;
use crate::elfin;
use crate::machine::find_tool;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::ffi::OsString;
use std::process::Command;

/// What `elfin bench` knows by name.
const RUNTIMES: [&str; 5] = ["wasmtime", "wasmer", "wasmedge", "iwasm", "node"];

/// The row with which all others are compared.
pub const NATIVE: &str = "native";

/// Elfin's code for any CPU of this kind.
pub const ELFIN: &str = "elfin generic";

/// How it is measured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Runtimes beside elfin and native code, each `NAME` or `NAME=PATH`.
    pub against: Vec<String>,
    /// Rounds, in each of which everybody runs once.
    pub runs: usize,
    /// The short count instead of the full one.
    pub short: bool,
    /// Options of `elfin compile`.
    pub options: Vec<OsString>,
}

/// The runtimes that this machine has.
pub fn installed() -> Vec<String> {
    let found = RUNTIMES
        .into_iter()
        .filter(|name| find_tool(name).is_some());
    found.map(str::to_owned).collect()
}

/// What one of them needed.
#[derive(Clone, Debug)]
pub struct Samples {
    /// As `elfin bench` calls it: `native`, `elfin generic`, `wasmtime`.
    pub name: String,
    /// What it says of its version.
    pub version: String,
    /// Seconds of CPU, user's and system's, a number a round.
    pub seconds: Vec<f64>,
}

/// Measures a subject; the first samples are those of the native executable.
pub fn measure(subject: &Subject, settings: &Settings) -> Result<Vec<Samples>> {
    let count = if settings.short {
        subject.short
    } else {
        subject.count
    };
    let mut native = OsString::from(format!("{NATIVE}="));
    native.push(&subject.native);
    let mut command = Command::new(elfin::path()?);
    command.arg("bench").arg(&subject.module);
    command.arg("--against").arg(native);
    for runtime in &settings.against {
        command.arg("--against").arg(runtime);
    }
    command.arg(format!("--runs={}", settings.runs));
    command.args(["--compile-runs=0", "--json"]);
    command
        .args(&settings.options)
        .arg("--")
        .arg(count.to_string());
    let output = command.output().context("cannot run elfin")?;
    ensure!(
        output.status.success(),
        "elfin bench: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim_end()
    );
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let mut samples: Vec<Samples> = rows(&report).context("elfin bench has another JSON")?;
    samples.sort_by_key(|row| row.name != NATIVE);
    ensure!(
        samples[0].name == NATIVE,
        "the native executable is missing"
    );
    Ok(samples)
}

fn rows(report: &Value) -> Option<Vec<Samples>> {
    let row = |row: &Value| {
        let seconds = row["run"]["cpu"]["samples"].as_array()?;
        Some(Samples {
            name: row["name"].as_str()?.to_owned(),
            version: row["version"].as_str()?.to_owned(),
            seconds: seconds.iter().map(Value::as_f64).collect::<Option<_>>()?,
        })
    };
    report["rows"].as_array()?.iter().map(row).collect()
}
