//! The cases of `programs/conformance`: which there are, and what an executable says of each.
//!
//! An area is a file of cases and a run of the executable. The names come from the source, so that a case that the
//! executable leaves out is found.

mod peer;
mod terminal;

use crate::guest::Build;
use crate::place::{self, Scratch};
use crate::{elfin, machine};
use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use peer::Peer;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any area takes, also under emulation on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The areas of preview 1 and of its forerunner, by the names of their files.
pub const AREAS: &[&str] = &[
    "arguments",
    "clocks",
    "datagram",
    "descriptors",
    "directories",
    "errno",
    "files",
    "input",
    "links",
    "open",
    "pipe",
    "poll",
    "sockets",
    "terminal",
    "times",
    "unstable",
];

/// The area whose cases are wrong.
pub const PLANTED: &str = "planted";

/// The names of an area's cases, from its source: the strings behind `case(`.
pub fn cases(area: &str) -> Result<Vec<String>> {
    let path = project().join(format!("src/{area}.rs"));
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let names: Vec<String> = text
        .split("case(")
        .skip(1)
        .filter_map(|rest| {
            Some(
                rest.trim_start()
                    .strip_prefix('"')?
                    .split('"')
                    .next()?
                    .into(),
            )
        })
        .collect();
    ensure!(!names.is_empty(), "{} has no cases", path.display());
    Ok(names)
}

fn project() -> PathBuf {
    place::crate_root().join("programs/conformance")
}

/// What comes upon a process while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Storm {
    /// Nothing.
    Calm,
    /// It is stopped and goes on, and its terminal changes its size, as often as possible.
    Signals,
}

/// The guest, compiled.
pub struct Executable {
    path: PathBuf,
    target: Target,
    _scratch: Scratch,
}

impl Executable {
    /// Builds the guest if need be, and compiles it.
    pub fn new(target: Target) -> Result<Executable> {
        Executable::with(target, &[])
    }

    /// The same with more options of `elfin compile`.
    pub fn with(target: Target, more: &[&str]) -> Result<Executable> {
        let mut build = Build::new(Path::new("conformance.program"));
        build.apply("project", "conformance")?;
        let scratch = Scratch::new("conformance")?;
        let path = scratch.path().join("conformance");
        let options = [
            "--dir",
            ".::/",
            "--dir",
            "other::/other",
            "--env",
            "EMPTY=",
            "--env",
            "NAME=a=b",
        ];
        let options: Vec<_> = options.iter().chain(more).map(Into::into).collect();
        elfin::compile(&build.guest()?.path, &path, target, &options)?;
        Ok(Executable {
            path,
            target,
            _scratch: scratch,
        })
    }

    /// Runs an area, in a directory of its own. A lie is that of `raw.rs` of the guest.
    pub fn run(&self, area: &str, lie: Option<&str>) -> Result<Report> {
        self.run_in(area, lie, Storm::Calm, |command, _| Ok(command))
    }

    /// Runs an area under what `wrap` makes of the command, with signals coming or not.
    pub fn run_as(
        &self,
        area: &str,
        storm: Storm,
        wrap: impl FnOnce(Command, &Path) -> Result<Command>,
    ) -> Result<Report> {
        self.run_in(area, None, storm, wrap)
    }

    fn run_in(
        &self,
        area: &str,
        lie: Option<&str>,
        storm: Storm,
        wrap: impl FnOnce(Command, &Path) -> Result<Command>,
    ) -> Result<Report> {
        let scratch = Scratch::new(area)?;
        let other = place::created(scratch.path().join("other"))?;
        if let Some(lie) = lie {
            std::fs::write(other.join("lie"), lie)?;
        }
        let command = self.command(&[area, "two words", "", "ü"])?;
        let mut command = wrap(command, scratch.path())?;
        command.env_clear().current_dir(scratch.path());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let peer = surround(area, &mut command, scratch.path())?;
        let timeout = if lie.is_some() { TIMEOUT / 6 } else { TIMEOUT };
        converse(command, peer, storm, timeout)
    }

    /// The executable with these arguments and nothing in its environment.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = machine::command(self.target, &self.path)?;
        command.args(arguments).env_clear();
        Ok(command)
    }
}

/// What stands around an area: its standard streams, and who is at their other ends.
fn surround(area: &str, command: &mut Command, folder: &Path) -> Result<Peer> {
    match area {
        "input" => {
            let (input, errors) = (folder.join("input"), folder.join("errors"));
            std::fs::write(&input, "0123456789")?;
            std::fs::write(&errors, "abc")?;
            command.stdin(File::open(&input)?);
            command.stderr(OpenOptions::new().append(true).open(&errors)?);
            Ok(Peer::nobody())
        }
        "pipe" => {
            let (input, output) = std::io::pipe()?;
            command.stdin(input);
            Ok(Peer::of_stream(File::from(OwnedFd::from(output))))
        }
        "datagram" => {
            let (ours, theirs) = UnixDatagram::pair()?;
            command.stdin(OwnedFd::from(theirs));
            Peer::of_messages(ours)
        }
        "sockets" => {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let address = listener.local_addr()?;
            command.stdin(OwnedFd::from(listener));
            Ok(Peer::of_listener(address))
        }
        "terminal" => {
            let (ours, theirs) = terminal::pair()?;
            command.stdin(theirs.try_clone()?);
            command.stdout(theirs.try_clone()?).stderr(theirs);
            Ok(Peer::of_terminal(ours))
        }
        _ => Ok(Peer::nobody()),
    }
}

/// What an executable said.
#[derive(Debug)]
pub struct Report {
    /// Each case, and why it does not hold.
    pub cases: BTreeMap<String, Result<(), String>>,
    /// How the process ended; `None` when the time was up.
    pub status: Option<ExitStatus>,
    /// What it said on standard error.
    pub errors: String,
}

impl Report {
    /// Why a case does not hold; that it is missing is a reason too.
    pub fn verdict(&self, case: &str) -> Result<()> {
        match self.cases.get(case) {
            Some(Ok(())) => Ok(()),
            Some(Err(why)) => bail!("{why}"),
            None => bail!(
                "nothing was said about it; the executable ended with {:?}: {}",
                self.status,
                self.errors
            ),
        }
    }

    /// That all these cases hold, that there are no others, and that the executable ended well.
    pub fn all_hold(&self, names: &[String]) -> Result<()> {
        for name in names {
            self.verdict(name).with_context(|| name.clone())?;
        }
        ensure!(
            self.cases.len() == names.len(),
            "names of cases that are not in the source: {:?}",
            self.cases.keys()
        );
        ensure!(
            self.status.is_some_and(|status| status.success()),
            "it ended with {:?}: {}",
            self.status,
            self.errors
        );
        Ok(())
    }
}

/// Runs a command and does what it tells its peer, until it ends or the time is up.
fn converse(
    mut command: Command,
    mut peer: Peer,
    storm: Storm,
    timeout: Duration,
) -> Result<Report> {
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    // What the command still holds of the other ends would keep them open.
    drop(command);
    let output: Box<dyn Read + Send> = match child.stdout.take() {
        Some(output) => Box::new(output),
        None => Box::new(peer.output().context("the peer has the other end")?),
    };
    let errors = child.stderr.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut text = Vec::new();
            let _ = pipe.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    let listener = thread::spawn(move || listen(output, &mut peer));
    let status = wait(&mut child, storm, timeout)?;
    let cases = listener
        .join()
        .unwrap_or_else(|_| bail!("the peer panicked"))?;
    let errors = errors
        .and_then(|errors| errors.join().ok())
        .unwrap_or_default();
    Ok(Report {
        cases,
        status,
        errors,
    })
}

/// Reads lines to the end. A terminal gives an error in place of an end.
fn listen(output: impl Read, peer: &mut Peer) -> Result<BTreeMap<String, Result<(), String>>> {
    let mut cases = BTreeMap::new();
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { break };
        let (name, outcome) = if let Some(command) = line.strip_prefix("peer ") {
            peer.act(command).with_context(|| line.clone())?;
            continue;
        } else if let Some(name) = line.strip_prefix("ok ") {
            (name, Ok(()))
        } else if let Some((name, why)) = line
            .strip_prefix("FAIL ")
            .and_then(|rest| rest.split_once(" -- "))
        {
            (name, Err(why.to_owned()))
        } else {
            bail!("the executable says {line:?}");
        };
        ensure!(
            cases.insert(name.to_owned(), outcome).is_none(),
            "there are two cases of the name {name:?}"
        );
    }
    Ok(cases)
}

fn wait(child: &mut Child, storm: Storm, timeout: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < timeout {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if storm == Storm::Signals {
            let process = Pid::from_child(child);
            for signal in [Signal::WINCH, Signal::STOP, Signal::CONT] {
                // It is there as long as nobody has waited for it.
                kill_process(process, signal)?;
            }
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
