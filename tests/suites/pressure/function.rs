//! A function of many variables: as text, and what it leaves in them.

use elfin_tests::mutate::Random;
use std::fmt::Write;

/// How many variables of each type a function has; the first ones count its loops.
const INTEGERS: usize = 24;
const LONGS: usize = 12;
const FLOATS: usize = 24;
/// How deep statements lie in others, at most: each level of loops has a counter.
const DEPTH: usize = 3;

/// Bytes of a function's result: all of its variables, 8 each.
pub const RESULT_SIZE: usize = 8 * (INTEGERS + LONGS + FLOATS);

/// What functions call: one that changes each register that calls change, one with more arguments than registers.
pub const HELPERS: &str = "
(global $bits (mut i64) (i64.const 0))
(func $mix (param i32) (result i32)
 (global.set $bits (i64.add (global.get $bits) (i64.const 1)))
 (drop (call $yield))
 (i32.add (i32.mul (local.get 0) (i32.const 31)) (i32.const 7)))
(func $many (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
 (drop (call $yield))
 (i32.sub (i32.add (local.get 0) (i32.mul (local.get 6) (i32.const 3))) (local.get 7)))
";

/// A variable.
#[derive(Clone, Copy, Debug)]
enum Variable {
    Integer(usize),
    Long(usize),
    Float(usize),
}

/// Something that is done.
#[derive(Clone, Debug)]
enum Statement {
    /// A variable becomes a number.
    Number(Variable, u32),
    /// A variable becomes what an operation makes of two of its type.
    Operation(Variable, usize, [usize; 2]),
    /// An integer goes to another type, or comes from it.
    Long(usize, usize),
    Integer(usize, usize),
    Float(usize, usize),
    /// An integer becomes what a function makes of it, or of eight.
    Mix(usize, usize),
    Many(usize, [usize; 8]),
    /// Where an integer is below another.
    If([usize; 2], Vec<Self>, Vec<Self>),
    /// So many times.
    Loop(u32, Vec<Self>),
    /// By the low bits of an integer.
    Switch(usize, Vec<Vec<Self>>),
    /// An integer becomes what a mask leaves of another, or what a shift to the right does.
    Mask(usize, usize, u32),
    Shift(usize, usize, u32),
    /// As interpreters have it: so many times, each time by the next four bits of a program.
    Machine(u64, u32, Vec<Vec<Self>>),
}

/// The variables while the function runs.
struct State {
    integers: [u32; INTEGERS],
    longs: [u64; LONGS],
    floats: [f64; FLOATS],
}

/// What masks leave: some are of numbers that have no more bits.
const MASKS: [u32; 6] = [1, 0x1f, 0xff, 0xfffe, 0xffff, 0x7fff_ffff];

/// The local for the operation of a machine.
const BYTE: usize = INTEGERS + LONGS + FLOATS;

const OPERATIONS: [&str; 6] = ["add", "sub", "mul", "and", "or", "xor"];
/// Those of floating-point numbers, none of which makes a number larger than both, a NaN or a negative zero.
const FLOAT_OPERATIONS: [&str; 3] = ["mean", "min", "max"];

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    statements: Vec<Statement>,
}

impl Function {
    /// One that is generated.
    pub fn new(random: &mut Random) -> Self {
        let mut statements: Vec<Statement> = Vec::new();
        for number in DEPTH..INTEGERS {
            statements.push(Statement::Number(Variable::Integer(number), any(random)));
        }
        for number in 0..LONGS {
            statements.push(Statement::Number(Variable::Long(number), any(random)));
        }
        for number in 0..FLOATS {
            let value = random.below(1000) as u32;
            statements.push(Statement::Number(Variable::Float(number), value));
        }
        for _ in 0..1 + random.below(4) {
            statements.extend(block(random, DEPTH));
        }
        Self { statements }
    }

    /// It with another operation in one place: the last one where that matters, or else none.
    pub fn broken(&self) -> Self {
        let result = self.result();
        let mut skipped = 0;
        loop {
            let mut broken = self.clone();
            let mut left = skipped;
            let is_broken = break_one(&mut broken.statements, &mut left);
            if !is_broken || broken.result() != result {
                return broken;
            }
            skipped += 1;
        }
    }

    /// What it leaves in its variables, but the counters.
    pub fn result(&self) -> Vec<u64> {
        let mut state = State {
            integers: [0; INTEGERS],
            longs: [0; LONGS],
            floats: [0.0; FLOATS],
        };
        state.run(&self.statements);
        let integers = state.integers.iter().skip(DEPTH);
        let integers = integers.map(|value| u64::from(*value));
        let floats = state.floats.iter().map(|value| value.to_bits());
        let counters = std::iter::repeat_n(0, DEPTH);
        let all = counters.chain(integers).chain(state.longs).chain(floats);
        all.collect()
    }

    /// It as text; it leaves its variables in the memory from this place on.
    pub fn text(&self, number: usize, place: usize) -> String {
        let types = ["i32"; INTEGERS].join(" ");
        let longs = ["i64"; LONGS].join(" ");
        let floats = ["f64"; FLOATS].join(" ");
        let mut text = format!("(func $f{number} (local {types} {longs} {floats} i32)\n");
        write_all(&mut text, &self.statements, DEPTH);
        for integer in DEPTH..INTEGERS {
            let place = place + 8 * integer;
            let local = Variable::Integer(integer).get();
            writeln!(
                text,
                "(i64.store (i32.const {place}) (i64.extend_i32_u {local}))"
            )
            .unwrap();
        }
        for long in 0..LONGS {
            let place = place + 8 * (INTEGERS + long);
            let local = Variable::Long(long).get();
            writeln!(text, "(i64.store (i32.const {place}) {local})").unwrap();
        }
        for float in 0..FLOATS {
            let place = place + 8 * (INTEGERS + LONGS + float);
            let local = Variable::Float(float).get();
            writeln!(text, "(f64.store (i32.const {place}) {local})").unwrap();
        }
        text + ")"
    }
}

fn any(random: &mut Random) -> u32 {
    random.below(1 << 16) as u32 | (random.below(1 << 16) as u32) << 16
}

/// Statements that lie in `DEPTH - depth` loops, branches or switches.
fn block(random: &mut Random, depth: usize) -> Vec<Statement> {
    (0..2 + random.below(8))
        .map(|_| statement(random, depth))
        .collect()
}

fn statement(random: &mut Random, depth: usize) -> Statement {
    let integer = |random: &mut Random| DEPTH + random.below(INTEGERS - DEPTH);
    let kinds = if depth == 0 { 12 } else { 18 };
    match random.below(kinds) {
        0..=2 => {
            let pair = [integer(random), integer(random)];
            let to = Variable::Integer(integer(random));
            Statement::Operation(to, random.below(OPERATIONS.len()), pair)
        }
        3 => {
            let pair = [random.below(LONGS), random.below(LONGS)];
            let to = Variable::Long(random.below(LONGS));
            Statement::Operation(to, random.below(OPERATIONS.len()), pair)
        }
        4 => {
            let pair = [random.below(FLOATS), random.below(FLOATS)];
            let to = Variable::Float(random.below(FLOATS));
            Statement::Operation(to, random.below(FLOAT_OPERATIONS.len()), pair)
        }
        5 => Statement::Long(random.below(LONGS), integer(random)),
        6 => Statement::Integer(integer(random), random.below(LONGS)),
        7 => Statement::Float(random.below(FLOATS), integer(random)),
        8 if random.below(2) == 0 => Statement::Mix(integer(random), integer(random)),
        8 => Statement::Many(integer(random), std::array::from_fn(|_| integer(random))),
        9 | 10 => {
            let mask = MASKS[random.below(MASKS.len())];
            Statement::Mask(integer(random), integer(random), mask)
        }
        11 => Statement::Shift(
            integer(random),
            integer(random),
            1 + random.below(24) as u32,
        ),
        12 | 13 => Statement::If(
            [integer(random), integer(random)],
            block(random, depth - 1),
            block(random, depth - 1),
        ),
        14 | 15 => Statement::Loop(1 + random.below(5) as u32, block(random, depth - 1)),
        kind => {
            let by = integer(random);
            let cases = 4 << random.below(2);
            let cases = (0..cases).map(|_| block(random, depth - 1)).collect();
            if kind == 16 {
                Statement::Switch(by, cases)
            } else {
                let program = u64::from(any(random)) << 32 | u64::from(any(random));
                Statement::Machine(program, 1 + random.below(8) as u32, cases)
            }
        }
    }
}

/// Makes the last operation there another one, but for so many behind it; says whether there is one.
fn break_one(statements: &mut [Statement], skipped: &mut usize) -> bool {
    let mut last = statements.iter_mut().rev();
    last.any(|statement| match statement {
        Statement::Operation(_, operation, _) => {
            let is_it = *skipped == 0;
            if is_it {
                *operation = (*operation + 1) % FLOAT_OPERATIONS.len();
            } else {
                *skipped -= 1;
            }
            is_it
        }
        Statement::If(_, then, otherwise) => {
            break_one(otherwise, skipped) || break_one(then, skipped)
        }
        Statement::Loop(_, body) => break_one(body, skipped),
        Statement::Switch(_, cases) | Statement::Machine(_, _, cases) => {
            let mut last = cases.iter_mut().rev();
            last.any(|case| break_one(case, skipped))
        }
        _ => false,
    })
}

impl State {
    fn run(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.step(statement);
        }
    }

    fn step(&mut self, statement: &Statement) {
        match statement {
            Statement::Number(Variable::Integer(to), value) => self.integers[*to] = *value,
            Statement::Number(Variable::Long(to), value) => {
                self.longs[*to] = u64::from(*value) << 20;
            }
            Statement::Number(Variable::Float(to), value) => self.floats[*to] = f64::from(*value),
            Statement::Operation(Variable::Integer(to), operation, [left, right]) => {
                let operands = [*left, *right].map(|number| u64::from(self.integers[number]));
                self.integers[*to] = combine(*operation, operands) as u32;
            }
            Statement::Operation(Variable::Long(to), operation, [left, right]) => {
                let operands = [*left, *right].map(|number| self.longs[number]);
                self.longs[*to] = combine(*operation, operands);
            }
            Statement::Operation(Variable::Float(to), operation, [left, right]) => {
                let [left, right] = [*left, *right].map(|number| self.floats[number]);
                self.floats[*to] = match FLOAT_OPERATIONS[*operation] {
                    "mean" => (left + right) * 0.5,
                    "min" => left.min(right),
                    _ => left.max(right),
                };
            }
            Statement::Long(to, from) => self.longs[*to] = u64::from(self.integers[*from]),
            Statement::Integer(to, from) => self.integers[*to] = self.longs[*from] as u32,
            Statement::Float(to, from) => self.floats[*to] = f64::from(self.integers[*from] as i32),
            Statement::Mix(to, from) => {
                self.integers[*to] = self.integers[*from].wrapping_mul(31).wrapping_add(7);
            }
            Statement::Many(to, from) => {
                let [first, .., seventh, last] = from.map(|number| self.integers[number]);
                let sum = first.wrapping_add(seventh.wrapping_mul(3));
                self.integers[*to] = sum.wrapping_sub(last);
            }
            Statement::If([left, right], then, otherwise) => {
                let holds = self.integers[*left] < self.integers[*right];
                self.run(if holds { then } else { otherwise });
            }
            Statement::Loop(times, body) => {
                for _ in 0..*times {
                    self.run(body);
                }
            }
            Statement::Switch(by, cases) => {
                let case = self.integers[*by] as usize % cases.len();
                self.run(&cases[case]);
            }
            Statement::Mask(to, from, mask) => self.integers[*to] = self.integers[*from] & mask,
            Statement::Shift(to, from, by) => self.integers[*to] = self.integers[*from] >> by,
            Statement::Machine(program, steps, cases) => {
                for step in 0..*steps {
                    let operation = (program >> (4 * step)) as usize % cases.len();
                    self.run(&cases[operation]);
                }
            }
        }
    }
}

fn combine(operation: usize, [left, right]: [u64; 2]) -> u64 {
    match OPERATIONS[operation] {
        "add" => left.wrapping_add(right),
        "sub" => left.wrapping_sub(right),
        "mul" => left.wrapping_mul(right),
        "and" => left & right,
        "or" => left | right,
        _ => left ^ right,
    }
}

impl Variable {
    /// The number of the local, and its type.
    fn local(self) -> (usize, &'static str) {
        match self {
            Self::Integer(number) => (number, "i32"),
            Self::Long(number) => (INTEGERS + number, "i64"),
            Self::Float(number) => (INTEGERS + LONGS + number, "f64"),
        }
    }

    fn get(self) -> String {
        format!("(local.get {})", self.local().0)
    }

    fn set(self, value: &str) -> String {
        format!("(local.set {} {value})", self.local().0)
    }

    /// Another one of the same type.
    fn like(self, number: usize) -> Self {
        match self {
            Self::Integer(_) => Self::Integer(number),
            Self::Long(_) => Self::Long(number),
            Self::Float(_) => Self::Float(number),
        }
    }
}

fn write_all(text: &mut String, statements: &[Statement], depth: usize) {
    for statement in statements {
        write_one(text, statement, depth);
    }
}

/// The labels of a table with these cases.
fn labels(cases: &[Vec<Statement>]) -> String {
    (0..cases.len()).map(|case| format!("{case} ")).collect()
}

fn write_one(text: &mut String, statement: &Statement, depth: usize) {
    let integer = |number: usize| Variable::Integer(number).get();
    let line = match statement {
        Statement::Number(variable, value) => {
            let ty = variable.local().1;
            let value = u64::from(*value) << if ty == "i64" { 20 } else { 0 };
            variable.set(&format!("({ty}.const {value})"))
        }
        Statement::Operation(to, operation, operands) => {
            let ty = to.local().1;
            let names = if ty == "f64" {
                FLOAT_OPERATIONS.as_slice()
            } else {
                OPERATIONS.as_slice()
            };
            let [left, right] = operands.map(|number| to.like(number).get());
            to.set(&match names[*operation] {
                "mean" => format!("(f64.mul (f64.add {left} {right}) (f64.const 0.5))"),
                name => format!("({ty}.{name} {left} {right})"),
            })
        }
        Statement::Long(to, from) => {
            Variable::Long(*to).set(&format!("(i64.extend_i32_u {})", integer(*from)))
        }
        Statement::Integer(to, from) => {
            let from = Variable::Long(*from).get();
            Variable::Integer(*to).set(&format!("(i32.wrap_i64 {from})"))
        }
        Statement::Float(to, from) => {
            Variable::Float(*to).set(&format!("(f64.convert_i32_s {})", integer(*from)))
        }
        Statement::Mix(to, from) => {
            Variable::Integer(*to).set(&format!("(call $mix {})", integer(*from)))
        }
        Statement::Many(to, from) => {
            let from = from.map(integer).join(" ");
            Variable::Integer(*to).set(&format!("(call $many {from})"))
        }
        Statement::If([left, right], then, otherwise) => {
            let (left, right) = (integer(*left), integer(*right));
            writeln!(text, "(if (i32.lt_u {left} {right}) (then").unwrap();
            write_all(text, then, depth - 1);
            writeln!(text, ") (else").unwrap();
            write_all(text, otherwise, depth - 1);
            "))".to_owned()
        }
        Statement::Loop(times, body) => {
            let counter = Variable::Integer(depth - 1);
            writeln!(text, "{} (loop", counter.set("(i32.const 0)")).unwrap();
            write_all(text, body, depth - 1);
            let next = format!("(i32.add {} (i32.const 1))", counter.get());
            let (next, now) = (counter.set(&next), counter.get());
            format!("{next} (br_if 0 (i32.lt_u {now} (i32.const {times}))))")
        }
        Statement::Switch(by, cases) => {
            let labels = labels(cases);
            let open = "(block ".repeat(cases.len() + 1);
            let mask = cases.len() - 1;
            let by = integer(*by);
            writeln!(
                text,
                "{open}(br_table {labels} (i32.and {by} (i32.const {mask}))))"
            )
            .unwrap();
            for (number, case) in cases.iter().enumerate() {
                write_all(text, case, depth - 1);
                writeln!(text, "(br {}))", cases.len() - 1 - number).unwrap();
            }
            String::new()
        }
        Statement::Mask(to, from, mask) => {
            let from = integer(*from);
            Variable::Integer(*to).set(&format!("(i32.and {from} (i32.const {mask}))"))
        }
        Statement::Shift(to, from, by) => {
            let from = integer(*from);
            Variable::Integer(*to).set(&format!("(i32.shr_u {from} (i32.const {by}))"))
        }
        Statement::Machine(program, steps, cases) => {
            let counter = Variable::Integer(depth - 1);
            let (start, step) = (counter.set("(i32.const 0)"), counter.get());
            let next = counter.set(&format!("(i32.add {step} (i32.const 1))"));
            let distance = format!("(i64.extend_i32_u (i32.shl {step} (i32.const 2)))");
            let operation = format!("(i32.wrap_i64 (i64.shr_u (i64.const {program}) {distance}))");
            let (labels, mask) = (labels(cases), cases.len() - 1);
            let open = "(block ".repeat(cases.len());
            writeln!(
                text,
                "{start} (block $exit (loop $next
                    (br_if $exit (i32.ge_u {step} (i32.const {steps})))
                    {operation} {next}
                    (local.set {BYTE} (i32.and (i32.const {mask})))
                    {open} (br_table {labels} (local.get {BYTE}))"
            )
            .unwrap();
            for case in cases {
                text.push_str(")\n");
                write_all(text, case, depth - 1);
                text.push_str("(br $next)\n");
            }
            "))".to_owned()
        }
    };
    text.push_str(&line);
    text.push('\n');
}
