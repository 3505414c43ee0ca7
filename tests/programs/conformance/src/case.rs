//! A case: a name, and what must hold.

use crate::wasi::{self, *};
use std::fmt::Debug;

/// Why a case does not hold.
pub struct Failure(pub String);

/// What a case comes to.
pub type Outcome = std::result::Result<(), Failure>;

/// A case.
pub struct Case {
    pub name: &'static str,
    pub run: fn(&World) -> Outcome,
}

/// The suite finds the names in the source: a string behind `case(`.
pub const fn case(name: &'static str, run: fn(&World) -> Outcome) -> Case {
    Case { name, run }
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Failure {
        Failure(format!("unexpected {errno:?}"))
    }
}

/// Both are the same.
#[track_caller]
pub fn same<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected {
        return Ok(());
    }
    let line = std::panic::Location::caller().line();
    Err(Failure(format!(
        "line {line}: found {found:?}, expected {expected:?}"
    )))
}

/// The call was refused with this error.
#[track_caller]
pub fn refused<T: Debug>(result: wasi::Result<T>, expected: Errno) -> Outcome {
    let line = std::panic::Location::caller().line();
    match result {
        Err(errno) if errno == expected => Ok(()),
        found => Err(Failure(format!(
            "line {line}: found {found:?}, expected {expected:?}"
        ))),
    }
}

/// That holds.
#[track_caller]
pub fn holds(what: &str, condition: bool) -> Outcome {
    if condition {
        return Ok(());
    }
    let line = std::panic::Location::caller().line();
    Err(Failure(format!(
        "line {line}: it does not hold that {what}"
    )))
}

/// The granted directory, `/`.
pub const ROOT: Fd = 3;

/// The other one, `/other`, which also lies in the first.
pub const OTHER: Fd = 4;

/// A case's own directory.
pub struct World {
    pub dir: Fd,
    pub name: String,
}

impl World {
    /// An empty directory beneath the granted one.
    pub fn new(name: String) -> wasi::Result<World> {
        create_directory(ROOT, &name)?;
        let dir = path_open(
            ROOT,
            FOLLOW,
            &name,
            DIRECTORY,
            rights::DIRECTORY,
            u64::MAX >> 34,
            0,
        )?;
        Ok(World { dir, name })
    }

    /// Opens for everything that a file is opened for.
    pub fn open(&self, path: &str, oflags: u32) -> wasi::Result<Fd> {
        self.open_as(path, oflags, rights::FILE, 0)
    }

    pub fn open_as(&self, path: &str, oflags: u32, base: u64, fdflags: u32) -> wasi::Result<Fd> {
        path_open(self.dir, FOLLOW, path, oflags, base, 0, fdflags)
    }

    pub fn open_directory(&self, path: &str) -> wasi::Result<Fd> {
        path_open(
            self.dir,
            FOLLOW,
            path,
            DIRECTORY,
            rights::DIRECTORY,
            u64::MAX >> 34,
            0,
        )
    }

    /// A new file with this text, open at its beginning.
    pub fn file(&self, path: &str, text: &str) -> wasi::Result<Fd> {
        let fd = self.open(path, CREAT | TRUNC)?;
        write(fd, text.as_bytes())?;
        seek(fd, 0, SET)?;
        Ok(fd)
    }

    /// The same, closed.
    pub fn put(&self, path: &str, text: &str) -> wasi::Result<()> {
        close(self.file(path, text)?)
    }

    pub fn directory(&self, path: &str) -> wasi::Result<()> {
        create_directory(self.dir, path)
    }

    pub fn symlink(&self, path: &str, text: &str) -> wasi::Result<()> {
        symlink(text, self.dir, path)
    }

    /// What a file holds.
    pub fn text(&self, path: &str) -> wasi::Result<String> {
        let fd = path_open(self.dir, FOLLOW, path, 0, rights::READ, 0, 0)?;
        let bytes = pread(fd, 1 << 16, 0)?;
        close(fd)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The kind of what a path denotes, not following a last link.
    pub fn kind(&self, path: &str) -> wasi::Result<u8> {
        Ok(path_stat(self.dir, NOFOLLOW, path)?.filetype)
    }
}

/// The entries' names but `.` and `..`, sorted.
pub fn names(entries: &[Entry]) -> Vec<String> {
    let mut names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    names.retain(|name| name != "." && name != "..");
    names.sort();
    names
}

/// Reads a whole directory with buffers of this size.
pub fn read_all(dir: Fd, len: usize) -> wasi::Result<Vec<Entry>> {
    let (mut entries, mut cookie) = (Vec::new(), 0);
    loop {
        let some = readdir(dir, len, cookie)?;
        let Some(last) = some.last() else {
            return Ok(entries);
        };
        cookie = last.next;
        entries.extend(some);
    }
}
