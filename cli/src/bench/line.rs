//! A command line that is measured, and what it leaves.

use super::meter::{self, Ending, Report, Usage};
use crate::failure::{Failure, Result};
use crate::plain::plain;
use crate::scratch::Scratch;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Lines of an error message that are told.
const LINES: usize = 4;

/// A program and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Line {
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

impl Line {
    /// The program alone.
    pub(super) fn new(program: impl Into<OsString>) -> Self {
        Self {
            words: vec![program.into()],
            environment: Vec::new(),
        }
    }

    /// One argument more.
    pub(super) fn word(mut self, word: impl Into<OsString>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Arguments more.
    pub(super) fn words(mut self, words: impl IntoIterator<Item: Into<OsString>>) -> Self {
        self.words.extend(words.into_iter().map(Into::into));
        self
    }

    /// One argument more that consists of parts.
    pub(super) fn joined<const N: usize>(self, parts: [&OsStr; N]) -> Self {
        let mut word = OsString::new();
        parts.iter().for_each(|part| word.push(part));
        self.word(word)
    }

    /// Variables beside those of this process.
    pub(super) fn with_environment(mut self, variables: &[(OsString, OsString)]) -> Self {
        self.environment.extend(variables.iter().cloned());
        self
    }

    /// The words, for a report.
    pub(super) fn shown(&self) -> Vec<String> {
        let words = self.words.iter();
        words.map(|word| word.to_string_lossy().into()).collect()
    }
}

/// What is the same for all lines.
pub(super) struct Setting<'a> {
    pub(super) scratch: &'a Scratch,
    /// What programs read; nothing otherwise.
    pub(super) input: Option<&'a Path>,
    /// What takes longer is ended.
    pub(super) limit: Duration,
}

/// Why one of those that are measured did not do what it should.
#[derive(Debug)]
pub(super) enum Fault {
    /// It can't: the others can go on.
    Own(String),
    /// Nothing can go on.
    All(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::All(failure)
    }
}

impl Setting<'_> {
    /// What the last line wrote to standard output.
    pub(super) fn output(&self) -> PathBuf {
        self.scratch.path().join("stdout")
    }

    fn errors(&self) -> PathBuf {
        self.scratch.path().join("stderr")
    }

    /// The end of what the last line wrote to standard error, to be told behind what happened.
    pub(super) fn message(&self) -> String {
        let text = fs::read(self.errors()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let last = &lines[lines.len().saturating_sub(LINES)..];
        let last = last.iter().map(|line| format!("\n  {}", plain(line)));
        match lines.is_empty() {
            true => String::new(),
            false => format!(":{}", last.collect::<String>()),
        }
    }

    /// Runs a line from its start to its end.
    pub(super) fn measure(&self, line: &Line) -> Result<Usage, Fault> {
        let report = self.scratch.path().join("report");
        let run = || -> io::Result<bool> {
            fs::write(&report, "")?;
            let mut child = self.scratch.start(|| {
                let child = self.command(line, &report)?.spawn()?;
                let group = Pid::from_raw(child.id().cast_signed());
                let stop = move || {
                    // It may have ended in this moment.
                    let _ = killpg(group, Signal::SIGKILL);
                };
                Ok((child, stop))
            })?;
            self.wait(&mut child)
        };
        let in_time = run().map_err(|error| {
            Failure::Failed(format!("`{}` can't be measured: {error}", line.shown()[0]))
        })?;
        if !in_time {
            let limit = self.limit.as_secs_f64();
            let reason = format!("it takes longer than {limit} s; --timeout gives it more");
            return Err(Fault::Own(reason));
        }
        let text = fs::read_to_string(&report).unwrap_or_default();
        match serde_json::from_str::<Report>(&text) {
            Ok(Ok(usage)) => Ok(usage),
            Ok(Err(reason)) => Err(Fault::Own(format!("it can't be started: {reason}"))),
            Err(_) => Err(Fault::Own("something has ended it from outside".into())),
        }
    }

    fn command(&self, line: &Line, report: &Path) -> io::Result<Command> {
        let input = match self.input {
            Some(path) => File::open(path)?.into(),
            None => Stdio::null(),
        };
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg0(meter::NAME)
            .arg(report)
            .args(&line.words)
            .envs(line.environment.iter().cloned())
            .stdin(input)
            .stdout(File::create(self.output())?)
            .stderr(File::create(self.errors())?)
            // A group of its own, so that all of it can be ended at once.
            .process_group(0);
        Ok(command)
    }

    /// Waits until the process ends, or ends it when the limit is over. Says whether it ended in time.
    fn wait(&self, child: &mut Child) -> io::Result<bool> {
        let id = Id::Pid(Pid::from_raw(child.id().cast_signed()));
        let (sender, ended) = mpsc::channel();
        let watch = thread::spawn(move || {
            // The process stays what its number means until it is waited for below.
            let _ = waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
            let _ = sender.send(());
        });
        let in_time = ended.recv_timeout(self.limit).is_ok();
        if !in_time {
            self.scratch.stop();
        }
        let _ = watch.join();
        self.scratch.ended();
        child.wait()?;
        Ok(in_time)
    }
}

impl Ending {
    /// How it is told.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Status(status) => format!("exit status {status}"),
            Self::Signal(number) => match Signal::try_from(number) {
                Ok(signal) => format!("signal {signal}"),
                Err(_) => format!("signal {number}"),
            },
        }
    }
}
