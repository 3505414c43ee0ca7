//! The input: a file or standard input, read whole.

use crate::failure::{Failure, Result};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// No input is larger than 1 GiB, the limit of the WebAssembly JavaScript interface and so of every tool chain:
/// <https://webassembly.github.io/spec/js-api/#limits>. It keeps an endless input (`/dev/zero`) from taking all memory.
const LIMIT: u64 = 1 << 30;

/// Whether `path` means standard input.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads the input.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let result = if is_standard(path) {
        read_all(io::stdin().lock(), 0)
    } else {
        File::open(path).and_then(|file| {
            let size = file.metadata()?.len();
            read_all(file, size)
        })
    };
    let bytes = result.map_err(|error| Failure::Failed(explain(path, &error)))?;
    if bytes.len() as u64 > LIMIT {
        return Err(Failure::Failed(format!(
            "`{}` is larger than 1 GiB, the limit of a WebAssembly module",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Reads to the end, which is expected after `size` bytes.
fn read_all(file: impl Read, size: u64) -> io::Result<Vec<u8>> {
    // One more, to see the end without growing.
    let mut bytes = Vec::with_capacity(size.min(LIMIT) as usize + 1);
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn explain(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound => {
            format!("`{path}` does not exist: check the name, or build the module first")
        }
        ErrorKind::IsADirectory => format!("`{path}` is a directory: name a .wasm or .wat file"),
        ErrorKind::NotADirectory => {
            format!("`{path}` goes through something that is not a directory: check the name")
        }
        ErrorKind::PermissionDenied => {
            format!("`{path}` may not be read by this user: `chmod +r` it, or copy it")
        }
        _ => format!("`{path}` can't be read: {error}"),
    }
}
