//! The differential fuzzer: generated modules run as elfin's executables and in a reference interpreter, and results,
//! traps, memories, globals and tables must be the same.
//!
//! ```text
//! (seed, number) --generate--> module, calls --lower, probe--> reference --> what each call comes to, coverage
//!                                        \----(plant, reword)-> subject: elfin, an executable ---> what differs
//! ```
//!
//! The reference is [wasmi](https://github.com/wasmi-labs/wasmi). What it lacks is put in terms of what it knows, on its
//! side ([`lower`]: atomics) or on elfin's ([`reword`]: typed function references, exceptions). wasmtime has all of it, but
//! shares Cranelift with elfin, so that a mistake of Cranelift's would be made on both sides, and building it takes two
//! minutes of processor time; node 18, which Debian 12 has, knows neither `try_table` nor typed function references.

pub mod atomic;
pub mod coverage;
pub mod digest;
pub mod features;
pub mod generate;
pub mod lower;
pub mod plant;
pub mod reduce;
pub mod reference;
pub mod report;
pub mod reword;
pub mod rewrite;
pub mod shape;
pub mod straight;
pub mod subject;
pub mod tables;
pub mod throw;
pub mod variant;

use crate::place;
use anyhow::{Context, Result};
use coverage::Coverage;
use elfin_compiler::Target;
use generate::Generated;
use plant::Plant;
use reference::{LeftOut, Observed, Outcome, Reference};
use report::{Difference, Ending, Report};
use reword::Rewording;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use subject::{Subject, Verdict};

/// What to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Chooses all modules.
    pub seed: u64,
    /// The number of the first module.
    pub first: u64,
    /// How many modules.
    pub count: u64,
    /// What they are compiled for.
    pub target: Target,
    /// A miscompile to plant.
    pub plant: Option<&'static Plant>,
    /// Stop after so many differences.
    pub enough: usize,
    /// Whether differences are reduced.
    pub reduce: bool,
}

impl Settings {
    /// `count` modules for a target.
    pub fn new(target: Target, seed: u64, count: u64) -> Self {
        Self {
            seed,
            first: 0,
            count,
            target,
            plant: None,
            enough: 20,
            reduce: true,
        }
    }
}

/// Compares modules, on as many threads as there are processors.
pub fn run(settings: &Settings) -> Result<Report> {
    let start = Instant::now();
    let subject = Subject::new(settings.target)?;
    let next = AtomicU64::new(settings.first);
    let found = AtomicU64::new(0);
    let work = || -> Result<Report> {
        let mut worker = Worker {
            settings,
            subject: &subject,
            found: &found,
            reference: Reference::new(),
            report: Report::new(settings.target),
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let is_enough = found.load(Ordering::Relaxed) >= settings.enough as u64;
            if number >= settings.first + settings.count || is_enough {
                return Ok(worker.report);
            }
            worker
                .compare(number)
                .with_context(|| format!("module {number} of seed {}", settings.seed))?;
        }
    };
    let mut report = Report::new(settings.target);
    std::thread::scope(|scope| -> Result<()> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            report.merge(thread.join().expect("panics of elfin are caught")?);
        }
        Ok(())
    })?;
    report.time = start.elapsed();
    Ok(report)
}

/// How many differences of a run are reduced: more of them seldom tell more.
const REDUCED: u64 = 3;

/// A thread's part of a run.
struct Worker<'r> {
    settings: &'r Settings,
    subject: &'r Subject,
    /// How many differences all threads have found.
    found: &'r AtomicU64,
    reference: Reference,
    report: Report,
}

impl Worker<'_> {
    /// Generates, runs and counts the module of this number.
    fn compare(&mut self, number: u64) -> Result<()> {
        let settings = self.settings;
        let generated = generate::generate(settings.seed, number, settings.target)?;
        self.report.modules += 1;
        let observed = match self.reference.run(&generated)? {
            Ok(observed) => observed,
            Err(left_out) => {
                self.leave_out(left_out.0);
                return Ok(());
            }
        };
        let coverage = &mut self.report.coverage;
        if let Err(left_out) = self.reference.cover(&generated, &observed, coverage)? {
            self.leave_out(left_out.0);
            return Ok(());
        }
        match self.verdict(&generated, &observed, number)? {
            Verdict::Refused(why) => self.leave_out(&why),
            Verdict::Same => self.count(&generated, &observed),
            Verdict::Differs(_) if self.is_doubtful(&generated, &observed)? => {
                self.leave_out(reference::CONTRADICTION.0);
            }
            Verdict::Differs(lines) => {
                self.count(&generated, &observed);
                let difference = self.difference(number, &generated, lines)?;
                self.report.differences.push(difference);
            }
        }
        Ok(())
    }

    /// Whether the reference observes something else where every instruction has a probe.
    fn is_doubtful(&self, generated: &Generated, observed: &Observed) -> Result<bool> {
        let mut nothing = Coverage::default();
        let again = self.reference.cover(generated, observed, &mut nothing)?;
        Ok(again.is_err())
    }

    fn leave_out(&mut self, why: &str) {
        *self.report.left_out.entry(why.to_owned()).or_default() += 1;
    }

    fn count(&mut self, generated: &Generated, observed: &Observed) {
        let ending = match observed.instantiation {
            Outcome::Trap(_) => Ending::NoInstance,
            Outcome::Return(_) => Ending::of(observed.endings(&generated.calls)),
        };
        *self.report.endings.entry(ending).or_default() += 1;
        for outcome in observed.endings(&generated.calls) {
            self.report.count_call(outcome);
        }
    }

    /// Compares elfin, or what stands for it, with what the reference saw.
    fn verdict(&self, generated: &Generated, observed: &Observed, number: u64) -> Result<Verdict> {
        let mut module = Cow::Borrowed(&generated.module);
        if let Some(plant) = self.settings.plant {
            module = Cow::Owned(plant.apply(&module)?);
        }
        if generated.reworded != Rewording::None {
            module = Cow::Owned(generated.reworded.apply(&module)?);
        }
        self.subject.compare(&module, generated, observed, number)
    }

    /// Keeps a module that differs, and reduces it.
    fn difference(
        &self,
        number: u64,
        generated: &Generated,
        lines: Vec<String>,
    ) -> Result<Difference> {
        let Settings { seed, target, .. } = *self.settings;
        let folder = place::created(place::target_root().join("fuzz"))?;
        let name = format!("{seed}-{number}-{target}");
        let path = folder.join(format!("{name}.wasm"));
        std::fs::write(&path, &generated.module)?;
        let plant = self.settings.plant;
        let plant = plant.map_or(String::new(), |plant| format!(" --plant {}", plant.name));
        let found = self.found.fetch_add(1, Ordering::Relaxed);
        let reduced = match self.settings.reduce && found < REDUCED {
            true => Some(self.reduced(number, generated)?),
            false => None,
        };
        if let Some(text) = &reduced {
            std::fs::write(folder.join(format!("{name}.wat")), text)?;
        }
        Ok(Difference {
            number,
            lines,
            file: path.display().to_string(),
            command: format!(
                "cargo run -p elfin-tests --bin fuzz -- --seed {seed} --target {target} --only {number}{plant}"
            ),
            reduced,
        })
    }

    /// The reduced module as text, with the calls that show the difference.
    fn reduced(&self, number: u64, generated: &Generated) -> Result<String> {
        let compare = |candidate: &Generated| -> Result<Verdict> {
            // What makes NaNs canonical is not to be lost.
            let settled = Generated {
                module: generate::settle(&candidate.module)?,
                ..candidate.clone()
            };
            match self.reference.run(&settled)? {
                Ok(observed) if self.is_doubtful(&settled, &observed)? => {
                    Ok(Verdict::Refused(reference::CONTRADICTION.0.to_owned()))
                }
                Ok(observed) => self.verdict(&settled, &observed, number),
                Err(LeftOut(why)) => Ok(Verdict::Refused(why.to_owned())),
            }
        };
        let mut differs =
            |candidate: &Generated| matches!(compare(candidate), Ok(Verdict::Differs(_)));
        let reduced = reduce::reduce(generated, &mut differs);
        let mut text = wasmprinter::print_bytes(&reduced.module)?;
        for call in &reduced.calls {
            let arguments = &call.arguments;
            text.push_str(&format!(";; {:?} {arguments:x?}\n", call.export));
        }
        if let Verdict::Differs(lines) = compare(&reduced)? {
            lines
                .iter()
                .for_each(|line| text.push_str(&format!(";; {line}\n")));
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Modules that trap at once or never end would compare little.
    #[test]
    fn most_modules_get_somewhere() {
        let reference = Reference::new();
        for target in Target::ALL {
            let mut report = Report::new(target);
            let mut left_out = BTreeMap::new();
            for number in 0..300 {
                let generated = generate::generate(5, number, target).unwrap();
                match reference.run(&generated).unwrap() {
                    Ok(observed) => {
                        let calls = observed.endings(&generated.calls);
                        let ending = match observed.instantiation {
                            Outcome::Trap(_) => Ending::NoInstance,
                            Outcome::Return(_) => Ending::of(calls),
                        };
                        *report.endings.entry(ending).or_default() += 1;
                    }
                    Err(why) => *left_out.entry(why).or_default() += 1,
                }
            }
            let left_out: u64 = left_out.values().sum();
            assert!(left_out < 15, "{left_out} left out\n{report}");
            assert!(report.share(Ending::Normal) > 30.0, "{report}");
            assert!(report.share(Ending::NoInstance) < 20.0, "{report}");
        }
    }
}
