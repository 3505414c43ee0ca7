//! Writing the result: a file appears whole or not at all, and nothing is left behind.
//!
//! A regular file is replaced by renaming a temporary file that lies beside it. What is not a regular file
//! (`/dev/null`, a pipe) is written to, since renaming would put a file in its place.

#[cfg(not(unix))]
mod portable;
mod replace;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use portable as system;
#[cfg(unix)]
use unix as system;

use crate::failure::{Failure, Result};
use crate::progress;
use crate::scratch;
use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What is written, which decides about permissions and terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A program: everybody may execute it, as far as the umask allows.
    Executable,
    /// Bytes that a terminal should not get.
    Binary,
    /// Text.
    Text,
}

/// Where the result goes.
#[derive(Debug)]
pub(crate) struct Destination {
    /// What the user named.
    named: PathBuf,
    kind: Kind,
    place: Place,
}

#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// Standard output.
    Standard,
    /// Something that is written to as it is: a device, a pipe.
    Special,
    /// A regular file, or nothing yet, with the symbolic links of its last component resolved.
    File(PathBuf),
}

impl Destination {
    /// Finds out what `output` is, and refuses what can be refused before there is anything to write.
    pub(crate) fn resolve(output: &Path, input: &Path, kind: Kind) -> Result<Self> {
        let place = if output.as_os_str() == "-" {
            standard(kind)?
        } else {
            named(output, input)?
        };
        Ok(Self {
            named: output.into(),
            kind,
            place,
        })
    }

    /// Writes `bytes`.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<()> {
        let result = match &self.place {
            Place::Standard => write_stream(io::stdout(), bytes),
            Place::Special => File::options()
                .write(true)
                .open(&self.named)
                .and_then(|file| write_stream(file, bytes)),
            Place::File(path) => replace::replace(path, bytes, self.kind),
        };
        result.map_err(|error| Failure::Failed(explain(&self.named, &error)))
    }
}

/// From now on a signal that ends the process leaves nothing behind: no temporary file or folder, no progress bar.
pub(crate) fn watch_for_end() -> io::Result<()> {
    static IS_WATCHED: Mutex<bool> = Mutex::new(false);
    let mut is_watched = IS_WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_watched {
        system::watch_for_end(|| (progress::erase(), scratch::remove(), replace::remove()))?;
        *is_watched = true;
    }
    Ok(())
}

fn standard(kind: Kind) -> Result<Place> {
    if kind != Kind::Text && io::stdout().is_terminal() {
        return Err(Failure::Usage(
            "a terminal can't show a binary file: name a file with -o".into(),
        ));
    }
    Ok(Place::Standard)
}

fn named(output: &Path, input: &Path) -> Result<Place> {
    let failed = |message: &str| Err(Failure::Failed(format!("`{}` {message}", output.display())));
    let is_directory = "is a directory: name a file with -o";
    match fs::metadata(output) {
        Ok(metadata) if metadata.is_dir() => failed(is_directory),
        Ok(metadata) if !metadata.is_file() => Ok(Place::Special),
        Ok(_) if is_input(output, input) => {
            failed("is the input, which would be replaced: name another file with -o")
        }
        Ok(_) => match fs::canonicalize(output) {
            Ok(path) => Ok(Place::File(path)),
            Err(error) => Err(Failure::Failed(explain(output, &error))),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if ends_with_separator(output) || output.file_name().is_none() {
                return failed(is_directory);
            }
            let path = follow_dangling(output);
            match directory_of(&path).try_exists() {
                Ok(false) => Err(Failure::Failed(explain(output, &error))),
                _ => Ok(Place::File(path)),
            }
        }
        Err(error) => Err(Failure::Failed(explain(output, &error))),
    }
}

/// Whether both are the same file, by whatever names and links.
fn is_input(output: &Path, input: &Path) -> bool {
    let same = || {
        let output = same_file::Handle::from_path(output)?;
        let input = if input.as_os_str() == "-" {
            same_file::Handle::stdin()?
        } else {
            same_file::Handle::from_path(input)?
        };
        io::Result::Ok(output == input)
    };
    // An output that can't be opened for reading is none that the input was read from.
    same().unwrap_or(false)
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str()
        .as_encoded_bytes()
        .ends_with(&[MAIN_SEPARATOR as u8])
}

/// Where a symbolic link to nothing points; other paths stay. The file belongs at the end of the link, as with a shell's `>`.
fn follow_dangling(path: &Path) -> PathBuf {
    // As many as Linux follows: `path_resolution(7)`.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = directory_of(&path).join(target),
            Err(_) => break,
        }
    }
    path
}

/// The directory that `path` names a file in.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn write_stream(mut stream: impl Write, bytes: &[u8]) -> io::Result<()> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        // The reader has seen enough: `elfin compile ... --emit asm -o - | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn explain(output: &Path, error: &io::Error) -> String {
    let directory = directory_of(output).display();
    let output = output.display();
    match error.kind() {
        ErrorKind::NotFound => {
            format!(
                "`{output}` can't be written: `{directory}` does not exist. Create it with `mkdir -p {directory}`"
            )
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => format!(
            "`{output}` can't be written: no permission in `{directory}` ({error}). Name another place with -o"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => format!(
            "`{output}` can't be written: no space is left there. Make room, or name another place with -o"
        ),
        ErrorKind::FileTooLarge => format!(
            "`{output}` can't be written: it would exceed the size limit of a file (see `ulimit -f`)"
        ),
        _ => format!("`{output}` can't be written: {error}. Name another place with -o"),
    }
}
