//! The order of things: everybody compiles, shows that it does the same as the others, and then runs, in turns.

use super::contestant::{Contestant, Files};
use super::line::{Fault, Line, Setting};
use super::meter::{Ending, Usage};
use super::output::Output;
use super::program::Program;
use crate::failure::{Failure, Result, say};
use crate::progress::Steps;
use serde::Serialize;

/// What a process used, a number a round.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// Seconds.
    pub(super) wall: Vec<f64>,
    /// Seconds.
    pub(super) cpu: Vec<f64>,
    /// Bytes.
    pub(super) memory: Vec<f64>,
}

impl Samples {
    fn push(&mut self, usage: &Usage) {
        self.wall.push(usage.wall);
        self.cpu.push(usage.cpu);
        self.memory.push(usage.memory as f64);
    }
}

/// A module as one contestant has it: the lines that are measured, and what they used.
pub(super) struct Subject {
    files: Files,
    /// `None` where nothing is compiled before it runs.
    pub(super) compile_line: Option<Line>,
    pub(super) line: Line,
    pub(super) compile: Samples,
    pub(super) run: Samples,
}

/// A contestant with what it has to do.
pub(super) struct Entry {
    pub(super) contestant: Contestant,
    /// The module that was given.
    pub(super) program: Subject,
    /// A module that does nothing, which shows what starting and ending takes; not for native code.
    pub(super) start: Option<Subject>,
    /// What the program did in the first run.
    output: Option<Output>,
    /// Why it takes no part any more.
    reason: Option<String>,
}

impl Entry {
    /// Bytes of what the program is delivered as, if that is not the module.
    pub(super) fn size(&self) -> Option<u64> {
        self.contestant.size(&self.program.files)
    }
}

/// A runtime that was found, but does not take part.
#[derive(Debug, Serialize)]
pub(super) struct LeftOut {
    pub(super) name: String,
    pub(super) reason: String,
}

/// How often things are done.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) runs: usize,
    pub(super) compile_runs: usize,
}

/// What comes out.
pub(super) struct Outcome {
    /// elfin's `generic` comes first: it is what the others are compared with.
    pub(super) entries: Vec<Entry>,
    pub(super) left_out: Vec<LeftOut>,
    /// What all of them print, and how they end.
    pub(super) output: Output,
}

/// The folders of the program's files, and of those of the module that does nothing.
pub(super) const PROGRAM: &str = "program";
pub(super) const EMPTY: &str = "empty";

/// What is going on.
pub(super) struct Contest<'a> {
    setting: &'a Setting<'a>,
    steps: &'a Steps,
    /// What messages call the module.
    module: &'a str,
    entries: Vec<Entry>,
}

impl<'a> Contest<'a> {
    /// A contest between these, of which the first one is elfin's `generic`.
    pub(super) fn new(
        contestants: Vec<Contestant>,
        program: &Program,
        module: &'a str,
        setting: &'a Setting<'a>,
        steps: &'a Steps,
    ) -> Result<Self> {
        let entry = |contestant: Contestant| {
            let subject = |folder| -> Result<Subject> {
                let files = contestant.files(setting.scratch.path(), folder, program);
                Ok(Subject {
                    compile_line: contestant.compile(&files, program)?,
                    line: contestant.run(&files, program),
                    files,
                    compile: Samples::default(),
                    run: Samples::default(),
                })
            };
            Ok(Entry {
                program: subject(PROGRAM)?,
                start: match contestant.runs_modules() {
                    true => Some(subject(EMPTY)?),
                    false => None,
                },
                contestant,
                output: None,
                reason: None,
            })
        };
        let entries = contestants.into_iter().map(entry);
        Ok(Self {
            setting,
            steps,
            module,
            entries: entries.collect::<Result<_>>()?,
        })
    }

    /// Holds it.
    pub(super) fn hold(mut self, counts: Counts) -> Result<Outcome> {
        // Twice compiled and compared once to begin with; then a program and a start each round.
        let each = 4 + counts.compile_runs + 2 * counts.runs;
        self.steps.expect(each * self.entries.len());
        self.steps.begin("compiling");
        self.prepare()?;
        self.compile(counts.compile_runs)?;
        self.steps.begin("comparing outputs");
        let output = self.compare()?;
        self.steps.begin("measuring");
        self.run(counts.runs, &output)?;
        let (left, entries): (Vec<Entry>, Vec<Entry>) = self
            .entries
            .into_iter()
            .partition(|entry| entry.reason.is_some());
        let left_out = left.into_iter().map(|entry| LeftOut {
            name: entry.contestant.name,
            reason: entry.reason.unwrap_or_default(),
        });
        Ok(Outcome {
            entries,
            left_out: left_out.collect(),
            output,
        })
    }

    /// Everybody compiles for the first time, which is not counted.
    fn prepare(&mut self) -> Result<()> {
        self.each(0, |setting, entry| {
            compile(setting, &entry.program).map(drop)
        })?;
        self.each(0, |setting, entry| match &entry.start {
            Some(start) => compile(setting, start).map(drop),
            None => Ok(()),
        })
    }

    fn compile(&mut self, rounds: usize) -> Result<()> {
        for round in 0..rounds {
            self.each(round, |setting, entry| {
                if let Some(usage) = compile(setting, &entry.program)? {
                    entry.program.compile.push(&usage);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Everybody runs for the first time, which is not counted either, and must do the same as elfin.
    fn compare(&mut self) -> Result<Output> {
        let module = self.module;
        let mut first: Option<Output> = None;
        self.each(0, |setting, entry| {
            let usage = setting.measure(&entry.program.line)?;
            let found = Output::keep(setting, &entry.contestant.name, usage.ending)?;
            match &first {
                None => first = Some(found.as_of_elfin(module, setting)?),
                Some(first) => found.ends_like(first, setting)?,
            }
            entry.output = Some(found);
            Ok(())
        })?;
        self.each(0, |setting, entry| match &entry.start {
            Some(start) => run_empty(setting, start).map(drop),
            None => Ok(()),
        })?;
        let all = self.entries.iter().filter(|entry| entry.reason.is_none());
        let outputs = all.filter_map(|entry| {
            let output = entry.output.as_ref()?;
            Some((entry.contestant.name.as_str(), output))
        });
        Output::compare(self.module, outputs)
    }

    fn run(&mut self, rounds: usize, expected: &Output) -> Result<()> {
        for round in 0..rounds {
            self.each(round, |setting, entry| {
                let usage = setting.measure(&entry.program.line)?;
                expected.check(setting, usage.ending)?;
                entry.program.run.push(&usage);
                Ok(())
            })?;
            self.each(round, |setting, entry| {
                if let Some(start) = &mut entry.start {
                    let usage = run_empty(setting, start)?;
                    start.run.push(&usage);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Does `work` for everybody, in another order each round. Who can't do it is left out, unless it must take part.
    fn each(
        &mut self,
        round: usize,
        mut work: impl FnMut(&Setting, &mut Entry) -> Result<(), Fault>,
    ) -> Result<()> {
        for at in order(round, self.entries.len()) {
            self.steps.count();
            let entry = &mut self.entries[at];
            if entry.reason.is_some() {
                continue;
            }
            match work(self.setting, entry) {
                Ok(()) => {}
                Err(Fault::All(failure)) => return Err(failure),
                Err(Fault::Own(reason)) => entry.leave(self.module, reason)?,
            }
        }
        Ok(())
    }
}

impl Entry {
    /// It takes no part any more, for this reason; an error if it must.
    fn leave(&mut self, module: &str, reason: String) -> Result<()> {
        let name = &self.contestant.name;
        let message = format!("{name} fails on `{module}`: {reason}");
        if self.contestant.is_wanted {
            return Err(Failure::Failed(message));
        }
        say("warning", format_args!("{message}\n  It is left out"));
        self.reason = Some(reason);
        Ok(())
    }
}

/// Makes the artefact, if there is one to make.
fn compile(setting: &Setting, subject: &Subject) -> Result<Option<Usage>, Fault> {
    let Some(line) = &subject.compile_line else {
        return Ok(None);
    };
    let usage = setting.measure(line)?;
    match usage.ending {
        Ending::Status(0) => Ok(Some(usage)),
        ending => Err(Fault::Own(format!(
            "compiling ends with {}{}",
            ending.describe(),
            setting.message()
        ))),
    }
}

/// Runs the module that does nothing.
fn run_empty(setting: &Setting, start: &Subject) -> Result<Usage, Fault> {
    let usage = setting.measure(&start.line)?;
    match usage.ending {
        Ending::Status(0) => Ok(usage),
        ending => Err(Fault::Own(format!(
            "a module that does nothing ends with {}{}",
            ending.describe(),
            setting.message()
        ))),
    }
}

/// The order of a round: each time somebody else begins, and every other time it goes backwards, so that nobody always
/// follows the same one, whose traces in caches and in the clock of the CPU it would find.
fn order(round: usize, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.rotate_left(round / 2 % count.max(1));
    if round % 2 == 1 {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_differ() {
        assert_eq!(order(0, 3), [0, 1, 2]);
        assert_eq!(order(1, 3), [2, 1, 0]);
        assert_eq!(order(2, 3), [1, 2, 0]);
        assert_eq!(order(3, 3), [0, 2, 1]);
        assert_eq!(order(6, 3), [0, 1, 2]);
        assert!(order(5, 0).is_empty());
    }
}
