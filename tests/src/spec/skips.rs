//! The list of what the suite skips, `spec-skips.txt`, and why. The format stands on top of that file.

use crate::place;
use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its line in the list.
    pub line: usize,
    /// A script, or a folder and `/*`.
    path: String,
    /// What of it.
    what: What,
    /// On which target, if not on all.
    target: Option<Target>,
    /// Why.
    pub reason: String,
}

/// What of a script is skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// What its executable performs.
    File,
    /// The directive on a line, and what depends on it.
    Line(u32),
    /// Modules that elfin refuses because they need a proposal, and what depends on them.
    Needs(String),
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Skips(Vec<Entry>);

impl Skips {
    /// Reads `spec-skips.txt`; each line must concern one of the scripts.
    pub fn load(scripts: &[&str]) -> Result<Skips> {
        let path = place::crate_root().join("spec-skips.txt");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let skips = Skips::parse(&text)?;
        for entry in &skips.0 {
            ensure!(
                scripts.iter().any(|script| entry.covers(script)),
                "spec-skips.txt:{}: there is no script `{}`",
                entry.line,
                entry.path
            );
        }
        Ok(skips)
    }

    /// Reads the text of a list.
    pub fn parse(text: &str) -> Result<Skips> {
        let lines = text.lines().enumerate();
        let entries = lines
            .filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#'))
            .map(|(index, text)| {
                let line = index + 1;
                parse_entry(line, text).with_context(|| format!("spec-skips.txt:{line}"))
            });
        Ok(Skips(entries.collect::<Result<_>>()?))
    }

    /// The entry of this number.
    pub fn entry(&self, number: usize) -> &Entry {
        &self.0[number]
    }

    /// The number of the entry for a part of a script, on a target or on all.
    pub fn find(&self, script: &str, what: &What, target: Option<Target>) -> Option<usize> {
        self.0.iter().position(|entry| {
            entry.covers(script)
                && entry.what == *what
                && (entry.target.is_none() || entry.target == target)
        })
    }

    /// The entries that single out parts of a script, on all targets.
    pub fn parts(&self, script: &str) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .enumerate()
            .filter_map(move |(number, entry)| {
                let is_part = entry.covers(script) && entry.what != What::File;
                is_part.then_some(number)
            })
    }
}

impl Entry {
    fn covers(&self, script: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(folder) => script.starts_with(folder),
            None => script == self.path,
        }
    }
}

/// `PATH WHAT [on TARGET]: REASON`
fn parse_entry(line: usize, text: &str) -> Result<Entry> {
    let (head, reason) = text
        .split_once(": ")
        .context("a reason is missing behind `: `")?;
    let mut words = head.split_whitespace();
    let path = words.next().context("a path is missing")?.to_owned();
    let mut next = |what| words.next().with_context(|| format!("{what} is missing"));
    let what = match next("what to skip")? {
        "file" => What::File,
        "line" => What::Line(next("a number")?.parse().context("not a number")?),
        "needs" => What::Needs(next("a proposal")?.to_owned()),
        other => bail!("`{other}` is none of `file`, `line N` and `needs PROPOSAL`"),
    };
    let target = match words.next() {
        None => None,
        Some("on") => {
            let name = words.next().context("a target is missing behind `on`")?;
            Some(name.parse().map_err(anyhow::Error::msg)?)
        }
        Some(other) => bail!("`{other}` is not `on`"),
    };
    ensure!(words.next().is_none(), "more words than expected");
    ensure!(
        target.is_none() || what == What::File,
        "only a file can be skipped on one target"
    );
    Ok(Entry {
        line,
        path,
        what,
        target,
        reason: reason.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_script_and_part() {
        let text = "# why\nsimd/* file on riscv64: no vectors\ngc/i31 needs gc: no collector\n";
        let skips = Skips::parse(text).unwrap();
        let file = |script, target| skips.find(script, &What::File, target);
        assert_eq!(file("simd/simd_load", Some(Target::Riscv64)), Some(0));
        assert_eq!(file("simd/simd_load", Some(Target::X86_64)), None);
        assert_eq!(file("simd/simd_load", None), None);
        let needs = What::Needs("gc".to_owned());
        assert_eq!(skips.find("gc/i31", &needs, None), Some(1));
        assert_eq!(skips.entry(1).reason, "no collector");
        assert_eq!(skips.parts("gc/i31").collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in [
            "gc/i31 needs gc",
            "gc/i31: why",
            "a line x: y",
            "a line 1 on riscv64: y",
            "a file on mars: y",
        ] {
            assert!(Skips::parse(text).is_err(), "{text}");
        }
    }
}
