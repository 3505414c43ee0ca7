//! Hundreds of functions with more values than a machine has registers, in loops, branches and calls, so that most of them
//! live on the stack. Each is generated, the same one each time; what it must give is worked out here, a statement at a time.

mod function;

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use function::{Function, RESULT_SIZE};
use libtest_mimic::Arguments;
use std::ffi::OsString;

/// How many functions a module has.
const FUNCTIONS: usize = 60;

/// Where the results lie in the memory.
const RESULTS: usize = 65536;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 7] = [
    &["-O2"],
    &["-O2", "-Zno-compact"],
    &["-O2", "-Zno-widen", "-Zno-order"],
    &["-O2", "-Zno-copies", "-Zno-masks"],
    &["-O2", "--pie"],
    &["-O2", "-g"],
    &["-Os"],
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All functions give what they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions();
    let results = run(target, options, &functions)?;
    for (function, result) in functions.iter().zip(results) {
        let expected = function.result();
        ensure!(
            result == expected,
            "{result:?} instead of {expected:?}:\n{}",
            function.text(0, RESULTS)
        );
    }
    Ok(())
}

/// A value that is another one in one place, as when a register or the stack is taken for what it does not hold, is noticed
/// wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions();
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} values matter");
    Ok(())
}

/// The functions of the module.
fn functions() -> Vec<Function> {
    let mut random = Random::new(0);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// What the functions give.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<Vec<u64>>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, None, &options)?;
    let written = stdout.len();
    ensure!(written == functions.len() * RESULT_SIZE, "{written} bytes");
    let numbers = |bytes: &[u8]| {
        let numbers = bytes.chunks(8);
        let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
        numbers.map(number).collect()
    };
    Ok(stdout.chunks(RESULT_SIZE).map(numbers).collect())
}

/// A module that runs the functions and writes all their results to its output.
fn module(functions: &[Function]) -> String {
    let mut definitions = function::HELPERS.to_owned();
    for (number, function) in functions.iter().enumerate() {
        definitions += &function.text(number, RESULTS + number * RESULT_SIZE);
        definitions += "\n";
    }
    let results = RESULTS..RESULTS + functions.len() * RESULT_SIZE;
    generated::module(&definitions, functions.len(), results)
}
