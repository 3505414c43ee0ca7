//! Comparing what came out with what is expected. Each difference is a text; none means success.

use crate::case::{Expected, Run};
use crate::execute::{Outcome, Stdin, generated};
use anyhow::Result;
use std::path::Path;

/// The differences between a run's outcome and its expectations.
pub fn outcome(run: &Run, outcome: &Outcome, directory: &Path, wasm: &Path) -> Result<Vec<String>> {
    let expected = &run.expected;
    let mut differences = Vec::new();
    if outcome.code() != Some(expected.exit) {
        let stderr = shortened(&outcome.stderr);
        differences.push(format!(
            "{}, expected {}; stderr: {stderr}",
            outcome.ending(),
            expected.exit
        ));
    }
    stdout(run, outcome, &mut differences);
    stderr(expected, outcome, &mut differences);
    if let Some(reply) = &expected.reply {
        equal(
            "the client's reply",
            &outcome.reply,
            reply,
            &mut differences,
        );
    }
    if let Some(message) = &expected.trap {
        trap(
            message,
            &expected.frames,
            &outcome.stderr_text(),
            wasm,
            &mut differences,
        )?;
    }
    files(expected, directory, &mut differences);
    Ok(differences)
}

/// The differences between a compilation's outcome and the expected refusal.
pub fn refusal(expected: &Expected, outcome: &Outcome, output: &Path) -> Vec<String> {
    let mut differences = Vec::new();
    if outcome.code() != Some(1) {
        let stderr = shortened(&outcome.stderr);
        differences.push(format!(
            "elfin: {}, expected a refusal with exit status 1; stderr: {stderr}",
            outcome.ending()
        ));
    }
    contains(
        "elfin's stderr",
        &outcome.stderr,
        &expected.compile_error,
        &mut differences,
    );
    if output.exists() {
        differences.push("elfin refused but left an output file behind".to_owned());
    }
    differences
}

fn stdout(run: &Run, outcome: &Outcome, differences: &mut Vec<String>) {
    let expected = &run.expected;
    contains(
        "stdout",
        &outcome.stdout,
        &expected.stdout_contains,
        differences,
    );
    if expected.stdout_ignored {
        return;
    }
    if expected.stdout_is_stdin {
        let input = match &run.execution.stdin {
            Stdin::Bytes(bytes) => bytes.clone(),
            Stdin::Generated(len) => generated(*len),
            Stdin::Empty | Stdin::Closed => Vec::new(),
        };
        equal("stdout", &outcome.stdout, &input, differences);
    } else if let Some(text) = &expected.stdout {
        equal("stdout", &outcome.stdout, text, differences);
    } else if expected.stdout_contains.is_empty() {
        equal("stdout", &outcome.stdout, b"", differences);
    }
}

fn stderr(expected: &Expected, outcome: &Outcome, differences: &mut Vec<String>) {
    contains(
        "stderr",
        &outcome.stderr,
        &expected.stderr_contains,
        differences,
    );
    if let Some(text) = &expected.stderr {
        equal("stderr", &outcome.stderr, text, differences);
    } else if expected.exit == 0 && expected.stderr_contains.is_empty() {
        equal("stderr", &outcome.stderr, b"", differences);
    }
    for words in ["internal error", "bug in elfin"] {
        if outcome.stderr_text().contains(words) {
            let stderr = shortened(&outcome.stderr);
            differences.push(format!("stderr says `{words}`: {stderr}"));
        }
    }
}

/// A report is `elfin: trap: MESSAGE ...`, then a line `NUMBER: OFFSET NAME` for each frame.
fn trap(
    message: &str,
    frames: &[(String, String)],
    stderr: &str,
    wasm: &Path,
    differences: &mut Vec<String>,
) -> Result<()> {
    let head = format!("elfin: trap: {message}");
    if !stderr.lines().any(|line| line.starts_with(&head)) {
        differences.push(format!(
            "no line of stderr begins with `{head}`: {}",
            shortened(stderr.as_bytes())
        ));
    }
    if frames.is_empty() {
        return Ok(());
    }
    let wasm = std::fs::read(wasm)?;
    for (number, (function, operator)) in frames.iter().enumerate() {
        let start = format!("{number}:");
        let Some(line) = stderr
            .lines()
            .find(|line| line.trim_start().starts_with(&start))
        else {
            differences.push(format!(
                "the report has no frame {number}: {}",
                shortened(stderr.as_bytes())
            ));
            break;
        };
        let mut words = line.split_whitespace().skip(1);
        let offset = words.next().and_then(|word| word.strip_prefix("0x"));
        let offset = offset.and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let name = words.collect::<Vec<_>>().join(" ");
        if name != *function {
            differences.push(format!("frame {number} is `{name}`, expected `{function}`"));
        }
        let found = offset.and_then(|offset| operator_at(&wasm, offset));
        if found.as_ref() != Some(operator) {
            differences.push(format!(
                "the offset of frame {number} points at {found:?}, expected {operator}: {line}"
            ));
        }
    }
    Ok(())
}

/// The name of the operator that begins at a byte offset of a module.
pub fn operator_at(wasm: &[u8], offset: usize) -> Option<String> {
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.ok()?
            && body.range().contains(&offset)
        {
            for operator in body.get_operators_reader().ok()?.into_iter_with_offsets() {
                let (operator, at) = operator.ok()?;
                if at == offset {
                    let text = format!("{operator:?}");
                    let end = text.find([' ', '{']).unwrap_or(text.len());
                    return Some(text[..end].to_owned());
                }
            }
        }
    }
    None
}

fn files(expected: &Expected, directory: &Path, differences: &mut Vec<String>) {
    for (path, content) in &expected.files {
        match std::fs::read(directory.join(path)) {
            Ok(bytes) => equal(path, &bytes, content, differences),
            Err(error) => differences.push(format!("{path}: {error}")),
        }
    }
    for path in &expected.absent {
        if directory.join(path).symlink_metadata().is_ok() {
            differences.push(format!("{path} exists"));
        }
    }
}

fn contains(what: &str, actual: &[u8], texts: &[Vec<u8>], differences: &mut Vec<String>) {
    for text in texts {
        if !actual.windows(text.len()).any(|window| window == text) {
            let text = String::from_utf8_lossy(text);
            differences.push(format!("{what} lacks `{text}`: {}", shortened(actual)));
        }
    }
}

fn equal(what: &str, actual: &[u8], expected: &[u8], differences: &mut Vec<String>) {
    if actual == expected {
        return;
    }
    let mut left = actual.split(|&byte| byte == b'\n');
    let mut right = expected.split(|&byte| byte == b'\n');
    for line in 1.. {
        let (left, right) = (left.next(), right.next());
        if left != right || left.is_none() {
            differences.push(format!(
                "{what} differs in line {line}: {}, expected {} ({} bytes, expected {})",
                line_text(left),
                line_text(right),
                actual.len(),
                expected.len(),
            ));
            return;
        }
    }
}

fn line_text(line: Option<&[u8]>) -> String {
    match line {
        None => "the end".to_owned(),
        Some(line) => format!("`{}`", shortened(line)),
    }
}

fn shortened(bytes: &[u8]) -> String {
    const LIMIT: usize = 2000;
    let text = bytes[..bytes.len().min(LIMIT)]
        .escape_ascii()
        .to_string()
        .replace("\\n", "\n");
    if bytes.len() > LIMIT {
        format!("{text}... ({} bytes)", bytes.len())
    } else {
        text
    }
}
