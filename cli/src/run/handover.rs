//! Grants become variables of the process's environment, which the executable reads when it starts; nothing else of the
//! guest's rights is in that environment, whatever this process was started with.

use crate::failure::{Failure, Result};
use elfin_abi::grant::{DIRECTORIES, LISTENERS, VARIABLES};
use elfin_compiler::options::{Directory, Grants};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The environment that hands `grants` over.
pub(super) fn environment(grants: &Grants) -> Result<Vec<(OsString, OsString)>> {
    with_grants(std::env::vars_os().collect(), grants)
}

fn with_grants(
    mut environment: Vec<(OsString, OsString)>,
    grants: &Grants,
) -> Result<Vec<(OsString, OsString)>> {
    // Grants of the caller's to another program.
    environment.retain(|(name, _)| !is_grant(name.as_bytes()));
    let mut names = Vec::new();
    for variable in &grants.environment {
        if is_grant(&variable.name) {
            return Err(Failure::Usage(format!(
                "`{}` is how grants are handed over, so the program can't see a variable of this name",
                String::from_utf8_lossy(&variable.name)
            )));
        }
        // The value itself is the process's own, so that it may have several lines.
        if let Some(value) = &variable.value {
            let name = OsStr::from_bytes(&variable.name);
            environment.retain(|(known, _)| known != name);
            environment.push((name.to_owned(), OsString::from_vec(value.clone())));
        }
        names.push(variable.name.clone());
    }
    if grants.inherit_environment {
        let all = environment.iter().map(|(name, _)| name.as_bytes());
        let rest = all.filter(|name| !names.iter().any(|known| known == name));
        // No shell makes a name of several lines.
        let rest: Vec<_> = rest
            .filter(|name| !name.contains(&b'\n'))
            .map(Vec::from)
            .collect();
        names.extend(rest);
    }
    let listeners = grants.listeners.iter().map(ToString::to_string);
    for (name, entries) in [
        (DIRECTORIES, grants.directories.iter().map(entry).collect()),
        (VARIABLES, names),
        (LISTENERS, listeners.map(String::into_bytes).collect()),
    ] {
        if let Some(list) = list(entries)? {
            environment.push((OsStr::from_bytes(name).to_owned(), OsString::from_vec(list)));
        }
    }
    Ok(environment)
}

fn is_grant(name: &[u8]) -> bool {
    [DIRECTORIES, VARIABLES, LISTENERS].contains(&name)
}

fn entry(directory: &Directory) -> Vec<u8> {
    let end: &[u8] = if directory.read_only { b"::ro" } else { b"" };
    [&directory.host, &b"::"[..], &directory.guest, end].concat()
}

/// A grant a line.
fn list(entries: Vec<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    if let Some(entry) = entries.iter().find(|entry| entry.contains(&b'\n')) {
        return Err(Failure::Usage(format!(
            "`{}` has a line feed in it, and grants are handed over a line each: use a name without one, such as that \
             of a symbolic link",
            String::from_utf8_lossy(entry)
        )));
    }
    Ok((!entries.is_empty()).then(|| entries.join(&b'\n')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use elfin_compiler::options::Variable;

    fn pair(name: &str, value: &str) -> (OsString, OsString) {
        (name.into(), value.into())
    }

    fn variable(name: &str, value: Option<&str>) -> Variable {
        Variable {
            name: name.into(),
            value: value.map(Into::into),
        }
    }

    fn directory(host: &str, read_only: bool) -> Directory {
        Directory {
            host: host.into(),
            guest: "/".into(),
            read_only,
        }
    }

    #[test]
    fn grants_are_lines() {
        let before = vec![
            pair("A", "1"),
            pair("ELFIN_DIR", "/"),
            pair("ELFIN_ENV", "A"),
            pair("B", "2"),
        ];
        let grants = Grants {
            directories: vec![directory("a", false), directory("b", true)],
            environment: vec![variable("B", None), variable("A", Some("x\ny"))],
            listeners: vec!["[::1]:80".parse().unwrap()],
            ..Grants::default()
        };
        let after = with_grants(before.clone(), &grants).unwrap();
        assert_eq!(
            after,
            [
                pair("B", "2"),
                pair("A", "x\ny"),
                pair("ELFIN_DIR", "a::/\nb::/::ro"),
                pair("ELFIN_ENV", "B\nA"),
                pair("ELFIN_TCP_LISTEN", "[::1]:80"),
            ]
        );
        let nothing = with_grants(before.clone(), &Grants::default()).unwrap();
        assert_eq!(nothing, [pair("A", "1"), pair("B", "2")]);
        let all = Grants {
            inherit_environment: true,
            environment: vec![variable("C", Some("3"))],
            ..Grants::default()
        };
        let all = with_grants(before, &all).unwrap();
        assert_eq!(all.last(), Some(&pair("ELFIN_ENV", "C\nA\nB")));
    }

    #[test]
    fn what_can_not_be_handed_over() {
        for grants in [
            Grants {
                directories: vec![directory("a\nb", false)],
                ..Grants::default()
            },
            Grants {
                environment: vec![variable("ELFIN_DIR", Some("/"))],
                ..Grants::default()
            },
        ] {
            assert!(matches!(
                with_grants(Vec::new(), &grants),
                Err(Failure::Usage(_))
            ));
        }
    }
}
