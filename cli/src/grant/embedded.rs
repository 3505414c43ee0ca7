//! `--embed-dir`: a directory tree that becomes part of the executable, read when the command runs.

use crate::failure::{Failure, Result};
use elfin_abi::grant;
use elfin_compiler::embed::{EmbeddedDirectory, Entry, Kind};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory to embed, and the name under which the guest sees it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    host: PathBuf,
    guest: Vec<u8>,
}

/// Parses `HOST::GUEST`.
pub(crate) fn parse(text: &OsStr) -> Result<Source, &'static str> {
    let parsed = grant::directory(text.as_encoded_bytes())?;
    if parsed.read_only {
        return Err("what is inside the executable can't be changed in any case: leave out `::ro`");
    }
    if grant::below_home(parsed.host).is_some() {
        return Err("the directory is read now: let the shell expand `$HOME`");
    }
    if parsed.host.len() == text.len() {
        return Err("a name for the guest is wanted: HOST::GUEST");
    }
    Ok(Source {
        host: super::system::path(parsed.host)?,
        guest: parsed.guest.into(),
    })
}

/// Reads a tree.
pub(crate) fn read(source: &Source) -> Result<EmbeddedDirectory> {
    let host = &source.host;
    let metadata = fs::metadata(host).map_err(|error| failed(host, &error))?;
    if !metadata.is_dir() {
        return Err(refused(host, "is no directory: --embed-dir takes one"));
    }
    Ok(EmbeddedDirectory {
        guest: source.guest.clone(),
        entries: entries(host)?,
    })
}

fn entries(directory: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(directory).map_err(|error| failed(directory, &error))? {
        let entry = entry.map_err(|error| failed(directory, &error))?;
        entries.push(Entry {
            name: entry.file_name().as_encoded_bytes().to_vec(),
            kind: kind(&entry.path())?,
        });
    }
    Ok(entries)
}

fn kind(path: &Path) -> Result<Kind> {
    let metadata = fs::symlink_metadata(path).map_err(|error| failed(path, &error))?;
    let kind = metadata.file_type();
    if kind.is_dir() {
        return entries(path).map(Kind::Directory);
    }
    if kind.is_file() {
        let contents = fs::read(path).map_err(|error| failed(path, &error))?;
        return Ok(Kind::File(contents));
    }
    if kind.is_symlink() {
        let text = fs::read_link(path).map_err(|error| failed(path, &error))?;
        return Ok(Kind::Link(text.as_os_str().as_encoded_bytes().to_vec()));
    }
    Err(refused(
        path,
        "can't be embedded: it is neither a file nor a directory nor a symbolic link",
    ))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Failed(format!("`{}` can't be embedded: {error}", path.display()))
}

fn refused(path: &Path, why: &str) -> Failure {
    Failure::Failed(format!("`{}` {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_wanted() {
        let source = parse(OsStr::new("a/b::/c")).unwrap();
        assert_eq!(source.host, Path::new("a/b"));
        assert_eq!(source.guest, b"/c");
        for text in [
            "a",
            "a::",
            "::a",
            "a::b::ro",
            "a::ro",
            "$HOME/a::b",
            "~/a::b",
        ] {
            assert!(parse(OsStr::new(text)).is_err(), "{text}");
        }
    }
}
