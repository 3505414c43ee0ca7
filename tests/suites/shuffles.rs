//! Thousands of functions that move bytes of vectors about: shuffles of every kind, lanes that are extracted and
//! inserted, extensions and narrowings, of which all or a few bytes are looked at. Each is generated, the same one each
//! time; what it must give is worked out here, from the definitions of the instructions.
//!
//! The code of a shuffle depends on who uses it, so that it can be wrong in one function and right in another one.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::Arguments;
use std::ffi::OsString;
use std::fmt::Write;

/// How many functions a module has.
const FUNCTIONS: usize = 400;

/// How many modules there are.
const MODULES: u64 = 5;

/// The vectors that functions begin with.
const INPUTS: usize = 4;

/// How many instructions a function has besides.
const LENGTH: usize = 8;

/// How often a function runs; its first input is then the result of the time before.
const ROUNDS: usize = 2;

/// Where the results lie in the memory.
const RESULTS: usize = 1024;

/// Levels of optimisation, and what is left out of them.
///
/// Functions are there once: what second versions are made of is that of a CPU below.
const LEVELS: [&[&str]; 4] = [
    &["-O2", "-Zno-versions"],
    &["-O2", "-Zno-shuffle", "-Zno-versions"],
    &["-Os"],
    &["-O0"],
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        for (cpu, machine) in cpus(target) {
            for options in LEVELS {
                let setting = Setting {
                    target,
                    cpu,
                    machine: *machine,
                    options,
                };
                let place = format!("{cpu}{}::{}", options.concat(), machine::short_name(target));
                let all = move || check(setting);
                let planted = move || check_planted(setting);
                trials.extend(suite::with_planted(place, all, planted));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The CPUs that code is made for, each with one that has it.
fn cpus(target: Target) -> &'static [(&'static str, Option<&'static str>)] {
    match target {
        Target::X86_64 => &[
            ("generic", None),
            ("generic,+ssse3", None),
            ("x86-64-v2", None),
            ("x86-64-v3", None),
        ],
        Target::Aarch64 => &[("generic", None)],
        Target::Riscv64 => &[("rv64gcv", Some("rv64gcv"))],
    }
}

/// How a module is compiled and run.
#[derive(Clone, Copy)]
struct Setting {
    target: Target,
    cpu: &'static str,
    /// What the emulator plays, if not its default.
    machine: Option<&'static str>,
    options: &'static [&'static str],
}

/// All functions give what they must.
fn check(setting: Setting) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let results = run(setting, &functions)?;
        for (index, (function, result)) in functions.iter().zip(results).enumerate() {
            let expected = function.result();
            ensure!(
                result == expected,
                "seed {seed}, function {index}: {result:?} instead of {expected:?}:\n{}",
                function.text(index)
            );
        }
    }
    Ok(())
}

/// A shuffle that takes another byte, as a miscompiled one would, is noticed wherever it matters.
fn check_planted(setting: Setting) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(setting, &broken)?;
    let noticed = suite::noticed(&functions, &broken, results, Function::result)?;
    ensure!(noticed > FUNCTIONS / 10, "{noticed} shuffles matter");
    Ok(())
}

/// The functions of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    (0..FUNCTIONS).map(|_| Function::new(&mut random)).collect()
}

/// What the functions leave in the memory.
fn run(setting: Setting, functions: &[Function]) -> Result<Vec<Vector>> {
    let cpu = ["--cpu", setting.cpu];
    let options: Vec<OsString> = cpu.iter().chain(setting.options).map(Into::into).collect();
    let text = module(functions);
    let stdout = elfin::stdout_of(&text, setting.target, setting.machine, &options)?;
    let written = stdout.len();
    ensure!(written == functions.len() * 16, "{written} bytes");
    let results = stdout.chunks(16);
    Ok(results
        .map(|result| result.try_into().expect("a chunk has 16 bytes"))
        .collect())
}

type Vector = [u8; 16];

/// An instruction, with the vectors that it works on: those before it, by number.
#[derive(Clone, Copy, Debug)]
enum Instruction {
    Shuffle(usize, usize, [u8; 16]),
    /// A lane of one vector into another one.
    Insert {
        width: usize,
        into: usize,
        at: usize,
        from: usize,
        lane: usize,
        is_float: bool,
    },
    /// A number from the memory into a lane.
    Load {
        width: usize,
        into: usize,
        at: usize,
        address: usize,
    },
    Splat {
        width: usize,
        from: usize,
        lane: usize,
        is_float: bool,
    },
    /// A number from the memory in every lane.
    LoadSplat {
        width: usize,
        address: usize,
    },
    Extend {
        width: usize,
        from: usize,
        is_high: bool,
        is_signed: bool,
    },
    /// Lanes of 16 bits to unsigned ones of 8.
    Narrow(usize, usize),
    Shift {
        width: usize,
        from: usize,
        bits: usize,
        is_left: bool,
    },
    Add {
        width: usize,
        left: usize,
        right: usize,
    },
    And(usize, Vector),
    /// With 16 indices; those above 15 give zero.
    Swizzle(usize, Vector),
}

/// What becomes of the last vector.
#[derive(Clone, Copy, Debug)]
enum End {
    Store,
    StoreLane { width: usize, lane: usize },
    ExtractByte(usize),
}

#[derive(Clone)]
struct Function {
    instructions: Vec<Instruction>,
    end: End,
}

const WIDTHS: [usize; 4] = [1, 2, 4, 8];

fn pick<T: Copy>(random: &mut Random, values: &[T]) -> T {
    values[random.below(values.len())]
}

impl Function {
    fn new(random: &mut Random) -> Self {
        let length = 1 + random.below(LENGTH);
        let instructions = (0..length)
            .map(|index| instruction(random, INPUTS + index))
            .collect();
        let width = pick(random, &WIDTHS);
        let end = match random.below(4) {
            0 => End::ExtractByte(random.below(16)),
            1 => End::StoreLane {
                width,
                lane: random.below(16 / width),
            },
            _ => End::Store,
        };
        Self { instructions, end }
    }

    /// It with another byte in the first shuffle.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        let mut masks = broken.instructions.iter_mut();
        let first = masks.find_map(|instruction| match instruction {
            Instruction::Shuffle(.., mask) => Some(mask),
            _ => None,
        });
        if let Some(mask) = first {
            mask[0] ^= 1;
        }
        broken
    }

    /// What lies in the memory in the end.
    fn result(&self) -> Vector {
        let mut first = input(0);
        for _ in 0..ROUNDS {
            let mut vectors = vec![first, input(1), input(2), input(3)];
            for instruction in &self.instructions {
                vectors.push(instruction.result(&vectors));
            }
            first = vectors[vectors.len() - 1];
        }
        let mut result = [0; 16];
        match self.end {
            End::Store => result = first,
            End::StoreLane { width, lane } => {
                result[..width].copy_from_slice(&first[lane * width..][..width]);
            }
            End::ExtractByte(lane) => result[0] = first[lane],
        }
        result
    }

    /// The function as text.
    fn text(&self, index: usize) -> String {
        let last = INPUTS + self.instructions.len() - 1;
        let mut text = format!("(func $f{index} (local $round i32)");
        for vector in 0..=last {
            write!(text, " (local $v{vector} v128)").unwrap();
        }
        for vector in 0..INPUTS {
            write!(
                text,
                "\n (local.set $v{vector} (v128.load (i32.const {})))",
                vector * 16
            )
            .unwrap();
        }
        text += "\n (loop";
        for (index, instruction) in self.instructions.iter().enumerate() {
            write!(
                text,
                "\n  (local.set $v{} {})",
                INPUTS + index,
                instruction.text()
            )
            .unwrap();
        }
        write!(
            text,
            "\n  (local.set $v0 (local.get $v{last}))
  (br_if 0 (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const {ROUNDS}))))"
        )
        .unwrap();
        let address = RESULTS + index * 16;
        let value = format!("(local.get $v{last})");
        let end = match self.end {
            End::Store => format!("(v128.store (i32.const {address}) {value})"),
            End::StoreLane { width, lane } => {
                format!(
                    "(v128.store{}_lane {lane} (i32.const {address}) {value})",
                    width * 8
                )
            }
            End::ExtractByte(lane) => {
                format!("(i32.store8 (i32.const {address}) (i8x16.extract_lane_u {lane} {value}))")
            }
        };
        text + "\n " + &end + ")"
    }
}

/// One of the vectors at the start of the memory.
fn input(index: usize) -> Vector {
    std::array::from_fn(|byte| (1 + index * 16 + byte) as u8 | if byte % 3 == 0 { 0x80 } else { 0 })
}

/// An instruction on some of the first `vectors`.
fn instruction(random: &mut Random, vectors: usize) -> Instruction {
    // Often the newest one, so that the instructions hang together.
    let any = |random: &mut Random| match random.below(2) {
        0 => vectors - 1,
        _ => random.below(vectors),
    };
    let [first, second] = [any(random), any(random)];
    let width = pick(random, &WIDTHS);
    let lanes = 16 / width;
    let [at, lane] = [random.below(lanes), random.below(lanes)];
    let is_float = width >= 4 && random.below(4) == 0;
    match random.below(19) {
        0..=5 => Instruction::Shuffle(first, second, mask(random)),
        6..=8 => Instruction::Insert {
            width,
            into: first,
            at,
            from: second,
            lane,
            is_float,
        },
        9 => Instruction::Load {
            width,
            into: first,
            at,
            address: random.below(16 * INPUTS - 8),
        },
        10 => Instruction::Splat {
            width,
            from: first,
            lane,
            is_float,
        },
        18 => Instruction::LoadSplat {
            width,
            address: random.below(16 * INPUTS - 8),
        },
        11 | 12 => Instruction::Extend {
            width: pick(random, &WIDTHS[..3]),
            from: first,
            is_high: random.below(2) == 0,
            is_signed: random.below(3) == 0,
        },
        13 => Instruction::Narrow(first, second),
        14 => Instruction::Shift {
            width,
            from: first,
            bits: random.below(width * 8),
            is_left: random.below(2) == 0,
        },
        15 => Instruction::Add {
            width,
            left: first,
            right: second,
        },
        16 => {
            let mask = std::array::from_fn(|_| pick(random, &[0, 0xff, 0xff, 0x0f]));
            Instruction::And(first, mask)
        }
        _ => {
            let indices = std::array::from_fn(|_| {
                let lane = random.below(16) as u8;
                pick(random, &[0, 16, 0xff, lane])
            });
            Instruction::Swizzle(first, indices)
        }
    }
}

/// Lanes as compilers ask for them, with zeros where nobody looks, or any.
fn mask(random: &mut Random) -> [u8; 16] {
    let width = pick(random, &WIDTHS);
    let stride = 1 + random.below(8);
    let start = random.below(32);
    let in_turns = 1 + random.below(2);
    let length = pick(random, &[4, 8, 16, 16]);
    let is_irregular = random.below(6) == 0;
    std::array::from_fn(|position| {
        if is_irregular {
            return random.below(32) as u8;
        }
        let (index, within) = (position / width, position % width);
        let lane = start + index / in_turns * stride * width + within + index % in_turns * 16;
        if position < length {
            lane as u8 % 32
        } else {
            0
        }
    })
}

/// The lanes of a vector, of `width` bytes each.
fn lanes(vector: Vector, width: usize) -> Vec<u64> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    vector.chunks(width).map(number).collect()
}

/// A vector of lanes of `width` bytes; what a lane has no room for is cut off.
fn vector(lanes: impl IntoIterator<Item = u64>, width: usize) -> Vector {
    let mut bytes = lanes
        .into_iter()
        .flat_map(|lane| lane.to_le_bytes().into_iter().take(width));
    std::array::from_fn(|_| bytes.next().expect("a vector has 16 bytes"))
}

impl Instruction {
    /// What it gives.
    fn result(self, vectors: &[Vector]) -> Vector {
        match self {
            Self::Shuffle(first, second, mask) => {
                let both = [vectors[first], vectors[second]].concat();
                mask.map(|lane| both[usize::from(lane)])
            }
            Self::Insert {
                width,
                into,
                at,
                from,
                lane,
                ..
            } => {
                let mut result = lanes(vectors[into], width);
                result[at] = lanes(vectors[from], width)[lane];
                vector(result, width)
            }
            Self::Load {
                width,
                into,
                at,
                address,
            } => {
                let memory: Vec<u8> = (0..INPUTS).flat_map(input).collect();
                let mut result = vectors[into];
                result[at * width..][..width].copy_from_slice(&memory[address..][..width]);
                result
            }
            Self::Splat {
                width, from, lane, ..
            } => vector(vec![lanes(vectors[from], width)[lane]; 16 / width], width),
            Self::LoadSplat { width, address } => {
                let memory: Vec<u8> = (0..INPUTS).flat_map(input).collect();
                std::array::from_fn(|byte| memory[address + byte % width])
            }
            Self::Extend {
                width,
                from,
                is_high,
                is_signed,
            } => {
                let half = if is_high { 8 / width } else { 0 };
                let unused = 64 - width * 8;
                let extend = |lane: &u64| {
                    let high = lane << unused;
                    if is_signed {
                        (high as i64 >> unused) as u64
                    } else {
                        high >> unused
                    }
                };
                vector(
                    lanes(vectors[from], width)[half..].iter().map(extend),
                    width * 2,
                )
            }
            Self::Narrow(first, second) => {
                let both = [first, second]
                    .map(|operand| lanes(vectors[operand], 2))
                    .concat();
                vector(
                    both.iter().map(|lane| (*lane as i16).clamp(0, 255) as u64),
                    1,
                )
            }
            Self::Shift {
                width,
                from,
                bits,
                is_left,
            } => {
                let shift = |lane: u64| if is_left { lane << bits } else { lane >> bits };
                vector(lanes(vectors[from], width).into_iter().map(shift), width)
            }
            Self::Add { width, left, right } => {
                let pairs = lanes(vectors[left], width)
                    .into_iter()
                    .zip(lanes(vectors[right], width));
                vector(pairs.map(|(left, right)| left.wrapping_add(right)), width)
            }
            Self::And(operand, mask) => {
                std::array::from_fn(|byte| vectors[operand][byte] & mask[byte])
            }
            Self::Swizzle(operand, indices) => indices.map(|index| {
                vectors[operand]
                    .get(usize::from(index))
                    .copied()
                    .unwrap_or(0)
            }),
        }
    }

    /// It as text.
    fn text(self) -> String {
        let get = |operand: usize| format!("(local.get $v{operand})");
        match self {
            Self::Shuffle(first, second, mask) => {
                format!(
                    "(i8x16.shuffle {} {} {})",
                    numbers(mask),
                    get(first),
                    get(second)
                )
            }
            Self::Insert {
                width,
                into,
                at,
                from,
                lane,
                is_float,
            } => {
                let shape = lane_shape(width, is_float);
                let signed = if width < 4 { "_u" } else { "" };
                let lane = format!("({shape}.extract_lane{signed} {lane} {})", get(from));
                format!("({shape}.replace_lane {at} {} {lane})", get(into))
            }
            Self::Load {
                width,
                into,
                at,
                address,
            } => {
                let bits = width * 8;
                format!(
                    "(v128.load{bits}_lane {at} (i32.const {address}) {})",
                    get(into)
                )
            }
            Self::Splat {
                width,
                from,
                lane,
                is_float,
            } => {
                let shape = lane_shape(width, is_float);
                let signed = if width < 4 { "_s" } else { "" };
                format!(
                    "({shape}.splat ({shape}.extract_lane{signed} {lane} {}))",
                    get(from)
                )
            }
            Self::LoadSplat { width, address } => {
                format!("(v128.load{}_splat (i32.const {address}))", width * 8)
            }
            Self::Extend {
                width,
                from,
                is_high,
                is_signed,
            } => {
                let half = if is_high { "high" } else { "low" };
                let signed = if is_signed { "s" } else { "u" };
                format!(
                    "({}.extend_{half}_{}_{signed} {})",
                    shape(width * 2),
                    shape(width),
                    get(from)
                )
            }
            Self::Narrow(first, second) => {
                format!("(i8x16.narrow_i16x8_u {} {})", get(first), get(second))
            }
            Self::Shift {
                width,
                from,
                bits,
                is_left,
            } => {
                let direction = if is_left { "shl" } else { "shr_u" };
                format!(
                    "({}.{direction} {} (i32.const {bits}))",
                    shape(width),
                    get(from)
                )
            }
            Self::Add { width, left, right } => {
                format!("({}.add {} {})", shape(width), get(left), get(right))
            }
            Self::And(operand, mask) => {
                format!(
                    "(v128.and {} (v128.const i8x16 {}))",
                    get(operand),
                    numbers(mask)
                )
            }
            Self::Swizzle(operand, indices) => {
                format!(
                    "(i8x16.swizzle {} (v128.const i8x16 {}))",
                    get(operand),
                    numbers(indices)
                )
            }
        }
    }
}

/// The name of vectors with lanes of so many bytes.
fn shape(width: usize) -> String {
    format!("i{}x{}", width * 8, 16 / width)
}

/// The same, of integers or of floats.
fn lane_shape(width: usize, is_float: bool) -> String {
    let shape = shape(width);
    if is_float {
        shape.replacen('i', "f", 1)
    } else {
        shape
    }
}

fn numbers(bytes: [u8; 16]) -> String {
    bytes.map(|byte| byte.to_string()).join(" ")
}

/// A program that calls all functions and writes their results.
fn module(functions: &[Function]) -> String {
    let mut definitions = generated::data(0, (0..INPUTS).flat_map(input));
    for (index, function) in functions.iter().enumerate() {
        definitions += &function.text(index);
        definitions += "\n";
    }
    let results = RESULTS..RESULTS + functions.len() * 16;
    generated::module(&definitions, functions.len(), results)
}
