//! WASI preview 1 as its documents have it: each case of programs/conformance as a test of its own, on every target.
//!
//! That the suite can fail is shown twice: the cases of the area `planted` are wrong, and each function of preview 1 in
//! turn does nothing, once saying that it did and once that it can't, which at least one case must notice.

use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use elfin_tests::conformance::{AREAS, Executable, PLANTED, Report, cases};
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

/// What the suite promises.
const AT_LEAST: usize = 250;

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("count", || count().map_err(suite::failed))];
    for target in machine::targets() {
        for area in AREAS {
            for case in cases(area)? {
                trials.push(trial(target, format!("{area}/{case}"), move || {
                    report(target, area)?.verdict(&case)
                }));
            }
            trials.push(trial(target, format!("{area}/nothing else"), move || {
                report(target, area)?.all_hold(&cases(area)?)
            }));
        }
        for case in cases(PLANTED)? {
            trials.push(trial(
                target,
                format!("{PLANTED}/{case}"),
                move || match report(target, PLANTED)?.cases.get(&case) {
                    Some(Err(_)) => Ok(()),
                    found => bail!("the planted fault was not found: {found:?}"),
                },
            ));
        }
        for status in [0, 1, 42, 255, 256] {
            let name = format!("exits/proc_exit {status}");
            trials.push(trial(target, name, move || exit(target, status)));
        }
        for (name, signal, expected) in SIGNALS {
            let name = format!("exits/proc_raise {name}");
            trials.push(trial(target, name, move || {
                raise(target, *signal, *expected)
            }));
        }
    }
    for function in elfin_abi::host::PREVIEW1 {
        for lie in ["idle", "absent"] {
            trials.push(Trial::test(
                format!("lies/{lie} {}", function.name),
                move || notice(lie, function.name).map_err(suite::failed),
            ));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn trial(target: Target, name: String, run: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    Trial::test(format!("{name}::{}", machine::short_name(target)), || {
        run().map_err(suite::failed)
    })
}

fn count() -> Result<()> {
    let mut count = 0;
    for area in AREAS {
        count += cases(area)?.len();
    }
    ensure!(
        count >= AT_LEAST,
        "there are {count} cases, fewer than {AT_LEAST}"
    );
    Ok(())
}

/// The executable of a target, made once.
fn executable(target: Target) -> Result<Arc<Executable>> {
    static MADE: LazyLock<Mutex<HashMap<&'static str, Arc<Executable>>>> =
        LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let name = machine::short_name(target);
    if let Some(executable) = made.get(name) {
        return Ok(executable.clone());
    }
    let executable = Arc::new(Executable::new(target)?);
    made.insert(name, executable.clone());
    Ok(executable)
}

/// What the executable says of an area, which runs once.
fn report(target: Target, area: &'static str) -> Result<Arc<Report>> {
    type Slot = Arc<OnceLock<Result<Arc<Report>, String>>>;
    static REPORTS: LazyLock<Mutex<HashMap<(&str, &str), Slot>>> = LazyLock::new(Mutex::default);
    let key = (machine::short_name(target), area);
    let slot = {
        let mut reports = REPORTS
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        reports.entry(key).or_default().clone()
    };
    let run = || executable(target)?.run(area, None).map(Arc::new);
    let report = slot.get_or_init(|| run().map_err(|error| format!("{error:#}")));
    report.clone().map_err(anyhow::Error::msg)
}

/// The kernel keeps the low eight bits.
fn exit(target: Target, status: u32) -> Result<()> {
    let output = executable(target)?
        .command(&["exit", &status.to_string()])?
        .current_dir(here()?)
        .output()?;
    ensure!(
        output.status.code() == Some((status & 0xff) as i32),
        "it ended with {}",
        output.status
    );
    ensure!(
        output.stdout.is_empty() && output.stderr.is_empty(),
        "it says {output:?}"
    );
    Ok(())
}

/// A place with the directories that are granted.
fn here() -> Result<&'static std::path::Path> {
    static HERE: LazyLock<Option<elfin_tests::place::Scratch>> = LazyLock::new(|| {
        let scratch = elfin_tests::place::Scratch::new("exits").ok()?;
        std::fs::create_dir(scratch.path().join("other")).ok()?;
        Some(scratch)
    });
    Ok(HERE.as_ref().context("no scratch directory")?.path())
}

/// Signals that end a process: preview 1's numbers, and Linux's. SIGSYS is the kernel sandbox's, which ends it with 159.
const SIGNALS: &[(&str, u32, i32)] = &[
    ("hup", 1, 1),
    ("int", 2, 2),
    ("abrt", 6, 6),
    ("bus", 7, 7),
    ("fpe", 8, 8),
    ("kill", 9, 9),
    ("usr1", 10, 10),
    ("segv", 11, 11),
    ("pipe", 13, 13),
    ("alrm", 14, 14),
    ("term", 15, 15),
    ("xfsz", 24, 25),
];

fn raise(target: Target, signal: u32, expected: i32) -> Result<()> {
    let output = executable(target)?
        .command(&["raise", &signal.to_string()])?
        .current_dir(here()?)
        .output()?;
    ensure!(
        output.status.signal() == Some(expected),
        "it ended with {}: {output:?}",
        output.status
    );
    Ok(())
}

/// At least one case must notice the lie: it fails, or nothing comes back. A case that hangs has noticed as well.
fn notice(lie: &str, function: &str) -> Result<()> {
    match (lie, function) {
        // Its cases look at the status of the process, which a function that does nothing can't bring about.
        (_, "proc_exit") => return Ok(()),
        // To do nothing is a way to do it.
        ("idle", "sched_yield") => return Ok(()),
        _ => {}
    }
    let target = Target::host().context("there is no target for this machine")?;
    for area in areas_of(function) {
        let report = executable(target)?.run(area, Some(&format!("{lie} {function}")));
        // An error is one of the peer's, whom the executable leaves alone.
        if report
            .and_then(|report| report.all_hold(&cases(area)?))
            .is_err()
        {
            return Ok(());
        }
    }
    bail!("no case notices")
}

/// The areas that are about a function, the cheapest ones first.
fn areas_of(function: &str) -> &'static [&'static str] {
    match function.split_once('_') {
        Some(("args" | "environ", _)) => &["arguments"],
        Some(("clock" | "random" | "proc" | "sched", _)) => &["clocks"],
        Some(("poll", _)) => &["poll"],
        Some(("sock", _)) => &["sockets"],
        Some(("path", _)) => &["links", "times", "directories"],
        _ => &["descriptors", "files", "directories"],
    }
}
