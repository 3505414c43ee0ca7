//! Functions that are there twice, for any x86-64 CPU and for one that has more: each of a kind that has a second version, or
//! none, with parameters in registers and on the stack. What they give is the same on a CPU with the features and on one
//! without, and without the pass; which version runs shows when the second one is overwritten.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use object::{Object, ObjectSection, ObjectSymbol};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What follows the name of a function in that of its second version.
const SUFFIX: &str = ".arch_x86_64_v3";

/// CPUs as qemu names them: with the features of a second version, and each without one of them.
const WITH: &str = "max";
const WITHOUT: [&str; 3] = ["qemu64", "max,-avx2", "max,-bmi2"];

/// Where a function's bytes lie in the memory: the first ones are its results.
const RESULTS: usize = 65536;
const REGION: usize = 128;

/// Parameters of each of the kinds of numbers, more than there are registers for.
const NUMBERS: usize = 10;

/// What the function does, and whether it has a second version.
const KINDS: [(&str, bool, &str); 9] = [
    (
        "rotations",
        true,
        "(loop $next
            (local.set $i0 (i64.xor (i64.rotl (local.get $i0) (i64.const 5)) (i64.xor (local.get $i0) (local.get $i1))))
            (local.set $i1 (i64.add (i64.rotl (local.get $i1) (i64.const 9)) (i64.xor (local.get $i1) (local.get $i2))))
            (local.set $i2 (i64.xor (i64.rotl (local.get $i2) (i64.const 11)) (i64.sub (local.get $i2) (local.get $i0))))
            (local.set $i3 (i64.sub (i64.rotl (local.get $i3) (i64.const 3)) (i64.xor (local.get $i3) (local.get $i0))))
            (local.set $i4 (i64.xor (i64.rotl (local.get $i4) (i64.const 21)) (i64.add (local.get $i4) (local.get $i3))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "complements",
        true,
        "(loop $next
            (local.set $i0 (i64.and (i64.xor (local.get $i1) (i64.const -1)) (i64.add (local.get $i0) (local.get $i2))))
            (local.set $i1 (i64.and (i64.xor (local.get $i2) (i64.const -1)) (i64.add (local.get $i1) (local.get $i3))))
            (local.set $i2 (i64.and (i64.xor (local.get $i3) (i64.const -1)) (i64.add (local.get $i2) (local.get $i0))))
            (local.set $i3 (i64.and (i64.xor (local.get $i0) (i64.const -1)) (i64.sub (local.get $i3) (local.get $i1))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "products of lanes",
        true,
        "(loop $next
            (local.set $v (i32x4.add (i32x4.mul (local.get $v) (local.get $v)) (v128.const i32x4 3 5 7 9)))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "a shuffle",
        true,
        "(local.set $v (i8x16.shuffle 7 1 14 3 16 5 30 2 12 9 27 11 0 13 10 15
            (local.get $v) (i8x16.add (local.get $v) (local.get $v))))",
    ),
    (
        "swizzles",
        true,
        "(loop $next
            (local.set $v (i8x16.add (local.get $v) (i8x16.swizzle (local.get $v) (local.get $v))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "lanes of f64",
        true,
        "(loop $next
            (local.set $v (f64x2.add (f64x2.mul (f64x2.convert_low_i32x4_s (local.get $v)) (v128.load (i32.const 65536)))
                (f64x2.mul (v128.load (i32.const 65552)) (v128.load (i32.const 65568)))))
            (local.set $v (f64x2.sub (f64x2.mul (local.get $v) (local.get $v)) (v128.load (i32.const 65584))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "rounding",
        true,
        "(loop $next
            (local.set $x0 (f64.add (f64.floor (f64.mul (local.get $x0) (f64.const 1.7))) (local.get $x1)))
            (local.set $x2 (f64.sub (local.get $x2) (f64.nearest (local.get $x0))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "a sum",
        false,
        "(loop $next
            (local.set $i0 (i64.add (local.get $i0) (i64.load (i32.shl (i32.and (local.get $n) (i32.const 7)) (i32.const 3)))))
            (local.set $i1 (i64.mul (i64.add (local.get $i1) (i64.const 1)) (local.get $i0)))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
    (
        "rotations in place",
        false,
        "(loop $next
            (local.set $i0 (i64.rotl (i64.add (local.get $i0) (local.get $i1)) (i64.const 5)))
            (local.set $i1 (i64.rotl (i64.xor (local.get $i0) (local.get $i1)) (i64.const 9)))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))",
    ),
];

/// Options with which no function is there twice.
const ONCE: [&[&str]; 6] = [
    &["-O2", "-Zno-versions"],
    &["-O1"],
    &["-Os"],
    &["--pie"],
    &["-g"],
    &["--cpu", "x86-64-v3"],
];

fn main() {
    let arguments = Arguments::from_args();
    let trial =
        |name, check: fn() -> Result<()>| Trial::test(name, move || check().map_err(suite::failed));
    let trials = vec![
        trial("which_functions", check_which),
        trial("results", check_results),
        trial("options", check_options),
        trial("planted::the_version_that_the_cpu_has_runs", check_planted),
        trial("traps", check_traps),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// Those that gain by it have a second version, and no others.
fn check_which() -> Result<()> {
    let program = Program::new(&["-O2"])?;
    let names = program.second_versions()?;
    for (number, (kind, is_there_twice, _)) in KINDS.iter().enumerate() {
        let name = format!("g{number}{SUFFIX}");
        ensure!(
            names.contains(&name) == *is_there_twice,
            "{kind}: {names:?}"
        );
    }
    Ok(())
}

/// What functions give does not depend on the CPU, nor on the pass.
fn check_results() -> Result<()> {
    let expected = Program::new(&["-O0"])?.results(None)?;
    let program = Program::new(&["-O2"])?;
    for machine in WITHOUT.into_iter().chain([WITH]).map(Some).chain([None]) {
        let results = program.results(machine)?;
        for ((results, expected), (kind, ..)) in results.iter().zip(&expected).zip(KINDS) {
            ensure!(
                results == expected,
                "{kind} on {machine:?}: {results:x?} instead of {expected:x?}"
            );
        }
    }
    Ok(())
}

/// With other options each function is there once, and gives the same.
fn check_options() -> Result<()> {
    let expected = Program::new(&["-O2"])?.results(Some(WITH))?;
    for options in ONCE {
        let program = Program::new(options)?;
        let names = program.second_versions()?;
        ensure!(names.is_empty(), "{options:?}: {names:?}");
        ensure!(program.results(Some(WITH))? == expected, "{options:?}");
    }
    Ok(())
}

/// Second versions that are no code any more are noticed where the CPU has the features, and nowhere else.
fn check_planted() -> Result<()> {
    let expected = Program::new(&["-O0"])?.results(None)?;
    let program = Program::new(&["-O2"])?;
    program.overwrite_second_versions()?;
    for machine in WITHOUT {
        ensure!(program.results(Some(machine))? == expected, "{machine}");
    }
    let outcome = program.run(Some(WITH))?;
    ensure!(
        outcome.code() != Some(0),
        "the first versions run on {WITH}"
    );
    Ok(())
}

/// A report says the same of a trap, whatever the version. It is this machine's: under qemu-user for x86-64 on x86-64, traps
/// are not reported.
fn check_traps() -> Result<()> {
    let report = |options: &[&str]| {
        let outcome = Program::of(&trapping(), options)?.run(None)?;
        let code = outcome.code();
        ensure!(
            code == Some(elfin::TRAP_EXIT_STATUS.into()),
            "{}",
            outcome.ending()
        );
        Ok(outcome.stderr_text())
    };
    let expected = report(&["-O2", "-Zno-versions"])?;
    ensure!(expected.contains("g0"), "{expected}");
    let text = report(&["-O2"])?;
    ensure!(text == expected, "{text}instead of\n{expected}");
    Ok(())
}

/// An executable.
struct Program {
    scratch: Scratch,
}

impl Program {
    fn new(options: &[&str]) -> Result<Self> {
        Self::of(&module(), options)
    }

    fn of(text: &str, options: &[&str]) -> Result<Self> {
        let program = Self {
            scratch: Scratch::new("versions")?,
        };
        let input = program.scratch.path().join("module.wat");
        std::fs::write(&input, text)?;
        let options: Vec<OsString> = options.iter().map(Into::into).collect();
        elfin::compile(&input, &program.path(), Target::X86_64, &options)?;
        Ok(program)
    }

    fn path(&self) -> PathBuf {
        self.scratch.path().join("module")
    }

    fn run(&self, machine: Option<&str>) -> Result<Outcome> {
        let command = machine::command_on(Target::X86_64, machine, &self.path())?;
        execute::run(command, None, Stdout::Collected, Duration::from_secs(120))
    }

    /// What the functions leave.
    fn results(&self, machine: Option<&str>) -> Result<Vec<Vec<u8>>> {
        let stdout = self.run(machine)?.succeeded()?.stdout;
        ensure!(
            stdout.len() == KINDS.len() * REGION,
            "{} bytes",
            stdout.len()
        );
        Ok(stdout.chunks(REGION).map(<[u8]>::to_vec).collect())
    }

    /// Their names.
    fn second_versions(&self) -> Result<Vec<String>> {
        let bytes = std::fs::read(self.path())?;
        let executable = object::File::parse(bytes.as_slice())?;
        let names = executable.symbols().filter_map(|symbol| symbol.name().ok());
        let names = names.filter(|name| name.ends_with(SUFFIX));
        Ok(names.map(str::to_owned).collect())
    }

    /// Puts `ud2` where they begin.
    fn overwrite_second_versions(&self) -> Result<()> {
        let mut bytes = std::fs::read(self.path())?;
        let executable = object::File::parse(bytes.as_slice())?;
        let mut places = Vec::new();
        for symbol in executable
            .symbols()
            .filter(|symbol| symbol.name().is_ok_and(|name| name.ends_with(SUFFIX)))
        {
            let section = symbol.section_index().context("it has a section")?;
            let section = executable.section_by_index(section)?;
            let (start, _) = section.file_range().context("it is in the file")?;
            places.push((start + symbol.address() - section.address()) as usize);
        }
        ensure!(!places.is_empty(), "no function is there twice");
        for place in places {
            bytes[place..place + 2].copy_from_slice(&[0x0f, 0x0b]);
        }
        std::fs::write(self.path(), bytes)?;
        Ok(())
    }
}

/// Numbers and vectors as parameters, and as results.
fn signature() -> String {
    let numbered = |name: &str, ty: &str| -> String {
        (0..NUMBERS)
            .map(|number| format!(" (param ${name}{number} {ty})"))
            .collect()
    };
    let (integers, floats) = (numbered("i", "i64"), numbered("x", "f64"));
    format!("(param $n i32){integers}{floats} (param $v v128) (result i64 f64 v128)")
}

/// All parameters of a kind as one number, to which each contributes otherwise.
fn joined(name: &str, ty: &str) -> String {
    let all = (0..NUMBERS).map(|number| format!("(local.get ${name}{number})"));
    let join =
        |all: String, one: String| format!("({ty}.add ({ty}.mul {all} ({ty}.const 3)) {one})");
    all.reduce(join).expect("there are some")
}

/// A function of each kind, and one that calls it and keeps what it gives.
fn module() -> String {
    let mut definitions = String::new();
    for (number, (_, _, body)) in KINDS.iter().enumerate() {
        let region = RESULTS + number * REGION;
        definitions += &generated::data(region, (0..REGION).map(|byte| (byte * 37 + number) as u8));
        definitions += &function(number, body);
        definitions += &caller(number, region, 11);
    }
    generated::module(
        &definitions,
        KINDS.len(),
        RESULTS..RESULTS + KINDS.len() * REGION,
    )
}

/// One that traps behind its loop.
fn trapping() -> String {
    let (_, _, body) = KINDS[0];
    let body = format!("{body} (if (i64.ne (local.get $i0) (i64.const 0)) (then (unreachable)))");
    let data = generated::data(RESULTS, 1..REGION as u8);
    let definitions = data + &function(0, &body) + &caller(0, RESULTS, 3);
    generated::module(&definitions, 1, RESULTS..RESULTS + REGION)
}

fn function(number: usize, body: &str) -> String {
    let (signature, integers, floats) = (signature(), joined("i", "i64"), joined("x", "f64"));
    format!("(func $g{number} {signature}\n {body}\n {integers} {floats} (local.get $v))\n")
}

/// Calls a function with what lies in its region, and with a count.
fn caller(number: usize, region: usize, count: i32) -> String {
    let integers: String = (0..NUMBERS)
        .map(|index| format!(" (i64.load (i32.const {}))", region + index * 8))
        .collect();
    let floats: String = (0..NUMBERS)
        .map(|index| format!(" (f64.const {index}.25)"))
        .collect();
    let [first, second, third] = [0, 8, 16].map(|offset| region + offset);
    format!(
        "(func $f{number} (local $i i64) (local $x f64) (local $v v128)
  (call $g{number} (i32.const {count}){integers}{floats} (v128.load (i32.const {region})))
  (local.set $v) (local.set $x) (local.set $i)
  (i64.store (i32.const {first}) (local.get $i))
  (f64.store (i32.const {second}) (local.get $x))
  (v128.store (i32.const {third}) (local.get $v)))\n"
    )
}
