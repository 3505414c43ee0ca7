//! The code of a function on each target, one file an idea: `goldens/*.wat`, the function is named `f`.
//!
//! A golden is a block of directives (`golden x86_64:` and its lines); `ELFIN_BLESS=1` writes what elfin generates now,
//! to be read before it is committed. `cpu TARGET: CPU` is what a file's goldens are compiled for, `without: PASS` is left out
//! of it. A planted difference must be found.

use anyhow::{Context, Result, ensure};
use elfin_compiler::features::Features;
use elfin_compiler::options::{Emit, Options, Pass};
use elfin_compiler::{Cpu, ErrorKind};
use elfin_tests::{bless, directives, machine, place, suite};
use libtest_mimic::{Arguments, Trial};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The function whose code is compared.
const FUNCTION: &str = "f";

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut files: Vec<PathBuf> = std::fs::read_dir(place::crate_root().join("goldens"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    ensure!(!files.is_empty(), "there are no goldens");
    let planted = files[0].clone();
    let mut trials = vec![Trial::test("planted", move || {
        finds_a_difference(&planted).map_err(suite::failed)
    })];
    for file in files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        trials.push(Trial::test(name, move || {
            check(&file).map_err(suite::failed)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// Compares all goldens of a file, or rewrites them.
fn check(file: &Path) -> Result<()> {
    let source = std::fs::read_to_string(file)?;
    if bless::is_wanted() {
        return Ok(std::fs::write(file, blessed(&source)?)?);
    }
    for target in machine::targets() {
        let expected = golden(&source, target)?;
        let found = code(&source, target)?;
        ensure!(
            expected == found,
            "{target}: the code differs; if it is better or as good, ELFIN_BLESS=1 writes it\n--- {}\n{expected}\n--- now\n{found}",
            file.display()
        );
    }
    Ok(())
}

/// A golden with one line changed must not be accepted.
fn finds_a_difference(file: &Path) -> Result<()> {
    let source = std::fs::read_to_string(file)?;
    let target = elfin_compiler::Target::X86_64;
    let found = code(&source, target)?;
    let changed = source.replacen("push", "pushed", 1);
    ensure!(
        changed != source,
        "the first golden has no instruction to change"
    );
    ensure!(
        golden(&changed, target)? != found,
        "a changed golden was accepted"
    );
    Ok(())
}

/// The expected lines for a target.
fn golden(source: &str, target: elfin_compiler::Target) -> Result<String> {
    let directives = directives::parse(source, "wat")?;
    let golden = directives
        .iter()
        .find(|directive| directive.key == "golden" && directive.subject == target.name())
        .with_context(|| format!("no golden for {target}; ELFIN_BLESS=1 writes one"))?;
    Ok(golden.block.clone().unwrap_or_default().join("\n"))
}

/// The lines that elfin generates; where it does not compile the function for this target, what it says.
fn code(source: &str, target: elfin_compiler::Target) -> Result<String> {
    let options = Options {
        cpu: cpu(source, target)?,
        emit: Emit::Assembly(Some(FUNCTION.to_owned())),
        features: Features::all(),
        without: without(source)?,
        ..Options::new(target)
    };
    let output = match elfin_compiler::compile(source.as_bytes(), &options, &[]) {
        Err(error) if error.kind == ErrorKind::Unsupported => return Ok(error.to_string()),
        output => output?,
    };
    let text = String::from_utf8(output.bytes)?;
    // The first line is the function's name.
    Ok(text
        .trim_end()
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .join("\n"))
}

/// The CPU that the file names for a target.
fn cpu(source: &str, target: elfin_compiler::Target) -> Result<Cpu> {
    let directives = directives::parse(source, "wat")?;
    let named = directives
        .iter()
        .find(|directive| directive.key == "cpu" && directive.subject.parse() == Ok(target));
    Ok(match named {
        Some(directive) => Cpu::parse(target, &directive.value)?,
        None => Cpu::generic(target),
    })
}

/// The passes that the file leaves out, to show what it is about.
fn without(source: &str) -> Result<BTreeSet<Pass>> {
    let directives = directives::parse(source, "wat")?;
    let named = directives
        .iter()
        .filter(|directive| directive.key == "without");
    let passes = named.map(|directive| {
        let is_it = |pass: &&Pass| pass.name() == directive.value;
        let pass = Pass::ALL.iter().find(is_it);
        pass.copied()
            .with_context(|| format!("no pass `{}`", directive.value))
    });
    passes.collect()
}

/// The file with its goldens replaced.
fn blessed(source: &str) -> Result<String> {
    let module = source
        .lines()
        .filter(|line| !line.starts_with(";;|") && !line.starts_with(";;# golden"));
    let mut text = module.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n";
    for target in elfin_compiler::Target::ALL {
        text += &format!("\n;;# golden {target}:\n");
        for line in code(source, target)?.lines() {
            text += format!(";;| {line}").trim_end();
            text += "\n";
        }
    }
    Ok(text)
}
