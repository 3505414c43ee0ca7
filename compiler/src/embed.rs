//! Directory trees that become part of an executable. The caller reads them: nothing here looks at a file system.

use crate::error::{Error, ErrorKind, Result};
use std::collections::HashSet;

/// A directory inside the executable. The guest can read it, and change nothing.
#[derive(Clone, Debug)]
pub struct EmbeddedDirectory {
    /// The name under which the guest sees it.
    pub guest: Vec<u8>,
    /// What lies in it, in any order.
    pub entries: Vec<Entry>,
}

/// An entry of a directory inside the executable.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name: neither empty nor `.` nor `..`, and without slashes and zero bytes.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A directory, and what lies in it.
    Directory(Vec<Entry>),
    /// A file, and its contents.
    File(Vec<u8>),
    /// A symbolic link, and its text: a path that doesn't leave the tree. What it leads to need not exist.
    Link(Vec<u8>),
}

/// The number of symbolic links in one path, as in Linux.
const MAX_LINKS: usize = 40;

/// Whether names are names, and links stay in their trees.
pub(crate) fn check(directories: &[EmbeddedDirectory]) -> Result<()> {
    for directory in directories {
        check_entries(&mut vec![&directory.entries], &directory.guest)?;
    }
    Ok(())
}

/// Checks the innermost of nested directories, whose path is given for messages.
fn check_entries(nested: &mut Vec<&[Entry]>, path: &[u8]) -> Result<()> {
    let entries = nested.last().copied().unwrap_or_default();
    let mut names = HashSet::new();
    for entry in entries {
        let name = entry.name.as_slice();
        let path = [path, b"/", name].concat();
        if matches!(name, b"" | b"." | b"..") || name.iter().any(|byte| matches!(byte, 0 | b'/')) {
            return wrong(&path, "is no name that a file can have");
        }
        if !names.insert(name) {
            return wrong(&path, "is there twice");
        }
        match &entry.kind {
            Kind::Directory(entries) => {
                nested.push(entries);
                check_entries(nested, &path)?;
                nested.pop();
            }
            Kind::File(_) => {}
            Kind::Link(text) if text.is_empty() || text.contains(&0) => {
                return wrong(&path, "is a symbolic link to what can't be a path");
            }
            Kind::Link(text) if leaves(nested, text) => {
                let text = String::from_utf8_lossy(text);
                let what = format!(
                    "is a symbolic link that leaves the embedded directory, to `{text}`: remove it, or put what it \
                     leads to in its place"
                );
                return wrong(&path, &what);
            }
            Kind::Link(_) => {}
        }
    }
    Ok(())
}

/// Whether a link's text leads out, from the innermost of nested directories.
fn leaves(nested: &[&[Entry]], text: &[u8]) -> bool {
    let components = |text: &'_ [u8]| -> Vec<Vec<u8>> {
        let names = text.split(|&byte| byte == b'/').map(<[u8]>::to_vec);
        names.rev().collect()
    };
    if text.starts_with(b"/") {
        return true;
    }
    let mut nested = nested.to_vec();
    let mut remaining = components(text);
    let mut links = 0;
    while let Some(name) = remaining.pop() {
        match name.as_slice() {
            b"" | b"." => continue,
            b".." if nested.len() == 1 => return true,
            b".." => {
                nested.pop();
                continue;
            }
            _ => {}
        }
        let entries = nested.last().copied().unwrap_or_default();
        let found = entries.iter().find(|entry| entry.name == name);
        match found.map(|entry| &entry.kind) {
            Some(Kind::Directory(entries)) => nested.push(entries),
            Some(Kind::Link(text)) if text.starts_with(b"/") => return true,
            Some(Kind::Link(text)) if links < MAX_LINKS => {
                links += 1;
                remaining.extend(components(text));
            }
            // It ends here, or goes in circles: that is an error when the guest follows it.
            _ => return false,
        }
    }
    false
}

fn wrong(path: &[u8], what: &str) -> Result<()> {
    let path = String::from_utf8_lossy(path);
    Err(Error::new(ErrorKind::Option, format!("`{path}` {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: Kind) -> Entry {
        Entry {
            name: name.into(),
            kind,
        }
    }

    fn error(entries: Vec<Entry>) -> Option<String> {
        let directory = EmbeddedDirectory {
            guest: b"/lib".into(),
            entries,
        };
        check(&[directory]).err().map(|error| error.to_string())
    }

    #[test]
    fn names() {
        for name in ["", ".", "..", "a/b", "a\0"] {
            assert!(error(vec![entry(name, Kind::File(Vec::new()))]).is_some());
        }
        let twice = || entry("a", Kind::Directory(Vec::new()));
        assert!(error(vec![twice()]).is_none());
        assert!(error(vec![twice(), twice()]).is_some_and(|error| error.contains("/lib/a")));
    }

    #[test]
    fn links_stay_inside() {
        let tree = |text: &str| {
            vec![
                entry(
                    "dir",
                    Kind::Directory(vec![
                        entry("link", Kind::Link(text.into())),
                        entry("up", Kind::Link("..".into())),
                    ]),
                ),
                entry("file", Kind::File(b"text".to_vec())),
                entry("self", Kind::Link("self".into())),
            ]
        };
        for text in [
            "../file",
            "up/file",
            ".",
            "up/dir/up",
            "gone",
            "gone/../../..",
            "../self",
            "link",
            "../dir/../dir/.//link",
            "../file/../../..",
        ] {
            assert_eq!(error(tree(text)), None, "{text}");
        }
        for text in [
            "/file",
            "../..",
            "../../lib/file",
            "up/..",
            "up/dir/up/..",
            "",
            "a\0",
        ] {
            let error = error(tree(text)).unwrap_or_else(|| panic!("{text} passes"));
            assert!(error.contains("`/lib/dir/link`"), "{error}");
        }
    }
}
