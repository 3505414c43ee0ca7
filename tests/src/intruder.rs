//! A program whose guest has taken the runtime over: started with `n` arguments, it makes the `n`-th of a list of system
//! calls and exits with status 0 if that succeeded, else with WASI's number of the error.
//!
//! It is linked with the planted runtime, [`crate::planted`].

use crate::execute::{self, Outcome, Stdout};
use crate::machine::find_tool;
use crate::planted;
use anyhow::{Context, Result};
use elfin_compiler::Target;
use elfin_compiler::options::{Directory, KernelSandbox, Options};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A system call: its number and arguments.
pub type Words = [u64; 7];

/// Where a text lies in the program's memory.
#[derive(Clone, Copy)]
pub struct Texts {
    next: u64,
}

/// Where texts begin in the guest's memory, and the list of calls.
const TEXTS: u64 = 0x100;
const CALLS: u64 = 0x1000;

impl Texts {
    /// None so far.
    pub fn new() -> Self {
        Self { next: TEXTS }
    }

    /// The address of the next text, which takes 64 bytes, and what puts it there.
    pub fn add(&mut self, text: &str) -> (u64, String) {
        let at = self.next;
        self.next += 64;
        assert!(text.len() < 64 && self.next <= CALLS, "no room for {text}");
        let address = Target::X86_64.memory_base() + at;
        (address, format!("(data (i32.const {at}) {text:?})\n"))
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

/// An executable for these calls. One that opens paths is granted the directory that it is started in.
pub fn build(
    path: &Path,
    data: &str,
    calls: &[Words],
    opens_paths: bool,
    sandbox: KernelSandbox,
) -> Result<Vec<u8>> {
    let mut bytes = String::new();
    for byte in calls.iter().flatten().flat_map(|word| word.to_le_bytes()) {
        bytes += &format!("\\{byte:02x}");
    }
    let (import, call) = match opens_paths {
        false => ("", ""),
        true => (OPEN_IMPORT, OPEN_CALL),
    };
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "args_sizes_get" (func $count (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_raise" (func $call (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            {import}
            (memory 3)
            {data}
            (data (i32.const {CALLS}) "{bytes}")
            (func (export "_start")
                (drop (call $count (i32.const 0) (i32.const 4)))
                {call}
                (call $exit (call $call (i32.add (i32.const {CALLS})
                    (i32.mul (i32.const 56) (i32.sub (i32.load (i32.const 0)) (i32.const 1))))))))"#
    );
    let mut options = Options::new(Target::X86_64);
    options.jobs = 1;
    options.kernel_sandbox = sandbox;
    if opens_paths {
        options.grants.directories.push(Directory {
            host: b".".to_vec(),
            guest: b".".to_vec(),
            read_only: false,
        });
    }
    let bytes = elfin_compiler::compile(text.as_bytes(), &options, planted::runtime()?)?.bytes;
    std::fs::write(path, &bytes)?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755))?;
    Ok(bytes)
}

/// Never called.
const OPEN_IMPORT: &str = r#"(import "wasi_snapshot_preview1" "path_open" (func $open
    (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))"#;
const OPEN_CALL: &str = "(if (i32.eq (i32.load (i32.const 0)) (i32.const -1)) (then
    (drop (call $open (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))))";

/// Makes one of the calls, in a directory; `missing` are system calls that the kernel is made to lack.
pub fn run(program: &Path, directory: &Path, call: usize, missing: &[&str]) -> Result<Outcome> {
    let mut command = lacking(program, missing)?;
    command.current_dir(directory);
    command.args(std::iter::repeat_n("x", call));
    execute::run(command, None, Stdout::Collected, Duration::from_secs(20))
}

/// A command that runs a program on a kernel which answers some system calls otherwise: `NAME:error=ENOSYS`, as strace's
/// `--inject` puts it.
pub fn lacking(program: &Path, changes: &[&str]) -> Result<Command> {
    if changes.is_empty() {
        return Ok(Command::new(program));
    }
    let strace: PathBuf =
        find_tool("strace").context("strace is missing: `apt-get install strace`")?;
    let mut command = Command::new(strace);
    command.args(["--quiet=all", "--output=/dev/null"]);
    for change in changes {
        command.arg(format!("--inject={change}"));
    }
    command.arg("--").arg(program);
    Ok(command)
}
