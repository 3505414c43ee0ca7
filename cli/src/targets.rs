//! `elfin targets`: what this build can produce, for people and, with `--json`, for programs.

use crate::failure::{Failure, Result};
use clap::Args;
use elfin_compiler::Target;
use elfin_compiler::cpu::{NATIVE, feature_names, level_names};
use elfin_compiler::target::SUFFIXES;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};

/// List the targets, and what `--target` and `--cpu` understand
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Targets {
    /// Print an array of objects instead
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  elfin targets                                what this elfin can produce
  elfin targets --json | jq -r '.[].target'    the names alone";

/// Where lines are broken.
const WIDTH: usize = 100;

impl Targets {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let text = if self.json { json() } else { text() };
        let mut output = io::stdout().lock();
        match output
            .write_all(text.as_bytes())
            .and_then(|()| output.flush())
        {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Failed(format!(
                "standard output can't be written: {error}"
            ))),
            _ => Ok(()),
        }
    }
}

fn is_host(target: Target) -> bool {
    cfg!(target_os = "linux") && Target::host() == Some(target)
}

fn levels(target: Target) -> Vec<&'static str> {
    let native = is_host(target).then_some(NATIVE);
    level_names(target).chain(native).collect()
}

fn text() -> String {
    let mut text = String::new();
    for target in Target::ALL {
        text += target.name();
        if is_host(target) {
            text += "  (this machine)";
        }
        if !elfin_runtimes::has(target) {
            text += "  (not in this build, which ELFIN_TARGETS narrowed: only --emit obj, clif and asm)";
        }
        text += "\n";
        let features = feature_names(target).map(|name| format!("+{name}"));
        line(&mut text, "also", target.machines());
        line(&mut text, "--cpu", &levels(target));
        line(&mut text, "features", &features.collect::<Vec<_>>());
    }
    text += "A name of a machine may be followed by:\n";
    line(&mut text, "", &SUFFIXES);
    text
}

/// A list behind its title, broken into lines.
fn line(text: &mut String, title: &str, items: &[impl AsRef<str>]) {
    let indent = "  ";
    let mut line = format!("{indent}{title:<8}");
    for item in items {
        if line.len() + item.as_ref().len() + 1 > WIDTH {
            *text += line.trim_end();
            *text += "\n";
            line = format!("{indent}{:<8}", "");
        }
        line += " ";
        line += item.as_ref();
    }
    *text += line.trim_end();
    *text += "\n";
}

/// All names are plain ASCII, which Rust quotes as JSON does.
fn json() -> String {
    let mut text = String::from("[\n");
    for (index, target) in Target::ALL.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ",\n" };
        let _ = write!(
            text,
            "{comma}  {{\"target\": {:?}, \"host\": {}, \"embedded\": {}, \"machines\": {:?}, \"suffixes\": {SUFFIXES:?}, \
             \"levels\": {:?}, \"features\": {:?}}}",
            target.name(),
            is_host(target),
            elfin_runtimes::has(target),
            target.machines(),
            levels(target),
            feature_names(target).collect::<Vec<_>>(),
        );
    }
    text + "\n]\n"
}
