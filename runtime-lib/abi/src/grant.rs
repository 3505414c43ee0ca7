//! How a grant is written: on the command line of the compiler, and in the environment of an executable that accepts
//! more grants at start. Both read it here, so that they can't disagree.
//!
//! In comes the text of one grant, as bytes; out come its parts, or a sentence that says what is wrong with it.

use core::net::SocketAddr;

/// The variable by which more directories are granted at start, where the program accepts that; see [`entries`].
pub const DIRECTORIES: &[u8] = b"ELFIN_DIR";

/// The variable by which more environment variables are granted at start.
pub const VARIABLES: &[u8] = b"ELFIN_ENV";

/// The variable by which more listening sockets are granted at start.
pub const LISTENERS: &[u8] = b"ELFIN_TCP_LISTEN";

/// The grants in the value of one of these variables: a line each. Empty lines say nothing.
pub fn entries(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|&byte| byte == b'\n')
        .filter(|entry| !entry.is_empty())
}

/// A directory: `HOST`, `HOST::GUEST` or `HOST::GUEST::ro`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory<'t> {
    /// Path on the host; see [`below_home`].
    pub host: &'t [u8],
    /// The name under which the guest sees it.
    pub guest: &'t [u8],
    /// Whether the guest can change nothing in it.
    pub read_only: bool,
}

/// An environment variable: `NAME` or `NAME=VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable<'t> {
    /// Its name, without `=`.
    pub name: &'t [u8],
    /// Its value; without one, the value that it has when the executable starts.
    pub value: Option<&'t [u8]>,
}

/// What begins a host path that is looked up below the home directory of whoever starts the executable.
const HOME: &[u8] = b"$HOME";

/// Parses a directory. The first `::` separates; where another one follows, only `ro` may stand behind it.
pub fn directory(text: &[u8]) -> Result<Directory<'_>, &'static str> {
    if text.ends_with(b":ro") && !text.ends_with(b"::ro") {
        return Err("read-only is written `HOST::GUEST::ro`, with two colons each");
    }
    let (host, rest) = match split(text) {
        Some((host, rest)) => (host, Some(rest)),
        None => (text, None),
    };
    let (guest, read_only) = match rest.map(|rest| (rest, split(rest))) {
        None => (host, false),
        Some((b"ro", _)) => {
            return Err(
                "read-only is written `HOST::GUEST::ro`, with the guest's name; a directory that the guest sees as \
                 `ro` is written `HOST::./ro`",
            );
        }
        Some((guest, None)) => (guest, false),
        Some((_, Some((guest, b"ro")))) => (guest, true),
        Some((_, Some(_))) => {
            return Err("behind a second `::` nothing but `ro`, read-only, can stand");
        }
    };
    if host.is_empty() {
        return Err("no directory is named before `::`; `.` is the working directory");
    }
    if guest.is_empty() {
        return Err("no name for the guest follows `::`; `/` is one");
    }
    if guest.len() > LONGEST_NAME {
        return Err("the guest's name is longer than 4095 bytes, the longest path");
    }
    match (host, below_home(host)) {
        (_, Some(_)) if rest.is_none() => {
            Err("a directory below `$HOME` needs a name for the guest: `$HOME/data::/data`")
        }
        (_, Some(_)) => Ok(()),
        ([b'~'], _) | ([b'~', b'/', ..], _) => Err(
            "`~` is expanded by the shell alone, where it begins a word; write `$HOME`, in single quotes so that it is \
             expanded when the executable starts, or `./~` for a directory of this name",
        ),
        ([b'$', ..], _) => Err(
            "of all variables only a leading `$HOME` is expanded; write `./$...` for a directory whose name begins so",
        ),
        _ => Ok(()),
    }?;
    Ok(Directory {
        host,
        guest,
        read_only,
    })
}

/// The longest name of a directory for the guest: that of a path without its closing zero.
const LONGEST_NAME: usize = 4095;

/// What follows the `$HOME` that begins a host path: nothing, or a path that begins with a slash.
pub fn below_home(host: &[u8]) -> Option<&[u8]> {
    let rest = host.strip_prefix(HOME)?;
    matches!(rest.first(), None | Some(b'/')).then_some(rest)
}

/// Parses an environment variable; the first `=` separates.
pub fn variable(text: &[u8]) -> Result<Variable<'_>, &'static str> {
    let (name, value) = match text.iter().position(|&byte| byte == b'=') {
        Some(at) => {
            let (name, value) = text.split_at(at);
            (name, value.get(1..))
        }
        None => (text, None),
    };
    if name.is_empty() {
        return Err("an environment variable needs a name");
    }
    Ok(Variable { name, value })
}

/// Parses the address and port that TCP connections come in by: `127.0.0.1:80`, `[::1]:80`.
pub fn listener(text: &[u8]) -> Result<SocketAddr, &'static str> {
    let address = core::str::from_utf8(text).ok();
    let address = address.and_then(|text| text.parse::<SocketAddr>().ok());
    address.ok_or(
        "an IP address and a port are wanted, as in `127.0.0.1:8080`, `[::1]:8080`, or `0.0.0.0:8080` for every \
         address of the machine",
    )
}

/// What is before the first `::`, and what is behind it.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.windows(2).position(|pair| pair == b"::")?;
    Some((text.get(..at)?, text.get(at + 2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (&str, &str, bool) {
        let directory = directory(text.as_bytes()).unwrap();
        let text = |bytes| core::str::from_utf8(bytes).unwrap();
        (
            text(directory.host),
            text(directory.guest),
            directory.read_only,
        )
    }

    #[test]
    fn directories() {
        assert_eq!(parts("."), (".", ".", false));
        assert_eq!(parts("/a::/b"), ("/a", "/b", false));
        assert_eq!(parts("/a::/b::ro"), ("/a", "/b", true));
        assert_eq!(parts("a:b"), ("a:b", "a:b", false));
        assert_eq!(parts("a::./ro"), ("a", "./ro", false));
        assert_eq!(parts("$HOME::/h::ro"), ("$HOME", "/h", true));
        assert_eq!(parts("$HOME/a::a"), ("$HOME/a", "a", false));
        assert_eq!(parts("./~::a"), ("./~", "a", false));
        assert_eq!(parts("~a::a"), ("~a", "a", false));
    }

    #[test]
    fn what_is_no_directory() {
        for (text, word) in [
            ("", "working directory"),
            ("::", "working directory"),
            ("::b", "working directory"),
            ("::b::ro", "working directory"),
            ("a::", "`/` is one"),
            ("a::::ro", "`/` is one"),
            ("a::ro", "HOST::./ro"),
            ("a:ro", "two colons"),
            ("a::b:ro", "two colons"),
            ("a:b:ro", "two colons"),
            ("a::b::rw", "nothing but `ro`"),
            ("a::b::RO", "nothing but `ro`"),
            ("a::b::", "nothing but `ro`"),
            ("a::b::ro::ro", "nothing but `ro`"),
            ("$HOME", "needs a name"),
            ("~::a", "by the shell"),
            ("~/x::a", "by the shell"),
            ("$HOMES/x::a", "leading `$HOME`"),
            ("${HOME}/x::a", "leading `$HOME`"),
        ] {
            let found = directory(text.as_bytes());
            assert!(
                found.is_err_and(|error| error.contains(word)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn home() {
        assert_eq!(below_home(b"$HOME"), Some(&b""[..]));
        assert_eq!(below_home(b"$HOME/a"), Some(&b"/a"[..]));
        assert_eq!(below_home(b"$HOMER"), None);
        assert_eq!(below_home(b"a$HOME"), None);
    }

    #[test]
    fn listeners() {
        for text in ["127.0.0.1:80", "0.0.0.0:0", "[::1]:65535", "[fe80::1%2]:80"] {
            assert!(listener(text.as_bytes()).is_ok(), "{text}");
        }
        for text in [
            "",
            "80",
            ":80",
            "localhost:80",
            "127.0.0.1",
            "127.0.0.1:",
            "127.0.0.1:65536",
            "::1:80",
            " 127.0.0.1:80",
            "[127.0.0.1]:80",
        ] {
            assert!(listener(text.as_bytes()).is_err(), "{text}");
        }
        assert!(listener(b"127.0.0.1:\xff").is_err());
    }

    #[test]
    fn a_list_has_a_grant_a_line() {
        let of = |text: &'static str| {
            let mut found = [""; 3];
            for (at, entry) in entries(text.as_bytes()).enumerate() {
                found[at] = core::str::from_utf8(entry).unwrap();
            }
            found
        };
        assert_eq!(of(""), ["", "", ""]);
        assert_eq!(of("a::b::ro"), ["a::b::ro", "", ""]);
        assert_eq!(of("a\nb c\n"), ["a", "b c", ""]);
        assert_eq!(of("\n\na\n\n;:,"), ["a", ";:,", ""]);
    }

    #[test]
    fn variables() {
        let expect = |name, value| Ok(Variable { name, value });
        assert_eq!(variable(b"HOME"), expect(b"HOME".as_slice(), None));
        assert_eq!(variable(b"A="), expect(b"A", Some(b"".as_slice())));
        assert_eq!(variable(b"A=b=c"), expect(b"A", Some(b"b=c")));
        assert_eq!(variable(b"\xff=\xfe"), expect(b"\xff", Some(b"\xfe")));
        assert!(variable(b"").is_err());
        assert!(variable(b"=b").is_err());
    }
}
