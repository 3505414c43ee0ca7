//! Hundreds of functions that copy, move or fill bytes, as C libraries have them: by bytes and by words, with addresses or
//! an index, up and down, with alignment first and without, with various ends. Each is generated, the same one each time;
//! what it leaves is worked out here. Those with a small change are recognised where they still do the same, if at all.

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
const FUNCTIONS: usize = 40;

/// How many modules there are.
const MODULES: u64 = 4;

/// How many modules have changed functions: of each function that is not changed, so many.
const CHANGES: u64 = 12;

/// Where the functions' bytes lie, a region for each.
const REGIONS: usize = 65536;
const REGION: usize = 1024;

/// How often a function is called.
const CALLS: usize = 40;

/// Where a region has the sum of what the calls have given back, and behind that what they are given.
const SUM: usize = 0;
const BYTES: usize = 16;

/// What a byte is filled with, without its end.
const FILLER: &str = "(i32.and (local.get $from) (i32.const -1)";

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 3] = [&["-O2"], &["-O2", "-Zno-bulk"], &["-Os"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        let name = |check: &str| format!("{check}::{}", machine::short_name(target));
        let end = move || check_end(target).map_err(suite::failed);
        trials.push(Trial::test(name("end"), end));
        let overlaps = move || check_overlaps(target).map_err(suite::failed);
        trials.push(Trial::test(name("overlaps"), overlaps));
    }
    // What is recognised is the same for all targets.
    let recognised = || check_recognised().map_err(suite::failed);
    trials.push(Trial::test("recognised", recognised));
    let changed = || check_changed().map_err(suite::failed);
    trials.push(Trial::test("changed", changed));
    libtest_mimic::run(&arguments, trials).exit();
}

/// All functions leave what they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let results = run(target, options, &functions)?;
        for (function, result) in functions.iter().zip(results) {
            ensure!(
                result == function.result(),
                "seed {seed}, function {}:\n{}",
                function.number,
                function.text
            );
        }
    }
    Ok(())
}

/// A function that stores other bytes is noticed.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let functions = functions(0);
    let broken: Vec<Function> = functions.iter().map(Function::broken).collect();
    let results = run(target, options, &broken)?;
    let noticed = results
        .iter()
        .zip(&functions)
        .filter(|(result, function)| **result != function.result())
        .count();
    // A few have no calls that reach their last bytes.
    ensure!(noticed > FUNCTIONS * 9 / 10, "{noticed} are noticed");
    Ok(())
}

/// Where ranges overlap, a function that copies words one after the other leaves what it would without the pass.
fn check_overlaps(target: Target) -> Result<()> {
    let mut random = Random::new(MODULES);
    let mut functions = functions(MODULES);
    for function in &mut functions {
        function.overlap(&mut random);
    }
    let with = run(target, &["-O2"], &functions)?;
    let without = run(target, &["-O2", "-Zno-bulk"], &functions)?;
    for ((function, with), without) in functions.iter().zip(with).zip(without) {
        ensure!(with == without, "{}", function.text);
        let is_known = function.kind != Kind::Copy;
        ensure!(!is_known || with == function.result(), "{}", function.text);
    }
    Ok(())
}

/// Ranges may end where the memory does, and trap behind that, as they do without the pass; and where a count is
/// negative.
fn check_end(target: Target) -> Result<()> {
    let room = (65536 - 8) as u32;
    for function in functions(0).into_iter().take(8) {
        let calls = [
            ([room, 100, 8], true),
            ([100, room, 8], true),
            ([room, 100, 9], false),
            ([100, room, 9], function.kind == Kind::Fill),
            ([u32::MAX, 100, 1], false),
            ([100, 0x8000_0000, 0xffff_ff00], false),
        ];
        for options in [&["-O2"][..], &["-O2", "-Zno-bulk"]] {
            for (call, is_inside) in calls {
                let ending = ending(target, options, &function, call)?;
                let expected = if is_inside {
                    0
                } else {
                    elfin::TRAP_EXIT_STATUS
                };
                ensure!(
                    ending == Some(expected.into()),
                    "{call:?} with {options:?} ends with {ending:?}: {}",
                    function.text
                );
            }
        }
    }
    Ok(())
}

/// The exit status of a program that calls a function once.
fn ending(
    target: Target,
    options: &[&str],
    function: &Function,
    call: [u32; 3],
) -> Result<Option<i32>> {
    let [to, second, count] = call;
    let module = format!(
        "(module (memory (export \"memory\") 1) {}
            (func (export \"_start\")
                (drop (call $bulk (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8)))))
            {})",
        generated::data(0, [to, second, count].iter().flat_map(|number| number.to_le_bytes())),
        function.definition("$bulk"),
    );
    let scratch = Scratch::new("bulk")?;
    let [input, output] = ["end.wat", "end"].map(|name| scratch.path().join(name));
    std::fs::write(&input, module)?;
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    elfin::compile(&input, &output, target, &options)?;
    let command = machine::command_on(target, None, &output)?;
    let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
    Ok(outcome.code())
}

/// All that is not changed is recognised, or the others say nothing.
fn check_recognised() -> Result<()> {
    for seed in 0..MODULES {
        let functions = functions(seed);
        let recognised = recognised(&functions)?;
        let other = functions.iter().find(|f| !recognised.contains(&f.number));
        if let Some(other) = other {
            anyhow::bail!("seed {seed} has one that is not:\n{}", other.text);
        }
    }
    Ok(())
}

/// Functions with a small change do the same with the pass and without, and few of them are recognised.
fn check_changed() -> Result<()> {
    let mut count = 0;
    for seed in 0..CHANGES {
        let mut random = Random::new(seed);
        let mut functions = functions(seed % MODULES);
        for function in &mut functions {
            function.change(&mut random);
        }
        let recognised = recognised(&functions)?;
        functions.retain(|function| recognised.contains(&function.number));
        count += functions.len();
        // The others may trap, or never end.
        for (number, function) in functions.iter_mut().enumerate() {
            function.number = number;
        }
        let results = run(Target::X86_64, &["-O2", "-Zno-bulk"], &functions)?;
        for (function, result) in functions.iter().zip(results) {
            ensure!(
                result == function.result(),
                "seed {seed} has one that is recognised:\n{}",
                function.text
            );
        }
    }
    println!(
        "{count} of {} changed functions do the same",
        FUNCTIONS as u64 * CHANGES
    );
    // A change of a number by which only speed is decided.
    ensure!(count > 0, "none does");
    Ok(())
}

/// The numbers of the functions of which the pass knows what they do.
fn recognised(functions: &[Function]) -> Result<Vec<usize>> {
    let text = module(functions);
    let code = |options: &[&str]| elfin::emitted(&text, "clif", Target::X86_64, options);
    let (with, without) = (code(&[])?, code(&["-Zno-bulk"])?);
    let find = |text: &str, number: usize| {
        let start = text.find(&format!("\n; bulk{number}\n"))?;
        let text = &text[start..];
        Some(text[..text.find("\n}")?].to_owned())
    };
    let mut numbers = Vec::new();
    for function in functions {
        let number = function.number;
        // One that is inlined has no code.
        if find(&with, number) != find(&without, number) {
            numbers.push(number);
        }
    }
    Ok(numbers)
}

/// The functions of a module.
fn functions(seed: u64) -> Vec<Function> {
    let mut random = Random::new(seed);
    let numbers = 0..FUNCTIONS;
    numbers
        .map(|number| Function::new(number, &mut random))
        .collect()
}

/// What the functions leave.
fn run(target: Target, options: &[&str], functions: &[Function]) -> Result<Vec<Vec<u8>>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(functions), target, None, &options)?;
    ensure!(stdout.len() == functions.len() * REGION);
    Ok(stdout.chunks(REGION).map(<[u8]>::to_vec).collect())
}

fn module(functions: &[Function]) -> String {
    let mut definitions = String::new();
    for function in functions {
        definitions += &generated::data(function.place(), function.region());
        definitions += &function.definitions();
    }
    let results = REGIONS..REGIONS + functions.len() * REGION;
    generated::module(&definitions, functions.len(), results)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// The ranges have no byte in common.
    Copy,
    Move,
    Fill,
}

/// How a function goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Addresses move up, the count goes down.
    Addresses,
    /// An index goes up.
    Index,
    /// The count is the index, and goes down.
    Downwards,
}

#[derive(Clone, Debug)]
struct Function {
    /// Its place among those of its module.
    number: usize,
    kind: Kind,
    /// Its body.
    text: String,
    /// What it is called with: where it writes and reads in its region, or what it writes; and how many bytes.
    calls: Vec<[usize; 3]>,
}

impl Function {
    fn new(number: usize, random: &mut Random) -> Self {
        let kind = [Kind::Copy, Kind::Copy, Kind::Move, Kind::Fill][random.below(4)];
        let mut text = String::new();
        if kind == Kind::Fill {
            text += "(local.set $long (i64.mul (i64.extend_i32_u
                (i32.mul (i32.and (local.get $from) (i32.const 255)) (i32.const 16843009)))
                (i64.const 4294967297)))\n";
        }
        match kind {
            Kind::Move => {
                let conditions = [
                    "(i32.lt_u (local.get $to) (local.get $from))",
                    "(i32.ge_u (local.get $from) (local.get $to))",
                ];
                let condition = conditions[random.below(2)];
                let ways = [Way::Addresses, Way::Index];
                let up = body(kind, ways[random.below(2)], random);
                let down = body(kind, Way::Downwards, random);
                write!(text, "(if {condition} (then {up})\n(else {down}))")
                    .expect("a string takes everything");
            }
            _ => {
                let ways = [Way::Addresses, Way::Index, Way::Downwards, Way::Addresses];
                text += &body(kind, ways[random.below(4)], random);
            }
        }
        text += "(local.get $to)";
        let calls = (0..CALLS).map(|call| {
            let room = REGION - BYTES;
            let count = match call {
                0..8 => call,
                _ => {
                    let most = [96, 96, 96, room / 2][random.below(4)];
                    random.below(most)
                }
            };
            let mut starts = [random.below(room / 2 - count + 1), 0];
            starts[1] = room / 2 + random.below(room / 2 - count + 1);
            if random.below(2) == 0 {
                starts.reverse();
            }
            [starts[0], starts[1], count]
        });
        Self {
            number,
            kind,
            text,
            calls: calls.collect(),
        }
    }

    /// Has the ranges of its calls overlap.
    fn overlap(&mut self, random: &mut Random) {
        for [to, from, count] in &mut self.calls {
            let room = REGION - BYTES - *count;
            let reach = if random.below(2) == 0 { 9 } else { *count + 1 };
            *from = random.below(room + 1);
            let shift = random.below(reach);
            *to = if random.below(2) == 0 {
                (*from + shift).min(room)
            } else {
                from.saturating_sub(shift)
            };
        }
    }

    /// This one with another byte where a byte is stored.
    fn broken(&self) -> Self {
        let mut broken = self.clone();
        // What is stored ends where its mark is.
        for (start, end) in [("(i32.load8_u ", "(;loaded;)"), (FILLER, "(;filler;)")] {
            let changed = format!("(i32.xor (i32.const 1) {start}");
            broken.text = broken.text.replace(start, &changed).replace(end, ")");
        }
        broken
    }

    /// Changes one thing.
    fn change(&mut self, random: &mut Random) {
        let changes = [
            ("i32.add", "i32.sub"),
            ("i32.sub", "i32.add"),
            ("i32.lt_u", "i32.le_u"),
            ("i32.ge_u", "i32.gt_u"),
            ("i32.gt_u", "i32.ge_u"),
            ("i32.ne", "i32.lt_u"),
            ("i32.load8_u", "i32.load8_s"),
            ("i32.store8", "i32.store16"),
            ("i32.store16", "i32.store8"),
            ("i64.store", "i64.store32"),
            ("i64.load", "i64.load32_u"),
            ("offset=1 ", "offset=2 "),
            ("offset=4 ", "offset=3 "),
            ("offset=8 ", "offset=16 "),
            ("i32.const 1)", "i32.const 2)"),
            ("i32.const 2)", "i32.const 1)"),
            ("i32.const 3)", "i32.const 7)"),
            ("i32.const 3)", "i32.const 1)"),
            ("i32.const 4)", "i32.const 5)"),
            ("i32.const 8)", "i32.const 4)"),
            ("i32.const 8)", "i32.const 16)"),
            ("i32.const 16)", "i32.const 32)"),
            ("i32.const -", "i32.const -1"),
            ("local.get $to", "local.get $from"),
            ("local.get $at", "local.get $from"),
            ("local.get $from", "local.get $to"),
            ("local.get $count", "local.get $at"),
        ];
        loop {
            let (from, to) = changes[random.below(changes.len())];
            let places: Vec<usize> = self.text.match_indices(from).map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = places[random.below(places.len())];
                self.text.replace_range(at..at + from.len(), to);
                return;
            }
        }
    }

    fn place(&self) -> usize {
        REGIONS + self.number * REGION
    }

    /// What the memory has for this function.
    fn region(&self) -> Vec<u8> {
        let mut region = vec![0; REGION];
        for (index, byte) in region.iter_mut().enumerate().skip(BYTES) {
            *byte = (index * 7 + index / 251) as u8;
        }
        region
    }

    /// The function, and one that calls it.
    fn definitions(&self) -> String {
        let (number, sum) = (self.number, self.place() + SUM);
        let mut calls = String::new();
        for [to, second, count] in &self.calls {
            let start = self.place() + BYTES;
            let second = match self.kind {
                Kind::Fill => *second,
                _ => start + second,
            };
            writeln!(
                calls,
                " (i32.store (i32.const {sum}) (i32.add (i32.load (i32.const {sum}))
                    (call $bulk{number} (i32.const {}) (i32.const {second}) (i32.const {count}))))",
                start + to
            )
            .expect("a string takes everything");
        }
        let definition = self.definition(&format!("$bulk{number}"));
        format!("{definition} (func $f{number} {calls})\n")
    }

    /// The function, by this name.
    fn definition(&self, name: &str) -> String {
        format!(
            "(func {name} (param $to i32) (param $from i32) (param $count i32) (result i32)
                (local $at i32) (local $index i32) (local $end i32) (local $long i64) {})",
            self.text
        )
    }

    /// What the region is in the end.
    fn result(&self) -> Vec<u8> {
        let mut region = self.region();
        let mut sum = 0u32;
        for [to, second, count] in &self.calls {
            let start = BYTES + to;
            match self.kind {
                Kind::Fill => region[start..start + count].fill(*second as u8),
                _ => region.copy_within(BYTES + second..BYTES + second + count, start),
            }
            sum = sum.wrapping_add((self.place() + start) as u32);
        }
        region[SUM..SUM + 4].copy_from_slice(&sum.to_le_bytes());
        region
    }
}

/// What copies, moves or fills in one way.
fn body(kind: Kind, way: Way, random: &mut Random) -> String {
    // Bytes of a word, and words of an iteration.
    let word = [1, 2, 4, 8][random.below(4)];
    let words = [1, 2, 4][random.below(3)];
    let block = word * words;
    let mut order: Vec<usize> = (0..words).collect();
    match (kind, way) {
        (Kind::Move, Way::Downwards) => order.reverse(),
        (Kind::Move, _) => {}
        _ => {
            for place in 1..words {
                order.swap(place, random.below(place + 1));
            }
        }
    }
    let mut text = String::new();
    let out = &mut text;
    match way {
        Way::Addresses => {
            line(out, "(local.set $at (local.get $to))");
            if random.below(2) == 0 {
                let side = if random.below(2) == 0 || kind == Kind::Fill {
                    "at"
                } else {
                    "from"
                };
                line(out, "(block $aligned (loop $next");
                line(
                    out,
                    &format!(
                        "(br_if $aligned (i32.eqz (i32.and (local.get ${side}) (i32.const 3))))"
                    ),
                );
                line(out, "(br_if $aligned (i32.eqz (local.get $count)))");
                line(
                    out,
                    &store(kind, 1, 0, "(local.get $at)", "(local.get $from)"),
                );
                advance(out, kind, 1);
                line(out, "(br $next)))");
            }
            let at_least = |block: usize, way: usize| match way {
                0 => format!("(i32.ge_u (local.get $count) (i32.const {block}))"),
                1 => format!("(i32.gt_u (local.get $count) (i32.const {}))", block - 1),
                _ => format!("(i32.eqz (i32.lt_u (local.get $count) (i32.const {block})))"),
            };
            line(
                out,
                &format!("(if {} (then (loop $next", at_least(block, random.below(3))),
            );
            for index in &order {
                line(
                    out,
                    &store(
                        kind,
                        word,
                        index * word,
                        "(local.get $at)",
                        "(local.get $from)",
                    ),
                );
            }
            advance(out, kind, block);
            line(
                out,
                &format!("(br_if $next {}))))", at_least(block, random.below(3))),
            );
            if random.below(2) == 0 {
                let mut bit = 1 << (usize::BITS - 1 - block.leading_zeros());
                while bit > 1 {
                    bit /= 2;
                    let width = bit.min(8);
                    line(
                        out,
                        &format!("(if (i32.and (local.get $count) (i32.const {bit})) (then"),
                    );
                    for at in (0..bit).step_by(width) {
                        line(
                            out,
                            &store(kind, width, at, "(local.get $at)", "(local.get $from)"),
                        );
                    }
                    line(
                        out,
                        &format!("(local.set $at (i32.add (local.get $at) (i32.const {bit})))"),
                    );
                    if kind != Kind::Fill {
                        line(
                            out,
                            &format!(
                                "(local.set $from (i32.add (local.get $from) (i32.const {bit})))"
                            ),
                        );
                    }
                    line(out, "))");
                }
            } else if block > 1 {
                line(out, "(if (local.get $count) (then (loop $next");
                line(
                    out,
                    &store(kind, 1, 0, "(local.get $at)", "(local.get $from)"),
                );
                advance(out, kind, 1);
                line(out, "(br_if $next (local.get $count)))))");
            }
        }
        Way::Index => {
            let sum = |base: &str| format!("(i32.add (local.get ${base}) (local.get $index))");
            let (to, from) = (sum("to"), sum("from"));
            line(out, "(local.set $index (i32.const 0))");
            line(
                out,
                &format!("(local.set $end (i32.and (local.get $count) (i32.const -{block})))"),
            );
            line(out, "(if (local.get $end) (then (loop $next");
            for index in &order {
                line(out, &store(kind, word, index * word, &to, &from));
            }
            line(
                out,
                &format!("(local.set $index (i32.add (local.get $index) (i32.const {block})))"),
            );
            let operation = ["ne", "lt_u"][random.below(2)];
            line(
                out,
                &format!("(br_if $next (i32.{operation} (local.get $index) (local.get $end))))))"),
            );
            if block > 1 {
                line(
                    out,
                    "(if (i32.lt_u (local.get $index) (local.get $count)) (then (loop $next",
                );
                line(out, &store(kind, 1, 0, &to, &from));
                line(
                    out,
                    "(local.set $index (i32.add (local.get $index) (i32.const 1)))",
                );
                line(
                    out,
                    "(br_if $next (i32.lt_u (local.get $index) (local.get $count))))))",
                );
            }
        }
        Way::Downwards => {
            let sum = |base: &str| format!("(i32.add (local.get ${base}) (local.get $count))");
            let (to, from) = (sum("to"), sum("from"));
            line(out, "(block $done (loop $next");
            line(
                out,
                &format!(
                    "(br_if $done (i32.eqz (i32.and (local.get $count) (i32.const {}))))",
                    block - 1
                ),
            );
            line(
                out,
                "(local.set $count (i32.sub (local.get $count) (i32.const 1)))",
            );
            line(out, &store(kind, 1, 0, &to, &from));
            line(out, "(br $next)))");
            line(out, "(if (local.get $count) (then (loop $next");
            line(
                out,
                &format!("(local.set $count (i32.sub (local.get $count) (i32.const {block})))"),
            );
            for index in &order {
                line(out, &store(kind, word, index * word, &to, &from));
            }
            line(out, "(br_if $next (local.get $count)))))");
        }
    }
    text
}

fn line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Addresses and count go on by so many bytes.
fn advance(out: &mut String, kind: Kind, bytes: usize) {
    line(
        out,
        &format!("(local.set $at (i32.add (local.get $at) (i32.const {bytes})))"),
    );
    if kind != Kind::Fill {
        line(
            out,
            &format!("(local.set $from (i32.add (local.get $from) (i32.const {bytes})))"),
        );
    }
    line(
        out,
        &format!("(local.set $count (i32.sub (local.get $count) (i32.const {bytes})))"),
    );
}

/// Stores a word at this distance from an address.
fn store(kind: Kind, width: usize, offset: usize, to: &str, from: &str) -> String {
    let (store, load) = match width {
        1 => ("i32.store8", "i32.load8_u"),
        2 => ("i32.store16", "i32.load16_u"),
        4 => ("i32.store", "i32.load"),
        _ => ("i64.store", "i64.load"),
    };
    let offset = match offset {
        0 => String::new(),
        _ => format!("offset={offset} "),
    };
    let value = match (kind, width) {
        (Kind::Fill, 1) => format!("{FILLER})(;filler;)"),
        (Kind::Fill, 2 | 4) => "(i32.wrap_i64 (local.get $long))".to_owned(),
        (Kind::Fill, _) => "(local.get $long)".to_owned(),
        (_, 1) => format!("({load} {offset}{from})(;loaded;)"),
        _ => format!("({load} {offset}{from})"),
    };
    format!("({store} {offset}{to} {value})")
}
