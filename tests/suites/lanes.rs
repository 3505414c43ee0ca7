//! Thousands of functions that load a vector, widen its lanes or move them about, and take lanes out of it, with stores to
//! the same bytes between. Each is generated, the same one each time; what it must give is worked out here, a byte at a
//! time.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, execute, generated, machine, suite};
use execute::Stdout;
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;
use std::fmt::Write;
use std::time::Duration;

/// How many functions a module has.
const FUNCTIONS: usize = 1000;

/// How many modules there are.
const MODULES: u64 = 3;

/// Where the vectors lie, a region for each function, and where the results do.
const REGIONS: usize = 65536;
const REGION: usize = 32;
const RESULTS: usize = REGIONS + FUNCTIONS * REGION;

/// How many vectors a function makes of the first one, at most, and lanes that it takes.
const STEPS: usize = 4;
const LANES: usize = 9;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 6] = [
    &["-O2"],
    &["-O2", "-Zno-versions"],
    &["-O2", "-Zno-lanes"],
    &["-O2", "-Zno-shuffle"],
    &["-Os"],
    &["-O0"],
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        let name = format!("end::{}", machine::short_name(target));
        trials.push(Trial::test(name, move || {
            check_end(target).map_err(suite::failed)
        }));
    }
    if machine::targets().contains(&Target::X86_64) {
        trials.push(Trial::test("loaded", || {
            check_loaded().map_err(suite::failed)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All functions give what they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let results = run(target, options, &functions)?;
        for (function, result) in functions.iter().zip(results) {
            let expected = function.result();
            ensure!(
                result == expected,
                "seed {seed}: {result:#x} instead of {expected:#x}:\n{}",
                function.text(0)
            );
        }
    }
    Ok(())
}

/// A lane that is another one is noticed wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 2, "{noticed} lanes matter");
    Ok(())
}

/// A vector of which a byte lies behind the memory traps, whichever of its lanes are taken.
fn check_end(target: Target) -> Result<()> {
    for (place, is_inside) in [(65536 - 16, true), (65536 - 15, false), (65536 - 1, false)] {
        for lanes in [&[0, 1, 2, 3][..], &[3], &[0], &[1, 0]] {
            let taken = lanes.iter().fold(String::new(), |text, lane| {
                text + &format!("(drop (call $use (i32x4.extract_lane {lane} (local.get 0))))\n")
            });
            let module = format!(
                "(module (memory (export \"memory\") 1 1) (global $sum (mut i32) (i32.const 0))
                (func $use (param i32) (result i32)
                    (global.set $sum (i32.add (global.get $sum) (local.get 0))) (global.get $sum))
                (func (export \"_start\") (local v128)
                    (local.set 0 (v128.load (i32.load (i32.const 0)))) {taken})
                (data (i32.const 0) \"{}\"))",
                i32::to_le_bytes(place)
                    .map(|byte| format!("\\{byte:02x}"))
                    .concat()
            );
            let scratch = Scratch::new("lanes")?;
            let [input, output] = ["end.wat", "end"].map(|name| scratch.path().join(name));
            std::fs::write(&input, module)?;
            elfin::compile(&input, &output, target, &options(target, &["-O2"]))?;
            let command = machine::command_on(target, machine_of(target), &output)?;
            let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
            let status = if is_inside {
                0
            } else {
                elfin::TRAP_EXIT_STATUS
            };
            ensure!(
                outcome.code() == Some(status.into()),
                "{place}, lanes {lanes:?}: {}",
                outcome.ending()
            );
        }
    }
    Ok(())
}

/// Many vectors are loaded lane by lane, or the other tests say nothing.
fn check_loaded() -> Result<()> {
    let text = module(&functions(0));
    // One text for each function.
    let once = ["-Zno-versions"];
    let assembly =
        |options: &[&str]| elfin::emitted(&text, "asm", Target::X86_64, &[&once, options].concat());
    let (with, without) = (assembly(&[])?, assembly(&["-Zno-lanes"])?);
    let both = with.split("\n; ").zip(without.split("\n; "));
    let loaded = both.filter(|(with, without)| with != without).count();
    println!("{loaded} of {FUNCTIONS} vectors are loaded lane by lane");
    ensure!(loaded > FUNCTIONS / 10, "{loaded} are loaded so");
    ensure!(loaded < FUNCTIONS * 9 / 10, "{loaded} are loaded so");
    Ok(())
}

/// The functions of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// The machine that has the vectors.
fn machine_of(target: Target) -> Option<&'static str> {
    (target == Target::Riscv64).then_some("rv64gcv")
}

fn options(target: Target, options: &[&str]) -> Vec<OsString> {
    let cpu = machine_of(target).map(|name| ["--cpu", name]);
    let options = options.iter().chain(cpu.iter().flatten());
    options.map(Into::into).collect()
}

/// What the functions leave in the memory.
fn run(target: Target, levels: &[&str], functions: &[Function]) -> Result<Vec<u64>> {
    let options = options(target, levels);
    let stdout = elfin::stdout_of(&module(functions), target, machine_of(target), &options)?;
    let written = stdout.len();
    ensure!(written == functions.len() * 8, "{written} bytes");
    let (results, _) = stdout.as_chunks();
    Ok(results.iter().copied().map(u64::from_le_bytes).collect())
}

fn module(functions: &[Function]) -> String {
    let mut definitions = String::new();
    for (number, function) in functions.iter().enumerate() {
        definitions += &generated::data(REGIONS + number * REGION, function.region);
        definitions += &function.text(number);
    }
    generated::module(
        &definitions,
        functions.len(),
        RESULTS..RESULTS + functions.len() * 8,
    )
}

type Vector = [u8; 16];

/// What makes a vector of the one before.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Half of the lanes of so many bytes, twice as wide.
    Widen {
        size: usize,
        is_high: bool,
        is_signed: bool,
    },
    /// Its bytes and zeros.
    Shuffle(Vector),
    /// Its bytes, some of them cleared.
    Mask(Vector),
}

/// What is done with the vectors.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Adds a lane of so many bytes to the result.
    Take {
        vector: usize,
        size: usize,
        lane: usize,
    },
    /// Stores a byte to the region.
    Store { place: usize, value: u8 },
}

#[derive(Clone)]
struct Function {
    region: [u8; REGION],
    /// Where the vector lies in the region.
    start: usize,
    steps: Vec<Step>,
    actions: Vec<Action>,
}

impl Function {
    fn new(random: &mut Random) -> Self {
        let steps: Vec<Step> = (0..random.below(STEPS + 1)).map(|_| step(random)).collect();
        let mut actions = Vec::new();
        for _ in 0..1 + random.below(LANES) {
            let size = 4 << random.below(2);
            actions.push(Action::Take {
                // The last one, as a rule.
                vector: steps.len()
                    - if random.below(4) == 0 {
                        random.below(steps.len() + 1)
                    } else {
                        0
                    },
                size,
                lane: random.below(16 / size),
            });
            if random.below(30) == 0 {
                actions.push(Action::Store {
                    place: random.below(REGION),
                    value: random.below(256) as u8,
                });
            }
        }
        Self {
            region: std::array::from_fn(|_| random.below(256) as u8),
            start: random.below(REGION - 16 + 1),
            steps,
            actions,
        }
    }

    /// It with another lane, the last one that it takes.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        let last = broken
            .actions
            .iter_mut()
            .rev()
            .find_map(|action| match action {
                Action::Take { size, lane, .. } => Some((*size, lane)),
                Action::Store { .. } => None,
            });
        let (size, lane) = last.expect("each takes one");
        *lane = (*lane + 1) % (16 / size);
        broken
    }

    /// The sum that it leaves.
    fn result(&self) -> u64 {
        let loaded = &self.region[self.start..][..16];
        let mut vectors: Vec<Vector> = vec![loaded.try_into().expect("16 bytes")];
        for step in &self.steps {
            let next = step.result(vectors.last().expect("there is one"));
            vectors.push(next);
        }
        let mut sum = 0u64;
        for action in &self.actions {
            if let Action::Take { vector, size, lane } = *action {
                let mut bytes = [0; 8];
                bytes[..size].copy_from_slice(&vectors[vector][lane * size..][..size]);
                sum = sum.wrapping_mul(31).wrapping_add(u64::from_le_bytes(bytes));
            }
        }
        sum
    }

    fn text(&self, number: usize) -> String {
        let locals = "v128 ".repeat(self.steps.len() + 1);
        let (region, start) = (REGIONS + number * REGION, self.start);
        let mut text = format!(
            "(func $f{number} (local {locals}) (local $sum i64) (local $region i32)
 (local.set $region (i32.sub (i32.const {region}) (call $yield)))
 (local.set 0 (v128.load offset={start} (local.get $region)))\n"
        );
        for (number, step) in self.steps.iter().enumerate() {
            let made = step.text(&format!("(local.get {number})"));
            writeln!(text, " (local.set {} {made})", number + 1).unwrap();
        }
        for action in &self.actions {
            match action {
                Action::Take { vector, size, lane } => {
                    let shape = if *size == 4 { "i32x4" } else { "i64x2" };
                    let taken = format!("({shape}.extract_lane {lane} (local.get {vector}))");
                    let taken = match size {
                        4 => format!("(i64.extend_i32_u {taken})"),
                        _ => taken,
                    };
                    writeln!(
                        text,
                        " (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) {taken}))"
                    )
                    .unwrap();
                }
                Action::Store { place, value } => writeln!(
                    text,
                    " (i32.store8 offset={place} (local.get $region) (i32.const {value}))"
                )
                .unwrap(),
            }
        }
        let place = RESULTS + number * 8;
        writeln!(text, " (i64.store (i32.const {place}) (local.get $sum)))").unwrap();
        text
    }
}

fn step(random: &mut Random) -> Step {
    match random.below(6) {
        0..=2 => Step::Widen {
            size: 1 << random.below(3),
            is_high: random.below(2) == 0,
            is_signed: random.below(4) == 0,
        },
        // As compilers widen without the instructions: bytes in their order, zeros between them.
        3 => {
            let size = 1 << random.below(3);
            let first = random.below(16 / (size * 2)) * size;
            Step::Shuffle(std::array::from_fn(|byte| {
                let (lane, byte) = (byte / (2 * size), byte % (2 * size));
                if byte < size {
                    (first + lane * size + byte) as u8 % 16
                } else {
                    16
                }
            }))
        }
        4 => Step::Shuffle(std::array::from_fn(|_| random.below(32) as u8)),
        _ => {
            let size = 1 << random.below(3);
            let is_odd = random.below(8) == 0;
            Step::Mask(std::array::from_fn(|byte| match byte / size % 2 {
                0 => 0xff,
                _ if is_odd => 0x7f,
                _ => 0,
            }))
        }
    }
}

impl Step {
    fn result(&self, before: &Vector) -> Vector {
        match self {
            Self::Widen {
                size,
                is_high,
                is_signed,
            } => {
                let half = &before[if *is_high { 8 } else { 0 }..][..8];
                std::array::from_fn(|at| {
                    let (lane, byte) = (at / (2 * size), at % (2 * size));
                    let lane = &half[lane * size..][..*size];
                    let is_negative = *is_signed && lane[size - 1] >= 0x80;
                    let filling = if is_negative { 0xff } else { 0 };
                    lane.get(byte).copied().unwrap_or(filling)
                })
            }
            Self::Shuffle(from) => {
                from.map(|from| before.get(usize::from(from)).copied().unwrap_or(0))
            }
            Self::Mask(mask) => std::array::from_fn(|byte| before[byte] & mask[byte]),
        }
    }

    fn text(&self, before: &str) -> String {
        let list = |bytes: &Vector| bytes.map(|byte| byte.to_string()).join(" ");
        match self {
            Self::Widen {
                size,
                is_high,
                is_signed,
            } => {
                let [from, to] = match size {
                    1 => ["i8x16", "i16x8"],
                    2 => ["i16x8", "i32x4"],
                    _ => ["i32x4", "i64x2"],
                };
                let half = if *is_high { "high" } else { "low" };
                let sign = if *is_signed { "s" } else { "u" };
                format!("({to}.extend_{half}_{from}_{sign} {before})")
            }
            Self::Shuffle(from) => {
                let zeros = "(v128.const i64x2 0 0)";
                format!("(i8x16.shuffle {} {before} {zeros})", list(from))
            }
            Self::Mask(mask) => format!("(v128.and {before} (v128.const i8x16 {}))", list(mask)),
        }
    }
}
