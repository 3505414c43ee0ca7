//! Thousands of loops over arrays, as compilers make them and otherwise: arrays that overlap at any distance, loops that
//! are unrolled, that carry a value from one iteration to the next, that are too short for vectors, whose counters wrap.
//! Each is generated, the same one each time; what it must leave in the memory is worked out here, an iteration at a time.

mod arithmetic;
mod expression;
mod function;

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use function::{Function, REGION, REGIONS};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;

/// How many loops a module has.
const FUNCTIONS: usize = 400;

/// How many modules there are.
const MODULES: u64 = 10;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 4] = [
    &["-O2"],
    &["-O2", "-Zno-versions"],
    &["-O2", "-Zno-vectorize"],
    &["-Os"],
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        if target != Target::Riscv64 {
            let name = format!("vectors::{}", machine::short_name(target));
            let check = move || check_vectors(target).map_err(suite::failed);
            trials.push(Trial::test(name, check));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All loops leave what they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let results = run(target, options, &functions)?;
        for (index, (function, result)) in functions.iter().zip(results).enumerate() {
            let expected = function.result(index);
            let differs = (0..REGION).find(|at| result[*at] != expected[*at]);
            let differs = differs.filter(|_| !function.is_same(&result, &expected));
            ensure!(
                differs.is_none(),
                "seed {seed}, loop {index}: byte {} differs:\n{}",
                differs.unwrap_or_default(),
                function.text(index)
            );
        }
    }
    Ok(())
}

/// A loop that does one operation otherwise, as a miscompiled one would, is noticed wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let mut noticed = 0;
    let both = functions.iter().zip(&broken).zip(results);
    for (index, ((function, broken), result)) in both.enumerate() {
        let expected = function.result(index);
        let is_noticed = !function.is_same(&result, &expected);
        ensure!(
            is_noticed != function.is_same(&broken.result(index), &expected),
            "a wrong loop is not told from a right one"
        );
        noticed += usize::from(is_noticed);
    }
    ensure!(noticed > FUNCTIONS / 4, "{noticed} operations matter");
    Ok(())
}

/// Many of the loops get vectors, or the others say nothing.
fn check_vectors(target: Target) -> Result<()> {
    let text = module(&functions(0));
    // One text for each function.
    let once = ["-Zno-versions"];
    let assembly =
        |options: &[&str]| elfin::emitted(&text, "asm", target, &[&once, options].concat());
    let (with, without) = (assembly(&[])?, assembly(&["-Zno-vectorize"])?);
    let differ = with.split("\n; ").zip(without.split("\n; "));
    let vectors = differ.filter(|(with, without)| with != without).count();
    println!("{vectors} of {FUNCTIONS} loops have vectors");
    ensure!(vectors > FUNCTIONS / 4, "{vectors} loops have vectors");
    Ok(())
}

/// The functions of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// What the functions leave in their regions.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<Vec<u8>>> {
    // Some of the loops are of vectors.
    let machine = (target == Target::Riscv64).then_some("rv64gcv");
    let cpu = machine.map(|name| ["--cpu", name]);
    let options = options.iter().chain(cpu.iter().flatten());
    let options: Vec<OsString> = options.map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, machine, &options)?;
    let written = stdout.len();
    ensure!(written == functions.len() * REGION, "{written} bytes");
    Ok(stdout.chunks(REGION).map(<[u8]>::to_vec).collect())
}

/// A module that runs the functions and writes all their regions to its output.
fn module(functions: &[Function]) -> String {
    let mut definitions = "(func $forget (drop (call $yield)))\n".to_owned();
    for (number, function) in functions.iter().enumerate() {
        let region = REGIONS + number * REGION;
        definitions += &generated::data(region, function.region.iter().copied());
        definitions += &function.text(number);
        definitions += "\n";
    }
    let regions = REGIONS..REGIONS + functions.len() * REGION;
    generated::module(&definitions, functions.len(), regions)
}
