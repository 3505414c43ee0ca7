//! `--dir` and `--env`: what the guest may reach. Paths, names and values are bytes, not text.

use elfin_compiler::options::{Directory, Variable};
use std::ffi::OsStr;

/// Parses `HOST[::GUEST]`; the first `::` separates.
pub(super) fn directory(text: &OsStr) -> Result<Directory, String> {
    let bytes = text.as_encoded_bytes();
    let (host, guest) = match bytes.windows(2).position(|pair| pair == b"::") {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, bytes),
    };
    if host.is_empty() {
        return Err("no directory is named before `::`; `.` is the working directory".into());
    }
    if guest.is_empty() {
        return Err("no name for the guest follows `::`; `/` is one".into());
    }
    Ok(Directory {
        host: host.into(),
        guest: guest.into(),
    })
}

/// Parses `NAME[=VALUE]`; the first `=` separates.
pub(super) fn variable(text: &OsStr) -> Result<Variable, String> {
    let bytes = text.as_encoded_bytes();
    let (name, value) = match bytes.iter().position(|&byte| byte == b'=') {
        Some(at) => (&bytes[..at], Some(bytes[at + 1..].into())),
        None => (bytes, None),
    };
    if name.is_empty() {
        return Err("an environment variable needs a name".into());
    }
    Ok(Variable {
        name: name.into(),
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str) -> (String, String) {
        let directory = directory(OsStr::new(text)).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(directory.host), text(directory.guest))
    }

    #[test]
    fn directories() {
        assert_eq!(pair("."), (".".into(), ".".into()));
        assert_eq!(pair("/a::/b"), ("/a".into(), "/b".into()));
        assert_eq!(pair("a:b"), ("a:b".into(), "a:b".into()));
        assert_eq!(pair("a::b::c"), ("a".into(), "b::c".into()));
        for text in ["", "::", "::b", "a::"] {
            assert!(directory(OsStr::new(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn variables() {
        let parse = |text| variable(OsStr::new(text));
        let expect = |name: &str, value: Option<&str>| {
            Ok(Variable {
                name: name.into(),
                value: value.map(Into::into),
            })
        };
        assert_eq!(parse("HOME"), expect("HOME", None));
        assert_eq!(parse("A="), expect("A", Some("")));
        assert_eq!(parse("A=b=c"), expect("A", Some("b=c")));
        assert!(parse("").is_err());
        assert!(parse("=b").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn bytes_pass_through() {
        use std::os::unix::ffi::OsStrExt;
        let text = OsStr::from_bytes(b"\xff::\xfe");
        let directory = directory(text).unwrap();
        assert_eq!(
            (&directory.host[..], &directory.guest[..]),
            (&b"\xff"[..], &b"\xfe"[..])
        );
    }
}
