//! Broken modules. The compiler says what is wrong and where, or compiles; it never panics. What compiles is run.
//!
//! `ELFIN_MUTATIONS` sets how many, `ELFIN_SEED` which.

use anyhow::{Result, ensure};
use elfin_compiler::options::{Emit, UnknownImports};
use elfin_compiler::{Error, ErrorKind, Options, Target};
use elfin_tests::execute::{self, Stdout};
use elfin_tests::mutate::{self, Random};
use elfin_tests::place::{self, Scratch};
use elfin_tests::{case, elfin, machine};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use wasmparser::{ExternalKind, Parser, Payload};

/// A module to break.
struct Seed {
    name: String,
    bytes: Vec<u8>,
    /// An export to call, where there is no `_start`.
    invoke: Option<String>,
}

/// What became of the broken modules.
#[derive(Default)]
struct Tally {
    outcomes: Mutex<BTreeMap<String, usize>>,
    failures: Mutex<Vec<String>>,
}

impl Tally {
    fn count(&self, outcome: impl Into<String>) {
        *self
            .outcomes
            .lock()
            .unwrap()
            .entry(outcome.into())
            .or_default() += 1;
    }

    fn fail(&self, failure: String) {
        self.failures.lock().unwrap().push(failure);
    }
}

#[test]
fn broken_modules() -> Result<()> {
    let count = number("ELFIN_MUTATIONS", 10_000);
    let seed = number("ELFIN_SEED", 1) as u64;
    let seeds = seeds()?;
    elfin::path()?;
    let targets = machine::targets();
    let tally = Tally::default();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let mut random = Random::new(seed << 32 | index as u64);
            let original = &seeds[random.below(seeds.len())];
            let broken = mutate::mutate(&original.bytes, &mut random);
            let target = targets[index % targets.len()];
            let name = format!("{} {index} {}", original.name, machine::short_name(target));
            if let Err(failure) = try_one(original, target, &broken, &name, &tally) {
                tally.fail(format!(
                    "{name}: {failure:#}; kept as {}",
                    keep(index, &broken)
                ));
            }
        }
    };
    // A panic is a failure of its own; its message is in the report.
    panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let _ = panic::take_hook();
    let outcomes = tally.outcomes.into_inner().unwrap();
    for (outcome, times) in &outcomes {
        println!("{times:>6}  {outcome}");
    }
    let failures = tally.failures.into_inner().unwrap();
    ensure!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    let late: usize = outcomes
        .iter()
        .filter(|(name, _)| !name.starts_with("header"))
        .map(|(_, times)| times)
        .sum();
    ensure!(
        late * 10 >= count * 3,
        "only {late} of {count} got beyond the header"
    );
    let compiled = outcomes.get(COMPILED).copied().unwrap_or_default();
    ensure!(
        compiled * 10 >= count,
        "only {compiled} of {count} were compiled and run"
    );
    Ok(())
}

/// Compiles one broken module in this process; what compiles is linked and run by the command line.
fn try_one(seed: &Seed, target: Target, broken: &[u8], name: &str, tally: &Tally) -> Result<()> {
    let mut options = Options::new(target);
    options.emit = Emit::Object;
    options.invoke = seed.invoke.clone();
    options.unknown_imports = UnknownImports::Trap;
    options.max_memory = Some(MEMORY);
    options.jobs = 1;
    let start = Instant::now();
    let verdict = judge(|| elfin_compiler::compile(broken, &options, &[]).map(drop))?;
    let seconds = start.elapsed().as_secs();
    ensure!(seconds < 30, "took {seconds} s to compile");
    tally.count(verdict.clone());
    if verdict == COMPILED {
        run(seed, target, broken, name, tally)?;
    }
    Ok(())
}

const COMPILED: &str = "compiled";
const MEMORY: u64 = 64 << 20;

/// In a word what a compilation came to. A panic, an internal error and an invalid module without an offset are
/// failures.
fn judge(compile: impl FnOnce() -> Result<(), Error>) -> Result<String> {
    let error = match panic::catch_unwind(AssertUnwindSafe(compile)) {
        Ok(Ok(())) => return Ok(COMPILED.to_owned()),
        Ok(Err(error)) => error,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text
                .or(panic.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            anyhow::bail!("panicked: {text}");
        }
    };
    ensure!(error.kind != ErrorKind::Internal, "internal error: {error}");
    ensure!(
        error.kind != ErrorKind::Invalid || error.offset.is_some(),
        "no offset: {error}"
    );
    ensure!(!error.message.is_empty(), "no message");
    Ok(match error.offset {
        Some(offset) if offset < 8 => format!("header: {:?}", error.kind),
        _ => format!("refused: {:?}", error.kind),
    })
}

fn run(seed: &Seed, target: Target, broken: &[u8], name: &str, tally: &Tally) -> Result<()> {
    let scratch = Scratch::new(name)?;
    let input = scratch.path().join("broken.wasm");
    let output = scratch.path().join("broken");
    std::fs::write(&input, broken)?;
    let mut options: Vec<OsString> = ["--max-memory", "64M", "--unknown-imports=trap", "-j1"]
        .map(Into::into)
        .into();
    options.extend(
        seed.invoke
            .iter()
            .flat_map(|name| ["--invoke".into(), name.into()]),
    );
    elfin::compile(&input, &output, target, &options)?;
    let mut command = machine::command(target, &output)?;
    command
        .args(arguments(broken, seed.invoke.as_deref()))
        .current_dir(scratch.path());
    let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(1))?;
    let stderr = outcome.stderr_text();
    for words in ["internal error", "bug in elfin"] {
        ensure!(!stderr.contains(words), "ran to: {stderr}");
    }
    match (outcome.status, outcome.code()) {
        (None, _) => tally.count("ran: time up"),
        (_, Some(134)) => tally.count("ran: trap"),
        (_, Some(126)) => tally.count(format!(
            "ran: 126, {}",
            stderr.lines().next().unwrap_or_default()
        )),
        (_, Some(_)) => tally.count("ran: exit"),
        (_, None) => anyhow::bail!("the program was {}; stderr: {stderr}", outcome.ending()),
    }
    Ok(())
}

/// As many ones as the export has parameters.
fn arguments(module: &[u8], invoke: Option<&str>) -> Vec<String> {
    let Some(invoke) = invoke else {
        return Vec::new();
    };
    let count = parameters(module, invoke).unwrap_or(0);
    vec!["1".to_owned(); count]
}

fn parameters(module: &[u8], invoke: &str) -> Option<usize> {
    let mut types = Vec::new();
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.ok()? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(ty.ok()?.params().len());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let wasmparser::TypeRef::Func(ty) = import.ok()?.ty {
                        functions.push(ty);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    functions.push(ty.ok()?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.ok()?;
                    if export.kind == ExternalKind::Func && export.name == invoke {
                        let ty = *functions.get(export.index as usize)?;
                        return types.get(ty as usize).copied();
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// The modules to break: all cases in wat, each as often as it has exported functions (at most three), and the two
/// smallest programs of C and Rust.
fn seeds() -> Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    for case in case::load_folder("wat")? {
        if case
            .runs
            .iter()
            .any(|run| !run.expected.compile_error.is_empty())
        {
            continue;
        }
        let bytes = wat::parse_file(&case.path)?;
        let exports = exported_functions(&bytes)?;
        if exports.iter().any(|name| name == "_start") {
            seeds.push(Seed {
                name: case.name,
                bytes,
                invoke: None,
            });
            continue;
        }
        for name in exports.into_iter().take(3) {
            seeds.push(Seed {
                name: case.name.clone(),
                bytes: bytes.clone(),
                invoke: Some(name),
            });
        }
    }
    for folder in ["c", "rust"] {
        for case in case::load_folder(folder)?
            .iter()
            .filter(|case| case.name.ends_with("/hello"))
        {
            let bytes = std::fs::read(case.build.guest()?.path)?;
            seeds.push(Seed {
                name: case.name.clone(),
                bytes,
                invoke: None,
            });
        }
    }
    Ok(seeds)
}

fn exported_functions(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                let export = export?;
                if export.kind == ExternalKind::Func {
                    names.push(export.name.to_owned());
                }
            }
        }
    }
    Ok(names)
}

fn number(variable: &str, default: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => default,
    }
}

/// Keeps a module that failed, and says where.
fn keep(index: usize, module: &[u8]) -> String {
    let folder = place::target_root().join("mutations");
    let path = folder.join(format!("{index}.wasm"));
    match std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, module)) {
        Ok(()) => path.display().to_string(),
        Err(error) => error.to_string(),
    }
}

/// The suite would see a compiler that panics, one that blames itself and one that does not say where.
#[test]
fn planted_faults_are_found() {
    let judge =
        |compile: fn() -> Result<(), Error>| judge(compile).map_err(|error| error.to_string());
    assert_eq!(
        judge(|| panic!("planted")),
        Err("panicked: planted".to_owned())
    );
    let internal = judge(|| Err(Error::new(ErrorKind::Internal, "planted")));
    assert!(internal.unwrap_err().starts_with("internal error"));
    let nowhere = judge(|| Err(Error::new(ErrorKind::Invalid, "planted")));
    assert!(nowhere.unwrap_err().starts_with("no offset"));
    assert_eq!(
        judge(|| Err(Error::new(ErrorKind::Invalid, "fine").at(9))),
        Ok("refused: Invalid".to_owned())
    );
    assert_eq!(judge(|| Ok(())), Ok(COMPILED.to_owned()));
}

/// The command line says the same: exit status 1, an offset, no output file.
#[test]
fn command_line_refuses() -> Result<()> {
    let scratch = Scratch::new("refuses")?;
    let input = scratch.path().join("broken.wasm");
    let output = scratch.path().join("broken");
    let seeds = seeds()?;
    let mut refused = 0;
    for index in 0..200 {
        let mut random = Random::new(77 << 32 | index);
        let seed = &seeds[random.below(seeds.len())];
        std::fs::write(&input, mutate::mutate(&seed.bytes, &mut random))?;
        let options: Vec<OsString> = seed
            .invoke
            .iter()
            .flat_map(|name| ["--invoke".into(), name.into()])
            .collect();
        let outcome = elfin::try_compile(&input, &output, Target::X86_64, &options)?;
        if outcome.code() == Some(0) {
            std::fs::remove_file(&output)?;
            continue;
        }
        refused += 1;
        let stderr = outcome.stderr_text();
        ensure!(outcome.code() == Some(1), "{}: {stderr}", outcome.ending());
        ensure!(
            !stderr.contains("invalid module") || stderr.contains("0x"),
            "no offset: {stderr}"
        );
        ensure!(!output.exists(), "an output file is left behind: {stderr}");
    }
    ensure!(refused > 50, "only {refused} of 200 refused");
    Ok(())
}
