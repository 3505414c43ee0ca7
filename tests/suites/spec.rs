//! WebAssembly's own test suite on every target, see `spec/mod.rs`.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_compiler::options::OptLevel;
use elfin_tests::spec::native::Configuration;
use elfin_tests::spec::script::Case;
use elfin_tests::spec::skips::Skips;
use elfin_tests::spec::sources::{self, Source};
use elfin_tests::spec::totals::Totals;
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::sync::Arc;

/// Scripts that also run with every expectation flipped: each kind of directive, of value and of pattern.
const FLIPPED: [&str; 14] = [
    "exceptions/throw",
    "multi-memory/linking0",
    "relaxed-simd/relaxed_madd_nmadd",
    "simd/simd_f32x4_arith",
    "simd/simd_i8x16_cmp",
    "wasm-v3/binary",
    "wasm-v3/call",
    "wasm-v3/f64",
    "wasm-v3/float_exprs",
    "wasm-v3/imports",
    "wasm-v3/linking",
    "wasm-v3/names",
    "wasm-v3/table_get",
    "wasm-v3/traps",
];

/// Line 5 expects what does not come, the others what comes.
const PLANTED: &str = r#"(module
  (func (export "one") (result i32) (i32.const 1))
  (func (export "trap") (unreachable)))
(assert_return (invoke "one") (i32.const 1))
(assert_return (invoke "one") (i32.const 2))
(assert_trap (invoke "trap") "unreachable")
"#;

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let sources = sources::all();
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    for name in FLIPPED {
        ensure!(names.contains(&name), "there is no script `{name}`");
    }
    let skips = Arc::new(Skips::load(&names)?);
    let totals = Arc::new(Totals::default());
    let flip_all = std::env::var_os("ELFIN_SPEC_FLIP").is_some();
    let mut trials = vec![Trial::test("planted", || planted().map_err(suite::failed))];
    for source in sources {
        let case = Arc::new(Case::new(source, skips.clone(), totals.clone()));
        if flip_all || FLIPPED.contains(&case.name()) {
            add(&case, true, &mut trials);
        }
        if !flip_all {
            add(&case, false, &mut trials);
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        totals.print(&skips);
    }
    conclusion.exit()
}

/// The targets; the first one's without optimisation, and position-independent as well. `ELFIN_SPEC_PIE=1` makes all
/// position-independent.
fn configurations() -> Vec<Configuration> {
    let all_pie = std::env::var_os("ELFIN_SPEC_PIE").is_some();
    let mut configurations = Vec::new();
    for target in machine::targets() {
        let ways: &[(OptLevel, bool)] = match target {
            Target::X86_64 => &[
                (OptLevel::Speed, false),
                (OptLevel::None, false),
                (OptLevel::Speed, true),
            ],
            _ if all_pie => &[(OptLevel::Speed, true)],
            _ => &[(OptLevel::Speed, false)],
        };
        configurations.extend(ways.iter().map(|&(opt_level, pie)| Configuration {
            target,
            opt_level,
            pie,
        }));
    }
    configurations
}

/// Adds a script's trials.
fn add(case: &Arc<Case>, flipped: bool, trials: &mut Vec<Trial>) {
    let suffix = if flipped { "::flipped" } else { "" };
    let name = |way: &str| format!("{}::{way}{suffix}", case.name());
    let refused = case.clone();
    let trial = move || refused.refuse(flipped).map_err(suite::failed);
    trials.push(Trial::test(name("refused"), trial));
    for configuration in configurations() {
        let case = case.clone();
        let name = name(&configuration.name());
        let trial = move || case.run(configuration, flipped).map_err(suite::failed);
        trials.push(Trial::test(name, trial));
    }
}

/// A script that is wrong in one line must fail in that line alone.
fn planted() -> Result<()> {
    let source = Source {
        name: "planted".to_owned(),
        text: PLANTED,
    };
    let case = Case::new(source, Arc::default(), Arc::default());
    for configuration in configurations() {
        let report = case
            .run(configuration, false)
            .map_or_else(|e| format!("{e:#}"), |()| String::new());
        ensure!(
            report.starts_with("1 of planted\nline 5: "),
            "{}: the planted fault was not found: {report}",
            configuration.name()
        );
    }
    Ok(())
}
