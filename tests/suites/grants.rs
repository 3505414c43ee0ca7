//! Directories inside of executables, on each target: all of a tree is read, none of it changed, and a large file costs
//! nothing before it is read. And that a program has the code of the grants that it uses, and of no others.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::place::{self, Scratch};
use elfin_tests::{elfin, machine};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn guest(source: &str) -> Result<PathBuf> {
    let folder = place::crate_root().join("programs").join(source);
    Ok(Build::new(&folder).guest()?.path)
}

fn compile(wasm: &str, folder: &Path, target: Target, options: &[&str]) -> Result<PathBuf> {
    let output = folder.join(format!("app-{}", machine::short_name(target)));
    let options: Vec<OsString> = options.iter().map(OsString::from).collect();
    elfin::compile(&guest(wasm)?, &output, target, &options)?;
    Ok(output)
}

/// Several hundred files in a few directories, and links among them.
fn make_tree(root: &Path) -> Result<()> {
    for folder in ["many", "empty", "a/b/c/d/e", "ä ö", "a.b", "a-b"] {
        fs::create_dir_all(root.join(folder))?;
    }
    for number in 0..300 {
        let contents = execute::generated(number * 37);
        fs::write(root.join(format!("many/n{number}")), contents)?;
    }
    for (number, path) in ["a/b/x", "a/b/c/d/e/x", "ä ö/ü", "a.b/x", "a-b/x", "text"]
        .into_iter()
        .enumerate()
    {
        fs::write(root.join(path), format!("the text of {number}: the end"))?;
    }
    fs::write(root.join("nothing"), "")?;
    for (path, text) in [
        ("through", "a/b/c/../../../many"),
        ("dangling", "gone/../gone"),
        ("loop", "./loop"),
        ("a/b/c/up", "../../../text"),
    ] {
        symlink(text, root.join(path))?;
    }
    Ok(())
}

/// What the guest should print of a tree: directories, files with their sizes and sums, links with their texts.
fn listing(directory: &Path, shown: &str, lines: &mut Vec<String>) -> Result<usize> {
    lines.push(format!("{shown}/"));
    let entries = fs::read_dir(directory)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut names: Vec<String> = entries
        .into_iter()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let mut nodes = 1;
    for name in names {
        let (path, shown) = (directory.join(&name), format!("{shown}/{name}"));
        let kind = fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            nodes += listing(&path, &shown, lines)?;
        } else if kind.is_symlink() {
            lines.push(format!("{shown} -> {}", fs::read_link(&path)?.display()));
        } else {
            nodes += 1;
            let bytes = fs::read(&path)?;
            let step = |sum: u32, &byte: &u8| sum.wrapping_mul(31).wrapping_add(byte.into());
            let sum = bytes.iter().fold(0, step);
            lines.push(format!("{shown} {} {sum}", bytes.len()));
        }
    }
    Ok(nodes)
}

/// What the guest should print of its attempts.
const PROBES: &str = r#"the end: "e end" at 22
behind the end: 1022
there: 0 bytes
before the beginning: Invalid argument (os error 28)
poll: 0, 1 event of 7 with 19 bytes
modified: true
write: Bad file descriptor (os error 8)
open to write: Read-only file system (os error 69)
create: Read-only file system (os error 69)
truncate: Read-only file system (os error 69)
remove: Read-only file system (os error 69)
remove a directory: Read-only file system (os error 69)
create a directory: Read-only file system (os error 69)
rename: Read-only file system (os error 69)
rename out: Cross-device link (os error 75)
link out: Cross-device link (os error 75)
rename in: Cross-device link (os error 75)
cut: Read-only file system (os error 69)
set times: Read-only file system (os error 69)
sync: DONE
copy out: DONE
read a directory as a file: Is a directory (os error 31)
a file as a directory: Not a directory (os error 54)
leave: Operation not permitted (os error 63)
what is not there: No such file or directory (os error 44)
what a link leads to that is not there: No such file or directory (os error 44)
a link to itself: Symbolic link loop (os error 32)
through a link: DONE
flags: 0
a socket's: 57
"#;

#[test]
fn a_tree_inside_of_the_executable() -> Result<()> {
    let scratch = Scratch::new("grants")?;
    let tree = scratch.path().join("tree");
    make_tree(&tree)?;
    let mut lines = Vec::new();
    let nodes = listing(&tree, "/lib", &mut lines)?;
    ensure!(nodes > 300, "the tree has {nodes} nodes");
    let expected = format!(
        "{}\n{nodes} nodes, {nodes} inode numbers\n{PROBES}",
        lines.join("\n")
    );
    let embed = format!("{}::/lib", tree.display());
    for target in machine::targets() {
        let options = ["--dir", "out::/out", "--embed-dir", &embed];
        let app = compile("grants/tree.rs", scratch.path(), target, &options)?;
        let folder = scratch.path().join(machine::short_name(target));
        fs::create_dir_all(folder.join("out"))?;
        fs::write(folder.join("out/file"), "text")?;
        let mut command = machine::command(target, &app)?;
        command.current_dir(&folder);
        let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
        let found = String::from_utf8_lossy(&outcome.stdout);
        let difference = expected.lines().zip(found.lines()).find(|(a, b)| a != b);
        ensure!(
            found == expected,
            "{target}: {}: {difference:?}; {} lines of {}; {}",
            outcome.ending(),
            found.lines().count(),
            expected.lines().count(),
            outcome.stderr_text()
        );
        let copy = fs::read(folder.join("out/copy"))?;
        ensure!(copy == fs::read(tree.join("text"))?, "{target}: {copy:?}");
    }
    Ok(())
}

/// Bytes of a file that would be noticed if it were read.
const LARGE: u64 = 64 << 20;

#[test]
fn a_large_file_is_not_read_at_start() -> Result<()> {
    let scratch = Scratch::new("grants")?;
    let tree = place::created(scratch.path().join("tree"))?;
    fs::write(tree.join("large"), vec![b'x'; LARGE as usize])?;
    let embed = format!("{}::/lib", tree.display());
    let options = ["--embed-dir", embed.as_str()];
    let app = compile("grants/tree.rs", scratch.path(), Target::X86_64, &options)?;
    let mut child = Command::new(&app)
        .arg("/lib/large")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = BufReader::new(child.stdout.take().context("a pipe")?);
    let mut input = child.stdin.take().context("a pipe")?;
    let mut next_line = || -> Result<String> {
        let mut line = String::new();
        output.read_line(&mut line)?;
        Ok(line)
    };
    let started = next_line()?;
    let before = resident(child.id())?;
    input.write_all(b"go on\n")?;
    let read = next_line()?;
    let after = resident(child.id())?;
    child.kill()?;
    child.wait()?;
    ensure!(
        started == "started\n" && read == format!("{LARGE}\n"),
        "it says {started:?} and {read:?}"
    );
    println!(
        "a file of {LARGE} bytes inside: {before} KB resident at start, {after} KB once it is read"
    );
    ensure!(before < 4096, "{before} KB are resident at start");
    ensure!(
        after >= LARGE >> 10,
        "{after} KB are resident after reading the file: what is measured is something else"
    );
    Ok(())
}

/// Resident KB of a process.
fn resident(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.context("there is no VmRSS")?.trim();
    Ok(size.trim_end_matches(" kB").parse()?)
}

#[test]
fn a_program_has_the_code_of_its_grants_alone() -> Result<()> {
    let scratch = Scratch::new("grants")?;
    let tree = place::created(scratch.path().join("tree"))?;
    let embed = format!("{}::/lib", tree.display());
    let grants: [(&str, &[&str]); 8] = [
        ("elfin_open_directory", &["--dir", "."]),
        ("elfin_open_home_directory", &["--dir", "$HOME::/home"]),
        ("elfin_open_embedded", &["--embed-dir", &embed]),
        ("elfin_embedded", &["--embed-dir", &embed]),
        ("elfin_listen", &["--tcp-listen", "127.0.0.1:80"]),
        ("elfin_inherit_environment", &["--inherit-env"]),
        ("elfin_more_directories", &["--runtime-grants"]),
        ("elfin_limit_time", &["--timeout", "1h"]),
    ];
    for target in machine::targets() {
        let plain = compile("grants/tree.rs", scratch.path(), target, &[])?;
        let plain = fs::read(plain)?;
        for (symbol, options) in grants {
            let app = fs::read(compile("grants/tree.rs", scratch.path(), target, options)?)?;
            ensure!(has(&app, symbol), "{target}: {options:?} lacks {symbol}");
            ensure!(
                !has(&plain, symbol),
                "{target}: {symbol} without {options:?}"
            );
        }
    }
    Ok(())
}

/// Whether an executable has a symbol of this name.
fn has(executable: &[u8], symbol: &str) -> bool {
    let name = format!("\0{symbol}\0").into_bytes();
    executable.windows(name.len()).any(|bytes| bytes == name)
}
