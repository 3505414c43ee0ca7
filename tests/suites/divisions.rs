//! Thousands of divisions by constants, and other products of which the higher half is taken, of numbers at the edges and
//! between. Each is generated, the same one each time; what it must give is worked out here.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;
use std::fmt::Write;

/// How many functions a module has.
const FUNCTIONS: usize = 1000;

/// How many numbers each is given.
const NUMBERS: usize = 16;

/// Where the numbers lie in the memory, 8 bytes each, those of a function together; the results take their places.
const RESULTS: usize = 65536;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 4] = [&["-O2"], &["-O2", "-Zno-divide"], &["-Os"], &["-O0"]];

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
    for (function, results) in functions.iter().zip(results) {
        let expected = function.results();
        ensure!(
            results == expected,
            "{results:x?} instead of {expected:x?}: {} of {:x?}",
            function.expression(),
            function.numbers
        );
    }
    Ok(())
}

/// Another constant is noticed wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions();
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::results)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} constants matter");
    Ok(())
}

/// No division of 32 bits takes the higher half of a product from a register of its own, or the others say nothing.
fn check_found() -> Result<()> {
    let text = module(&functions());
    let halves = |options: &[&str]| {
        let code = elfin::emitted(&text, "asm", Target::X86_64, options)?;
        let is_half = |line: &&str| line.contains("mull ") && line.contains("%eax, %edx");
        anyhow::Ok(code.lines().filter(is_half).count())
    };
    let (with, without) = (halves(&[])?, halves(&["-Zno-divide"])?);
    println!("{with} higher halves, {without} without the pass");
    ensure!(with == 0 && without > FUNCTIONS / 4, "{with} and {without}");
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
    let (results, rest) = stdout.as_chunks();
    ensure!(rest.is_empty() && results.len() == functions.len() * NUMBERS);
    let results: Vec<u64> = results.iter().copied().map(u64::from_le_bytes).collect();
    Ok(results.chunks(NUMBERS).map(<[u64]>::to_vec).collect())
}

fn module(functions: &[Function]) -> String {
    let mut definitions = String::new();
    for (number, function) in functions.iter().enumerate() {
        let place = RESULTS + number * NUMBERS * 8;
        let numbers = function
            .numbers
            .iter()
            .flat_map(|number| number.to_le_bytes());
        definitions += &generated::data(place, numbers);
        writeln!(
            definitions,
            "(func $f{number} (local $at i32)
                (local.set $at (i32.const {place}))
                (loop $next
                    (i64.store (local.get $at) {})
                    (local.set $at (i32.add (local.get $at) (i32.const 8)))
                    (br_if $next (i32.ne (local.get $at) (i32.const {})))))",
            function.expression(),
            place + NUMBERS * 8
        )
        .expect("a string takes everything");
    }
    let end = RESULTS + functions.len() * NUMBERS * 8;
    generated::module(&definitions, functions.len(), RESULTS..end)
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    /// An instruction that divides.
    Divide(&'static str),
    /// The product as 64 bits of numbers of 32, with a sign or without, and a shift by so much.
    Product(bool, u32),
}

#[derive(Clone, Debug)]
struct Function {
    is_64: bool,
    operation: Operation,
    constant: u64,
    numbers: Vec<u64>,
}

impl Function {
    fn new(random: &mut Random) -> Self {
        let is_64 = random.below(4) == 0;
        let operation = match random.below(6) {
            0 => Operation::Product(random.below(2) == 0, random.below(64) as u32),
            _ => Operation::Divide(["div_u", "rem_u", "div_s", "rem_s"][random.below(4)]),
        };
        let any = |random: &mut Random| {
            let bits = random.below(1 << 32) as u64 | (random.below(1 << 32) as u64) << 32;
            bits >> random.below(64)
        };
        let constant = match random.below(4) {
            0 => 1 << random.below(if is_64 { 64 } else { 32 }),
            1 => [3, 7, 9, 10, 25, 100, 641, 1000, 1_000_000_007][random.below(9)],
            2 => (any(random) & 0xffff).wrapping_neg(),
            _ => any(random),
        };
        let is_nothing = if is_64 {
            constant == 0
        } else {
            constant as u32 == 0
        };
        let constant = if is_nothing { 3 } else { constant };
        let numbers = (0..NUMBERS).map(|_| match random.below(4) {
            // Around multiples of it.
            0 => (any(random).wrapping_mul(constant))
                .wrapping_add(random.below(3) as u64)
                .wrapping_sub(1),
            1 => [
                0,
                1,
                u64::MAX,
                1 << 31,
                (1 << 31) - 1,
                1 << 63,
                (1 << 63) - 1,
                1 << 32,
            ][random.below(8)],
            _ => any(random),
        });
        let mut function = Self {
            is_64,
            operation,
            constant,
            numbers: numbers.collect(),
        };
        // This one traps.
        let overflows = |number: &u64| match (is_64, function.constant) {
            (true, constant) => constant == u64::MAX && *number == 1 << 63,
            (false, constant) => constant as u32 == u32::MAX && *number as u32 == 1 << 31,
        };
        if function.numbers.iter().any(overflows) {
            function.constant = 10;
        }
        function
    }

    /// What is stored of the number at `$at`.
    fn expression(&self) -> String {
        let constant = self.constant;
        match (self.operation, self.is_64) {
            (Operation::Divide(name), true) => {
                format!("(i64.{name} (i64.load (local.get $at)) (i64.const {constant}))")
            }
            (Operation::Divide(name), false) => format!(
                "(i64.extend_i32_u (i32.{name} (i32.load (local.get $at)) (i32.const {})))",
                constant as u32
            ),
            (Operation::Product(is_signed, by), is_64) => {
                let (sign, constant) = match is_signed {
                    true => ("s", i64::from(constant as i32)),
                    false => ("u", i64::from(constant as u32)),
                };
                let load = format!("(i64.load32_{sign} (local.get $at))");
                let other = match is_64 {
                    true => load.clone(),
                    false => format!("(i64.const {constant})"),
                };
                format!("(i64.shr_{sign} (i64.mul {load} {other}) (i64.const {by}))")
            }
        }
    }

    /// This one with another constant.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        // No number is divided by 0 or -1 then, if none is now.
        broken.constant ^= 2;
        let constant = if self.is_64 {
            broken.constant
        } else {
            broken.constant as u32 as u64
        };
        let last = if self.is_64 {
            u64::MAX
        } else {
            u32::MAX.into()
        };
        if constant == 0 || constant == last {
            broken.constant = 5;
        }
        broken
    }

    fn results(&self) -> Vec<u64> {
        self.numbers
            .iter()
            .map(|number| self.result(*number))
            .collect()
    }

    fn result(&self, number: u64) -> u64 {
        let constant = self.constant;
        match (self.operation, self.is_64) {
            (Operation::Divide(name), true) => match name {
                "div_u" => number / constant,
                "rem_u" => number % constant,
                "div_s" => (number as i64 / constant as i64) as u64,
                _ => (number as i64 % constant as i64) as u64,
            },
            (Operation::Divide(name), false) => {
                let (number, constant) = (number as u32, constant as u32);
                let result = match name {
                    "div_u" => number / constant,
                    "rem_u" => number % constant,
                    "div_s" => (number as i32 / constant as i32) as u32,
                    _ => (number as i32 % constant as i32) as u32,
                };
                result.into()
            }
            (Operation::Product(true, by), is_64) => {
                let number = i64::from(number as i32);
                let other = if is_64 {
                    number
                } else {
                    i64::from(constant as i32)
                };
                (number.wrapping_mul(other) >> by) as u64
            }
            (Operation::Product(false, by), is_64) => {
                let number = u64::from(number as u32);
                let other = if is_64 {
                    number
                } else {
                    u64::from(constant as u32)
                };
                number.wrapping_mul(other) >> by
            }
        }
    }
}
