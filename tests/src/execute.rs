//! Running a process in a directory of its own, with a time limit, and what it leaves behind.

use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How an executable is run.
#[derive(Clone, Debug, Default)]
pub struct Execution {
    /// Arguments.
    pub args: Vec<OsString>,
    /// The whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Standard input.
    pub stdin: Stdin,
    /// Standard output.
    pub stdout: Stdout,
    /// Directories to make before the start.
    pub directories: Vec<String>,
    /// Files to make before the start.
    pub files: Vec<(String, Vec<u8>)>,
    /// Symbolic links to make before the start, and where they point.
    pub links: Vec<(String, String)>,
    /// Paths whose write permission is taken away before the start.
    pub read_only: Vec<String>,
    /// A client that connects to it.
    pub client: Option<Client>,
    /// Time after which it is killed.
    pub timeout: Duration,
}

/// A client of an executable that listens.
#[derive(Clone, Debug)]
pub struct Client {
    /// Where the executable listens.
    pub address: SocketAddr,
    /// What the client sends.
    pub text: Vec<u8>,
}

impl Client {
    /// An address at which nobody listens at the moment.
    pub fn free_address() -> Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
        Ok(listener.local_addr()?)
    }

    /// Connects as soon as that is possible, sends all, and gives the reply; what came before an error is compared.
    fn talk(&self, timeout: Duration) -> Vec<u8> {
        let mut reply = Vec::new();
        let started = Instant::now();
        while started.elapsed() < timeout {
            let Ok(mut stream) = TcpStream::connect(self.address) else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            let _ = stream.set_read_timeout(Some(timeout));
            if stream.write_all(&self.text).is_ok() && stream.shutdown(Shutdown::Write).is_ok() {
                let _ = stream.read_to_end(&mut reply);
            }
            break;
        }
        reply
    }
}

/// Standard input.
#[derive(Clone, Debug, Default)]
pub enum Stdin {
    /// /dev/null.
    #[default]
    Empty,
    /// These bytes through a pipe.
    Bytes(Vec<u8>),
    /// So many bytes of [`generated`] through a pipe.
    Generated(usize),
    /// A pipe whose other end is closed.
    Closed,
}

/// Standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stdout {
    /// Collected.
    #[default]
    Collected,
    /// A pipe that nobody reads from.
    BrokenPipe,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended; `None` when the time was up.
    pub status: Option<ExitStatus>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// What the client got, if there is one.
    pub reply: Vec<u8>,
}

impl Outcome {
    /// The exit status, in words where it is not a number.
    pub fn ending(&self) -> String {
        match self.status {
            None => "killed, the time was up".to_owned(),
            Some(status) => match (status.code(), status.signal()) {
                (Some(code), _) => format!("exit status {code}"),
                (None, Some(signal)) => format!("killed by signal {signal}"),
                (None, None) => format!("{status}"),
            },
        }
    }

    /// The exit status, if the process ended by itself.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Itself where it is exit status 0; anything else is an error with standard error's text.
    pub fn succeeded(self) -> Result<Self> {
        let is_success = self.code() == Some(0);
        ensure!(is_success, "{}: {}", self.ending(), self.stderr_text());
        Ok(self)
    }

    /// Standard error as text.
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

impl Execution {
    /// Makes the files that the case wants to exist.
    pub fn prepare(&self, directory: &Path) -> Result<()> {
        for path in &self.directories {
            std::fs::create_dir_all(directory.join(path))?;
        }
        for (path, content) in &self.files {
            let path = directory.join(path);
            std::fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            std::fs::write(&path, content)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        for (link, to) in &self.links {
            std::os::unix::fs::symlink(to, directory.join(link))?;
        }
        for path in &self.read_only {
            let path = directory.join(path);
            let mode = std::fs::metadata(&path)?.permissions().mode() & !0o222;
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode))?;
        }
        Ok(())
    }

    /// Runs `command` with these arguments in `directory`.
    pub fn run(&self, mut command: Command, directory: &Path) -> Result<Outcome> {
        command
            .args(&self.args)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(directory);
        let input = match &self.stdin {
            Stdin::Empty => None,
            Stdin::Closed => Some(Vec::new()),
            Stdin::Bytes(bytes) => Some(bytes.clone()),
            Stdin::Generated(len) => Some(generated(*len)),
        };
        let client = self.client.clone().map(|client| {
            let timeout = self.timeout;
            thread::spawn(move || client.talk(timeout))
        });
        let mut outcome = run(command, input, self.stdout, self.timeout)?;
        if let Some(client) = client {
            outcome.reply = client.join().unwrap_or_default();
        }
        Ok(outcome)
    }
}

/// Bytes without a short period, the same ones each time: a linear congruential generator's high byte.
pub fn generated(len: usize) -> Vec<u8> {
    let mut state = 1u32;
    let step = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(step).take(len).collect()
}

/// Runs a command to its end or until the time is up.
pub fn run(
    mut command: Command,
    input: Option<Vec<u8>>,
    stdout: Stdout,
    timeout: Duration,
) -> Result<Outcome> {
    command
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = spawn(&mut command)?;
    let writer = child.stdin.take().map(|mut pipe| {
        let input = input.unwrap_or_default();
        // A guest that does not read to the end is fine.
        thread::spawn(move || drop(pipe.write_all(&input)))
    });
    let output = child.stdout.take().context("standard output is a pipe")?;
    let output = match stdout {
        Stdout::Collected => Some(collect(output)),
        Stdout::BrokenPipe => {
            drop(output);
            None
        }
    };
    let errors = collect(child.stderr.take().context("standard error is a pipe")?);
    let status = wait(&mut child, timeout)?;
    let join = |thread: thread::JoinHandle<Vec<u8>>| thread.join().unwrap_or_default();
    if let Some(writer) = writer {
        let _ = writer.join();
    }
    Ok(Outcome {
        status,
        stdout: output.map(join).unwrap_or_default(),
        stderr: join(errors),
        reply: Vec::new(),
    })
}

/// Another thread may have a freshly written executable open for writing in a child that has not called execve yet;
/// then the kernel says ETXTBSY.
fn spawn(command: &mut Command) -> Result<Child> {
    for _ in 0..100 {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(10));
            }
            result => return result.with_context(|| format!("cannot run {command:?}")),
        }
    }
    command
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))
}

/// Waits for the end of `child`; kills it when the time is up.
fn wait(child: &mut Child, timeout: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Reads to the end, or until there is more than any case expects: then the writer gets EPIPE.
fn collect(pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is compared.
        let _ = pipe.take(64 << 20).read_to_end(&mut bytes);
        bytes
    })
}
