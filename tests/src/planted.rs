//! The runtime that the tests break on purpose, see `runtime-lib/src/planted`: its paths lead anywhere, what is
//! read-only it would change, and a guest can have it make any system call. For x86-64, whose kernel the tests run on.

use crate::place;
use anyhow::{Context, Result, ensure};
use elfin_runtime::recipe;
use object::read::archive::ArchiveFile;
use std::process::Command;
use std::sync::OnceLock;

const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Its object file.
pub fn runtime() -> Result<&'static [u8]> {
    static BUILT: OnceLock<Result<Vec<u8>, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    built
        .as_deref()
        .map_err(|error| anyhow::Error::msg(error.clone()))
}

fn build() -> Result<Vec<u8>> {
    let folder = place::target_root().join("planted");
    // What is broken leaves other parts unused.
    let own = ["--cfg=elfin_planted", "-Aunused"];
    let flags = recipe::rustflags(TRIPLE, false).chain(own);
    let flags: Vec<&str> = flags.collect();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .current_dir(place::workspace_root())
        .args([
            "rustc",
            "--quiet",
            "--locked",
            "--package=elfin-runtime",
            "--lib",
        ])
        .args(["--crate-type=staticlib", "--release", "--target", TRIPLE])
        .arg("--target-dir")
        .arg(&folder)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    for setting in recipe::PROFILE {
        cargo.args(["--config", setting]);
    }
    let status = cargo.status().context("cannot run cargo")?;
    ensure!(status.success(), "the planted runtime does not build");
    let archive = folder.join(TRIPLE).join("release/libelfin_runtime.a");
    let bytes = std::fs::read(&archive).with_context(|| archive.display().to_string())?;
    for member in ArchiveFile::parse(bytes.as_slice())?.members() {
        let member = member?;
        if member.name().starts_with(recipe::MEMBER.as_bytes()) {
            return Ok(member.data(bytes.as_slice())?.to_vec());
        }
    }
    anyhow::bail!("{} has no member {}*", archive.display(), recipe::MEMBER)
}
