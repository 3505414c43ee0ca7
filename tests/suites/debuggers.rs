//! What people see with `-g`: reports of traps, gdb and perf show files, lines, functions and what was inlined; and gdb
//! and perf find the way from a host function to the entry. The guests are those of `programs/debuggers`.

use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::place::{self, Scratch};
use elfin_tests::{elfin, machine};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Debug information, and no run of wasm-opt, which would not keep it up to date.
const C_FLAGS: &str = "-O0 -Xclang -O2 -g";
const RUST_FLAGS: &str = "-Cstrip=none -Cdebuginfo=2";

/// For gdb and perf: with more, they see small functions as parts of their callers.
const EVERY_FUNCTION: &[&str] = &["-O1"];

/// A guest, compiled with `-g` and these options.
fn compiled(
    source: &str,
    flags: &str,
    target: Target,
    folder: &Path,
    options: &[&str],
) -> Result<PathBuf> {
    let mut build = Build::new(&place::crate_root().join("programs/debuggers").join(source));
    build.apply("flags", flags)?;
    let output = folder.join(format!("{source}-{}", machine::short_name(target)));
    let options = ["-g"].iter().chain(options);
    let options: Vec<_> = options.map(|option| (*option).into()).collect();
    elfin::compile(&build.guest()?.path, &output, target, &options)?;
    Ok(output)
}

/// Each pattern must fit a part of one of the lines, and later ones a later line. A star stands for anything.
fn has_lines(output: &str, patterns: &[&str]) -> Result<()> {
    let mut lines = output.lines();
    for pattern in patterns {
        ensure!(
            lines.any(|line| fits(line, pattern)),
            "no line fits `{pattern}` where one is expected in:\n{output}"
        );
    }
    Ok(())
}

fn fits(line: &str, pattern: &str) -> bool {
    let mut rest = Some(line);
    for part in pattern.split('*') {
        rest = rest.and_then(|rest| Some(rest.split_once(part)?.1));
    }
    rest.is_some()
}

#[test]
fn a_planted_line_is_found() {
    let output = "#0  half () at /a/shapes.c:5\n#1  area () at /a/shapes.c:9\n";
    assert!(has_lines(output, &["half () at *shapes.c:5", "#1 * area ()"]).is_ok());
    assert!(has_lines(output, &["half () at *shapes.c:6"]).is_err());
    assert!(has_lines(output, &["half () at *shapes.c:9"]).is_err());
    assert!(has_lines(output, &["shapes.c:9", "shapes.c:5"]).is_err());
}

#[test]
fn reports_name_files_and_lines() -> Result<()> {
    let scratch = Scratch::new("reports")?;
    for target in machine::targets() {
        for (source, flags, frames) in [
            ("shapes.c", C_FLAGS, C_FRAMES),
            ("shapes.rs", RUST_FLAGS, RUST_FRAMES),
        ] {
            let app = compiled(source, flags, target, scratch.path(), &[])?;
            let command = machine::command(target, &app)?;
            let outcome = execute::run(command, None, Stdout::Collected, SECONDS)?;
            ensure!(
                outcome.code() == Some(elfin::TRAP_EXIT_STATUS.into()),
                "{source} on {target}: {}",
                outcome.ending()
            );
            let report = outcome.stderr_text();
            // Frames from the innermost on, each in the lines that follow each other.
            let lines: Vec<&str> = report.lines().skip(1).map(str::trim_start).collect();
            for (line, expected) in lines.iter().zip(frames) {
                // What precedes a function's name is the offset in the module.
                ensure!(
                    line.ends_with(expected),
                    "{source} on {target}: `{line}`, expected `{expected}`:\n{report}"
                );
            }
            ensure!(lines.len() > frames.len(), "{report}");
        }
    }
    Ok(())
}

const C_FRAMES: &[&str] = &[
    "  half",
    "/shapes.c:5:12",
    "inlined into area",
    "/shapes.c:9:15",
    "  show",
    "/shapes.c:14:25",
    "  main",
    "/shapes.c:23:5",
];

const RUST_FRAMES: &[&str] = &[
    "  shapes::shape::divide",
    "/shapes.rs:15:12",
    "inlined into shapes::shape::Rect::ratio",
    "/shapes.rs:10:13",
    "inlined into shapes::show",
    "/shapes.rs:28:31",
    "  shapes::main",
    "/shapes.rs:33:9",
];

const SECONDS: Duration = Duration::from_secs(60);

/// Stops at a line, at a function, in a host function, and where the guest traps.
#[test]
fn gdb_shows_names_lines_and_frames() -> Result<()> {
    let scratch = Scratch::new("gdb")?;
    for target in machine::targets() {
        let app = compiled("shapes.c", C_FLAGS, target, scratch.path(), EVERY_FUNCTION)?;
        let script = "break shapes.c:14\ncontinue\nbacktrace\ninfo line shapes.c:9\ndelete\n\
                      break area\ncontinue\nbacktrace 3\ndelete\n\
                      break elfin_preview1_fd_write\ncontinue\nbacktrace\ndelete\n\
                      continue\nbacktrace\n";
        let output = gdb(target, &app, script, scratch.path())?;
        has_lines(
            &output,
            &[
                "#0  show () at *shapes.c:14",
                "#1 * in __main_argc_argv () at *shapes.c:21",
                " in elfin_entry ()",
                " in elfin_run_on_stack ()",
                "Line 9 of *starts at address * <area+*",
                "#0  area () at *shapes.c:9",
                "#1 * in show () at *shapes.c:14",
                "#0 * in elfin_preview1_fd_write ()",
                "#1 * in __wasi_fd_write () at ",
                " in printf () at ",
                " in show () at *shapes.c:14",
                " in elfin_entry ()",
                " in elfin_run_on_stack ()",
                "received signal SIGSEGV",
                "#0 * in half () at *shapes.c:5",
                "#1  area () at *shapes.c:9",
                "#2 * in show () at *shapes.c:14",
                " in __main_argc_argv () at *shapes.c:23",
            ],
        )
        .with_context(|| format!("C on {target}"))?;
        if Target::host() == Some(target) {
            // Beyond the change of stacks; the emulator has them in an order that gdb takes for damage.
            has_lines(&output, &[" elfin_run_on_stack ()", " in _start ()"])?;
        }

        // Where an inlined function begins with the very instruction that stops, gdb shows the one around it.
        let app = compiled(
            "shapes.rs",
            RUST_FLAGS,
            target,
            scratch.path(),
            EVERY_FUNCTION,
        )?;
        let script = "break shapes::show\ncontinue\nbacktrace 2\ndelete\ncontinue\nbacktrace 4\n\
                      info line *$pc\n";
        let output = gdb(target, &app, script, scratch.path())?;
        has_lines(
            &output,
            &[
                "#0  shapes::show () at *shapes.rs:",
                "#1 * in shapes::main () at *shapes.rs:33",
                "received signal SIGILL",
                "shapes::show () at *shapes.rs:28",
                " in shapes::main () at *shapes.rs:33",
                "Line 15 of *shapes.rs",
            ],
        )
        .with_context(|| format!("Rust on {target}"))?;
    }
    Ok(())
}

/// What gdb writes when it does this with an executable that has just been started. Here it runs by itself, elsewhere
/// under the emulator, which speaks gdb's protocol.
fn gdb(target: Target, app: &Path, script: &str, folder: &Path) -> Result<String> {
    let preface = "set pagination off\nset confirm off\nset style enabled off\nset width 0\n\
                   set backtrace past-main on\nset debuginfod enabled off\n";
    let is_native = Target::host() == Some(target);
    let tool = if is_native { "gdb" } else { "gdb-multiarch" };
    let path = machine::find_tool(tool)
        .with_context(|| format!("{tool} is missing: `apt-get install {tool}` installs it"))?;
    let socket = folder.join("gdb");
    let _emulator = match machine::emulator(target)? {
        None => None,
        Some(emulator) => Some(Emulator::start(&emulator, app, &socket)?),
    };
    let begin = if is_native {
        "starti".to_owned()
    } else {
        format!("target remote {}", socket.display())
    };
    let commands = folder.join("commands");
    std::fs::write(&commands, format!("{preface}{begin}\n{script}kill\n"))?;
    let mut command = Command::new(path);
    command.args(["-nx", "-batch", "-x"]).arg(commands).arg(app);
    let outcome = execute::run(command, None, Stdout::Collected, SECONDS)?;
    let output = String::from_utf8_lossy(&outcome.stdout).into_owned();
    ensure!(
        outcome.code() == Some(0),
        "gdb on {target}: {}:\n{output}{}",
        outcome.ending(),
        outcome.stderr_text()
    );
    Ok(output)
}

/// An emulated executable that waits for gdb.
struct Emulator(Child);

impl Emulator {
    fn start(emulator: &Path, app: &Path, socket: &Path) -> Result<Self> {
        let _ = std::fs::remove_file(socket);
        let mut command = Command::new(emulator);
        command.arg("-g").arg(socket).arg(app);
        let output = || Stdio::null();
        command.stdin(output()).stdout(output()).stderr(output());
        let emulator = Self(command.spawn()?);
        let start = Instant::now();
        while !socket.exists() {
            ensure!(
                start.elapsed() < SECONDS,
                "the emulator does not wait for gdb"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(emulator)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // gdb has ended it, or it waits for ever.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// By frame pointers and by the executable's frame information, perf finds who calls the function that takes the time.
#[test]
fn perf_shows_names_and_callers() -> Result<()> {
    let target = Target::host().context("perf samples this machine, which is no target")?;
    let scratch = Scratch::new("perf")?;
    let app = compiled("hot.rs", RUST_FLAGS, target, scratch.path(), EVERY_FUNCTION)?;
    let perf = machine::find_tool("perf")
        .context("perf is missing: `apt-get install linux-perf` installs it")?;
    for graph in ["fp", "dwarf"] {
        let data = scratch.path().join(graph);
        let mut record = Command::new(&perf);
        record.args(["record", "-q", "-e", "cpu-clock", "-F", "200"]);
        record.args(["--call-graph", graph, "-o"]).arg(&data);
        let outcome = execute::run(with(record, &app), None, Stdout::Collected, SECONDS)?;
        allowed(&outcome)?;
        let mut script = Command::new(&perf);
        script.args(["script", "-F", "ip,sym", "-i"]).arg(&data);
        let outcome = execute::run(script, None, Stdout::Collected, SECONDS)?;
        let output = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let samples: Vec<&str> = output.split("\n\n").collect();
        let callers = ["hot::mix", "hot::outer", "hot::main", "elfin_entry"];
        let known = samples
            .iter()
            .filter(|sample| has_lines(sample, &callers).is_ok())
            .count();
        println!("{graph}: {known} of {} samples", samples.len());
        ensure!(
            known * 10 >= samples.len() * 7,
            "{graph}: only {known} of {} samples show who calls `mix`; the last ones:\n{}",
            samples.len(),
            samples[samples.len().saturating_sub(3)..].join("\n\n")
        );
    }
    Ok(())
}

fn with(mut command: Command, app: &Path) -> Command {
    command.arg(app);
    command
}

/// Containers and careful systems forbid sampling.
fn allowed(outcome: &Outcome) -> Result<()> {
    if outcome.code() != Some(0) {
        bail!(
            "perf can't sample here: {}\nRun the test as root or after `sysctl kernel.perf_event_paranoid=1`, in a \
             container with `--cap-add PERFMON`; or leave it out: `-- --skip perf`",
            outcome.stderr_text()
        );
    }
    Ok(())
}
