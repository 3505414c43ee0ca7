//! Verdicts against the list of skips: what passes, what is skipped, what fails.

use super::kind::Kind;
use super::plan::{Directive, Fate};
use super::skips::{Skips, What};
use super::totals::Tally;
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Most failures of a script that are printed.
const SHOWN: usize = 100;

/// What came of performing a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What the script says.
    Passed,
    /// Something else.
    Failed(String),
    /// elfin refused a module for a proposal, with this message.
    Needs(String, String),
}

/// Gathers the verdicts of one script.
#[derive(Debug)]
pub struct Judge<'a> {
    name: &'a str,
    skips: &'a Skips,
    flipped: bool,
    /// What was counted.
    pub tally: Tally,
    /// The entries of the list that were needed.
    pub used: BTreeSet<usize>,
    failures: Vec<String>,
}

impl<'a> Judge<'a> {
    /// Judges a script of this name. With `flipped`, every assertion must fail.
    pub fn new(name: &'a str, skips: &'a Skips, flipped: bool) -> Self {
        Judge {
            name,
            skips,
            flipped,
            tally: Tally::default(),
            used: BTreeSet::new(),
            failures: Vec::new(),
        }
    }

    /// A directive that was performed.
    pub fn performed(&mut self, directive: &Directive, verdict: Verdict) {
        let line = directive.line;
        let listed = self.skips.find(self.name, &What::Line(line), None);
        match (verdict, listed) {
            (Verdict::Needs(proposal, message), _) => {
                match self.skips.find(self.name, &What::Needs(proposal), None) {
                    Some(entry) => self.skipped(directive, entry),
                    None => self.failed(line, &message),
                }
            }
            // What differs from the script anyway is no judge of the flipped one.
            (_, Some(entry)) if self.flipped => self.skipped(directive, entry),
            (Verdict::Failed(_), Some(entry)) => self.skipped(directive, entry),
            (Verdict::Passed, Some(_)) => self.failed(line, "it is listed as a skip, but passes"),
            (Verdict::Passed, None) if self.flipped => self.failed(line, "passes, flipped"),
            (Verdict::Failed(message), None) if !self.flipped => self.failed(line, &message),
            _ if directive.kind.is_assertion() => self.tally.passed += 1,
            _ => self.tally.others += 1,
        }
    }

    /// A directive that can't be performed.
    pub fn omitted(&mut self, directive: &Directive) {
        match &directive.fate {
            Fate::Skipped(entry) => self.skipped(directive, *entry),
            Fate::Failed(message) => self.failed(directive.line, message),
            _ => {}
        }
    }

    /// A directive that was not performed, or in vain, because of an entry of the list.
    pub fn skipped(&mut self, directive: &Directive, entry: usize) {
        self.used.insert(entry);
        if directive.kind.is_assertion() {
            self.tally.skipped += 1;
        }
        if directive.kind != Kind::Register {
            *self.tally.reasons.entry(entry).or_default() += 1;
        }
    }

    /// Something that is wrong about a line, or about the whole script: line 0.
    pub fn failed(&mut self, line: u32, message: &str) {
        self.tally.failed += 1;
        self.failures.push(format!("line {line}: {message}"));
    }

    /// The failures, if there are any, as one error.
    pub fn finish(self) -> Result<Tally> {
        if self.failures.is_empty() {
            return Ok(self.tally);
        }
        let mut text = format!("{} of {}", self.failures.len(), self.name);
        for failure in self.failures.iter().take(SHOWN) {
            write!(text, "\n{failure}")?;
        }
        if self.failures.len() > SHOWN {
            write!(text, "\nand {} more", self.failures.len() - SHOWN)?;
        }
        bail!(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(line: u32) -> Directive {
        let (kind, fate) = (Kind::Return, Fate::Done);
        Directive { line, kind, fate }
    }

    fn judge(flipped: bool, verdict: Verdict) -> Result<Tally> {
        let skips = Skips::parse("a/b line 2: why\na/b needs gc: why\n").unwrap();
        let mut judge = Judge::new("a/b", &skips, flipped);
        judge.performed(&directive(1), verdict);
        judge.finish()
    }

    #[test]
    fn verdicts_are_turned_round_where_expectations_are_flipped() {
        let failed = || Verdict::Failed("why".to_owned());
        assert_eq!(judge(false, Verdict::Passed).unwrap().passed, 1);
        assert!(judge(false, failed()).is_err());
        assert!(judge(true, Verdict::Passed).is_err());
        assert_eq!(judge(true, failed()).unwrap().passed, 1);
    }

    #[test]
    fn a_proposal_is_skipped_only_where_it_is_listed() {
        let needs = |proposal: &str| Verdict::Needs(proposal.to_owned(), "why".to_owned());
        assert_eq!(judge(false, needs("gc")).unwrap().skipped, 1);
        assert!(judge(false, needs("threads")).is_err());
    }

    #[test]
    fn a_listed_line_must_fail() {
        let skips = Skips::parse("a/b line 2: why\n").unwrap();
        let mut judge = Judge::new("a/b", &skips, false);
        judge.performed(&directive(2), Verdict::Failed("why".to_owned()));
        assert_eq!((judge.tally.skipped, judge.failures.len()), (1, 0));
        judge.performed(&directive(2), Verdict::Passed);
        assert_eq!(judge.failures.len(), 1);
    }
}
