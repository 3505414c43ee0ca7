//! Thousands of branches through tables, with few runs of targets, few targets and many. Each is generated, the same one
//! each time; where it leads for each of many indices is looked up here.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::mutate::Random;
use elfin_tests::{elfin, generated, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::ffi::OsString;

/// How many functions a module has.
const FUNCTIONS: usize = 1000;

/// Indices that each branch is taken with, which lie in the memory: all that tables have, and some far above.
const FAR: [u32; 6] = [255, 256, 65535, 1 << 31, u32::MAX - 1, u32::MAX];
const NEAR: u32 = 128 - FAR.len() as u32;
const INDICES: usize = 4096;

/// Where the results lie in the memory, a byte for each index.
const RESULTS: usize = 65536;

/// Levels of optimisation, and what is left out of them.
const LEVELS: [&[&str]; 4] = [&["-O2"], &["-O2", "-Zno-switch"], &["-Os"], &["-O0"]];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        trials.extend(suite::at_levels(target, &LEVELS, check, check_planted));
        let name = format!("found::{}", machine::short_name(target));
        let found = move || check_found(target).map_err(suite::failed);
        trials.push(Trial::test(name, found));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All branches lead where they must.
fn check(target: Target, options: &[&str]) -> Result<()> {
    let switches = switches();
    let results = run(target, options, &switches)?;
    for (switch, results) in switches.iter().zip(results) {
        for (index, result) in indices().zip(results) {
            let expected = switch.result(index);
            ensure!(
                result == expected,
                "{result} instead of {expected} for {index}:\n{}",
                switch.text(0)
            );
        }
    }
    Ok(())
}

/// A target that is another one is noticed.
fn check_planted(target: Target, options: &[&str]) -> Result<()> {
    let switches = switches();
    let mut random = Random::new(1);
    let broken: Vec<Switch> = switches
        .iter()
        .map(|switch| switch.broken(&mut random))
        .collect();
    let results = run(target, options, &broken)?;
    for (switch, results) in switches.iter().zip(results) {
        let mut results = indices().zip(results);
        ensure!(
            results.any(|(index, result)| result != switch.result(index)),
            "a wrong target is not noticed"
        );
    }
    Ok(())
}

/// Tables are left where neither comparisons nor masks do, and only there.
fn check_found(target: Target) -> Result<()> {
    let switches = switches();
    let emitted = elfin::emitted(&module(&switches), "clif", target, &["-Zno-inline"])?;
    let left = emitted.matches("br_table").count();
    let needed = switches.iter().filter(|switch| switch.needs_table());
    let needed = needed.count();
    println!("{left} of {} branches go through tables", switches.len());
    ensure!(left == needed, "{needed} of them need to");
    let few = FUNCTIONS / 8;
    ensure!(
        (few..FUNCTIONS - few).contains(&needed),
        "there are few of a kind"
    );
    Ok(())
}

/// The branches of the module.
fn switches() -> Vec<Switch> {
    let mut random = Random::new(0);
    (0..FUNCTIONS).map(|_| Switch::new(&mut random)).collect()
}

/// The indices that branches are taken with.
fn indices() -> impl Iterator<Item = u32> {
    (0..NEAR).chain(FAR)
}

/// What each of the branches gives for each of the indices.
fn run(target: Target, options: &[&str], switches: &[Switch]) -> Result<Vec<Vec<u8>>> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    let stdout = elfin::stdout_of(&module(switches), target, None, &options)?;
    let (written, each) = (stdout.len(), indices().count());
    ensure!(written == switches.len() * each, "{written} bytes");
    Ok(stdout.chunks(each).map(<[u8]>::to_vec).collect())
}

/// A branch.
#[derive(Clone, Debug)]
struct Switch {
    /// Numbers of targets, the last of which is the default's.
    table: Vec<u8>,
    /// How many targets there are.
    targets: u8,
    /// What the branch takes along, if it does.
    value: Option<u8>,
}

impl Switch {
    /// One that is generated.
    fn new(random: &mut Random) -> Self {
        let targets = 1 + random.below(6);
        let longest = [1, 4, 40][random.below(3)];
        let mut table = Vec::new();
        for _ in 0..random.below(12) {
            let target = random.below(targets) as u8;
            let len = 1 + random.below(longest);
            table.extend(std::iter::repeat_n(target, len));
        }
        table.truncate(NEAR as usize);
        table.push(random.below(targets) as u8);
        Self {
            table,
            targets: targets as u8,
            value: (random.below(3) == 0).then(|| random.below(100) as u8),
        }
    }

    /// It with another target in one place.
    fn broken(&self, random: &mut Random) -> Self {
        let mut broken = self.clone();
        broken.targets = self.targets.max(2);
        let place = random.below(self.table.len());
        broken.table[place] = (self.table[place] + 1) % broken.targets;
        broken
    }

    fn default(&self) -> u8 {
        *self.table.last().expect("a table has a default")
    }

    fn result(&self, index: u32) -> u8 {
        let target = self.table.get(index as usize);
        self.value.unwrap_or(0) + target.copied().unwrap_or(self.default())
    }

    /// Whether it has more runs than are compared, and more targets or indices than masks are made for.
    fn needs_table(&self) -> bool {
        let (default, cases) = self.table.split_last().expect("a table has a default");
        let is_default = |target: &u8| target == default;
        let first = cases.iter().take_while(|target| is_default(target)).count();
        let behind = cases.iter().rev().take_while(|target| is_default(target));
        let end = cases.len() - behind.count();
        let runs = cases.get(first..end).unwrap_or_default();
        let runs = runs.chunk_by(|left, right| left == right);
        let mut others: Vec<&u8> = cases.iter().filter(|target| !is_default(target)).collect();
        others.sort_unstable();
        others.dedup();
        runs.count() > 3 && (others.len() > 3 || end > 64)
    }

    /// It as text: a function that gives the target's number for an index, with what was taken along added.
    fn text(&self, number: usize) -> String {
        let (result, value) = match self.value {
            Some(value) => ("(result i32) ", format!("(i32.const {value}) ")),
            None => ("", String::new()),
        };
        let targets = 0..self.targets;
        let open: String = targets
            .clone()
            .rev()
            .map(|target| format!("(block $t{target} {result}"))
            .collect();
        let labels: String = self
            .table
            .iter()
            .map(|target| format!("$t{target} "))
            .collect();
        let add = if self.value.is_some() { "i32.add" } else { "" };
        let close: String = targets
            .map(|target| format!(")\n  i32.const {target} {add} return"))
            .collect();
        format!(
            "(func $c{number} (param i32) (result i32)
 {open}
  {value}local.get 0 br_table {labels}{close})"
        )
    }
}

/// A module that takes the branches with all indices and writes where they led to its output.
fn module(switches: &[Switch]) -> String {
    let each = indices().count();
    let mut definitions = generated::data(INDICES, indices().flat_map(u32::to_le_bytes));
    for (number, switch) in switches.iter().enumerate() {
        definitions += &switch.text(number);
        let results = RESULTS + each * number;
        definitions += &format!(
            "
(func $f{number} (local $i i32)
 (loop $next
  (i32.store8 offset={results} (local.get $i)
   (call $c{number} (i32.load offset={INDICES} (i32.shl (local.get $i) (i32.const 2)))))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $next (i32.lt_u (local.get $i) (i32.const {each})))))
"
        );
    }
    let results = RESULTS..RESULTS + switches.len() * each;
    generated::module(&definitions, switches.len(), results)
}
