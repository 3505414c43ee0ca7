//! Guest pointers that are wild, not aligned, the same, or wrap around, in every pointer argument of every host function:
//! the right errno, nothing written beside the arguments, and a valid call after each that works.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::place::Scratch;
use elfin_tests::pointers::{Call, Expected, generate, judge};
use elfin_tests::{elfin, machine};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

#[test]
fn every_function_survives_hostile_pointers() -> Result<()> {
    let (calls, module) = generate()?;
    println!("{} calls", calls.len());
    for target in machine::targets() {
        let wrong = judge(&calls, &run(target, &module)?);
        ensure!(
            wrong.is_empty(),
            "{target}: {} of {} calls went wrong:\n{}",
            wrong.len(),
            calls.len(),
            wrong.join("\n")
        );
    }
    Ok(())
}

/// What the executable writes to standard output.
fn run(target: Target, module: &str) -> Result<Vec<u8>> {
    let scratch = Scratch::new("pointers")?;
    let (input, app) = (scratch.path().join("app.wat"), scratch.path().join("app"));
    std::fs::write(&input, module)?;
    elfin::compile(
        &input,
        &app,
        target,
        &["--dir", ".::d", "--env", "A=B"].map(Into::into),
    )?;
    std::fs::write(scratch.path().join("f"), vec![b'x'; 100])?;
    std::os::unix::fs::symlink("f", scratch.path().join("l"))?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut command: Command = machine::command(target, &app)?;
    let output = command
        .env_clear()
        .current_dir(scratch.path())
        .stdin(OwnedFd::from(listener))
        .stderr(Stdio::piped())
        .output()?;
    ensure!(
        output.status.success(),
        "{target}: it ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output.stdout)
}

#[test]
fn planted_faults_are_found() -> Result<()> {
    let (calls, module) = generate()?;
    let Some(target) = Target::host() else {
        return Ok(());
    };
    // A page that a valid call has changed, and that is not made anew: the call must be found to have written to it.
    let careless = strip_first_renewal(&module);
    ensure!(careless != module, "nothing was planted");
    let wrong = judge(&calls, &run(target, &careless)?);
    ensure!(
        wrong.len() == 1 && wrong[0].contains("was written"),
        "{wrong:?}"
    );
    // Another errno, a record less.
    let output = run(target, &module)?;
    let mut other: Vec<Call> = calls.clone();
    other[3].expected = Expected::Errno(75);
    ensure!(
        judge(&other, &output).len() == 1,
        "another errno is not found"
    );
    ensure!(
        !judge(&calls, &output[..output.len() - 8]).is_empty(),
        "a missing record is not found"
    );
    Ok(())
}

/// Without the line that makes anew what the first call writes.
fn strip_first_renewal(module: &str) -> String {
    let is_renewal = |line: &str| line.starts_with("  (memory.copy (i32.const 65");
    let first = module.lines().position(is_renewal);
    let lines = module
        .lines()
        .enumerate()
        .filter(|(at, _)| Some(*at) != first);
    lines.map(|(_, line)| format!("{line}\n")).collect()
}
