//! `--save-inputs`: a folder from which a compilation can be repeated elsewhere: the module, and a script with the command
//! line, in which the files are those of the folder.

use crate::failure::{Failure, Result};
use clap::{Arg, Command};
use elfin_compiler::{Options, Target};
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The script.
const SCRIPT: &str = "repeat.sh";

/// Writes the folder, for the command line of this process.
pub(super) fn save(folder: &Path, module: &[u8], options: &Options) -> Result<()> {
    let name = match module.starts_with(b"\0asm") {
        true => "module.wasm",
        false => "module.wat",
    };
    let script = script(&rewritten(&arguments(), name, options), options);
    let write = || {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(name), module)?;
        fs::write(folder.join(SCRIPT), script)
    };
    write().map_err(|error| {
        let folder = folder.display();
        Failure::Failed(format!(
            "`{folder}` can't be written: {error}. Name another folder with --save-inputs"
        ))
    })
}

fn script(arguments: &[OsString], options: &Options) -> String {
    let mut command = String::from("\"${ELFIN:-elfin}\" compile");
    for argument in arguments {
        let _ = write!(command, " {}", quoted(argument));
    }
    let host = match Target::host() {
        Some(host) => host.name(),
        None => std::env::consts::ARCH,
    };
    format!(
        "#!/bin/sh\n\
         # Repeats a compilation of elfin {} on {host} ({}).\n\
         # Its options: {options:?}\n\
         cd \"$(dirname \"$0\")\" || exit\n\
         {command}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
    )
}

/// For a shell: as it is, whatever it holds.
fn quoted(argument: &OsStr) -> String {
    format!("'{}'", argument.to_string_lossy().replace('\'', r"'\''"))
}

/// What follows `compile`.
fn arguments() -> Vec<OsString> {
    let arguments = std::env::args_os().skip(1);
    arguments
        .skip_while(|word| word != "compile")
        .skip(1)
        .collect()
}

/// The same arguments for `module`, written to `out`, and with the target and the CPU that this machine was taken for.
fn rewritten(arguments: &[OsString], module: &str, options: &Options) -> Vec<OsString> {
    let command = crate::definition();
    let compile = command
        .find_subcommand("compile")
        .expect("this is what is running");
    let (target, cpu) = (options.target.name(), options.cpu.to_string());
    let mut words: Vec<OsString> = ["--target", target, "--cpu", &cpu, "-o", "out"]
        .map(OsString::from)
        .into();
    for (argument, group) in groups(compile, arguments) {
        match argument.map(|argument| argument.get_id().as_str()) {
            Some("output" | "save_inputs" | "target" | "cpu") => {}
            Some("input") => words.push(module.into()),
            _ => words.extend(group.iter().cloned()),
        }
    }
    words
}

/// Each flag with its value, and the input, as the parser has understood them before.
fn groups<'a>(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(line: &str) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let options = Options::new(Target::Aarch64);
        let words = super::rewritten(&words, "module.wasm", &options);
        let words = words.iter().map(|word| word.to_str().unwrap());
        let line = words.collect::<Vec<_>>().join(" ");
        let rest = line.strip_prefix("--target aarch64-linux --cpu generic -o out ");
        rest.unwrap().to_owned()
    }

    #[test]
    fn the_files_are_those_of_the_folder() {
        for (line, expected) in [
            ("a.wasm", "module.wasm"),
            ("-O0 a.wasm --save-inputs b", "-O0 module.wasm"),
            ("-o a.wasm a.wasm --strip", "module.wasm --strip"),
            ("-va -oa a.wasm --output=x", "-va module.wasm"),
            (
                "--dir a.wasm --cpu=native -vo x -j 2 -- -a.wasm",
                "--dir a.wasm -j 2 -- module.wasm",
            ),
            ("--save-inputs=x - --invoke f", "module.wasm --invoke f"),
        ] {
            assert_eq!(rewritten(line), expected);
        }
    }

    #[test]
    fn quotes() {
        assert_eq!(quoted(OsStr::new("it's a \"$x\"")), r#"'it'\''s a "$x"'"#);
    }
}
