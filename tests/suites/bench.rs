//! Each program of `bench/` that needs no download: built for both sides and run with its short count, it prints the
//! same as an executable of elfin's and natively. With the distribution's clang in place of the one that is measured
//! with. One that prints something else must be found.

use anyhow::{Context, Result, anyhow, ensure};
use elfin_compiler::Target;
use elfin_tests::bench::build::{Builder, Subject};
use elfin_tests::bench::clang::Clang;
use elfin_tests::bench::corpus::{self, Program};
use elfin_tests::execute::{self, Stdout};
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, suite};
use libtest_mimic::{Arguments, Trial};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut programs = corpus::load()?;
    programs.retain(Program::is_own);
    ensure!(
        programs.len() >= 28,
        "there are {} programs",
        programs.len()
    );
    let pair = [programs[0].clone(), programs[1].clone()];
    let mut trials = vec![Trial::test("planted", move || {
        finds_a_difference(&pair).map_err(suite::failed)
    })];
    for program in programs {
        trials.push(Trial::test(program.name.clone(), move || {
            check(&program).map_err(suite::failed)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(program: &Program) -> Result<()> {
    build(program)?.iter().try_for_each(compare)
}

/// All variants.
fn build(program: &Program) -> Result<Vec<Subject>> {
    static BUILDER: LazyLock<Result<Builder, String>> = LazyLock::new(|| {
        let builder = Clang::distribution().and_then(Builder::new);
        builder.map_err(|error| format!("{error:#}"))
    });
    let builder = BUILDER.as_ref().map_err(|error| anyhow!("{error}"))?;
    let variants = program.variants();
    variants
        .iter()
        .map(|variant| builder.build(variant))
        .collect()
}

fn compare(subject: &Subject) -> Result<()> {
    let scratch = Scratch::new(&subject.name)?;
    let executable = scratch.path().join("app");
    let host = Target::host().context("this machine is no target")?;
    elfin::compile(&subject.module, &executable, host, &[])?;
    let found = print(&executable, subject.short)?;
    let expected = print(&subject.native, subject.short)?;
    ensure!(
        found == expected,
        "{} prints {found:?}, and natively {expected:?}",
        subject.name
    );
    Ok(())
}

/// What an executable prints.
fn print(executable: &Path, count: u32) -> Result<String> {
    let mut command = Command::new(executable);
    command.arg(count.to_string());
    let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
    ensure!(
        outcome.code() == Some(0) && !outcome.stdout.is_empty(),
        "{}: {}: {}",
        executable.display(),
        outcome.ending(),
        outcome.stderr_text()
    );
    Ok(String::from_utf8(outcome.stdout)?)
}

/// The module of one program and the executable of another.
fn finds_a_difference([one, other]: &[Program; 2]) -> Result<()> {
    let mut subject = build(one)?.remove(0);
    subject.native = build(other)?.remove(0).native;
    let error = compare(&subject).err().context("it was not found")?;
    ensure!(error.to_string().contains("and natively"), "{error:#}");
    Ok(())
}
