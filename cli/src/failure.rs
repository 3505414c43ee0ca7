//! Why a command failed, how the user is told, and the exit status that says it to a script.

use crate::progress;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// The statuses, for `--help`.
pub(crate) const STATUS_HELP: &str = "\
Exit status:
  0    done
  1    the input can't be compiled, or a file can't be read or written
  2    the command line is wrong
  101  a bug in elfin";

/// The result of everything in this crate that can fail.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input can't be compiled, or a file can't be read or written.
    Failed(String),
    /// The command line is wrong, in a way that only the command itself finds.
    Usage(String),
    /// elfin is wrong; `None` where the message has been printed already.
    Bug(Option<String>),
}

impl Failure {
    /// Tells the user, and gives the exit status.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Failure::Failed(message) => {
                tell("error", message);
                ExitCode::from(1)
            }
            Failure::Usage(message) => {
                tell(
                    "error",
                    format_args!("{message}\n\nFor more information, try '--help'."),
                );
                ExitCode::from(2)
            }
            Failure::Bug(message) => {
                if let Some(message) = message {
                    crate::bug::report(&message);
                }
                ExitCode::from(101)
            }
        }
    }
}

/// Whether only errors are told.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// From now on nothing but errors is told.
pub(crate) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Whether only errors are told.
pub(crate) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Tells the user something that is no error.
pub(crate) fn say(kind: &str, message: impl Display) {
    if !is_quiet() {
        tell(kind, message);
    }
}

/// Writes a line to standard error, in colour where that is a terminal that shows some. It being closed is no reason to
/// fail.
pub(crate) fn tell(kind: &str, message: impl Display) {
    let style = label(kind);
    progress::suspend(|| {
        let _ = writeln!(anstream::stderr(), "{style}{kind}:{style:#} {message}");
    });
}

/// As clap shows them.
fn label(kind: &str) -> Style {
    let color = match kind {
        "error" => AnsiColor::Red,
        "warning" => AnsiColor::Yellow,
        _ => AnsiColor::Cyan,
    };
    color.on_default().bold()
}
