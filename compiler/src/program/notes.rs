//! What a user should know of a program that compiles.

use super::{FunctionKind, Program};
use crate::options::Options;

/// The notes, a sentence each.
pub fn notes(program: &Program<'_>, options: &Options) -> Vec<String> {
    let mut notes = Vec::new();
    let uses_paths = program
        .functions
        .values()
        .any(|function| match function.kind {
            FunctionKind::Host(host, _) => host.name.starts_with("path_"),
            _ => false,
        });
    if uses_paths && options.grants.directories.is_empty() {
        notes.push(
            "the module imports functions for files, but is granted no directory; grant one with --dir HOST[::GUEST]"
                .to_owned(),
        );
    }
    notes
}
