//! The command line of this process, word for word, for what passes it on.

use clap::{Arg, Command};
use std::ffi::OsString;

/// What follows the command of this name.
pub(crate) fn following(command: &str) -> Vec<OsString> {
    let words = std::env::args_os().skip(1);
    words.skip_while(|word| word != command).skip(1).collect()
}

/// Each flag with its value, and each positional argument, as the parser has understood them before.
pub(crate) fn groups<'a>(
    command: &'a Command,
    mut words: &'a [OsString],
) -> Vec<(Option<&'a Arg>, &'a [OsString])> {
    let mut groups = Vec::new();
    let mut are_flags = true;
    while let Some(first) = words.first() {
        let text = first.to_string_lossy();
        let mut len = 1;
        let argument = if !are_flags || !text.starts_with('-') || text == "-" {
            command.get_positionals().next()
        } else if text == "--" {
            are_flags = false;
            None
        } else if let Some(long) = text.strip_prefix("--") {
            let name = long.split('=').next();
            let found = command
                .get_arguments()
                .find(|known| known.get_long() == name);
            if !long.contains('=') && found.is_some_and(takes_value) {
                len = 2;
            }
            found
        } else {
            // Flags without a value may share a hyphen; the last one of them may have one.
            let known = |letter| {
                command
                    .get_arguments()
                    .find(|known| known.get_short() == Some(letter))
            };
            let with_value = text
                .char_indices()
                .skip(1)
                .find(|(_, letter)| known(*letter).is_some_and(takes_value));
            with_value.and_then(|(at, letter)| {
                if at + letter.len_utf8() == text.len() {
                    len = 2;
                }
                known(letter)
            })
        };
        let (group, rest) = words.split_at(len.min(words.len()));
        groups.push((argument, group));
        words = rest;
    }
    groups
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_action().takes_values()
}
