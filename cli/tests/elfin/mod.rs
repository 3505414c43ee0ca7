//! The real binary, run in a folder of its own.
// Each test file uses a part.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A command that writes `hi` and a line feed.
pub(crate) const HELLO: &str = r#"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\03\00\00\00")
  (data (i32.const 16) "hi\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
"#;

/// A folder that is gone afterwards.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A folder that holds `hello.wat`.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("elfin-test-").unwrap();
        fs::write(folder.path().join("hello.wat"), HELLO).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of the executables that `elfin run` keeps in it, sorted.
    pub(crate) fn cached(&self) -> Vec<String> {
        let mut names = names(&self.path("cache/elfin"));
        names.retain(|name| !name.starts_with(".functions-"));
        names
    }

    /// The names in it, sorted; but not that of the cache.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = names(self.0.path());
        names.retain(|name| name != "cache");
        names
    }

    /// `elfin` in this folder.
    pub(crate) fn elfin<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Outcome {
        let mut command = Command::new(BINARY);
        command.args(arguments);
        self.run(&mut command)
    }

    /// A line of bash in this folder; `$ELFIN` is the binary.
    pub(crate) fn bash(&self, line: &str) -> Outcome {
        let mut command = Command::new("bash");
        command.args(["-c", line]).env("ELFIN", BINARY);
        self.run(&mut command)
    }

    fn run(&self, command: &mut Command) -> Outcome {
        let output = command
            .current_dir(self.0.path())
            .env("XDG_CACHE_HOME", self.path("cache"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Outcome(output)
    }
}

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_elfin");

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a process left.
pub(crate) struct Outcome(pub(crate) Output);

impl Outcome {
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// It succeeded.
    #[track_caller]
    pub(crate) fn succeeds(&self) -> &Self {
        assert_eq!(self.0.status.code(), Some(0), "{}", self.stderr());
        self
    }

    /// It ended with `status`, and the message has all these parts.
    #[track_caller]
    pub(crate) fn fails(&self, status: i32, parts: &[&str]) -> &Self {
        let message = self.stderr();
        assert_eq!(self.0.status.code(), Some(status), "{message}");
        for part in parts {
            assert!(message.contains(part), "no {part:?} in {message:?}");
        }
        self
    }
}
