//! Cases that are wrong on purpose: the harness must report each as failed, in the words that the case gives.

use anyhow::{Result, bail, ensure};
use elfin_tests::case::{self, Case};
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for case in case::load_folder("planted")? {
        trials.push(Trial::test(case.name.clone(), move || {
            must_fail(&case).map_err(suite::failed)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn must_fail(case: &Case) -> Result<()> {
    ensure!(
        !case.must_fail.is_empty(),
        "{} lacks `must-fail`",
        case.path.display()
    );
    for target in machine::targets() {
        let Err(report) = case.check(target) else {
            bail!("the planted fault was not found on {target}");
        };
        let report = format!("{report:#}");
        for words in &case.must_fail {
            ensure!(
                report.contains(words),
                "{target}: the report lacks `{words}`:\n{report}"
            );
        }
    }
    Ok(())
}
