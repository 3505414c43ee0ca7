//! What a run came to, in words.

use super::coverage::{self, Coverage};
use super::reference::Outcome;
use elfin_compiler::Target;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the modules were compiled for.
    pub target: Target,
    /// How many modules were generated.
    pub modules: u64,
    /// How the compared ones ended, in the reference and in elfin alike.
    pub endings: BTreeMap<Ending, u64>,
    /// Modules that were not compared, and why.
    pub left_out: BTreeMap<String, u64>,
    /// How the calls of functions ended: `returns`, or the trap's message.
    pub calls: BTreeMap<&'static str, u64>,
    /// Instructions of the compared modules.
    pub coverage: Coverage,
    /// Modules for which elfin and the reference differ.
    pub differences: Vec<Difference>,
    /// How long it took.
    pub time: Duration,
}

/// How a module ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Every call returns.
    Normal,
    /// Some calls trap.
    SomeTrap,
    /// Every call traps.
    AllTrap,
    /// Instantiation traps.
    NoInstance,
}

/// A module for which elfin and the reference differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Its number.
    pub number: u64,
    /// What differs.
    pub lines: Vec<String>,
    /// Where it is kept.
    pub file: String,
    /// The command that compares it again.
    pub command: String,
    /// What is left of it after reduction, as text.
    pub reduced: Option<String>,
}

impl Ending {
    /// From what the calls came to.
    pub fn of<'a>(calls: impl Iterator<Item = &'a Outcome>) -> Self {
        let (mut returns, mut traps) = (0, 0);
        for call in calls {
            match call {
                Outcome::Return(_) => returns += 1,
                Outcome::Trap(_) => traps += 1,
            }
        }
        match (returns, traps) {
            (_, 0) => Ending::Normal,
            (0, _) => Ending::AllTrap,
            _ => Ending::SomeTrap,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ending::Normal => "end normally: no call traps",
            Ending::SomeTrap => "some calls trap",
            Ending::AllTrap => "every call traps",
            Ending::NoInstance => "instantiation traps",
        })
    }
}

impl Report {
    /// Nothing yet.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            modules: 0,
            endings: BTreeMap::new(),
            left_out: BTreeMap::new(),
            calls: BTreeMap::new(),
            coverage: Coverage::default(),
            differences: Vec::new(),
            time: Duration::ZERO,
        }
    }

    /// Adds what another thread did.
    pub fn merge(&mut self, other: Self) {
        self.modules += other.modules;
        add(&mut self.endings, other.endings);
        add(&mut self.left_out, other.left_out);
        add(&mut self.calls, other.calls);
        self.coverage.merge(&other.coverage);
        self.differences.extend(other.differences);
        self.differences.sort_by_key(|difference| difference.number);
    }

    /// Counts a call's outcome.
    pub fn count_call(&mut self, outcome: &Outcome) {
        let name = match outcome {
            Outcome::Return(_) => "returns",
            Outcome::Trap(trap) => trap.message(),
        };
        *self.calls.entry(name).or_default() += 1;
    }

    /// The modules that were compared.
    pub fn compared(&self) -> u64 {
        self.endings.values().sum()
    }

    /// The part of the compared modules that ends so.
    pub fn share(&self, ending: Ending) -> f64 {
        let count = self.endings.get(&ending).copied().unwrap_or_default();
        percent(count, self.compared())
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *all.entry(key).or_default() += count;
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time.as_secs_f64();
        let rate = self.modules as f64 / seconds.max(0.001);
        let (modules, target) = (self.modules, self.target);
        writeln!(
            f,
            "{modules} modules on {target} in {seconds:.1} s, {rate:.0} a second"
        )?;
        let compared = self.compared();
        writeln!(f, "{compared} compared:")?;
        for (ending, count) in &self.endings {
            let share = percent(*count, compared);
            writeln!(f, "  {count:>8}  {share:5.1} %  {ending}")?;
        }
        if !self.left_out.is_empty() {
            writeln!(f, "left out:")?;
        }
        for (why, count) in &self.left_out {
            let share = percent(*count, self.modules);
            writeln!(f, "  {count:>8}  {share:5.1} %  {why}")?;
        }
        let calls = self.calls.values().sum();
        writeln!(f, "{calls} calls:")?;
        for (ending, count) in &self.calls {
            let share = percent(*count, calls);
            writeln!(f, "  {count:>8}  {share:5.1} %  {ending}")?;
        }
        self.write_coverage(f)?;
        writeln!(f, "{} modules differ", self.differences.len())?;
        self.differences
            .iter()
            .try_for_each(|difference| write!(f, "{difference}"))
    }
}

impl Report {
    fn write_coverage(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = coverage::instructions(self.target);
        let covered = |of: &std::collections::BTreeSet<&'static str>| all.intersection(of).count();
        let (executed, generated) = (&self.coverage.executed, &self.coverage.generated);
        writeln!(
            f,
            "{} of {} instructions executed, {} generated",
            covered(executed),
            all.len(),
            covered(generated)
        )?;
        let idle = generated
            .difference(executed)
            .filter(|name| all.contains(*name));
        write_names(f, "generated, never executed", idle)?;
        write_names(f, "never generated", all.difference(generated))
    }
}

fn write_names<'a>(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    names: impl Iterator<Item = &'a &'static str>,
) -> fmt::Result {
    let names: Vec<&str> = names.copied().collect();
    match names.is_empty() {
        true => Ok(()),
        false => writeln!(f, "  {what}: {}", names.join(" ")),
    }
}

/// How many steps of a module are shown.
const LINES: usize = 3;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "module {}, kept as {}:", self.number, self.file)?;
        for line in self.lines.iter().take(LINES) {
            writeln!(f, "    {line}")?;
        }
        if self.lines.len() > LINES {
            writeln!(f, "    and {} more", self.lines.len() - LINES)?;
        }
        writeln!(f, "  again: {}", self.command)?;
        if let Some(reduced) = &self.reduced {
            writeln!(f, "  reduced:\n{reduced}")?;
        }
        Ok(())
    }
}
