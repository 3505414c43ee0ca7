//! Completions and manual pages. They are made by the binary itself when they are asked for, so nothing can be out of
//! date but what they are made from; that every option is in them, and that shells and groff accept them, is tested.

use anyhow::{Context, Result, ensure};
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, machine};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn run(mut command: Command, folder: &Path) -> Result<Outcome> {
    command.current_dir(folder);
    execute::run(command, None, Stdout::Collected, Duration::from_secs(60))
}

fn printed(arguments: &[&str], folder: &Path) -> Result<String> {
    let mut command = Command::new(elfin::path()?);
    command.args(arguments);
    let outcome = run(command, folder)?;
    ensure!(
        outcome.code() == Some(0),
        "{arguments:?}: {}",
        outcome.stderr_text()
    );
    Ok(String::from_utf8(outcome.stdout)?)
}

/// Another program, which must have nothing to say against its arguments.
fn accepts(program: &str, package: &str, arguments: &[&str], folder: &Path) -> Result<String> {
    let path = machine::find_tool(program).with_context(|| {
        format!("{program} is missing: `apt-get install {package}` installs it")
    })?;
    let mut command = Command::new(path);
    command.args(arguments);
    let outcome = run(command, folder)?;
    let stderr = outcome.stderr_text();
    ensure!(
        outcome.code() == Some(0) && stderr.is_empty(),
        "{program} {arguments:?}: {}: {stderr}",
        outcome.ending()
    );
    Ok(String::from_utf8(outcome.stdout)?)
}

/// The names of the commands, from the help: the first words below `Commands:`.
fn commands(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let words = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    words
        .filter(|word| !word.is_empty() && *word != "help")
        .collect()
}

/// The options of a command, from its short help: the words that begin with two dashes where a line begins.
fn options(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Options:");
    let starts = lines.filter_map(|line| {
        let line = line.trim_start();
        let line = match line.as_bytes() {
            [b'-', _, b',', b' ', ..] => &line[4..],
            _ => line,
        };
        let name = line.strip_prefix("--")?;
        name.split([' ', '=', '[']).next()
    });
    starts.collect()
}

#[test]
fn every_option_is_in_them() -> Result<()> {
    let scratch = Scratch::new("shells")?;
    let folder = scratch.path();
    let help = printed(&["--help"], folder)?;
    let commands = commands(&help);
    for expected in ["compile", "inspect", "completions", "man"] {
        ensure!(
            commands.contains(&expected),
            "no {expected} in {commands:?}"
        );
    }
    printed(&["man", "."], folder)?;
    let scripts = [
        ("bash", "bash", "--"),
        ("zsh", "zsh", "--"),
        ("fish", "fish", "-l "),
    ];
    for (shell, package, dashes) in scripts {
        let script = printed(&["completions", shell], folder)?;
        let file = format!("elfin.{shell}");
        std::fs::write(folder.join(&file), &script)?;
        accepts(shell, package, &["-n", &file], folder)?;
        for command in &commands {
            ensure!(
                script.contains(command),
                "{shell} does not complete {command}"
            );
            let help = printed(&[command, "-h"], folder)?;
            for option in options(&help) {
                ensure!(
                    script.contains(&format!("{dashes}{option}")),
                    "{shell} does not complete --{option} of {command}"
                );
            }
        }
    }
    for command in &commands {
        let file = format!("elfin-{command}.1");
        let page = std::fs::read_to_string(folder.join(&file)).context(file.clone())?;
        let help = printed(&[command, "-h"], folder)?;
        let options = options(&help);
        ensure!(options.contains(&"help"), "{command}: {options:?}");
        for option in options {
            let name = format!("--{option}").replace('-', "\\-");
            ensure!(page.contains(&name), "{file} has no --{option}");
        }
        let text = accepts(
            "groff",
            "groff-base",
            &["-man", "-Tutf8", "-P-cbou", "-ww", &file],
            folder,
        )?;
        ensure!(text.contains("SYNOPSIS"), "{text}");
    }
    accepts(
        "groff",
        "groff-base",
        &["-man", "-Tutf8", "-P-cbou", "-ww", "elfin.1"],
        folder,
    )?;
    Ok(())
}

#[test]
fn bash_completes() -> Result<()> {
    let scratch = Scratch::new("bash")?;
    let script = "source <(\"$0\" completions bash)
        COMP_WORDS=(elfin compile --targ) COMP_CWORD=2
        _elfin elfin --targ compile
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let elfin = elfin::path()?;
    let elfin = elfin.to_str().context("the path is text")?;
    let found = accepts("bash", "bash", &["-c", script, elfin], scratch.path())?;
    ensure!(found == "--target\n", "{found:?}");
    Ok(())
}

/// The suite would see a script that a shell does not accept, a page that groff warns of, and a missing option.
#[test]
fn planted_faults_are_found() -> Result<()> {
    let scratch = Scratch::new("planted")?;
    let folder = scratch.path();
    std::fs::write(folder.join("broken"), "if true; (\n")?;
    for (shell, package) in [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish")] {
        ensure!(
            accepts(shell, package, &["-n", "broken"], folder).is_err(),
            "{shell}"
        );
    }
    std::fs::write(folder.join("broken.1"), ".TH broken 1\n.nosuchrequest\n")?;
    ensure!(
        accepts(
            "groff",
            "groff-base",
            &["-man", "-Tutf8", "-P-cbou", "-ww", "broken.1"],
            folder
        )
        .is_err()
    );
    let help = "Commands:\n  one  first\n  help  all\n\nOptions:\n  -o, --output <OUT>  where\n      --strip  less\n";
    ensure!(commands(help) == ["one"]);
    ensure!(options(help) == ["output", "strip"]);
    Ok(())
}
