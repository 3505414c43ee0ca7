//! `ELFIN_BLESS=1` writes what the reference engine printed into the cases. elfin itself is never asked.

use crate::directives::markers;
use anyhow::{Context, Result};
use std::path::Path;

/// Whether the cases are rewritten. It implies the reference engine.
pub fn is_wanted() -> bool {
    std::env::var_os("ELFIN_BLESS").is_some()
}

/// Puts `text` as a block below the `stdout` directive in a line of a case, in place of what is there.
pub fn stdout(case: &Path, line: usize, text: &[u8]) -> Result<()> {
    let extension = case
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    let (marker, bar) = markers(extension).context("a case has a known extension")?;
    let text = std::str::from_utf8(text).context("only text can be blessed")?;
    let source = std::fs::read_to_string(case)?;
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    let begin = line;
    let end = begin
        + lines[begin..]
            .iter()
            .take_while(|line| line.starts_with(bar))
            .count();
    let space = if marker.is_empty() { "" } else { " " };
    lines[line - 1] = format!("{marker}{space}stdout:");
    let block = text
        .lines()
        .map(|line| format!("{bar} {line}").trim_end().to_owned());
    lines.splice(begin..end, block.collect::<Vec<_>>());
    std::fs::write(case, lines.join("\n") + "\n")?;
    Ok(())
}
