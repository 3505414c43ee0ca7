//! Wrong modules through the command: `elfin compile` must refuse each, saying where it is wrong.

use super::encode::Input;
use super::judge::Verdict;
use super::{features, link};
use crate::elfin;
use crate::place::Scratch;
use anyhow::Result;
use elfin_compiler::Target;

/// What the command makes of a module of a script; `number` tells its files from others in the directory.
///
/// With `flipped`, the command is expected to accept it.
pub fn verdict(
    script: &str,
    input: &Input,
    number: usize,
    directory: &Scratch,
    flipped: bool,
) -> Result<Verdict> {
    let (extension, bytes) = match input {
        Input::Binary(bytes) => ("wasm", bytes),
        Input::Text(text) => ("wat", text),
    };
    let path = directory.path().join(format!("{number}.{extension}"));
    let output = directory.path().join(number.to_string());
    std::fs::write(&path, bytes)?;
    let mut options = vec!["-j1".into()];
    let switches = features::switches(script);
    if !switches.is_empty() {
        options.push(format!("--wasm-features={switches}").into());
    }
    let outcome = elfin::try_compile(&path, &output, Target::X86_64, &options)?;
    let message = outcome.stderr_text();
    let message = message.trim_end();
    let failed = |why: &str| Verdict::Failed(format!("{why}: {message}"));
    if outcome.code() == Some(0) {
        return Ok(decide("accepted", flipped));
    }
    if outcome.code() != Some(1) {
        return Ok(failed(&outcome.ending()));
    }
    if output.exists() {
        return Ok(failed("refused, but there is an output file"));
    }
    if let Some(proposal) = link::proposal(message) {
        if features::off(script).any(|off| off == proposal) {
            return Ok(decide("refused", !flipped));
        }
        return Ok(Verdict::Needs(proposal.to_owned(), message.to_owned()));
    }
    if !message.contains("invalid module: ") {
        return Ok(failed("refused, but not as invalid"));
    }
    if !has_place(message) {
        return Ok(failed("refused without a place"));
    }
    Ok(decide("refused", !flipped))
}

/// The verdict on an event that was expected or not.
pub fn decide(event: &str, expected: bool) -> Verdict {
    if expected {
        Verdict::Passed
    } else {
        Verdict::Failed(event.to_owned())
    }
}

/// Whether a message says where: the offset in a binary, or the line and column of a text.
fn has_place(message: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_column = message.lines().any(|line| {
        let mut parts = line.trim().rsplit(':');
        line.trim().starts_with("--> ") && parts.by_ref().take(2).all(is_number)
    });
    has_column || message.contains("(at offset 0x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_offset_or_a_line_and_a_column() {
        assert!(has_place("invalid module: type mismatch (at offset 0x21)"));
        assert!(has_place("expected `(`\n     --> <anon>:1:9\n      |"));
        assert!(!has_place("invalid module: 1:9"));
    }
}
