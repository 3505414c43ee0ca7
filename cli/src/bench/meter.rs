//! The process that runs one program and measures it: elfin once more, under another name.
//!
//! The kernel's peak of a process's memory begins with what the process had before it became the program, which is a
//! copy of its parent's: <https://man7.org/linux/man-pages/man2/getrusage.2.html>. So the parent must be small: it is
//! this process, which does nothing else, before anything else of elfin has begun.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::unistd::getgid;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};
use std::time::Instant;

/// What this process is called by. Its arguments are the file for the report, the program and the program's arguments;
/// the program's streams, folder and environment are its own.
pub(super) const NAME: &str = "elfin-meter";

/// What a program used from its start to its end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Usage {
    /// Seconds that passed.
    pub(super) wall: f64,
    /// Seconds of CPU, of all threads, in the program and in the kernel.
    pub(super) cpu: f64,
    /// Bytes that were resident at most.
    pub(super) memory: u64,
    /// How it ended.
    pub(super) ending: Ending,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    /// With an exit status.
    Status(i32),
    /// By a signal.
    Signal(i32),
}

/// What the process reports: the usage, or why the program could not be started.
pub(super) type Report = Result<Usage, String>;

/// If this process is the meter: does its work, and gives the exit status.
pub(crate) fn run_as_meter() -> Option<ExitCode> {
    let mut words = std::env::args_os();
    if words.next()? != NAME {
        return None;
    }
    let report = words.next()?;
    let result = measure(words).map_err(|error| explain(&error));
    let text = serde_json::to_string(&result).expect("numbers and text");
    // Without a report the caller knows that something is wrong.
    let written = fs::write(Path::new(&report), text);
    Some(match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn measure(mut words: impl Iterator<Item = OsString>) -> io::Result<Usage> {
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    // The group that it has already. Only so does the library fork: `posix_spawn`, which it prefers, lends the new
    // process all of this one's memory, and what is resident of it would count.
    command.gid(getgid().as_raw());
    let started = Instant::now();
    let status = command.status()?;
    let wall = started.elapsed();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = used.user_time() + used.system_time();
    Ok(Usage {
        wall: wall.as_secs_f64(),
        cpu: cpu.num_microseconds() as f64 * 1e-6,
        memory: used.max_rss().unsigned_abs() * 1024,
        ending: Ending::of(status),
    })
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "{error}; if no program may be executed in the folder for temporary files, name another with TMPDIR"
        ),
        _ => error.to_string(),
    }
}

impl Ending {
    fn of(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Status(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}
