//! What a run did: whether all do the same, and if not, who differs and where.

use super::line::{Fault, Setting};
use super::meter::Ending;
use crate::failure::{Failure, Result, say};
use crate::plain::plain;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What a program printed, and how it ended.
#[derive(Clone, Debug)]
pub(super) struct Output {
    file: PathBuf,
    pub(super) ending: Ending,
}

/// The status of an executable of elfin after a trap, and when it can't start.
const TRAP: i32 = 134;
const NO_START: i32 = 126;

/// Characters of a line that are shown.
const SHOWN: usize = 60;

impl Output {
    /// Keeps what the last line did, by this name.
    pub(super) fn keep(setting: &Setting, name: &str, ending: Ending) -> Result<Self> {
        let file = setting.scratch.path().join(format!("stdout of {name}"));
        fs::rename(setting.output(), &file).map_err(|error| unreadable(&error))?;
        Ok(Self { file, ending })
    }

    /// Bytes.
    pub(super) fn size(&self) -> u64 {
        fs::metadata(&self.file).map_or(0, |metadata| metadata.len())
    }

    /// What elfin's first run did, which must be something that a program means to do.
    pub(super) fn as_of_elfin(&self, module: &str, setting: &Setting) -> Result<Self, Fault> {
        match self.ending {
            Ending::Status(0) => Ok(self.clone()),
            Ending::Status(TRAP | NO_START) | Ending::Signal(_) => Err(Fault::Own(format!(
                "it ends with {}{}",
                self.ending.describe(),
                setting.message()
            ))),
            Ending::Status(status) => {
                let said = setting.message();
                say(
                    "warning",
                    format_args!("`{module}` ends with exit status {status}{said}"),
                );
                Ok(self.clone())
            }
        }
    }

    /// Whether the last line ended as another one did; if not, that is a fault.
    pub(super) fn ends_like(&self, other: &Self, setting: &Setting) -> Result<(), Fault> {
        if self.ending == other.ending {
            return Ok(());
        }
        Err(Fault::Own(format!(
            "it ends with {}, elfin with {}{}",
            self.ending.describe(),
            other.ending.describe(),
            setting.message()
        )))
    }

    /// Whether the last line did the same once more.
    pub(super) fn check(&self, setting: &Setting, ending: Ending) -> Result<(), Fault> {
        let found = Self {
            file: setting.output(),
            ending,
        };
        found.ends_like(self, setting)?;
        match difference(&self.file, &found.file).map_err(|error| unreadable(&error))? {
            None => Ok(()),
            Some(place) => Err(Fault::Own(format!(
                "it does not print the same in each run: {place}"
            ))),
        }
    }

    /// Whether all printed the same; if so, what that is. The first one is elfin's.
    pub(super) fn compare<'a>(
        module: &str,
        mut outputs: impl Iterator<Item = (&'a str, &'a Self)>,
    ) -> Result<Self> {
        let (first_name, first) = outputs.next().expect("elfin takes part");
        let (mut same, mut different) = (vec![first_name], String::new());
        for (name, output) in outputs {
            match difference(&first.file, &output.file).map_err(|error| unreadable(&error))? {
                None => same.push(name),
                Some(place) => different += &format!("\n  {name}: {place}"),
            }
        }
        if different.is_empty() {
            return Ok(first.clone());
        }
        Err(Failure::Failed(format!(
            "`{module}` does not print the same everywhere, so there is nothing to compare\n  {} printed {} \
             bytes{different}\nIf it prints times or random numbers, or changes its own input, no two runs are the \
             same; otherwise one of them is wrong. --against chooses who takes part",
            same.join(", "),
            first.size()
        )))
    }
}

/// Where a file differs from an expected one, in words.
fn difference(expected: &Path, found: &Path) -> io::Result<Option<String>> {
    let mut expected = BufReader::new(File::open(expected)?);
    let mut found = BufReader::new(File::open(found)?);
    let (mut line, mut byte) = (1, 0);
    let (mut wanted, mut got) = (Vec::new(), Vec::new());
    loop {
        wanted.clear();
        got.clear();
        expected.read_until(b'\n', &mut wanted)?;
        found.read_until(b'\n', &mut got)?;
        if wanted != got {
            let pairs = wanted.iter().zip(&got);
            byte += pairs.take_while(|(wanted, got)| wanted == got).count();
            return Ok(Some(format!(
                "differs from byte {byte} on, in line {line}: {} instead of {}",
                shown(&got),
                shown(&wanted)
            )));
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        line += 1;
        byte += wanted.len();
    }
}

/// A line for a message.
fn shown(line: &[u8]) -> String {
    if line.is_empty() {
        return "nothing".into();
    }
    let text = String::from_utf8_lossy(line);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", plain(&text[..end])),
        None => format!("`{}`", plain(&text)),
    }
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::Failed(format!("what a program printed can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(expected: &str, found: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        difference(&write("expected", expected), &write("found", found)).unwrap()
    }

    #[test]
    fn differences() {
        assert_eq!(place("", ""), None);
        assert_eq!(place("a\nb\n", "a\nb\n"), None);
        for (expected, found, words) in [
            (
                "a\nb\n",
                "a\nc\n",
                "differs from byte 2 on, in line 2: `c\\n` instead of `b\\n`",
            ),
            (
                "a\nb",
                "a\n",
                "differs from byte 2 on, in line 2: nothing instead of `b`",
            ),
            (
                "",
                "x\x1b",
                "differs from byte 0 on, in line 1: `x\\u{1b}` instead of nothing",
            ),
            (
                "ab\n",
                "ab",
                "differs from byte 2 on, in line 1: `ab` instead of `ab\\n`",
            ),
        ] {
            assert_eq!(place(expected, found).as_deref(), Some(words));
        }
        let long = place("", &"é".repeat(100)).unwrap();
        assert!(long.contains(&format!("`{}…`", "é".repeat(60))), "{long}");
    }
}
