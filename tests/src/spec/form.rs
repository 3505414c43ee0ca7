//! The parenthesised forms of a script, found without its parser: what the plan must account for.

use super::kind::Kind;
use anyhow::{Context, Result, ensure};
use std::ops::Range;

/// A directive as the text shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The line of its first word, from 1.
    pub line: u32,
    /// What it is.
    pub kind: Kind,
}

/// The directives of a script. One whose first form is no directive is a single module without its parentheses.
pub fn directives(text: &str) -> Result<Vec<Form>> {
    let lines = Lines::new(text);
    let mut forms = Vec::new();
    for range in top_level(text)? {
        let (first, at) = word(text, range.start + 1)?;
        let (second, _) = word(text, at + first.len())?;
        let Some(kind) = Kind::of_words(first, second) else {
            ensure!(forms.is_empty(), "`({first}` is no directive");
            let module = Form {
                line: 1,
                kind: Kind::Module,
            };
            return Ok(vec![module]);
        };
        let line = lines.of(at);
        forms.push(Form { line, kind });
    }
    Ok(forms)
}

/// The next word and where it begins, behind blanks, comments and annotations; empty where a form or a string comes
/// first.
fn word(text: &str, start: usize) -> Result<(&str, usize)> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b';'), Some(b';')) => at = line_end(bytes, at),
            (Some(b'('), Some(b';')) => at = comment_end(bytes, at),
            (Some(b'('), Some(b'@')) => at += around(text, at + 1)?.len(),
            (Some(byte), _) if byte.is_ascii_whitespace() => at += 1,
            _ => break,
        }
    }
    let rest = &text[at..];
    let end = rest.find(|c: char| c.is_whitespace() || "()\";".contains(c));
    Ok((&rest[..end.unwrap_or(rest.len())], at))
}

/// The innermost form that begins before `offset` with nothing but its first word in between.
pub fn around(text: &str, offset: usize) -> Result<&str> {
    let start = text[..offset].rfind('(').context("a form has a start")?;
    let rest = &text[start..];
    let first = top_level(rest)?.into_iter().next();
    Ok(&rest[first.context("a form has an end")?])
}

/// The extents of the forms that no other surrounds, with their parentheses; text that ends within one is an error
/// only where none was found.
fn top_level(text: &str) -> Result<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut forms = Vec::new();
    let (mut depth, mut start, mut at) = (0, 0, 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) => at = string_end(bytes, at),
            (b';', Some(b';')) => at = line_end(bytes, at),
            (b'(', Some(b';')) => at = comment_end(bytes, at),
            (b'(', _) => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
                at += 1;
            }
            (b')', _) => {
                at += 1;
                if depth == 0 {
                    break;
                }
                depth -= 1;
                if depth == 0 {
                    forms.push(start..at);
                }
            }
            _ => at += 1,
        }
    }
    ensure!(depth == 0, "a form does not end");
    Ok(forms)
}

/// The index behind a string that begins at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    end + 1
}

/// The index behind a comment to the end of the line.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let end = bytes[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'));
    end.map_or(bytes.len(), |end| at + end)
}

/// The index behind a block comment, which may hold others.
fn comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut end) = (0, at);
    while end + 1 < bytes.len() {
        match (bytes[end], bytes[end + 1]) {
            (b'(', b';') => depth += 1,
            (b';', b')') => depth -= 1,
            _ => {
                end += 1;
                continue;
            }
        }
        end += 2;
        if depth == 0 {
            return end;
        }
    }
    bytes.len()
}

/// The lines of a text, for the numbers of byte offsets.
#[derive(Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Finds the lines.
    pub fn new(text: &str) -> Lines {
        Lines(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte offset, from 1.
    pub fn of(&self, offset: usize) -> u32 {
        self.0.partition_point(|end| *end < offset) as u32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(u32, Kind)> {
        let forms = directives(text).unwrap();
        forms.iter().map(|form| (form.line, form.kind)).collect()
    }

    #[test]
    fn forms_are_counted_with_their_lines() {
        let text = ";; (module)\n(module definition $a)\n(; (module) (; ;) ;) (module\n \"\\\")\") (assert_return (invoke \"(\"))";
        assert_eq!(
            kinds(text),
            [(2, Kind::Definition), (3, Kind::Module), (4, Kind::Return)]
        );
    }

    #[test]
    fn words_stand_behind_comments_and_annotations() {
        let text = "((@a (b))module (;;);;\n definition) ((@c)\n;;\nregister)";
        assert_eq!(kinds(text), [(1, Kind::Definition), (4, Kind::Register)]);
    }

    #[test]
    fn a_module_may_lack_its_parentheses() {
        assert_eq!(kinds("\n(func) (memory 0)"), [(1, Kind::Module)]);
    }

    #[test]
    fn a_form_is_found_from_its_first_word() {
        let text = "(assert_invalid (module $m (func \")\")) \"x\")";
        let offset = text.find("module").unwrap();
        assert_eq!(around(text, offset).unwrap(), "(module $m (func \")\"))");
    }

    #[test]
    fn what_is_no_directive_is_an_error() {
        assert!(directives("(module) (assert_nothing)").is_err());
        assert!(directives("(module").is_err());
    }
}
