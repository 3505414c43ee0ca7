//! Thousands of functions that move the bytes of a number about by shifts, rotations, masks and `or`: some turn them all
//! around, in ways that compilers have and in others, some nearly do. Each is generated, the same one each time; what it
//! must give is worked out here, an instruction at a time.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;

/// How many functions a module has.
const FUNCTIONS: usize = 2000;

/// Where the results lie in the memory, 8 bytes each.
const RESULTS: usize = 65536;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 4] = [&["-O2"], &["-O2", "-Zno-swap"], &["-Os"], &["-O0"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        // Most of riscv64's machines have no instruction for it.
        if target != Target::Riscv64 {
            let name = format!("found::{}", machine::short_name(target));
            let found = move || check_found(target).map_err(suite::failed);
            trials.push(Trial::test(name, found));
        }
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
            "{result:#x} instead of {expected:#x}:\n{}",
            function.text(0)
        );
    }
    Ok(())
}

/// A byte that comes from elsewhere, as in code where a swap is seen that is none, is noticed wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions();
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} operations matter");
    Ok(())
}

/// Many of the functions are swaps and most of these are recognised, or the others say nothing.
fn check_found(target: Target) -> Result<()> {
    let functions = functions();
    let swaps = functions.iter().filter(|function| function.is_swap());
    let texts: Vec<Function> = swaps.cloned().collect();
    let emitted = elfin::emitted(&module(&texts), "clif", target, &[])?;
    let found = emitted.matches(" = bswap").count();
    println!("{found} of {} swaps are found", texts.len());
    ensure!(texts.len() > FUNCTIONS / 4, "there are few swaps");
    ensure!(found == texts.len(), "{found} of {} are found", texts.len());
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
    let written = stdout.len();
    ensure!(written == functions.len() * 8, "{written} bytes");
    let results = stdout.chunks(8);
    Ok(results
        .map(|result| u64::from_le_bytes(result.try_into().expect("a chunk has 8 bytes")))
        .collect())
}

/// What is done to a number.
#[derive(Clone, Debug)]
enum Expression {
    Number,
    /// A shift, a rotation or a mask, and by what.
    Move(&'static str, u64, Box<Self>),
    Or(Box<[Self; 2]>),
}

impl Expression {
    /// The byte of `from` in the place `to` and zeros besides, in a number of `bits`.
    fn byte(random: &mut Random, bits: u64, from: u64, to: u64) -> Self {
        let number = Box::new(Self::Number);
        let (left, right) = ((to + bits - from) % bits, (from + bits - to) % bits);
        let masked = |at: u64, expression| Self::Move("and", 0xff << at, Box::new(expression));
        let (way, by) = match (random.below(4), to >= from) {
            (0, _) => ("rotl", left),
            (1, _) => ("rotr", right),
            (_, true) => ("shl", left),
            (_, false) => ("shr_u", right),
        };
        if random.below(2) == 0 {
            masked(to, Self::Move(way, by, number))
        } else {
            Self::Move(way, by, Box::new(masked(from, Self::Number)))
        }
    }

    /// Two bytes or more at once, as compilers have it for 32 bits.
    fn pairs(random: &mut Random) -> Vec<Self> {
        let mut pair = |mask: u64, left: u64| {
            let (way, by) = [("rotl", left), ("rotr", 32 - left)][random.below(2)];
            let rotated = Self::Move(way, by, Box::new(Self::Number));
            Self::Move("and", mask, Box::new(rotated))
        };
        vec![pair(0xff_00ff, 8), pair(0xff00_ff00, 24)]
    }

    /// What `or` makes of all of them, in any order.
    fn joined(random: &mut Random, mut parts: Vec<Self>) -> Self {
        while parts.len() > 1 {
            let [one, other] = [(); 2].map(|()| parts.swap_remove(random.below(parts.len())));
            parts.push(Self::Or(Box::new([one, other])));
        }
        parts.pop().expect("there is a part")
    }

    fn value(&self, bits: u64, number: u64) -> u64 {
        let all = u64::MAX >> (64 - bits);
        match self {
            Self::Number => number,
            Self::Move(name, by, operand) => {
                let value = operand.value(bits, number);
                let rotated = |by: u64| match by % bits {
                    0 => value,
                    by => value << by | value >> (bits - by),
                };
                all & match *name {
                    "and" => value & by,
                    "shl" => value << by,
                    "shr_u" => value >> by,
                    "rotl" => rotated(*by),
                    _ => rotated(bits - by % bits),
                }
            }
            Self::Or(operands) => {
                let [left, right] = operands.each_ref().map(|part| part.value(bits, number));
                left | right
            }
        }
    }

    fn text(&self, bits: u64) -> String {
        match self {
            Self::Number => "(local.get 0)".to_owned(),
            Self::Move(name, by, operand) => {
                format!(
                    "(i{bits}.{name} {} (i{bits}.const {by}))",
                    operand.text(bits)
                )
            }
            Self::Or(operands) => {
                let [left, right] = operands.each_ref().map(|part| part.text(bits));
                format!("(i{bits}.or {left} {right})")
            }
        }
    }

    /// Whether there are more instructions one behind the other than are looked at.
    fn depth(&self) -> usize {
        match self {
            Self::Number => 0,
            Self::Move(_, _, operand) => 1 + operand.depth(),
            Self::Or(operands) => 1 + operands.iter().map(Self::depth).max().unwrap_or(0),
        }
    }

    /// The same with another distance or mask in the first place that has one.
    fn break_one(&mut self) -> bool {
        match self {
            Self::Number => false,
            Self::Move("and", mask, _) => {
                *mask ^= 1;
                true
            }
            Self::Move(_, by, _) => {
                *by ^= 8;
                true
            }
            Self::Or(operands) => operands.iter_mut().any(Self::break_one),
        }
    }
}

#[derive(Clone, Debug)]
struct Function {
    /// Of the number: 32 or 64.
    bits: u64,
    number: u64,
    expression: Expression,
}

impl Function {
    /// One that is generated.
    fn new(random: &mut Random) -> Self {
        let bits = [32, 64][random.below(2)];
        let bytes = bits / 8;
        let mut parts: Vec<Expression> = if bits == 32 && random.below(3) == 0 {
            Expression::pairs(random)
        } else {
            let mut byte = |from| Expression::byte(random, bits, 8 * from, bits - 8 - 8 * from);
            (0..bytes).map(&mut byte).collect()
        };
        // Some lack a byte, have one twice or in a wrong place.
        match random.below(6) {
            0 => drop(parts.swap_remove(random.below(parts.len()))),
            1 => parts.push(parts[random.below(parts.len())].clone()),
            2 => {
                let [from, to] = [(); 2].map(|()| 8 * random.below(bytes as usize) as u64);
                let place = random.below(parts.len());
                parts[place] = Expression::byte(random, bits, from, to);
            }
            _ => {}
        }
        let number = (0..3).fold(0, |number, _| number << 24 ^ random.below(1 << 30) as u64);
        Self {
            bits,
            number: number & (u64::MAX >> (64 - bits)),
            expression: Expression::joined(random, parts),
        }
    }

    /// It with another distance or mask in one place.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        broken.expression.break_one();
        broken
    }

    fn result(&self) -> u64 {
        self.expression.value(self.bits, self.number)
    }

    /// Whether it turns all bytes around, each by itself, and is shallow enough to be seen.
    fn is_swap(&self) -> bool {
        let shift = 64 - self.bits;
        let numbers = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, u64::MAX];
        let mut numbers = numbers.iter().map(|number| number >> shift);
        self.expression.depth() <= 7
            && numbers.all(|number| {
                self.expression.value(self.bits, number) == number.swap_bytes() >> shift
            })
    }

    /// It as text: its number lies in the memory, unknown to the compiler, where its result will be.
    fn text(&self, number: usize) -> String {
        let (bits, place) = (self.bits, RESULTS + 8 * number);
        format!(
            "(func $f{number} (local i{bits})
 (local.set 0 (i{bits}.load (i32.const {place})))
 (i{bits}.store (i32.const {place}) {}))",
            self.expression.text(bits)
        )
    }
}

/// A module that runs the functions and writes all their results to its output.
fn module(functions: &[Function]) -> String {
    let numbers = functions.iter();
    let numbers = numbers.flat_map(|function| function.number.to_le_bytes());
    let mut definitions = generated::data(RESULTS, numbers);
    for (number, function) in functions.iter().enumerate() {
        definitions += &function.text(number);
        definitions += "\n";
    }
    let results = RESULTS..RESULTS + functions.len() * 8;
    generated::module(&definitions, functions.len(), results)
}
