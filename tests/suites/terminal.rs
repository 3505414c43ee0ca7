//! What a terminal shows: the progress bar of a long compilation and what is left of it, and colour.

use anyhow::{Result, ensure};
use elfin_tests::elfin;
use elfin_tests::execute::{self, Stdout};
use elfin_tests::place::{self, Scratch};
use elfin_tests::terminal::Session;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const INTERRUPT: u8 = 3;
/// As a shell tells that a signal ended a program: 128 and SIGINT.
const INTERRUPTED: i32 = 130;

/// A module whose compilation takes a second or more, since its functions are many and large; `functions` of them.
fn long_module(functions: usize) -> Result<Vec<u8>> {
    let mut text = String::from("(module (memory 1)\n");
    for number in 0..functions {
        text += &format!("(func $f{number} (param i32) (result i32) (local $x i32)\n");
        for step in 0..60 {
            let address = (number * 31 + step * 7) % 60_000;
            text += &format!(
                "(local.set $x (i32.add (i32.mul (local.get $x) (i32.const {step})) (i32.load offset={address} (local.get 0))))\n"
            );
        }
        let callee = number.saturating_sub(1);
        text += &format!("(call $f{callee} (local.get $x)))\n");
    }
    text += &format!(
        "(func (export \"_start\") (drop (call $f{} (i32.const 0)))))",
        functions - 1
    );
    Ok(wat::parse_str(text)?)
}

/// `elfin compile FILE -j 1`, which takes as long each time.
fn compile(file: &str, options: &[&str]) -> Result<Command> {
    let mut command = Command::new(elfin::path()?);
    command
        .args(["compile", "--no-cache", file, "-j", "1"])
        .args(options);
    Ok(command)
}

/// The session of a command in a folder. `setsid` starts it where the test runs, so the paths are absolute.
fn session(
    folder: &Path,
    file: &str,
    options: &[&str],
    variables: &[(&str, &str)],
) -> Result<Session> {
    let input = folder.join(file);
    let output = folder.join("out");
    let mut command = compile(&input.display().to_string(), &[])?;
    if !options.contains(&"-o") {
        command.arg("-o").arg(output);
    }
    command.args(options).envs(variables.iter().copied());
    Session::start(&command)
}

fn folder() -> Result<Scratch> {
    let scratch = Scratch::new("terminal")?;
    std::fs::write(scratch.path().join("long.wasm"), long_module(4000)?)?;
    std::fs::write(
        scratch.path().join("short.wat"),
        "(module (func (export \"_start\")))",
    )?;
    Ok(scratch)
}

const SHOWN: &str = " functions";

#[test]
fn progress() -> Result<()> {
    let scratch = folder()?;
    let folder = scratch.path();

    // It appears, and nothing is left of it.
    let mut long = session(folder, "long.wasm", &[], &[])?;
    long.wait_for(SHOWN)?;
    ensure!(long.shows().starts_with("compiling ["), "{}", long.shows());
    ensure!(!long.is_clean(), "the bar is not seen as unclean");
    let status = long.end()?;
    ensure!(status.success(), "{status}: {}", long.shows());
    ensure!(
        long.shows().is_empty() && long.is_clean(),
        "left at the end: {}",
        long.shows()
    );

    // An error stands alone.
    let mut failing = session(folder, "long.wasm", &["-o", "/dev/full"], &[])?;
    failing.wait_for(SHOWN)?;
    let status = failing.end()?;
    let shown = failing.shows();
    ensure!(status.code() == Some(1), "{status}: {shown}");
    ensure!(
        shown.starts_with("error: `/dev/full`") && failing.is_clean(),
        "left at an error: {shown}"
    );
    ensure!(!shown.contains("functions"), "left: {shown}");

    // Ctrl-C ends it as it ends any program.
    let mut interrupted = session(
        folder,
        "long.wasm",
        &["-o", &folder.join("never").display().to_string()],
        &[],
    )?;
    interrupted.wait_for(SHOWN)?;
    interrupted.type_keys(&[INTERRUPT])?;
    let status = interrupted.end()?;
    let shown = interrupted.shows();
    ensure!(status.code() == Some(INTERRUPTED), "{status}: {shown}");
    // The terminal itself shows the key.
    ensure!(
        ["", "^C"].contains(&shown.trim()),
        "left at Ctrl-C: {shown}"
    );
    ensure!(!folder.join("never").exists());
    Ok(())
}

/// `elfin bench` counts its steps; at Ctrl-C nothing of it is left, neither on the terminal nor elsewhere.
#[test]
fn bench() -> Result<()> {
    let scratch = folder()?;
    let folder = scratch.path();
    let temporary = place::created(folder.join("temporary"))?;
    let endless = folder.join("endless.wat");
    std::fs::write(
        &endless,
        "(module (memory (export \"memory\") 1) (func (export \"_start\") (loop (br 0))))",
    )?;
    let mut command = Command::new(elfin::path()?);
    command.arg("bench").arg(&endless);
    command.args(["--compile-runs", "0", "--against", "native=/bin/true"]);
    command.env("TMPDIR", &temporary);
    let mut session = Session::start(&command)?;
    session.wait_for(" steps")?;
    session.wait_for("comparing outputs")?;
    let left = || Ok::<_, anyhow::Error>(std::fs::read_dir(&temporary)?.count());
    ensure!(left()? == 1);
    session.type_keys(&[INTERRUPT])?;
    let status = session.end()?;
    let shown = session.shows();
    ensure!(status.code() == Some(INTERRUPTED), "{status}: {shown}");
    ensure!(
        ["", "^C"].contains(&shown.trim()),
        "left at Ctrl-C: {shown}"
    );
    ensure!(left()? == 0, "the folder is left");
    Ok(())
}

#[test]
fn no_progress() -> Result<()> {
    let scratch = folder()?;
    let folder = scratch.path();
    for (file, options, variables) in [
        ("short.wat", &[][..], &[][..]),
        ("long.wasm", &["--quiet"], &[]),
        ("long.wasm", &[], &[("TERM", "dumb")]),
    ] {
        let mut session = session(folder, file, options, variables)?;
        let status = session.end()?;
        let written = String::from_utf8_lossy(&session.written);
        ensure!(
            status.success() && written.is_empty(),
            "{file} {options:?}: {written:?}"
        );
    }
    let mut piped = compile("long.wasm", &[])?;
    piped.current_dir(folder).env("TERM", "xterm");
    let outcome = execute::run(piped, None, Stdout::Collected, Duration::from_secs(120))?;
    ensure!(
        outcome.code() == Some(0) && outcome.stderr.is_empty(),
        "{}",
        outcome.stderr_text()
    );
    Ok(())
}

#[test]
fn colour() -> Result<()> {
    const RED: &str = "\u{1b}[1m\u{1b}[31merror";
    let scratch = folder()?;
    let folder = scratch.path();
    let on_terminal = |variables: &[(&str, &str)]| -> Result<String> {
        let mut session = session(folder, "missing.wasm", &[], variables)?;
        ensure!(session.end()?.code() == Some(1));
        ensure!(
            session.shows().starts_with("error: "),
            "{}",
            session.shows()
        );
        Ok(String::from_utf8(session.written)?)
    };
    let written = on_terminal(&[])?;
    ensure!(written.starts_with(RED), "{written:?}");
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb"), ("CLICOLOR", "0")] {
        let written = on_terminal(&[variable])?;
        ensure!(!written.contains('\u{1b}'), "{variable:?}: {written:?}");
    }
    for (variable, is_colored) in [("UNRELATED", false), ("CLICOLOR_FORCE", true)] {
        let mut piped = compile("missing.wasm", &[])?;
        piped.current_dir(folder).env(variable, "1");
        let outcome = execute::run(piped, None, Stdout::Collected, Duration::from_secs(60))?;
        let written = outcome.stderr_text();
        ensure!(
            written.contains('\u{1b}') == is_colored,
            "{variable}: {written:?}"
        );
    }
    Ok(())
}

/// The suite would see a bar that stays, a cursor that is hidden, and text that is missing.
#[test]
fn planted_faults_are_found() -> Result<()> {
    let left = |script: &str| -> Result<Session> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut session = Session::start(&command)?;
        session.end()?;
        Ok(session)
    };
    ensure!(left("printf 'compiling\\r\\033[K'")?.is_clean());
    ensure!(!left("printf compiling")?.is_clean());
    ensure!(!left("printf 'compiling\\r'")?.is_clean());
    ensure!(!left("printf '\\033[?25l'")?.is_clean());
    ensure!(left("exit 0")?.wait_for("compiling").is_err());
    Ok(())
}
