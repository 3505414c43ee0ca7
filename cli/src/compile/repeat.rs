//! `--save-inputs`: a folder from which a compilation can be repeated elsewhere: the module, and a script with the command
//! line, in which the files are those of the folder.

use crate::failure::{Failure, Result};
use crate::words;
use clap::CommandFactory;
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
    let script = script(
        &rewritten(&words::following("compile"), name, options),
        options,
    );
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

/// The same arguments for `module`, written to `out`, and with the target and the CPU that this machine was taken for.
fn rewritten(arguments: &[OsString], module: &str, options: &Options) -> Vec<OsString> {
    let command = crate::Cli::command();
    let compile = command
        .find_subcommand("compile")
        .expect("this is what is running");
    let (target, cpu) = (options.target.name(), options.cpu.to_string());
    let mut words: Vec<OsString> = ["--target", target, "--cpu", &cpu, "-o", "out"]
        .map(OsString::from)
        .into();
    for (argument, group) in words::groups(compile, arguments) {
        match argument.map(|argument| argument.get_id().as_str()) {
            Some("output" | "save_inputs" | "target" | "cpu") => {}
            Some("input") => words.push(module.into()),
            _ => words.extend(group.iter().cloned()),
        }
    }
    words
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
