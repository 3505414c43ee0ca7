//! `--linker`: a sample of the cases, one an idea that the linker has a part in, linked by other linkers: the same comes
//! out. GNU ld knows only this machine as Debian packages it; lld knows every target.

use anyhow::{Result, bail, ensure};
use elfin_compiler::Target;
use elfin_tests::case::{self, Case};
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::sync::Arc;

/// Addresses of data and tables, state, memory images, growable memories and tables, names in trap reports, exceptions,
/// the runtime's library calls.
const SAMPLE: [&str; 12] = [
    "c/stdio",
    "c/table",
    "cpp/exceptions",
    "rust/dispatch",
    "rust/files",
    "rust/panic",
    "wat/data",
    "wat/exceptions",
    "wat/globals",
    "wat/memories",
    "wat/memory-large",
    "wat/traps",
];

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut cases = Vec::new();
    for folder in ["c", "cpp", "rust", "wat"] {
        cases.extend(case::load_folder(folder)?);
    }
    cases.retain(|case| SAMPLE.contains(&case.name.as_str()));
    ensure!(
        cases.len() == SAMPLE.len(),
        "a case of the sample is missing"
    );
    let mut trials = Vec::new();
    for case in cases {
        let mut add = |linker: &str, target: Target| {
            let name = format!("{}::{linker}::{}", case.name, machine::short_name(target));
            let case = Arc::new(with_linker(case.clone(), linker));
            trials.push(Trial::test(name, move || {
                case.check(target).map_err(suite::failed)
            }));
        };
        for target in machine::targets() {
            add("ld.lld", target);
            if Target::host() == Some(target) {
                add("ld.bfd", target);
            }
        }
        if case.name == SAMPLE[0] {
            let case = with_linker(case, "false");
            trials.push(Trial::test("planted", move || {
                linker_is_used(&case).map_err(suite::failed)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn with_linker(mut case: Case, linker: &str) -> Case {
    for run in &mut case.runs {
        // Other linkers make no position-independent executables.
        run.also.clear();
        run.options.extend(["--linker".into(), linker.into()]);
    }
    case
}

/// A linker that does nothing: the case must fail, in the words of the compiler.
fn linker_is_used(case: &Case) -> Result<()> {
    let target = machine::targets()[0];
    let Err(report) = case.check(target) else {
        bail!("the case passed with a linker that does nothing");
    };
    let report = format!("{report:#}");
    ensure!(report.contains("the linker `false` failed"), "{report}");
    Ok(())
}
