//! The note of an executable: what it was built from and for, and what it may do, as text in an ELF note.
//!
//! ```text
//!  0: owner's length, 6      4: description's length      8: type      12: "elfin\0", padded to a multiple of 4
//! 20: description: lines `key: value`, a zero byte behind each
//! ```
//!
//! `readelf -p .note.elfin FILE` prints the lines, `readelf -n` the owner. The section is loaded into no process. A key
//! is the name of the option of the command line that a value belongs to, without its dashes, and the value is written
//! as there, but of `embed-dir` only the guest's name; [`ELFIN`] and [`INPUT`] stand for themselves. A key can have several lines, in the order of the options.

use object::read::elf::{ElfFile64, FileHeader, SectionHeader};
use object::{Endianness, elf};
use sha2::{Digest, Sha256};
use std::fmt;

/// The name of the section.
pub const SECTION: &str = ".note.elfin";

/// The owner of the note.
pub const OWNER: &str = "elfin";

/// The type of the note: this format. No other tool takes the number for a type of its own.
pub const TYPE: u32 = 0xe1f1;

/// The key of the version of elfin.
pub const ELFIN: &str = "elfin";

/// The key of what the executable was built from, `sha256:` and the digest of the file in hexadecimal digits.
pub const INPUT: &str = "input";

/// The name of the symbol of type FILE that precedes those of the guest's functions in the symbol table.
pub const GUEST_FILE: &str = "wasm";

/// The keys of what the guest may reach besides its arguments, the standard streams, clocks and random numbers.
pub const GRANTS: &[&str] = &[
    "tcp-listen",
    "dir",
    "embed-dir",
    "env",
    "inherit-env",
    "runtime-grants",
];

/// The keys of the limits of what it may use.
pub const LIMITS: &[&str] = &["stack-size", "max-memory", "max-fds", "timeout"];

/// The digest of an input, as [`INPUT`] has it and other tools write it.
pub fn digest(input: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(input) {
        text += &format!("{byte:02x}");
    }
    text
}

/// The lines of a note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note(Vec<(String, Vec<u8>)>);

impl Note {
    /// Adds a line. A key is printable and has no colon; a value is any bytes.
    pub fn line(&mut self, key: &str, value: impl AsRef<[u8]>) {
        self.0.push((key.to_owned(), value.as_ref().to_vec()));
    }

    /// All lines, in their order.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// The values of a key, in their order.
    pub fn values<'n>(&'n self, key: &'n str) -> impl Iterator<Item = &'n [u8]> {
        self.lines()
            .filter(move |line| line.0 == key)
            .map(|line| line.1)
    }

    /// The contents of the section.
    pub fn to_section(&self) -> Vec<u8> {
        let mut description = Vec::new();
        for (key, value) in self.lines() {
            description.extend_from_slice(format!("{key}: {}\0", Escaped(value)).as_bytes());
        }
        let mut section = Vec::new();
        let owner_len = OWNER.len() as u32 + 1;
        for word in [owner_len, description.len() as u32, TYPE] {
            section.extend_from_slice(&word.to_le_bytes());
        }
        section.extend_from_slice(OWNER.as_bytes());
        section.resize((section.len() + 1).next_multiple_of(4), 0);
        section.extend_from_slice(&description);
        section.resize(section.len().next_multiple_of(4), 0);
        section
    }

    /// The note of an executable; `None` if it has none, or one that elfin did not write. Nothing is taken for granted
    /// of the file.
    pub fn read(executable: &[u8]) -> Option<Self> {
        let file = ElfFile64::<Endianness>::parse(executable).ok()?;
        let endian = file.endian();
        let sections = file.elf_header().sections(endian, executable).ok()?;
        let (_, section) = sections.section_by_name(endian, SECTION.as_bytes())?;
        let notes = section.notes(endian, executable).ok()??;
        for note in notes {
            let note = note.ok()?;
            if note.name() == OWNER.as_bytes() && note.n_type(endian) == elf::NoteType(TYPE) {
                return Self::from_description(note.desc());
            }
        }
        None
    }

    fn from_description(description: &[u8]) -> Option<Self> {
        let mut note = Self::default();
        for line in description.split(|&byte| byte == 0) {
            if line.is_empty() {
                continue;
            }
            let (key, value) = std::str::from_utf8(line).ok()?.split_once(": ")?;
            note.line(key, unescape(value)?);
        }
        Some(note)
    }
}

/// Bytes as printable ASCII: a backslash is `\\`, and what is not printable `\x` with two digits.
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0 {
            match byte {
                b'\\' => f.write_str("\\\\")?,
                b' '..=b'~' => write!(f, "{}", byte as char)?,
                _ => write!(f, "\\x{byte:02x}")?,
            }
        }
        Ok(())
    }
}

/// What [`Escaped`] has written; `None` for anything else.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let (&kind, tail) = rest.split_first()?;
        rest = tail;
        match kind {
            b'\\' => bytes.push(b'\\'),
            b'x' => {
                let (digits, tail) = rest.split_at_checked(2)?;
                rest = tail;
                let digit = |at: usize| char::from(digits[at]).to_digit(16);
                bytes.push((digit(0)? << 4 | digit(1)?) as u8);
            }
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        let all: Vec<u8> = (0..=255).collect();
        let text = Escaped(&all).to_string();
        assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        assert_eq!(unescape(&text), Some(all));
        assert_eq!(Escaped(b"a\nb\\n").to_string(), "a\\x0ab\\\\n");
        for wrong in ["\\", "\\n", "\\x", "\\x1", "\\xzz", "\\x+1"] {
            assert_eq!(unescape(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_section_is_whole_words() {
        let mut note = Note::default();
        assert_eq!(note.to_section().len(), 20);
        note.line("env", b"A=\0");
        let section = note.to_section();
        assert_eq!(&section[..12], b"\x06\0\0\0\x0c\0\0\0\xf1\xe1\0\0");
        assert_eq!(&section[12..], b"elfin\0\0\0env: A=\\x00\0");
        assert_eq!(Note::from_description(&section[20..]), Some(note));
    }
}
