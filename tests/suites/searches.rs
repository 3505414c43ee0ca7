//! Thousands of loops that search arrays until they find something, as compilers make them of `strlen`, `memcmp` and their
//! like, and otherwise: with several exits, over one array or two, that count up or down, that carry what they have read.
//! Each is generated, the same one each time; where it must end is worked out here, an iteration at a time.

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

/// How many loops a module has.
const FUNCTIONS: usize = 400;

/// How many modules there are.
const MODULES: u64 = 12;

/// Where the loops' arrays lie, a region for each, and where the results do.
const REGIONS: usize = 65536;
const REGION: usize = 1280;
const RESULTS: usize = REGIONS + FUNCTIONS * REGION;

/// Numbers that a loop leaves: which exit it took, two counters, and what it carries.
const NUMBERS: usize = 4;

/// Where a region has what its loop starts with, and its two arrays.
const ARRAYS: [usize; 2] = [32, 656];

/// Bytes of an array.
const ARRAY: usize = 624;

/// Iterations of a loop, at most.
const MOST_ITERATIONS: usize = 146;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 3] = [&["-O2"], &["-O2", "-Zno-search"], &["-Os"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        let name = |check: &str| format!("{check}::{}", machine::short_name(target));
        let end = move || check_end(target).map_err(suite::failed);
        trials.push(Trial::test(name("end"), end));
        if target != Target::Riscv64 {
            let vectors = move || check_vectors(target).map_err(suite::failed);
            trials.push(Trial::test(name("vectors"), vectors));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All loops end where they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let results = run(target, options, &functions)?;
        for (function, result) in functions.iter().zip(results) {
            let expected = function.result();
            ensure!(
                result == expected,
                "seed {seed}, loop {}: {result:?} instead of {expected:?}:\n{}",
                function.number,
                function.text()
            );
        }
    }
    Ok(())
}

/// A loop that looks for something else is noticed wherever it matters.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 10, "{noticed} conditions matter");
    Ok(())
}

/// What a byte is found by: alone, and together with a comparison with a number that fits no byte, which always holds.
const FOUND_BY: [&str; 2] = [
    "(i32.eq (i32.load8_u (local.get 0)) (i32.const 7))",
    "(i32.and (i32.eq (i32.load8_u (local.get 0)) (i32.const 7))
        (i32.lt_u (i32.load8_u (local.get 0)) (local.get 1)))",
];

/// A search finds the last byte of a memory, before and after it has grown, and traps if there is nothing to be found.
fn check_end(target: Target) -> Result<()> {
    for found_by in FOUND_BY {
        check_end_by(target, found_by)?;
    }
    Ok(())
}

fn check_end_by(target: Target, found_by: &str) -> Result<()> {
    for (pages, place, ending) in [
        (1, Some(65535), 0),
        (1, Some(65519), 0),
        (1, None, elfin::TRAP_EXIT_STATUS),
        (2, Some(131_071), 0),
        (2, None, elfin::TRAP_EXIT_STATUS),
    ] {
        for start in [1000, 65000] {
            let grow = match pages {
                2 => "(drop (memory.grow (i32.const 1)))",
                _ => "",
            };
            let put = place.map(|place| format!("(i32.store8 (i32.const {place}) (i32.const 7))"));
            let found = place.unwrap_or_default();
            let module = format!(
                "(module (memory (export \"memory\") 1 3)
                (func $find (param i32 i32) (result i32)
                    (loop $next
                        (if (i32.eqz {found_by}) (then
                            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                            (br $next))))
                    (local.get 0))
                (func (export \"_start\") {grow} {put}
                    (if (i32.ne (call $find (i32.load (i32.const 0)) (i32.load (i32.const 4))) (i32.const {found}))
                        (then unreachable)))
                (data (i32.const 0) \"{start}\\00\\01\\00\\00\"))",
                put = put.unwrap_or_default(),
                start = i32::to_le_bytes(start)
                    .map(|byte| format!("\\{byte:02x}"))
                    .concat()
            );
            let scratch = Scratch::new("searches")?;
            let [input, output] = ["end.wat", "end"].map(|name| scratch.path().join(name));
            std::fs::write(&input, module)?;
            elfin::compile(&input, &output, target, &["-O2".into()])?;
            let command = machine::command_on(target, None, &output)?;
            let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
            ensure!(
                outcome.code() == Some(ending.into()),
                "{pages} pages, {place:?}: {}",
                outcome.ending()
            );
        }
    }
    Ok(())
}

/// Many of the loops get vectors, or the others say nothing.
fn check_vectors(target: Target) -> Result<()> {
    let text = module(&functions(0));
    // One text for each function.
    let once = ["-Zno-versions"];
    let code = |options: &[&str]| elfin::emitted(&text, "asm", target, &[&once, options].concat());
    let (with, without) = (code(&[])?, code(&["-Zno-search"])?);
    let both = with.split("\n; ").zip(without.split("\n; "));
    let changed = both.filter(|(with, without)| with != without).count();
    println!("{changed} of {FUNCTIONS} loops search by vectors");
    ensure!(changed > FUNCTIONS * 2 / 5, "{changed} do");
    Ok(())
}

/// The loops of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    let numbers = 0..FUNCTIONS;
    numbers
        .map(|number| Function::new(number, &mut random))
        .collect()
}

type Numbers = [u32; NUMBERS];

/// What the loops leave.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<Numbers>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, None, &options)?;
    let (numbers, rest) = stdout.as_chunks();
    ensure!(rest.is_empty() && numbers.len() == functions.len() * NUMBERS);
    let numbers: Vec<u32> = numbers.iter().copied().map(u32::from_le_bytes).collect();
    let (results, _) = numbers.as_chunks();
    Ok(results.to_vec())
}

fn module(functions: &[Function]) -> String {
    let mut definitions = String::new();
    for function in functions {
        definitions += &generated::data(function.place(), function.region());
        definitions += &function.text();
    }
    let length = functions.len() * NUMBERS * 4;
    generated::module(&definitions, functions.len(), RESULTS..RESULTS + length)
}

/// A number in an iteration.
#[derive(Clone, Debug)]
enum Expression {
    /// What is read from an array, so many bytes behind its pointer, with the sign or without.
    Load(usize, usize, bool),
    /// What the iteration before has read.
    Carried,
    /// A number that the loop starts with.
    Outer,
    Constant(i32),
    Operation(&'static str, Box<[Expression; 2]>),
}

/// What leaves a loop.
#[derive(Clone, Debug)]
enum Condition {
    /// A comparison of numbers, or the contrary.
    Compare(&'static str, [Expression; 2], bool),
    /// A comparison of a 32-bit number with a fraction with the bits of another one, or the contrary.
    Float(&'static str, u32, bool),
    /// Both of two comparisons of numbers, or one of them.
    Two(&'static str, Box<[Self; 2]>),
    /// The counter has come to its end.
    Counted,
}

impl Condition {
    /// Makes it its contrary.
    fn turn(&mut self) {
        match self {
            Self::Compare(.., contrary) | Self::Float(.., contrary) => *contrary = !*contrary,
            Self::Two(operation, both) => {
                *operation = if *operation == "and" { "or" } else { "and" };
                both.iter_mut().for_each(Self::turn);
            }
            Self::Counted => {}
        }
    }

    /// Changes what a number is compared with; says whether there is one.
    fn break_it(&mut self) -> bool {
        match self {
            Self::Compare(_, [_, right], _) => {
                let one = Box::new([right.clone(), Expression::Constant(1)]);
                *right = Expression::Operation("xor", one);
                true
            }
            Self::Float(_, bits, _) => {
                *bits ^= 1 << 31;
                true
            }
            Self::Two(_, both) => both[0].break_it(),
            Self::Counted => false,
        }
    }
}

/// How a loop counts.
#[derive(Clone, Copy, Debug)]
enum Counting {
    /// Down to 0.
    Down,
    /// Up, until this does not hold for the counter and its limit any more.
    Up(&'static str),
}

#[derive(Clone, Debug)]
struct Function {
    /// Its place among those of its module.
    number: usize,
    /// Bytes of what is read at once.
    size: usize,
    /// The two arrays.
    arrays: [Vec<u8>; 2],
    /// Where the pointers start, from their arrays on.
    starts: [usize; 2],
    counting: Counting,
    step: u32,
    count: u32,
    outer: u32,
    /// What is carried: the first value, and what is read.
    carried: Option<(u32, Expression)>,
    exits: Vec<Condition>,
    /// Behind how many exits the pointers move on.
    moves_behind: usize,
}

/// What a loop has in its locals.
#[derive(Clone, Copy)]
struct State {
    at: [usize; 2],
    counter: u32,
    carried: u32,
}

impl Function {
    fn new(number: usize, random: &mut Random) -> Self {
        let size = [1, 1, 1, 2, 4][random.below(5)];
        // Nearly all of the elements are the same ones.
        let bits = if random.below(2) == 0 { 0x7f } else { 0xff };
        let element: Vec<u8> = (0..size).map(|_| random.below(256) as u8 & bits).collect();
        let mut arrays = [0, 1].map(|_| element.repeat(ARRAY / size));
        let iterations = match random.below(3) {
            0 => random.below(20),
            _ => random.below(MOST_ITERATIONS),
        };
        for _ in 0..random.below(4) {
            let array = &mut arrays[usize::from(random.below(3) == 0)];
            let all = (iterations + 4) * size;
            let reach = if random.below(3) == 0 { 12 } else { all };
            let place = random.below(reach);
            array[place] = random.below(256) as u8;
        }
        let step = 1 + random.below(3) as u32;
        let counting = match random.below(4) {
            0 => Counting::Up("lt_u"),
            1 => Counting::Up("lt_s"),
            _ => Counting::Down,
        };
        let mut function = Self {
            number,
            size,
            arrays,
            starts: [random.below(8), random.below(8)],
            counting,
            step,
            // Only where it counts down it must come to its end exactly.
            count: match counting {
                Counting::Down => (iterations as u32 + 1) * step,
                Counting::Up(_) => {
                    iterations as u32 * step + 1 + random.below(step as usize) as u32
                }
            },
            outer: match random.below(3) {
                0 => random.below(1024) as u32,
                1 => u32::from(element[0]),
                _ => random.below(256) as u32,
            },
            carried: None,
            exits: Vec::new(),
            moves_behind: 0,
        };
        if random.below(3) == 0 {
            // As it is mostly.
            let read = function.load(random);
            let first = function.value(&function.region(), &read, &function.start());
            function.carried = Some((first, read));
        }
        let region = function.region();
        for _ in 0..=random.below(2) {
            let mut condition = function.condition(random);
            // What leaves the loop at nearly all elements shows little.
            if function.holds(&region, &condition, &function.start()) {
                condition.turn();
            }
            function.exits.push(condition);
        }
        if let [first, .., last] = &function.exits[..]
            && random.below(3) == 0
        {
            // One comparison for two exits.
            let mut contrary = last.clone();
            contrary.turn();
            let both = Box::new([contrary, first.clone()]);
            function.exits[0] = Condition::Two("and", both);
        }
        let place = random.below(function.exits.len() + 1);
        function.exits.insert(place, Condition::Counted);
        function.moves_behind = random.below(function.exits.len() + 1);
        function
    }

    fn load(&self, random: &mut Random) -> Expression {
        let array = usize::from(random.below(3) == 0);
        Expression::Load(array, random.below(3) * self.size, random.below(6) == 0)
    }

    fn condition(&self, random: &mut Random) -> Condition {
        if self.size == 4 && random.below(3) == 0 {
            let comparison = ["eq", "lt", "ge"][random.below(3)];
            return Condition::Float(comparison, random.below(1 << 32) as u32, false);
        }
        match random.below(4) {
            0 => {
                let both = [0, 1].map(|_| self.comparison(random));
                Condition::Two(["and", "or"][random.below(2)], Box::new(both))
            }
            _ => self.comparison(random),
        }
    }

    fn comparison(&self, random: &mut Random) -> Condition {
        let comparisons = ["eq", "ne", "lt_u", "gt_u", "le_s", "ge_s", "ge_u", "lt_s"];
        let comparison = match random.below(3) {
            0 => comparisons[random.below(comparisons.len())],
            _ => comparisons[random.below(2)],
        };
        let left = self.expression(random);
        let right = match random.below(5) {
            0 => self.expression(random),
            1 | 2 => Expression::Outer,
            3 => Expression::Constant(0),
            _ => self.constant(random),
        };
        Condition::Compare(comparison, [left, right], false)
    }

    fn constant(&self, random: &mut Random) -> Expression {
        let element = i32::from(self.arrays[0][0]);
        Expression::Constant(match random.below(5) {
            0 => element,
            1 => element - 1 + random.below(3) as i32,
            2 => random.below(256) as i32,
            3 => random.below(512) as i32 - 256,
            _ => random.below(1 << 32) as i32,
        })
    }

    fn expression(&self, random: &mut Random) -> Expression {
        let value = match (&self.carried, random.below(4)) {
            (Some(_), 0 | 1) => Expression::Carried,
            _ => self.load(random),
        };
        if random.below(3) != 0 {
            return value;
        }
        let operations = [
            "and", "or", "xor", "and", "add", "sub", "shl", "shr_u", "shr_s",
        ];
        let other = match random.below(4) {
            0 => self.load(random),
            1 => Expression::Constant(255),
            _ => self.constant(random),
        };
        // Lanes of bytes have few of them.
        let known = if random.below(3) == 0 {
            operations.len()
        } else {
            4
        };
        let operation = operations[random.below(known)];
        Expression::Operation(operation, Box::new([value, other]))
    }

    /// This one with one of its conditions changed.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        broken.exits.iter_mut().any(Condition::break_it);
        broken
    }

    fn place(&self) -> usize {
        REGIONS + self.number * REGION
    }

    /// What the memory has for this loop: what it starts with, and its arrays.
    fn region(&self) -> Vec<u8> {
        let state = self.start();
        let place = self.place();
        let numbers = [
            (place + state.at[0]) as u32,
            (place + state.at[1]) as u32,
            state.counter,
            self.limit(),
            self.outer,
            state.carried,
        ];
        let mut region: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        region.resize(REGION, 0);
        for (place, array) in ARRAYS.iter().zip(&self.arrays) {
            region[*place..*place + array.len()].copy_from_slice(array);
        }
        region
    }

    /// Where the counter ends.
    fn limit(&self) -> u32 {
        match self.counting {
            Counting::Down => 0,
            // Between negative numbers as well as without a sign.
            Counting::Up("lt_s") => 5,
            Counting::Up(_) => self.count + 7,
        }
    }

    fn start(&self) -> State {
        State {
            at: [0, 1].map(|array| ARRAYS[array] + self.starts[array]),
            counter: match self.counting {
                Counting::Down => self.count,
                Counting::Up(_) => self.limit().wrapping_sub(self.count),
            },
            carried: self.carried.as_ref().map_or(0, |(first, _)| *first),
        }
    }

    /// What the loop leaves.
    fn result(&self) -> Numbers {
        let region = self.region();
        let mut state = self.start();
        let place = self.place() as u32;
        loop {
            for (exit, condition) in self.exits.iter().enumerate() {
                if self.moves_behind == exit {
                    self.move_on(&region, &mut state);
                }
                if self.holds(&region, condition, &state) {
                    let at = place + state.at[0] as u32;
                    return [exit as u32, at, state.counter, state.carried];
                }
            }
            if self.moves_behind == self.exits.len() {
                self.move_on(&region, &mut state);
            }
        }
    }

    fn move_on(&self, region: &[u8], state: &mut State) {
        if let Some((_, read)) = &self.carried {
            state.carried = self.value(region, read, state);
        }
        state.at = state.at.map(|at| at + self.size);
        state.counter = match self.counting {
            Counting::Down => state.counter.wrapping_sub(self.step),
            Counting::Up(_) => state.counter.wrapping_add(self.step),
        };
    }

    fn holds(&self, region: &[u8], condition: &Condition, state: &State) -> bool {
        match condition {
            Condition::Compare(comparison, args, contrary) => {
                let [left, right] = [&args[0], &args[1]].map(|arg| self.value(region, arg, state));
                compare(comparison, left, right) != *contrary
            }
            Condition::Float(comparison, bits, contrary) => {
                let load = Expression::Load(0, 0, false);
                let left = f32::from_bits(self.value(region, &load, state));
                let right = f32::from_bits(*bits);
                let holds = match *comparison {
                    "eq" => left == right,
                    "lt" => left < right,
                    _ => left >= right,
                };
                holds != *contrary
            }
            Condition::Two(operation, both) => {
                let [one, other] = [0, 1].map(|which| self.holds(region, &both[which], state));
                match *operation {
                    "and" => one && other,
                    _ => one || other,
                }
            }
            Condition::Counted => match self.counting {
                Counting::Down => state.counter == 0,
                Counting::Up(comparison) => !compare(comparison, state.counter, self.limit()),
            },
        }
    }

    fn value(&self, region: &[u8], expression: &Expression, state: &State) -> u32 {
        match expression {
            Expression::Load(array, offset, is_signed) => {
                let from = state.at[*array] + offset;
                let bytes = &region[from..from + self.size];
                let value = bytes
                    .iter()
                    .rev()
                    .fold(0u32, |all, byte| all << 8 | u32::from(*byte));
                let unused = 32 - 8 * self.size as u32;
                match is_signed {
                    true => ((value << unused) as i32 >> unused) as u32,
                    false => value,
                }
            }
            Expression::Carried => state.carried,
            Expression::Outer => self.outer,
            Expression::Constant(number) => *number as u32,
            Expression::Operation(operation, args) => {
                let [left, right] = [&args[0], &args[1]].map(|arg| self.value(region, arg, state));
                match *operation {
                    "and" => left & right,
                    "or" => left | right,
                    "xor" => left ^ right,
                    "add" => left.wrapping_add(right),
                    "sub" => left.wrapping_sub(right),
                    "shl" => left.wrapping_shl(right),
                    "shr_u" => left.wrapping_shr(right),
                    _ => (left as i32).wrapping_shr(right) as u32,
                }
            }
        }
    }

    /// The loop in the text format.
    fn text(&self) -> String {
        let (number, place) = (self.number, self.place());
        let mut text = format!("(func $f{number} (local $exit i32)\n");
        for name in LOCALS {
            writeln!(text, " (local ${name} i32)").expect(WRITES);
        }
        for (index, name) in LOCALS.iter().enumerate() {
            let from = place + 4 * index;
            writeln!(text, " (local.set ${name} (i32.load (i32.const {from})))").expect(WRITES);
        }
        text += " (block $out (loop $again\n";
        for (exit, condition) in self.exits.iter().enumerate() {
            if self.moves_behind == exit {
                text += &self.moves();
            }
            writeln!(text, "  (local.set $exit (i32.const {exit}))").expect(WRITES);
            let is_last = exit + 1 == self.exits.len();
            let goes_on = is_last && self.moves_behind <= exit;
            let branch = match goes_on {
                true => format!("(br_if $again {})", self.contrary_text(condition)),
                false => format!("(br_if $out {})", self.condition_text(condition)),
            };
            writeln!(text, "  {branch}").expect(WRITES);
        }
        if self.moves_behind == self.exits.len() {
            text += &self.moves();
            text += "  (br $again)";
        }
        text += "))\n";
        for (index, name) in ["exit", "first", "counter", "carried"].iter().enumerate() {
            let to = RESULTS + 4 * (number * NUMBERS + index);
            writeln!(text, " (i32.store (i32.const {to}) (local.get ${name}))").expect(WRITES);
        }
        text + ")\n"
    }

    fn moves(&self) -> String {
        let mut text = String::new();
        if let Some((_, read)) = &self.carried {
            let read = self.expression_text(read);
            writeln!(text, "  (local.set $carried {read})").expect(WRITES);
        }
        let step = match self.counting {
            Counting::Down => format!("-{}", self.step),
            Counting::Up(_) => format!("{}", self.step),
        };
        let size = self.size.to_string();
        for (name, by) in [("first", &size), ("second", &size), ("counter", &step)] {
            let sum = format!("(i32.add (local.get ${name}) (i32.const {by}))");
            writeln!(text, "  (local.set ${name} {sum})").expect(WRITES);
        }
        text
    }

    fn condition_text(&self, condition: &Condition) -> String {
        let (text, contrary) = match condition {
            Condition::Compare(comparison, args, contrary) => {
                let [left, right] = [&args[0], &args[1]].map(|arg| self.expression_text(arg));
                (format!("(i32.{comparison} {left} {right})"), *contrary)
            }
            Condition::Float(comparison, bits, contrary) => {
                let left = "(f32.load (local.get $first))";
                let right = format!("(f32.reinterpret_i32 (i32.const {bits}))");
                (format!("(f32.{comparison} {left} {right})"), *contrary)
            }
            Condition::Two(operation, both) => {
                let [one, other] = [0, 1].map(|which| self.condition_text(&both[which]));
                (format!("(i32.{operation} {one} {other})"), false)
            }
            Condition::Counted => match self.counting {
                Counting::Down => ("(i32.eqz (local.get $counter))".to_owned(), false),
                Counting::Up(comparison) => {
                    let both = "(local.get $counter) (local.get $limit)";
                    (format!("(i32.{comparison} {both})"), true)
                }
            },
        };
        match contrary {
            true => format!("(i32.eqz {text})"),
            false => text,
        }
    }

    fn contrary_text(&self, condition: &Condition) -> String {
        match (condition, self.counting) {
            (Condition::Counted, Counting::Down) => "(local.get $counter)".to_owned(),
            (Condition::Counted, Counting::Up(comparison)) => {
                format!("(i32.{comparison} (local.get $counter) (local.get $limit))")
            }
            _ => {
                let mut contrary = condition.clone();
                contrary.turn();
                self.condition_text(&contrary)
            }
        }
    }

    fn expression_text(&self, expression: &Expression) -> String {
        match expression {
            Expression::Load(array, offset, is_signed) => {
                let load = match (self.size, is_signed) {
                    (1, false) => "load8_u",
                    (1, true) => "load8_s",
                    (2, false) => "load16_u",
                    (2, true) => "load16_s",
                    _ => "load",
                };
                let pointer = ["first", "second"][*array];
                format!("(i32.{load} offset={offset} (local.get ${pointer}))")
            }
            Expression::Carried => "(local.get $carried)".to_owned(),
            Expression::Outer => "(local.get $outer)".to_owned(),
            Expression::Constant(number) => format!("(i32.const {number})"),
            Expression::Operation(operation, args) => {
                let [left, right] = [&args[0], &args[1]].map(|arg| self.expression_text(arg));
                format!("(i32.{operation} {left} {right})")
            }
        }
    }
}

/// The locals of a loop, in the order in which its region has what they start with.
const LOCALS: [&str; 6] = ["first", "second", "counter", "limit", "outer", "carried"];

const WRITES: &str = "a string takes everything";

fn compare(comparison: &str, left: u32, right: u32) -> bool {
    let [signed_left, signed_right] = [left, right].map(|value| value as i32);
    match comparison {
        "eq" => left == right,
        "ne" => left != right,
        "lt_u" => left < right,
        "gt_u" => left > right,
        "ge_u" => left >= right,
        "lt_s" => signed_left < signed_right,
        "le_s" => signed_left <= signed_right,
        "ge_s" => signed_left >= signed_right,
        _ => unreachable!("no comparison {comparison}"),
    }
}
