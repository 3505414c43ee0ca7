//! Cases times targets as tests of their own names: `rust/files::aarch64`.

use crate::case::{self, Case};
use crate::{machine, reference};
use anyhow::{Result, ensure};
use elfin_compiler::Target;
use libtest_mimic::{Arguments, Conclusion, Failed, Trial};
use std::sync::Arc;

/// Runs the cases of these folders as the command line asks.
pub fn run(folders: &[&str]) -> Result<Conclusion> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for folder in folders {
        for case in case::load_folder(folder)? {
            add(Arc::new(case), &mut trials);
        }
    }
    Ok(libtest_mimic::run(&arguments, trials))
}

fn add(case: Arc<Case>, trials: &mut Vec<Trial>) {
    if reference::is_wanted() {
        let name = format!("{}::reference", case.name);
        let ignored = case.no_reference.is_some();
        let trial = Trial::test(name, move || case.check_reference().map_err(failed));
        trials.push(trial.with_ignored_flag(ignored));
        return;
    }
    for target in machine::targets() {
        if case.covers(target) {
            let name = format!("{}::{}", case.name, machine::short_name(target));
            let case = case.clone();
            trials.push(Trial::test(name, move || {
                case.check(target).map_err(failed)
            }));
        }
    }
}

/// A check, and the one that it can fail: that what was made wrong on purpose is noticed, `planted::` in front of its name.
pub fn with_planted(
    name: String,
    check: impl FnOnce() -> Result<()> + Send + 'static,
    check_planted: impl FnOnce() -> Result<()> + Send + 'static,
) -> [Trial; 2] {
    let planted = format!("planted::{name}");
    [
        Trial::test(name, || check().map_err(failed)),
        Trial::test(planted, || check_planted().map_err(failed)),
    ]
}

/// A check of a target with the options of `elfin compile`.
type Check = fn(Target, &[&str]) -> Result<()>;

/// A check at each of these levels of optimisation, and that it can fail: see [`with_planted`].
pub fn at_levels(
    target: Target,
    levels: &[&'static [&'static str]],
    check: Check,
    check_planted: Check,
) -> Vec<Trial> {
    let trials = levels.iter().flat_map(|&options| {
        let name = format!("{}::{}", options.concat(), machine::short_name(target));
        let all = move || check(target, options);
        let planted = move || check_planted(target, options);
        with_planted(name, all, planted)
    });
    trials.collect()
}

/// How many of the functions that were made wrong on purpose are told from the right ones by what they left: as many as
/// differ by what is worked out, or it is an error.
pub fn noticed<F, R: PartialEq>(
    right: &[F],
    wrong: &[F],
    left: Vec<R>,
    result: impl Fn(&F) -> R,
) -> Result<usize> {
    let mut noticed = 0;
    for ((right, wrong), left) in right.iter().zip(wrong).zip(left) {
        let expected = result(right);
        let is_noticed = left != expected;
        ensure!(
            is_noticed == (result(wrong) != expected),
            "a wrong function is not told from a right one"
        );
        noticed += usize::from(is_noticed);
    }
    Ok(noticed)
}

/// An error with its causes.
pub fn failed(error: anyhow::Error) -> Failed {
    format!("{error:#}").into()
}
