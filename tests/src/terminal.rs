//! A terminal session: a program whose standard streams are a pseudo-terminal, and what that shows in the end.

use anyhow::{Context, Result, ensure};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use vt100::Parser;

/// The size of the terminal.
const ROWS: u16 = 24;
const COLUMNS: u16 = 100;

/// Time after which a session has failed.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs the program as a shell does. Where the first process of a session ends, the kernel discards what was written to
/// the terminal and not read yet; this one ends when all of it has been read.
const LEADER: &str = r#"trap : INT; "$0" "$@"; status=$?; sleep 1; exit $status"#;

/// A program on a terminal.
pub struct Session {
    keyboard: File,
    child: Child,
    output: Receiver<Vec<u8>>,
    /// Everything that was written so far.
    pub written: Vec<u8>,
    screen: Parser,
}

impl Session {
    /// Starts a command in a session of its own, whose terminal is a new one.
    pub fn start(command: &Command) -> Result<Self> {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&ours)?;
        unlockpt(&ours)?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let theirs = rustix::fs::open(ptsname(&ours, Vec::new())?, flags, Mode::empty())?;
        let size = Winsize {
            ws_row: ROWS,
            ws_col: COLUMNS,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&theirs, size)?;
        // At Ctrl-C the kernel sends the signal and then discards what is in the terminal's queue: what a quick program
        // has written at the signal, too.
        let mut modes = tcgetattr(&theirs)?;
        modes.local_modes |= LocalModes::NOFLSH;
        tcsetattr(&theirs, OptionalActions::Now, &modes)?;
        let stream = || -> Result<Stdio> { Ok(theirs.try_clone()?.into()) };
        let mut session = Command::new("setsid");
        session
            .args(["--ctty", "sh", "-c", LEADER])
            .arg(command.get_program())
            .args(command.get_args())
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            // Where it is set, colours are shown on any terminal.
            .env_remove("CI")
            .stdin(stream()?)
            .stdout(stream()?)
            .stderr(stream()?);
        for (name, value) in command.get_envs() {
            session.env(name, value.context("a value")?);
        }
        let child = session.spawn().context("cannot run setsid")?;
        // The program alone keeps its side open.
        drop((session, theirs));
        let ours = File::from(ours);
        Ok(Self {
            keyboard: ours.try_clone()?,
            child,
            output: read(ours),
            written: Vec::new(),
            screen: Parser::new(ROWS, COLUMNS, 0),
        })
    }

    /// Types.
    pub fn type_keys(&mut self, keys: &[u8]) -> Result<()> {
        Ok(self.keyboard.write_all(keys)?)
    }

    /// Waits until the screen shows this text.
    pub fn wait_for(&mut self, text: &str) -> Result<()> {
        let deadline = Instant::now() + LIMIT;
        while !self.shows().contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            ensure!(
                self.take_output(left)?,
                "the program ended without showing {text:?}: {:?}",
                String::from_utf8_lossy(&self.written)
            );
        }
        Ok(())
    }

    /// Waits for the end of the program and of what it writes.
    pub fn end(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + LIMIT;
        while self.take_output(deadline.saturating_duration_since(Instant::now()))? {}
        Ok(self.child.wait()?)
    }

    /// The lines of the screen, without empty ones at its end.
    pub fn shows(&self) -> String {
        self.screen.screen().contents()
    }

    /// Whether the cursor is shown, at the beginning of a line that is empty.
    pub fn is_clean(&self) -> bool {
        let screen = self.screen.screen();
        let (row, column) = screen.cursor_position();
        let line = screen.rows(0, COLUMNS).nth(row.into()).unwrap_or_default();
        !screen.hide_cursor() && column == 0 && line.trim().is_empty()
    }

    /// Whether there was output before the end of the program.
    fn take_output(&mut self, patience: Duration) -> Result<bool> {
        match self.output.recv_timeout(patience) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.written.extend_from_slice(&bytes);
                Ok(true)
            }
            Err(RecvTimeoutError::Disconnected) => Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                self.child.kill()?;
                anyhow::bail!("the session lasts longer than {} s", LIMIT.as_secs())
            }
        }
    }
}

/// What the terminal shows, until the program closes it: then reading fails.
fn read(mut terminal: File) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(len @ 1..) = terminal.read(&mut buffer) {
            if sender.send(buffer[..len].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}
