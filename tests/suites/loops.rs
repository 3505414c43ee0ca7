//! Thousands of loops over arrays, as compilers make them and otherwise: arrays that overlap at any distance, loops that
//! are unrolled, that carry a value from one iteration to the next, that are too short for vectors, whose counters wrap.
//! Each is generated, the same one each time; what it must leave in the memory is worked out here, an iteration at a time.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;
use std::fmt::Write;

/// How many loops a module has.
const FUNCTIONS: usize = 400;

/// How many modules there are.
const MODULES: u64 = 6;

/// Bytes of memory that a loop has for itself.
const REGION: usize = 2048;

/// Where the regions begin; what lies before is for the pointers and for the end.
const REGIONS: usize = 65536;

/// Where in its region a loop leaves what its counter, its first pointer and the value that it carried have come to.
const LEFT: [usize; 3] = [REGION - 24, REGION - 20, REGION - 16];

/// Pointers of a loop.
const POINTERS: usize = 3;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 3] = [&["-O2"], &["-O2", "-Zno-vectorize"], &["-Os"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        for options in LEVELS {
            let place = format!("{}::{}", options.concat(), machine::short_name(target));
            let all = move || check(target, options).map_err(suite::failed);
            trials.push(Trial::test(place.clone(), all));
            let planted = move || check_planted(target, options).map_err(suite::failed);
            trials.push(Trial::test(format!("planted::{place}"), planted));
        }
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
    let scratch = Scratch::new("loops")?;
    let input = scratch.path().join("loops.wat");
    std::fs::write(&input, module(&functions(0)))?;
    let assembly = |options: &[&str]| -> Result<String> {
        let output = scratch.path().join("loops.s");
        let options: Vec<OsString> = ["--emit", "asm"]
            .iter()
            .chain(options)
            .map(Into::into)
            .collect();
        elfin::compile(&input, &output, target, &options)?;
        std::fs::read_to_string(output).context("the assembly")
    };
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

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    I32,
    I64,
    F32,
    F64,
    /// Vectors already: four integers of 32 bits.
    I32x4,
}

impl Type {
    const ALL: [Self; 5] = [Self::I32, Self::I64, Self::F32, Self::F64, Self::I32x4];

    fn name(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I32x4 => "v128",
        }
    }

    /// An operation, as an instruction.
    fn operation(self, name: &str) -> String {
        match (self, name) {
            (Self::I32x4, "and" | "or" | "xor") => format!("v128.{name}"),
            (Self::I32x4, _) => format!("i32x4.{name}"),
            _ => format!("{}.{name}", self.name()),
        }
    }

    fn size(self) -> i32 {
        match self {
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
            Self::I32x4 => 16,
        }
    }

    /// The bits of a number, of which a vector has several.
    fn bits(self) -> i32 {
        match self {
            Self::I32x4 => 32,
            _ => 8 * self.size(),
        }
    }

    fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    fn read(self, memory: &[u8], at: usize) -> u128 {
        let mut bytes = [0; 16];
        let size = self.size() as usize;
        bytes[..size].copy_from_slice(&memory[at..][..size]);
        u128::from_le_bytes(bytes)
    }

    /// The bits of a number with a fraction of this type.
    fn float(self, value: f64) -> u128 {
        match self {
            Self::F32 => (value as f32).to_bits().into(),
            _ => value.to_bits().into(),
        }
    }

    /// A constant, as an instruction.
    fn constant(self, bits: u128) -> String {
        match self {
            Self::I32 => format!("(i32.const {})", bits as u32),
            Self::I64 => format!("(i64.const {bits})"),
            Self::F32 => format!("(f32.const {:?})", f32::from_bits(bits as u32)),
            Self::F64 => format!("(f64.const {:?})", f64::from_bits(bits as u64)),
            Self::I32x4 => format!("(v128.const i64x2 {} {})", bits as u64, (bits >> 64) as u64),
        }
    }
}

const INTEGER_OPERATIONS: [&str; 6] = ["add", "sub", "mul", "and", "or", "xor"];
const FLOAT_OPERATIONS: [&str; 6] = ["add", "sub", "mul", "min", "max", "add"];
const INTEGER_COMPARISONS: [&str; 6] = ["eq", "ne", "lt_s", "gt_u", "le_s", "ge_u"];
const FLOAT_COMPARISONS: [&str; 6] = ["eq", "ne", "lt", "gt", "le", "ge"];
const SHIFTS: [&str; 3] = ["shl", "shr_u", "shr_s"];
const FLOAT_UNARY: [&str; 2] = ["neg", "abs"];

/// What is stored.
#[derive(Clone, Debug)]
enum Expression {
    Load {
        pointer: usize,
        offset: i32,
    },
    Constant(u128),
    /// A value that is the same in all iterations, loaded before.
    Invariant,
    /// What the first store of the iteration before has stored.
    Previous,
    /// The number of iterations that are left, or how far the pointers have come: 32 bits.
    Counter,
    Unary(&'static str, Box<Self>),
    Binary(&'static str, Box<[Self; 2]>),
    Shift(&'static str, u32, Box<Self>),
    /// The third where the comparison of the first two holds, otherwise the fourth.
    Select(&'static str, Box<[Self; 4]>),
}

impl Expression {
    fn new(random: &mut Random, ty: Type, depth: usize) -> Self {
        use Expression as E;
        if depth == 0 || random.below(6) == 0 {
            return match random.below(12) {
                0 => E::Invariant,
                1 => E::Previous,
                2 if ty == Type::I32 => E::Counter,
                3 if ty.is_float() => E::Constant(ty.float(random.below(9) as f64 / 4.0 - 1.0)),
                3 if ty == Type::I32x4 => {
                    E::Constant(random.below(1 << 20) as u128 * (1 << 96 | 1 << 64 | 1 << 32 | 1))
                }
                3 => E::Constant(random.below(1 << 20) as u128),
                _ => E::Load {
                    pointer: random.below(POINTERS),
                    offset: ty.size() * (random.below(7) as i32 - 3),
                },
            };
        }
        let mut next = || Self::new(random, ty, depth - 1);
        let operands = [next(), next(), next(), next()];
        let [first, second, ..] = operands.clone();
        match (random.below(8), ty.is_float()) {
            (0, true) => E::Unary(FLOAT_UNARY[random.below(2)], first.into()),
            (0, false) => {
                let distance = random.below(ty.bits() as usize) as u32;
                E::Shift(SHIFTS[random.below(3)], distance, first.into())
            }
            (1, true) => E::Select(FLOAT_COMPARISONS[random.below(6)], operands.into()),
            (1, false) if ty != Type::I32x4 => {
                E::Select(INTEGER_COMPARISONS[random.below(6)], operands.into())
            }
            (_, true) => E::Binary(FLOAT_OPERATIONS[random.below(6)], [first, second].into()),
            (_, false) => E::Binary(INTEGER_OPERATIONS[random.below(6)], [first, second].into()),
        }
    }

    /// The same so many bytes further.
    fn moved(&self, bytes: i32) -> Self {
        use Expression as E;
        let moved = |expression: &Self| expression.moved(bytes);
        match self {
            E::Load { pointer, offset } => E::Load {
                pointer: *pointer,
                offset: offset + bytes,
            },
            E::Unary(name, operand) => E::Unary(name, moved(operand).into()),
            E::Shift(name, distance, operand) => E::Shift(name, *distance, moved(operand).into()),
            E::Binary(name, operands) => E::Binary(name, operands.each_ref().map(moved).into()),
            E::Select(name, operands) => E::Select(name, operands.each_ref().map(moved).into()),
            other => other.clone(),
        }
    }

    fn value(&self, loops: &Function, state: &State) -> u128 {
        use Expression as E;
        let ty = loops.ty;
        let value = |expression: &Self| expression.value(loops, state);
        match self {
            E::Load { pointer, offset } => {
                let at = state.pointers[*pointer] + offset;
                ty.read(&state.memory, at as usize)
            }
            E::Constant(bits) => *bits,
            E::Invariant => state.invariant,
            E::Previous => state.previous,
            E::Counter => state.counter.into(),
            E::Unary(name, operand) => unary(ty, name, value(operand)),
            E::Shift(name, distance, operand) => shift(ty, name, value(operand), *distance),
            E::Binary(name, operands) => {
                let [left, right] = operands.each_ref().map(value);
                binary(ty, name, left, right)
            }
            E::Select(name, operands) => {
                let [left, right, then, otherwise] = operands.each_ref().map(value);
                if holds(ty, name, left, right) {
                    then
                } else {
                    otherwise
                }
            }
        }
    }

    fn text(&self, loops: &Function) -> String {
        use Expression as E;
        let ty = loops.ty;
        let name = ty.name();
        let text = |expression: &Self| expression.text(loops);
        match self {
            E::Load { pointer, offset } => {
                let (address, offset) = loops.address(*pointer, *offset);
                format!("({name}.load {offset}{address})")
            }
            E::Constant(bits) => ty.constant(*bits),
            E::Invariant => "(local.get $invariant)".to_owned(),
            E::Previous => "(local.get $previous)".to_owned(),
            E::Counter => "(local.get $counter)".to_owned(),
            E::Unary(operation, operand) => format!("({name}.{operation} {})", text(operand)),
            E::Shift(operation, distance, operand) => {
                let distance = match ty {
                    Type::I32x4 => Type::I32.constant((*distance).into()),
                    _ => ty.constant((*distance).into()),
                };
                let operation = ty.operation(operation);
                format!("({operation} {} {distance})", text(operand))
            }
            E::Binary(operation, operands) => {
                let [left, right] = operands.each_ref().map(text);
                let operation = ty.operation(operation);
                format!("({operation} {left} {right})")
            }
            E::Select(comparison, operands) => {
                let [left, right, then, otherwise] = operands.each_ref().map(text);
                format!("(select {then} {otherwise} ({name}.{comparison} {left} {right}))")
            }
        }
    }

    /// The same with another operation in the first place that has one; says whether there is one.
    fn break_one(&mut self) -> bool {
        use Expression as E;
        match self {
            E::Binary(name, operands) => match *name {
                "add" => {
                    *name = "sub";
                    true
                }
                "sub" | "and" | "xor" | "mul" => {
                    *name = "add";
                    true
                }
                _ => operands.iter_mut().any(Self::break_one),
            },
            E::Unary(_, operand) | E::Shift(_, _, operand) => operand.break_one(),
            E::Select(_, operands) => operands.iter_mut().any(Self::break_one),
            _ => false,
        }
    }
}

fn unary(ty: Type, name: &str, value: u128) -> u128 {
    let sign = 1 << (8 * ty.size() - 1);
    match name {
        "neg" => value ^ sign,
        _ => value & !sign,
    }
}

/// What comes of the numbers of vectors, each by itself.
fn each<const N: usize>(vectors: [u128; N], result: impl Fn([u32; N]) -> u32) -> u128 {
    let results = (0..4).map(|lane| {
        let numbers = vectors.map(|vector| (vector >> (32 * lane)) as u32);
        u128::from(result(numbers)) << (32 * lane)
    });
    results.sum()
}

fn shift(ty: Type, name: &str, value: u128, distance: u32) -> u128 {
    let narrow = |value: u32| match name {
        "shl" => value << distance,
        "shr_u" => value >> distance,
        _ => (value as i32 >> distance) as u32,
    };
    let wide = value as u64;
    match (ty, name) {
        (Type::I32, _) => narrow(value as u32).into(),
        (Type::I32x4, _) => each([value], |[value]| narrow(value)),
        (_, "shl") => (wide << distance).into(),
        (_, "shr_u") => (wide >> distance).into(),
        _ => ((wide as i64 >> distance) as u64).into(),
    }
}

fn binary(ty: Type, name: &str, left: u128, right: u128) -> u128 {
    match ty {
        Type::I32 => u128::from(integers(name, left as u64, right as u64) as u32),
        Type::I64 => integers(name, left as u64, right as u64).into(),
        Type::I32x4 => each([left, right], |[left, right]| {
            integers(name, left.into(), right.into()) as u32
        }),
        Type::F32 => {
            let [left, right] = [left, right].map(|bits| f32::from_bits(bits as u32));
            let result = match name {
                "add" => left + right,
                "sub" => left - right,
                "mul" => left * right,
                _ => extreme(name, left.into(), right.into()) as f32,
            };
            result.to_bits().into()
        }
        Type::F64 => {
            let [left, right] = [left, right].map(|bits| f64::from_bits(bits as u64));
            let result = match name {
                "add" => left + right,
                "sub" => left - right,
                "mul" => left * right,
                _ => extreme(name, left, right),
            };
            result.to_bits().into()
        }
    }
}

fn integers(name: &str, left: u64, right: u64) -> u64 {
    match name {
        "add" => left.wrapping_add(right),
        "sub" => left.wrapping_sub(right),
        "mul" => left.wrapping_mul(right),
        "and" => left & right,
        "or" => left | right,
        _ => left ^ right,
    }
}

/// The lesser or greater one, as WebAssembly has it: NaN if there is one, and -0 is less than 0.
fn extreme(name: &str, left: f64, right: f64) -> f64 {
    let is_less = left < right || left == right && left.is_sign_negative();
    match (left.is_nan() || right.is_nan(), is_less == (name == "min")) {
        (true, _) => f64::NAN,
        (false, true) => left,
        (false, false) => right,
    }
}

fn holds(ty: Type, name: &str, left: u128, right: u128) -> bool {
    let signed = match ty {
        Type::I32 => [left, right].map(|bits| (bits as u32 as i32).into()),
        _ => [left, right].map(|bits| bits as i64),
    };
    let floats = match ty {
        Type::F32 => [left, right].map(|bits| f32::from_bits(bits as u32).into()),
        _ => [left, right].map(|bits| f64::from_bits(bits as u64)),
    };
    match (name, ty.is_float()) {
        ("eq", false) => left == right,
        ("ne", false) => left != right,
        ("lt_s", _) => signed[0] < signed[1],
        ("le_s", _) => signed[0] <= signed[1],
        ("gt_u", _) => left > right,
        ("ge_u", _) => left >= right,
        ("eq", true) => floats[0] == floats[1],
        ("ne", true) => floats[0] != floats[1],
        ("lt", _) => floats[0] < floats[1],
        ("gt", _) => floats[0] > floats[1],
        ("le", _) => floats[0] <= floats[1],
        _ => floats[0] >= floats[1],
    }
}

/// How a loop counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counting {
    /// All pointers move on; the first one's end is the loop's.
    Pointers,
    /// All pointers move on, and a number goes down to 0.
    Down,
    /// The pointers stay, and an index in bytes is added to them that begins here.
    Bytes(u32),
    /// The same with an index in elements.
    Elements(u32),
}

#[derive(Clone, Debug)]
struct Function {
    ty: Type,
    counting: Counting,
    iterations: i32,
    /// Where the pointers point to in the first iteration, in the region.
    starts: [i32; POINTERS],
    /// What they gain in each iteration.
    steps: [i32; POINTERS],
    /// Whether the compiler can tell where they point to.
    is_known: bool,
    /// The pointer that is stored to, how far from it, and what.
    stores: Vec<(usize, i32, Expression)>,
    /// Behind how many of the stores the last iteration ends, if that is not behind all that an iteration does.
    exit: Option<usize>,
    /// What the region holds at first.
    region: Vec<u8>,
}

/// What a loop works on.
struct State {
    memory: Vec<u8>,
    pointers: [i32; POINTERS],
    invariant: u128,
    previous: u128,
    counter: u32,
}

impl Function {
    fn new(random: &mut Random) -> Self {
        let ty = Type::ALL[random.below(Type::ALL.len())];
        let size = ty.size();
        let copies = [1, 1, 2, 4][random.below(4)];
        let step = copies * size;
        let index = [0, 8 * step, i32::MIN, -step][random.below(4)] as u32;
        let counting = match random.below(4) {
            0 => Counting::Pointers,
            1 => Counting::Down,
            2 => Counting::Bytes(index),
            _ => Counting::Elements(index / size as u32),
        };
        let moves = matches!(counting, Counting::Pointers | Counting::Down);
        let starts = [0; POINTERS].map(|_| match random.below(3) {
            0 => 200 + 200 * random.below(3) as i32,
            1 => 400 + size * (random.below(9) as i32 - 4),
            // Two arrays that share a part of an element would show which NaN it is.
            _ if ty.is_float() => 400 + size * random.below(6) as i32,
            _ => 400 + random.below(48) as i32,
        });
        let mut steps = [0; POINTERS].map(|_| match random.below(8) {
            0 => 0,
            1 if moves => size * random.below(4) as i32,
            _ => step,
        });
        steps[0] = step;
        let mut stores = Vec::new();
        for store in 0..1 + random.below(2) {
            let pointer = store * random.below(POINTERS);
            let expression = Expression::new(random, ty, 3);
            for copy in 0..copies {
                let other = random.below(12) == 0;
                let moved = if other {
                    Expression::new(random, ty, 1)
                } else {
                    expression.moved(copy * size)
                };
                stores.push((pointer, copy * size, moved));
            }
        }
        let elements = (0..REGION as i32 / size).flat_map(|_| {
            let small = random.below(2000) as f64 / 256.0 - 4.0;
            let mut number = || random.below(1 << 31) as u128;
            let bits = match ty {
                Type::I32 => number() << 1,
                Type::I64 => number() << 32 | number(),
                Type::I32x4 => number() << 96 | number() << 64 | number() << 32 | number(),
                _ => ty.float(small),
            };
            bits.to_le_bytes()[..size as usize].to_vec()
        });
        let region = elements.collect();
        let way = if ty == Type::I32x4 { 720 } else { 360 };
        let most = way / steps.iter().max().expect("there are pointers").max(&size);
        let exit = (random.below(4) == 0).then(|| 1 + random.below(stores.len()));
        Self {
            exit,
            ty,
            counting,
            iterations: 1 + random.below(most as usize) as i32,
            starts,
            steps,
            is_known: random.below(3) == 0,
            stores,
            region,
        }
    }

    /// It with another operation in one place.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        let mut stores = broken.stores.iter_mut();
        stores.any(|(.., expression)| expression.break_one());
        broken
    }

    /// The value of the counter in an iteration, and what it gains.
    fn counter(&self) -> (u32, i32) {
        match self.counting {
            Counting::Pointers | Counting::Down => (self.iterations as u32, -1),
            Counting::Bytes(start) => (start, self.steps[0]),
            Counting::Elements(start) => (start, self.steps[0] / self.ty.size()),
        }
    }

    /// What the region holds in the end, that of the loop with this number.
    fn result(&self, number: usize) -> Vec<u8> {
        let (counter, gain) = self.counter();
        let mut state = State {
            memory: self.region.clone(),
            pointers: self.starts,
            invariant: self.ty.read(&self.region, 0),
            previous: self.ty.read(&self.region, 8),
            counter,
        };
        let size = self.ty.size() as usize;
        for iteration in 1..=self.iterations {
            let mut first = None;
            let exit = self.exit.filter(|_| iteration == self.iterations);
            let stores = exit.unwrap_or(self.stores.len());
            for (pointer, offset, expression) in &self.stores[..stores] {
                let value = expression.value(self, &state);
                let at = (state.pointers[*pointer] + offset) as usize;
                state.memory[at..][..size].copy_from_slice(&value.to_le_bytes()[..size]);
                first.get_or_insert(value);
            }
            if exit.is_some() {
                break;
            }
            state.previous = first.expect("a loop stores");
            state.counter = state.counter.wrapping_add_signed(gain);
            for (pointer, step) in state.pointers.iter_mut().zip(self.steps) {
                *pointer += step;
            }
        }
        let moves = (self.iterations - i32::from(self.exit.is_some())) * self.steps[0];
        let way = if self.is_indexed() { 0 } else { moves };
        let pointer = self.pointer(number, 0).wrapping_add_signed(way);
        let left = [state.counter.into(), pointer.into(), state.previous];
        for ((at, value), size) in LEFT.into_iter().zip(left).zip([4, 4, size]) {
            state.memory[at..][..size].copy_from_slice(&value.to_le_bytes()[..size]);
        }
        state.memory
    }

    /// Whether an index is added to the pointers.
    fn is_indexed(&self) -> bool {
        matches!(self.counting, Counting::Bytes(_) | Counting::Elements(_))
    }

    /// What a pointer is at the start, in the loop with this number.
    fn pointer(&self, number: usize, pointer: usize) -> u32 {
        let start = (REGIONS + number * REGION) as u32 + self.starts[pointer] as u32;
        let (index, _) = self.counter();
        match self.counting {
            _ if self.steps[pointer] == 0 => start,
            Counting::Pointers | Counting::Down => start,
            Counting::Bytes(_) => start.wrapping_sub(index),
            Counting::Elements(_) => start.wrapping_sub(index.wrapping_mul(self.ty.size() as u32)),
        }
    }

    /// Whether two regions are the same but for which NaN an element is.
    fn is_same(&self, one: &[u8], other: &[u8]) -> bool {
        let is_nan = |bytes: &[u8]| match self.ty {
            Type::F32 => f32::from_bits(self.ty.read(bytes, 0) as u32).is_nan(),
            Type::F64 => f64::from_bits(self.ty.read(bytes, 0) as u64).is_nan(),
            _ => false,
        };
        let size = self.ty.size() as usize;
        let one = one.chunks(size);
        one.zip(other.chunks(size))
            .all(|(one, other)| one == other || is_nan(one) && is_nan(other))
    }

    /// An address as an instruction, and the static offset, which takes what is not negative in half of the places.
    fn address(&self, pointer: usize, offset: i32) -> (String, String) {
        let base = format!("(local.get $p{pointer})");
        let index = match self.counting {
            _ if self.steps[pointer] == 0 => None,
            Counting::Pointers | Counting::Down => None,
            Counting::Bytes(_) => Some("(local.get $counter)".to_owned()),
            Counting::Elements(_) => {
                let shift = self.ty.size().trailing_zeros();
                Some(format!(
                    "(i32.shl (local.get $counter) (i32.const {shift}))"
                ))
            }
        };
        let address = match index {
            Some(index) => format!("(i32.add {base} {index})"),
            None => base,
        };
        match offset {
            0 => (address, String::new()),
            1.. if pointer != 1 => (address, format!("offset={offset} ")),
            _ => (
                format!("(i32.add {address} (i32.const {offset}))"),
                String::new(),
            ),
        }
    }

    /// The branch out of the midst of the last iteration.
    fn exit_text(&self, gain: i32) -> String {
        let (value, gain) = match self.counting {
            Counting::Pointers => ("$p0", self.steps[0]),
            _ => ("$counter", gain),
        };
        let next = format!("(i32.add (local.get {value}) (i32.const {gain}))");
        match self.counting {
            Counting::Down => format!("(br_if 1 (i32.eqz {next}))"),
            _ => format!("(br_if 1 (i32.eq {next} (local.get $end)))"),
        }
    }

    /// The function as text.
    fn text(&self, number: usize) -> String {
        let name = self.ty.name();
        let region = REGIONS + number * REGION;
        let mut text = format!(
            "(func $f{number} (local $counter i32) (local $end i32)
 (local $invariant {name}) (local $previous {name}) (local $first {name})
 (local $p0 i32) (local $p1 i32) (local $p2 i32)
 (local.set $invariant ({name}.load (i32.const {region})))
 (local.set $previous ({name}.load (i32.const {})))\n",
            region + 8
        );
        let (counter, gain) = self.counter();
        for pointer in 0..POINTERS {
            let value = self.pointer(number, pointer) as i32;
            let value = format!("(i32.const {value})");
            // The compiler does not know what lies in the memory.
            let value = if self.is_known {
                value
            } else {
                writeln!(text, " (i32.store (i32.const 0) {value})\n (call $forget)").unwrap();
                "(i32.load (i32.const 0))".to_owned()
            };
            writeln!(text, " (local.set $p{pointer} {value})").unwrap();
        }
        let end = counter.wrapping_add_signed(gain * self.iterations);
        writeln!(text, " (local.set $counter (i32.const {}))", counter as i32).unwrap();
        let end = match self.counting {
            Counting::Pointers => {
                let way = self.steps[0] * self.iterations;
                format!("(i32.add (local.get $p0) (i32.const {way}))")
            }
            _ => format!("(i32.const {})", end as i32),
        };
        writeln!(text, " (local.set $end {end})\n (block (loop").unwrap();
        for (place, (pointer, offset, expression)) in self.stores.iter().enumerate() {
            if self.exit == Some(place) {
                writeln!(text, "  {}", self.exit_text(gain)).unwrap();
            }
            let (address, offset) = self.address(*pointer, *offset);
            let mut value = expression.text(self);
            if place == 0 {
                value = format!("(local.tee $first {value})");
            }
            writeln!(text, "  ({name}.store {offset}{address} {value})").unwrap();
        }
        if self.exit == Some(self.stores.len()) {
            writeln!(text, "  {}", self.exit_text(gain)).unwrap();
        }
        writeln!(text, "  (local.set $previous (local.get $first))").unwrap();
        if let Counting::Pointers | Counting::Down = self.counting {
            for (pointer, step) in self.steps.iter().enumerate() {
                writeln!(
                    text,
                    "  (local.set $p{pointer} (i32.add (local.get $p{pointer}) (i32.const {step})))"
                )
                .unwrap();
            }
        }
        let next =
            format!("(local.tee $counter (i32.add (local.get $counter) (i32.const {gain})))");
        let goes_on = match self.counting {
            _ if self.exit.is_some() => format!("(drop {next}) (br 0)"),
            Counting::Pointers => {
                format!("(drop {next}) (br_if 0 (i32.ne (local.get $p0) (local.get $end)))")
            }
            Counting::Down => format!("(br_if 0 {next})"),
            _ => format!("(br_if 0 (i32.ne {next} (local.get $end)))"),
        };
        let [counter, pointer, previous] = LEFT.map(|place| region + place);
        write!(
            text,
            "  {goes_on}))
 (i32.store (i32.const {counter}) (local.get $counter))
 (i32.store (i32.const {pointer}) (local.get $p0))
 ({name}.store (i32.const {previous}) (local.get $previous)))"
        )
        .unwrap();
        text
    }
}

fn module(functions: &[Function]) -> String {
    let size = REGIONS + functions.len() * REGION;
    let mut text = format!(
        "(module
(import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))
(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))
(memory (export \"memory\") {})
(func $forget (drop (call $yield)))\n",
        size.div_ceil(65536)
    );
    for (number, function) in functions.iter().enumerate() {
        let data = function.region.iter();
        let data: String = data.map(|byte| format!("\\{byte:02x}")).collect();
        let region = REGIONS + number * REGION;
        writeln!(text, "(data (i32.const {region}) \"{data}\")").unwrap();
        text += &function.text(number);
        text += "\n";
    }
    text += "(func (export \"_start\")\n";
    for number in 0..functions.len() {
        writeln!(text, " (call $f{number})").unwrap();
    }
    let length = functions.len() * REGION;
    write!(
        text,
        " (i32.store (i32.const 16) (i32.const {REGIONS}))
 (i32.store (i32.const 20) (i32.const {length}))
 (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32)))))"
    )
    .unwrap();
    text
}
