//! A thousand functions that choose between a floating-point number and the same with its sign changed, or something else,
//! by a condition of any kind. Each is generated, the same one each time; what it must give is worked out here.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;

/// How many functions a module has.
const FUNCTIONS: usize = 1000;

/// Where the numbers lie in the memory, and then the results, 8 bytes each.
const RESULTS: usize = 65536;

/// Where the integers lie that conditions are about, two of 8 bytes for each function: in front of the numbers.
const INTEGERS: usize = 4096;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 4] = [&["-O2"], &["-O2", "-Zno-signs"], &["-Os"], &["-O0"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
    }
    let found = || check_found().map_err(suite::failed);
    trials.push(Trial::test("found::x86_64", found));
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
            "{result:#x} instead of {expected:#x} of {function:x?}:\n{}",
            function.text(0)
        );
    }
    Ok(())
}

/// Where a choice goes the other way, that is noticed.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions();
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} choices matter");
    Ok(())
}

/// Functions that choose a sign have no branch, the others have one, or the checks say nothing.
fn check_found() -> Result<()> {
    let (signs, others): (Vec<Function>, Vec<Function>) = functions()
        .into_iter()
        .filter(|function| !matches!(function.condition, Condition::Numbers(_)))
        .partition(|function| function.other != Other::Sum);
    let branches = |functions: &[Function], options: &[&str]| {
        let code = elfin::emitted(&module(functions), "asm", Target::X86_64, options)?;
        let is_branch = |line: &&str| line.contains("$next; mov");
        anyhow::Ok(code.lines().filter(is_branch).count())
    };
    let (with, without) = (branches(&signs, &[])?, branches(&signs, &["-Zno-signs"])?);
    let others = (branches(&others, &[])?, others.len());
    println!("{with} branches, {without} without the pass; {others:?} in what chooses no sign");
    ensure!(with == 0 && without > FUNCTIONS / 4, "{with} and {without}");
    ensure!(others.0 == others.1, "{others:?}");
    Ok(())
}

/// The functions of the module.
fn functions() -> Vec<Function> {
    let mut random = Random::new(0);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// What the functions give.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<u64>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, None, &options)?;
    let (results, rest) = stdout.as_chunks();
    ensure!(rest.is_empty() && results.len() == functions.len());
    Ok(results.iter().copied().map(u64::from_le_bytes).collect())
}

/// What decides, about one integer or two.
#[derive(Clone, Debug)]
enum Condition {
    /// The bits of an i32 that a mask has.
    Masked(u32),
    /// Whether an i64 has bits that a mask has.
    MaskedWide(u64),
    /// An i32 as it is, shifted.
    Shifted(u32),
    /// A comparison of two i32.
    Integers(&'static str),
    /// A comparison of the number with zero.
    Numbers(&'static str),
}

impl Condition {
    fn new(random: &mut Random) -> Self {
        let bits = |random: &mut Random, of: usize| match random.below(4) {
            0 => random.below(1 << 30) as u64 | 1,
            _ => 1 << random.below(of),
        };
        match random.below(6) {
            0 | 1 => Self::Masked(bits(random, 32) as u32),
            2 => Self::MaskedWide(bits(random, 64)),
            3 => Self::Shifted(random.below(32) as u32),
            4 => Self::Integers(["lt_s", "lt_u", "eq", "ne"][random.below(4)]),
            _ => Self::Numbers(["lt", "gt", "eq", "ne"][random.below(4)]),
        }
    }

    fn holds(&self, integers: [u64; 2], number: f64) -> bool {
        let [one, other] = integers.map(|integer| integer as u32);
        match self {
            Self::Masked(mask) => one & mask != 0,
            Self::MaskedWide(mask) => integers[0] & mask != 0,
            Self::Shifted(by) => one >> by != 0,
            Self::Integers("lt_s") => (one as i32) < other as i32,
            Self::Integers("lt_u") => one < other,
            Self::Integers("eq") => one == other,
            Self::Integers(_) => one != other,
            Self::Numbers("lt") => number < 0.0,
            Self::Numbers("gt") => number > 0.0,
            Self::Numbers("eq") => number == 0.0,
            Self::Numbers(_) => number != 0.0,
        }
    }

    /// It as text, about integers of these places and a number of this type.
    fn text(&self, places: [usize; 2], number: &str) -> String {
        let [one, other] = places.map(|place| format!("(i32.load (i32.const {place}))"));
        match self {
            Self::Masked(mask) => format!("(i32.and {one} (i32.const {mask}))"),
            Self::MaskedWide(mask) => {
                let masked = format!("(i64.load (i32.const {})) (i64.const {mask})", places[0]);
                format!("(i64.ne (i64.and {masked}) (i64.const 0))")
            }
            Self::Shifted(by) => format!("(i32.shr_u {one} (i32.const {by}))"),
            Self::Integers(name) => format!("(i32.{name} {one} {other})"),
            Self::Numbers(name) => {
                format!("({number}.{name} (local.get 0) ({number}.const 0))")
            }
        }
    }
}

/// What a number is chosen instead of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Other {
    /// The number with its sign changed, the one or the other where the condition holds.
    IfTrue,
    IfFalse,
    /// Its double.
    Sum,
}

#[derive(Clone, Debug)]
struct Function {
    /// Of the number: 32 or 64.
    bits: u32,
    number: u64,
    integers: [u64; 2],
    condition: Condition,
    other: Other,
}

/// Zeros, the least number, 1, infinity and NaN, quiet and signalling, of 32 bits and of 64.
const NUMBERS: [[u64; 2]; 6] = [
    [0, 0],
    [1, 1],
    [0x3f80_0000, 0x3ff0_0000_0000_0000],
    [0x7f80_0000, 0x7ff0_0000_0000_0000],
    [0x7fc0_1234, 0x7ff8_0000_1234_5678],
    [0x7f80_1234, 0x7ff0_0000_1234_5678],
];

impl Function {
    /// One that is generated.
    fn new(random: &mut Random) -> Self {
        let wide = random.below(2);
        let bits = [32, 64][wide];
        let sign = (random.below(2) as u64) << (bits - 1);
        let other = [Other::IfTrue, Other::IfFalse, Other::Sum][random.below(5) / 2];
        // The double of a NaN has no bits that are known.
        let kinds = if other == Other::Sum {
            3
        } else {
            NUMBERS.len()
        };
        let number = NUMBERS[random.below(kinds)][wide] | sign;
        let mut integer = || match random.below(3) {
            0 => random.below(3) as u64,
            _ => {
                let [high, low] = [(); 2].map(|()| random.below(1 << 30) as u64);
                high << 34 ^ low << 2
            }
        };
        let integers = [integer(), integer()];
        Self {
            bits,
            number,
            integers,
            condition: Condition::new(random),
            other,
        }
    }

    /// It with the choice turned around.
    fn broken(&self) -> Self {
        let other = match self.other {
            Other::IfTrue => Other::IfFalse,
            Other::IfFalse => Other::IfTrue,
            Other::Sum => Other::Sum,
        };
        Self {
            other,
            ..self.clone()
        }
    }

    /// The number, of either type.
    fn value(&self) -> f64 {
        match self.bits {
            32 => f64::from(f32::from_bits(self.number as u32)),
            _ => f64::from_bits(self.number),
        }
    }

    fn result(&self) -> u64 {
        let holds = self.condition.holds(self.integers, self.value());
        let negated = self.number ^ 1 << (self.bits - 1);
        match (self.other, holds) {
            (Other::IfTrue, true) | (Other::IfFalse, false) => negated,
            (Other::Sum, false) if self.bits == 32 => {
                u64::from((2.0 * self.value() as f32).to_bits())
            }
            (Other::Sum, false) => (2.0 * self.value()).to_bits(),
            _ => self.number,
        }
    }

    /// It as text: its number lies in the memory, unknown to the compiler, where its result will be.
    fn text(&self, number: usize) -> String {
        let (ty, place) = (format!("f{}", self.bits), RESULTS + 8 * number);
        let [first, second] = [0, 8].map(|offset| INTEGERS + 16 * number + offset);
        let condition = self.condition.text([first, second], &ty);
        let own = "(local.get 0)".to_owned();
        let negated = format!("({ty}.neg {own})");
        let [chosen, otherwise] = match self.other {
            Other::IfTrue => [negated, own],
            Other::IfFalse => [own, negated],
            Other::Sum => [own.clone(), format!("({ty}.add {own} {own})")],
        };
        format!(
            "(func $f{number} (local {ty})
 (local.set 0 ({ty}.load (i32.const {place})))
 ({ty}.store (i32.const {place}) (select {chosen} {otherwise} {condition})))"
        )
    }
}

/// A module that runs the functions and writes all their results to its output.
fn module(functions: &[Function]) -> String {
    let numbers = functions.iter();
    let numbers = numbers.flat_map(|function| function.number.to_le_bytes());
    let mut definitions = generated::data(RESULTS, numbers);
    let integers = functions.iter().flat_map(|function| function.integers);
    definitions += &generated::data(INTEGERS, integers.flat_map(u64::to_le_bytes));
    for (number, function) in functions.iter().enumerate() {
        definitions += &function.text(number);
        definitions += "\n";
    }
    let results = RESULTS..RESULTS + functions.len() * 8;
    generated::module(&definitions, functions.len(), results)
}
