//! A script in its trials: what must be refused while compiling, and the executable on each target.

use super::form::{self, Form};
use super::judge::{Judge, Verdict};
use super::native::{self, Configuration};
use super::plan::{Fate, Plan};
use super::skips::{Skips, What};
use super::sources::Source;
use super::totals::Totals;
use super::{planner, refuse};
use crate::place::Scratch;
use anyhow::{Result, anyhow, ensure};
use std::sync::{Arc, OnceLock};

/// A script; it is translated once, when a trial needs it.
#[derive(Debug)]
pub struct Case {
    source: Source,
    skips: Arc<Skips>,
    totals: Arc<Totals>,
    plan: OnceLock<Result<Plan, String>>,
}

impl Case {
    /// The case of a script.
    pub fn new(source: Source, skips: Arc<Skips>, totals: Arc<Totals>) -> Case {
        Case {
            source,
            skips,
            totals,
            plan: OnceLock::new(),
        }
    }

    /// The script's name.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The plan, which accounts for every directive that the text shows.
    fn plan(&self) -> Result<&Plan> {
        let plan = self.plan.get_or_init(|| {
            let plan = planner::plan(self.name(), self.source.text, &self.skips);
            let plan = plan.and_then(|plan| {
                account(self.source.text, &plan)?;
                Ok(plan)
            });
            plan.map_err(|error| format!("{error:#}"))
        });
        plan.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// Whatever is decided while compiling: wrong modules are refused, and no entry of the list of skips is idle.
    pub fn refuse(&self, flipped: bool) -> Result<()> {
        let plan = self.plan()?;
        let scratch = Scratch::new(self.name())?;
        let mut judge = Judge::new(self.name(), &self.skips, flipped);
        for (number, directive) in plan.directives.iter().enumerate() {
            // What is omitted on each target still shows that its entry is needed.
            if let Fate::Skipped(entry) = directive.fate {
                judge.used.insert(entry);
            }
            match &directive.fate {
                _ if Plan::is_native(directive) => {}
                Fate::Refuse(input) => {
                    let verdict = refuse::verdict(self.name(), input, number, &scratch, flipped)?;
                    judge.performed(directive, verdict);
                }
                Fate::Unlinkable => {
                    judge.performed(directive, refuse::decide("refused", !flipped));
                }
                Fate::Done => judge.tally.others += 1,
                _ => judge.omitted(directive),
            }
        }
        self.check_entries(plan, &mut judge);
        self.finish("refused", judge, flipped)
    }

    /// Entries for parts of this script must be needed; those for its lines are judged with the line.
    fn check_entries(&self, plan: &Plan, judge: &mut Judge<'_>) {
        for number in self.skips.parts(self.name()) {
            let is_line =
                |line| self.skips.find(self.name(), &What::Line(line), None) == Some(number);
            if judge.used.contains(&number) || plan.directives.iter().any(|d| is_line(d.line)) {
                continue;
            }
            let line = self.skips.entry(number).line;
            judge.failed(0, &format!("spec-skips.txt:{line} skips nothing here"));
        }
    }

    /// The executable.
    pub fn run(&self, configuration: Configuration, flipped: bool) -> Result<()> {
        let plan = self.plan()?;
        let way = configuration.name();
        let mut judge = Judge::new(self.name(), &self.skips, flipped);
        let result = native::run(plan, self.name(), configuration, flipped);
        let file = self
            .skips
            .find(self.name(), &What::File, Some(configuration.target));
        let natives = plan.directives.iter().filter(|d| Plan::is_native(d));
        if let Some(entry) = file {
            let line = self.skips.entry(entry).line;
            let passes = matches!(&result, Ok(failed) if failed.is_empty() != flipped);
            ensure!(!passes, "it passes, but spec-skips.txt:{line} lists it");
            natives.for_each(|directive| judge.skipped(directive, entry));
            return self.finish(&way, judge, flipped);
        }
        let failed = result?;
        for directive in natives {
            match directive.fate {
                Fate::Step(step) => {
                    let message = failed.get(&step).cloned();
                    judge.performed(directive, message.map_or(Verdict::Passed, Verdict::Failed));
                }
                _ => judge.omitted(directive),
            }
        }
        self.finish(&way, judge, flipped)
    }

    fn finish(&self, way: &str, judge: Judge<'_>, flipped: bool) -> Result<()> {
        let way = if flipped {
            format!("{way}, flipped")
        } else {
            way.to_owned()
        };
        self.totals.add(&way, &judge.tally);
        judge.finish().map(drop)
    }
}

/// An error unless the plan has each directive that the text shows to someone who does not parse it, and the executable
/// a step for each that it must perform.
fn account(text: &str, plan: &Plan) -> Result<()> {
    let shown = form::directives(text)?;
    let planned = plan.directives.iter();
    let planned: Vec<Form> = planned
        .map(|d| Form {
            line: d.line,
            kind: d.kind,
        })
        .collect();
    ensure!(
        shown == planned,
        "the text shows {} directives, the plan has {}; or they differ",
        shown.len(),
        planned.len()
    );
    let omitted = |fate: &Fate| matches!(fate, Fate::Skipped(_) | Fate::Failed(_));
    let natives = plan.directives.iter().filter(|d| Plan::is_native(d));
    let steps = natives.filter(|d| !omitted(&d.fate)).count();
    // `spectest` is one more.
    ensure!(
        steps + 1 == plan.steps as usize,
        "{steps} directives became {} steps",
        plan.steps
    );
    Ok(())
}
