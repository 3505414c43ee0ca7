//! A short run of the differential fuzzer on each target, always with the same modules; and miscompiles that are
//! planted, which it must find. A long run is made by hand: `cargo run --release -p elfin-tests --bin fuzz`.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::fuzz::plant::{PLANTS, Plant};
use elfin_tests::fuzz::report::Ending;
use elfin_tests::fuzz::{self, Settings};
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        let name = format!("same::{}", machine::short_name(target));
        let check = move || nothing_differs(target).map_err(suite::failed);
        trials.push(Trial::test(name, check));
    }
    if machine::targets().contains(&Target::X86_64) {
        for plant in PLANTS {
            let name = format!("planted::{}", plant.name);
            let check = move || is_found(plant).map_err(suite::failed);
            trials.push(Trial::test(name, check));
        }
        let check = || is_reduced().map_err(suite::failed);
        trials.push(Trial::test("planted::reduced", check));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Modules on a target. The emulated ones are slower.
fn count(target: Target) -> u64 {
    match machine::emulator(target) {
        Ok(None) => 300,
        _ => 40,
    }
}

fn nothing_differs(target: Target) -> Result<()> {
    let report = fuzz::run(&Settings::new(target, 1, count(target)))?;
    println!("{report}");
    ensure!(report.differences.is_empty(), "\n{report}");
    // A run that compares little is no evidence.
    let compared = 100 * report.compared() / report.modules;
    ensure!(compared >= 95, "{compared} % compared\n{report}");
    let normal = report.share(Ending::Normal);
    ensure!(normal >= 30.0, "{normal:.0} % end normally\n{report}");
    Ok(())
}

/// The fuzzer sees a miscompile within a few hundred modules.
fn is_found(plant: &'static Plant) -> Result<()> {
    let mut settings = Settings::new(Target::X86_64, 2, 1000);
    settings.plant = Some(plant);
    settings.enough = 1;
    settings.reduce = false;
    let report = fuzz::run(&settings)?;
    let difference = report.differences.first();
    let difference = difference.with_context(|| format!("not found\n{report}"))?;
    ensure!(
        difference.command.contains("--plant"),
        "the command to repeat it lacks the plant: {}",
        difference.command
    );
    Ok(())
}

/// What is reported can be read: the miscompiled instruction and little besides.
fn is_reduced() -> Result<()> {
    let mut settings = Settings::new(Target::X86_64, 3, 1000);
    settings.plant = Some(Plant::named("I32Mul").context("there is such a plant")?);
    settings.enough = 1;
    let report = fuzz::run(&settings)?;
    let difference = report.differences.first().context("not found")?;
    let text = difference.reduced.as_ref().context("not reduced")?;
    ensure!(text.contains("i32.mul"), "{text}");
    let lines = text.lines().count();
    ensure!(lines < 100, "{lines} lines are left\n{text}");
    Ok(())
}
