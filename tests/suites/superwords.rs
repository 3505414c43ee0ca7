//! Functions of divisions and square roots that may be done two at a time, or not because one waits for the other: by its
//! operands, or by what is stored and loaded between. Each is generated, the same one each time; what it must leave is
//! worked out here, statement by statement.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;
use std::fmt::Write;

/// How many functions a module has, and how many modules there are.
const FUNCTIONS: usize = 300;
const MODULES: u64 = 8;

/// The numbers that a function has: in locals, and in the memory.
const LOCALS: usize = 8;
const PLACES: usize = 4;

/// Where the numbers in the memory begin, those of each function behind each other.
const MEMORY: usize = 4096;

/// Where two addresses lie that numbers are accessed from: both are 0, which a compiler does not know.
const BASES: [usize; 2] = [64, 68];

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 5] = [
    &["-O2"],
    &["-O2", "-Zno-versions"],
    &["-O2", "-Zno-superwords"],
    &["-Os"],
    &["-O0"],
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
    }
    let pairs = || check_pairs().map_err(suite::failed);
    trials.push(Trial::test("pairs::x86_64", pairs));
    libtest_mimic::run(&arguments, trials).exit();
}

/// All functions leave what they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let left = run(target, options, &functions)?;
        for (number, (function, left)) in functions.iter().zip(left).enumerate() {
            let expected = function.result();
            ensure!(
                left == expected,
                "seed {seed}, function {number}: {left:x?} instead of {expected:x?}:\n{}",
                function.text(number)
            );
        }
    }
    Ok(())
}

/// Divisions whose operands have changed places are noticed wherever they matter.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let left = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, left, Function::result)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} functions differ");
    Ok(())
}

/// Many of the divisions and roots are done two at a time, and not all, or the checks say nothing.
fn check_pairs() -> Result<()> {
    let text = module(&functions(0));
    let count = |name: &str, options: &[&str]| {
        let options = [&["-Zno-versions"], options].concat();
        let code = elfin::emitted(&text, "asm", Target::X86_64, &options)?;
        anyhow::Ok(code.matches(name).count())
    };
    for [pair, single] in [["divpd", "divsd"], ["sqrtpd", "sqrtsd"]] {
        let without = ["-Zno-superwords"];
        let [pairs, singles] = [count(pair, &[])?, count(single, &[])?];
        let [no_pairs, all] = [count(pair, &without)?, count(single, &without)?];
        println!("{pairs} {pair} and {singles} {single} of {all}");
        ensure!(2 * pairs + singles == all && no_pairs == 0);
        ensure!(pairs > all / 10 && singles > all / 10);
    }
    Ok(())
}

/// The functions of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// What the functions leave in the memory.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<Numbers>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, None, &options)?;
    let (bytes, rest) = stdout.as_chunks();
    ensure!(rest.is_empty() && bytes.len() == functions.len() * PLACES);
    let numbers: Vec<u64> = bytes.iter().copied().map(u64::from_le_bytes).collect();
    let (left, _) = numbers.as_chunks();
    Ok(left.iter().map(|numbers| numbers.map(known)).collect())
}

/// What a function leaves: the bits of its numbers.
type Numbers = [u64; PLACES];

/// The bits of a number, of which those of a NaN are not known: WebAssembly leaves them open.
fn known(bits: u64) -> u64 {
    if f64::from_bits(bits).is_nan() {
        f64::NAN.to_bits()
    } else {
        bits
    }
}

/// What is done with the numbers; the first local is that of the result.
#[derive(Clone, Copy, Debug)]
enum Statement {
    Root(usize, usize),
    Binary(&'static str, usize, [usize; 2]),
    Number(usize, f64),
    /// From a place, by way of one of the addresses.
    Load(usize, usize, usize),
    Store(usize, usize, usize),
}

impl Statement {
    fn new(random: &mut Random) -> Self {
        let [to, one, other] = [(); 3].map(|()| random.below(LOCALS));
        let [place, base] = [PLACES, BASES.len()].map(|limit| random.below(limit));
        match random.below(16) {
            0..3 => Self::Root(to, one),
            3..7 => Self::Binary("div", to, [one, other]),
            7..11 => {
                let name = ["add", "add", "mul", "mul", "sub"][random.below(5)];
                Self::Binary(name, to, [one, other])
            }
            11 => Self::Number(to, random.below(9) as f64 + 0.5),
            12..14 => Self::Load(to, place, base),
            _ => Self::Store(place, one, base),
        }
    }

    fn run(self, locals: &mut [f64; LOCALS], memory: &mut Numbers) {
        match self {
            Self::Root(to, of) => locals[to] = locals[of].sqrt(),
            Self::Binary(name, to, operands) => {
                let [one, other] = operands.map(|operand| locals[operand]);
                locals[to] = match name {
                    "add" => one + other,
                    "sub" => one - other,
                    "mul" => one * other,
                    _ => one / other,
                };
            }
            Self::Number(to, number) => locals[to] = number,
            Self::Load(to, place, _) => locals[to] = f64::from_bits(memory[place]),
            Self::Store(place, from, _) => memory[place] = locals[from].to_bits(),
        }
    }

    /// It as text, where the numbers in the memory lie from an address on.
    fn text(self, memory: usize) -> String {
        let place = |place: usize, base: usize| {
            let (offset, base) = (memory + 8 * place, LOCALS + 1 + base);
            format!("offset={offset} (local.get {base})")
        };
        let set = |to: usize, value: String| format!("(local.set {to} {value})");
        match self {
            Self::Root(to, of) => set(to, format!("(f64.sqrt (local.get {of}))")),
            Self::Binary(name, to, [one, other]) => {
                let operands = format!("(local.get {one}) (local.get {other})");
                set(to, format!("(f64.{name} {operands})"))
            }
            Self::Number(to, number) => set(to, format!("(f64.const {number})")),
            Self::Load(to, from, base) => set(to, format!("(f64.load {})", place(from, base))),
            Self::Store(to, from, base) => {
                format!("(f64.store {} (local.get {from}))", place(to, base))
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Function {
    /// What lies in its memory before.
    before: Numbers,
    body: Vec<Statement>,
    /// How often the body runs.
    times: usize,
}

impl Function {
    fn new(random: &mut Random) -> Self {
        let before = [(); PLACES].map(|()| match random.below(8) {
            0 => [0, 1, 1 << 63, 0x7ff0_0000_0000_0000][random.below(4)],
            _ => (random.below(1 << 20) as f64 / 1024.0).to_bits(),
        });
        let count = 8 + random.below(40);
        let mut body: Vec<Statement> = Vec::with_capacity(2 * count);
        while body.len() < count {
            let some: Vec<Statement> = (0..1 + random.below(4))
                .map(|_| Statement::new(random))
                .collect();
            body.extend(&some);
            // Often the same of others: these can go together.
            if random.below(3) > 0 {
                let more = 1 + random.below(LOCALS - 1);
                let turned = |local: usize| (local + more) % LOCALS;
                body.extend(some.into_iter().map(|statement| match statement {
                    Statement::Root(to, of) => Statement::Root(turned(to), turned(of)),
                    Statement::Binary(name, to, operands) => {
                        Statement::Binary(name, turned(to), operands.map(turned))
                    }
                    Statement::Number(to, number) => Statement::Number(turned(to), number),
                    Statement::Load(to, place, base) => {
                        Statement::Load(turned(to), place, BASES.len() - 1 - base)
                    }
                    Statement::Store(place, from, base) => {
                        Statement::Store(place, turned(from), base)
                    }
                }));
            }
        }
        body.extend((0..PLACES).map(|place| Statement::Store(place, random.below(LOCALS), 0)));
        let times = 1 + random.below(2) * random.below(4);
        Self {
            before,
            body,
            times,
        }
    }

    /// It with its divisions turned around.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        for statement in &mut broken.body {
            if let Statement::Binary("div", _, operands) = statement {
                operands.reverse();
            }
        }
        broken
    }

    fn result(&self) -> Numbers {
        let mut memory = self.before;
        let mut locals = std::array::from_fn(|local| f64::from_bits(memory[local % PLACES]));
        for _ in 0..self.times {
            for statement in &self.body {
                statement.run(&mut locals, &mut memory);
            }
        }
        memory.map(known)
    }

    fn text(&self, number: usize) -> String {
        let memory = MEMORY + number * PLACES * 8;
        let mut text = format!("(func $f{number} (local");
        text += &" f64".repeat(LOCALS);
        text += " i32 i32 i32)\n";
        for (local, base) in (LOCALS + 1..).zip(BASES) {
            writeln!(text, " (local.set {local} (i32.load (i32.const {base})))")
                .expect("a string takes everything");
        }
        let loads = (0..LOCALS).map(|local| Statement::Load(local, local % PLACES, 0));
        for load in loads {
            writeln!(text, " {}", load.text(memory)).expect("a string takes everything");
        }
        writeln!(
            text,
            " (local.set {LOCALS} (i32.const {})) (loop $again",
            self.times
        )
        .expect("a string takes everything");
        for statement in &self.body {
            writeln!(text, "  {}", statement.text(memory)).expect("a string takes everything");
        }
        text + &format!(
            "  (br_if $again (local.tee {LOCALS} (i32.sub (local.get {LOCALS}) (i32.const 1))))))"
        )
    }
}

/// A module that runs the functions and writes all that they leave to its output.
fn module(functions: &[Function]) -> String {
    let before = functions.iter().flat_map(|function| function.before);
    let mut definitions = generated::data(MEMORY, before.flat_map(u64::to_le_bytes));
    for (number, function) in functions.iter().enumerate() {
        definitions += &function.text(number);
        definitions += "\n";
    }
    let left = MEMORY..MEMORY + functions.len() * PLACES * 8;
    generated::module(&definitions, functions.len(), left)
}
