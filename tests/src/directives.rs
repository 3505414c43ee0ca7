//! A case's header: lines that begin with the file type's marker, each `key [subject]: value`, or `key [subject]:` and
//! a block of lines with a bar. Only the syntax is known here; [`crate::case`] gives it a meaning.
//!
//! ```text
//! //# args: one two              //# stdout:
//! //# file out.txt: content      //| first line
//!                                //| second line
//! ```

use anyhow::{Context, Result, bail};

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its line in the file, from 1.
    pub line: usize,
    /// What it is about.
    pub key: String,
    /// The word after the key: `out.txt` in `file out.txt: content`.
    pub subject: String,
    /// The text on its own line.
    pub value: String,
    /// The lines of its block, if it has one.
    pub block: Option<Vec<String>>,
}

impl Directive {
    /// The bytes that a text directive stands for: its block, or its value and a line feed.
    pub fn text(&self) -> Result<Vec<u8>> {
        match &self.block {
            Some(lines) => Ok(lines
                .iter()
                .flat_map(|line| format!("{line}\n").into_bytes())
                .collect()),
            None => {
                let mut bytes = crate::words::unescape(&self.value)?;
                bytes.push(b'\n');
                Ok(bytes)
            }
        }
    }
}

/// The markers of a directive and of a block's line in files with this extension.
pub fn markers(extension: &str) -> Option<(&'static str, &'static str)> {
    match extension {
        "rs" | "c" | "cpp" => Some(("//#", "//|")),
        "wat" => Some((";;#", ";;|")),
        // Nothing but directives; `#` begins a comment.
        "program" => Some(("", "|")),
        _ => None,
    }
}

/// Reads the directives of a file.
pub fn parse(source: &str, extension: &str) -> Result<Vec<Directive>> {
    let (marker, bar) =
        markers(extension).with_context(|| format!("no case has the extension .{extension}"))?;
    let mut directives: Vec<Directive> = Vec::new();
    for (index, text) in source.lines().enumerate() {
        let line = index + 1;
        if let Some(text) = text.strip_prefix(bar) {
            let Some(last) = directives.last_mut() else {
                bail!("line {line}: a block without a directive");
            };
            if !last.value.is_empty() {
                bail!("line {line}: `{}` has a value already", last.key);
            }
            let text = text.strip_prefix(' ').unwrap_or(text);
            last.block.get_or_insert_default().push(text.to_owned());
        } else if marker.is_empty() && (text.trim().is_empty() || text.starts_with('#')) {
            continue;
        } else if let Some(text) = text.strip_prefix(marker) {
            let (head, value) = text
                .split_once(':')
                .with_context(|| format!("line {line}: a directive is `key: value`"))?;
            let (key, subject) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
            directives.push(Directive {
                line,
                key: key.to_owned(),
                subject: subject.to_owned(),
                value: value.trim().to_owned(),
                block: None,
            });
        }
    }
    Ok(directives)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_values_and_blocks() {
        let source = "//# args: a: b\n//# file out.txt:\n//| one\n//|\n//|  two\nfn main() {}\n";
        let directives = parse(source, "rs").unwrap();
        assert_eq!(directives[0].value, "a: b");
        assert_eq!(directives[1].key, "file");
        assert_eq!(directives[1].subject, "out.txt");
        assert_eq!(directives[1].text().unwrap(), b"one\n\n two\n");
        assert!(parse("//| one", "rs").is_err());
        assert!(parse("//# one", "rs").is_err());
    }
}
