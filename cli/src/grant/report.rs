//! What a compilation tells of its grants: a line each, which says what the grant will mean.

use super::below_home;
use elfin_compiler::embed::{EmbeddedDirectory, Entry, Kind};
use elfin_compiler::options::{Directory, Grants, Variable};
use std::path::Path;

/// A line for each grant, in the order of the guest's descriptors; variables follow.
pub(crate) fn lines(grants: &Grants) -> Vec<String> {
    let mut lines = Vec::new();
    for (descriptor, address) in (3..).zip(&grants.listeners) {
        lines.push(format!(
            "accepts connections at {address}, as descriptor {descriptor}"
        ));
    }
    lines.extend(grants.directories.iter().map(directory));
    lines.extend(grants.embedded.iter().map(embedded));
    lines.extend(grants.environment.iter().map(variable));
    if grants.inherit_environment {
        lines
            .push("sees all environment variables, with the values that they have at start".into());
    }
    if grants.more_at_start {
        lines.push(
            "can be granted more by whoever starts it, with ELFIN_DIR, ELFIN_ENV and ELFIN_TCP_LISTEN".into(),
        );
    }
    lines
}

fn directory(directory: &Directory) -> String {
    let does = match directory.read_only {
        true => "reads",
        false => "reads and writes",
    };
    let (host, guest) = (shown(&directory.host), shown(&directory.guest));
    let place = if below_home(&directory.host).is_some() {
        ", in the home directory of whoever starts it"
    } else if Path::new(&host).is_absolute() {
        ""
    } else {
        ", from where it is started"
    };
    match host == guest {
        true => format!("{does} `{host}`{place}"),
        false => format!("{does} `{host}`{place}, as `{guest}`"),
    }
}

fn embedded(directory: &EmbeddedDirectory) -> String {
    let (files, bytes) = sum(&directory.entries);
    let guest = shown(&directory.guest);
    let files = match files {
        1 => "1 file".to_owned(),
        _ => format!("{files} files"),
    };
    format!("reads `{guest}` inside of itself: {files}, {bytes} bytes")
}

/// The number of files in a tree, and of their bytes.
fn sum(entries: &[Entry]) -> (usize, usize) {
    entries.iter().fold((0, 0), |(files, bytes), entry| {
        let (more, size) = match &entry.kind {
            Kind::Directory(entries) => sum(entries),
            Kind::File(contents) => (1, contents.len()),
            Kind::Link(_) => (0, 0),
        };
        (files + more, bytes + size)
    })
}

fn variable(variable: &Variable) -> String {
    let name = shown(&variable.name);
    match variable.value {
        None => format!("sees the variable {name}, with the value that it has at start"),
        Some(_) => {
            format!(
                "sees the variable {name}, with the value given: whoever has the file can read it"
            )
        }
    }
}

/// Bytes as text that can't control a terminal.
fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_a_grant_means() {
        let directory = |host: &str, guest: &str, read_only| Directory {
            host: host.into(),
            guest: guest.into(),
            read_only,
        };
        let variable = |name: &str, value: Option<&str>| Variable {
            name: name.into(),
            value: value.map(Into::into),
        };
        let grants = Grants {
            listeners: vec!["127.0.0.1:80".parse().unwrap()],
            directories: vec![
                directory("/srv", "/srv", false),
                directory("a\x1b", "/b", true),
                directory("$HOME/x", "/x", false),
            ],
            embedded: vec![EmbeddedDirectory {
                guest: b"/lib".into(),
                entries: vec![Entry {
                    name: b"sub".into(),
                    kind: Kind::Directory(vec![Entry {
                        name: b"file".into(),
                        kind: Kind::File(vec![0; 9]),
                    }]),
                }],
            }],
            environment: vec![variable("A", None), variable("KEY", Some("secret"))],
            inherit_environment: true,
            more_at_start: true,
            ..Grants::default()
        };
        let lines = lines(&grants);
        let expected = [
            "accepts connections at 127.0.0.1:80, as descriptor 3",
            "reads and writes `/srv`",
            "reads `a\\u{1b}`, from where it is started, as `/b`",
            "reads and writes `$HOME/x`, in the home directory of whoever starts it, as `/x`",
            "reads `/lib` inside of itself: 1 file, 9 bytes",
            "sees the variable A, with the value that it has at start",
            "sees the variable KEY, with the value given: whoever has the file can read it",
            "sees all environment variables, with the values that they have at start",
            "can be granted more by whoever starts it, with ELFIN_DIR, ELFIN_ENV and ELFIN_TCP_LISTEN",
        ];
        assert_eq!(lines, expected);
    }
}
