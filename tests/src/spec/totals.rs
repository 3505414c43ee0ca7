//! What the suite did, target by target.

use super::skips::Skips;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What was counted of a script, or of many.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Scripts.
    pub files: usize,
    /// Assertions that hold.
    pub passed: usize,
    /// Assertions and others that failed.
    pub failed: usize,
    /// Assertions that the list of skips covers.
    pub skipped: usize,
    /// What is no assertion and succeeded: instantiations, actions, definitions, registrations.
    pub others: usize,
    /// How often an entry of the list was needed, by its number.
    pub reasons: BTreeMap<usize, usize>,
}

/// Sums, by the name of the way in which scripts are run.
#[derive(Debug, Default)]
pub struct Totals(Mutex<BTreeMap<String, Tally>>);

impl Totals {
    /// Adds a script.
    pub fn add(&self, way: &str, tally: &Tally) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = sums.entry(way.to_owned()).or_default();
        sum.files += 1;
        sum.passed += tally.passed;
        sum.failed += tally.failed;
        sum.skipped += tally.skipped;
        sum.others += tally.others;
        for (entry, count) in &tally.reasons {
            *sum.reasons.entry(*entry).or_default() += count;
        }
    }

    /// Prints the sums, and what was skipped for which reason.
    pub fn print(&self, skips: &Skips) {
        let sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        println!("                  files   passed   failed  skipped   others");
        for (way, sum) in sums.iter() {
            println!(
                "{way:16} {:6} {:8} {:8} {:8} {:8}",
                sum.files, sum.passed, sum.failed, sum.skipped, sum.others
            );
            let mut reasons = BTreeMap::<&str, usize>::new();
            for (entry, count) in &sum.reasons {
                *reasons.entry(&skips.entry(*entry).reason).or_default() += count;
            }
            for (reason, count) in reasons {
                println!("    {count} skipped: {reason}");
            }
        }
    }
}
