//! The commands of docs/recipes.md and of README's way to a board, as they stand there: a section is a script in a fresh
//! folder, and what it prints is what stands there too.

use anyhow::{Context, Result, ensure};
use elfin_tests::elfin;
use elfin_tests::execute::{self, Stdout};
use elfin_tests::place::{self, Scratch};
use std::process::Command;
use std::time::Duration;

/// A section of a document.
#[derive(Debug, PartialEq, Eq)]
struct Section {
    title: String,
    /// The blocks of commands that are run.
    script: String,
    /// The blocks of what they print; a `*` stands for the rest of a line.
    output: String,
}

/// The sections that have a block of commands.
fn sections(document: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    for part in document.split("\n## ").skip(1) {
        let (title, text) = part.split_once('\n').unwrap_or((part, ""));
        let mut section = Section {
            title: title.to_owned(),
            script: String::new(),
            output: String::new(),
        };
        let mut fence = None;
        for line in text.lines() {
            match (fence, line.strip_prefix("```")) {
                (None, Some(kind)) => fence = Some(kind),
                (Some(_), Some(_)) => fence = None,
                (Some("sh"), None) => section.script += &format!("{line}\n"),
                (Some("text"), None) => section.output += &format!("{line}\n"),
                _ => {}
            }
        }
        if !section.script.is_empty() {
            sections.push(section);
        }
    }
    sections
}

/// Runs a section's commands; the first that fails ends them.
fn run(section: &Section, prelude: &str) -> Result<()> {
    let scratch = Scratch::new("recipe")?;
    let folder = place::created(scratch.path().join("folder"))?;
    let program = elfin::path()?;
    let programs = program.parent().context("a file lies in a folder")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [programs.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let mut bash = Command::new("bash");
    bash.args(["-euc", &format!("{prelude}\n{}", section.script)])
        .current_dir(&folder)
        .env("PATH", std::env::join_paths(paths)?)
        .env("XDG_CACHE_HOME", scratch.path().join("cache"))
        .env("CARGO_NET_OFFLINE", "true");
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTFLAGS"] {
        bash.env_remove(name);
    }
    let outcome = execute::run(bash, None, Stdout::Collected, Duration::from_secs(300))?;
    let printed = String::from_utf8_lossy(&outcome.stdout);
    ensure!(
        outcome.code() == Some(0),
        "{}: {}\n{printed}{}",
        section.title,
        outcome.ending(),
        outcome.stderr_text()
    );
    ensure!(
        is_like(&printed, &section.output),
        "{}: it prints\n{printed}instead of\n{}",
        section.title,
        section.output
    );
    Ok(())
}

/// Whether each line is the expected one.
fn is_like(printed: &str, expected: &str) -> bool {
    let line_is_like = |(printed, expected): (&str, &str)| match expected.strip_suffix('*') {
        Some(begin) => printed.starts_with(begin),
        None => printed == expected,
    };
    printed.lines().count() == expected.lines().count()
        && printed.lines().zip(expected.lines()).all(line_is_like)
}

fn document(path: &str) -> Result<String> {
    let path = place::workspace_root().join(path);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

#[test]
fn the_recipes() -> Result<()> {
    let sections = sections(&document("docs/recipes.md")?);
    ensure!(sections.len() == 6, "{} recipes", sections.len());
    sections.iter().try_for_each(|section| run(section, ""))
}

/// The board is a folder and qemu. elfin is not installed once more: the one under test is on the path.
#[test]
fn to_a_board_in_five_commands() -> Result<()> {
    const PRELUDE: &str = r#"
        mkdir ../board
        cargo() { [ "$1" = install ] || command cargo "$@"; }
        scp() { [ "$2" = board: ] && cp "$1" ../board/; }
        ssh() { [ "$1" = board ] && (cd ../board && qemu-aarch64-static "$2"); }
    "#;
    let sections = sections(&document("README.md")?);
    let title = "To a board in five commands";
    let section = sections.into_iter().find(|section| section.title == title);
    let mut section = section.context("README has no such section")?;
    ensure!(section.script.lines().count() == 5, "{}", section.script);
    section.output = "Hello, world!\n".into();
    run(&section, PRELUDE)
}

#[test]
fn what_does_not_come_out_is_found() {
    let text = "# A\n## B\n```sh\necho a; false\n```\n```sh not-run\nx\n```\n```text\na\nb *\n```\n## C\nno\n";
    let expected = Section {
        title: "B".into(),
        script: "echo a; false\n".into(),
        output: "a\nb *\n".into(),
    };
    let mut found = sections(text);
    assert_eq!(found, [expected]);
    assert!(is_like("a\nb c\n", &found[0].output) && !is_like("a\nc\n", &found[0].output));
    assert!(!is_like("a\n", &found[0].output));
    // A command that fails, and one that prints something else.
    assert!(run(&found[0], "").is_err());
    found[0].script = "echo c".into();
    assert!(run(&found[0], "").is_err());
}
