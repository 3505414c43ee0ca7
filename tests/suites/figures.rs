//! The figures of README: sizes, system calls, resident memory, determinism, and where the time of a compilation goes.
//!
//! What is promised is asserted; times are printed, never asserted. `cargo test --release -p elfin-tests --test figures
//! -- --nocapture` prints all of them.

use anyhow::{Context, Result, ensure};
use elfin_abi::address::MEMORY_RESERVATION;
use elfin_compiler::Target;
use elfin_tests::guest::Build;
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, execute, machine, place};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, MemArg, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

/// The program that a figure is of, built from `programs/figures`.
fn guest(source: &str, flags: &str) -> Result<PathBuf> {
    let mut build = Build::new(&place::crate_root().join("programs/figures").join(source));
    build.apply("flags", flags)?;
    Ok(build.guest()?.path)
}

/// Without names and debug information, whether clang finds a `wasm-opt` that leaves them out or not.
const STRIPPED_C: &str = "-Wl,--strip-all";
const STRIPPED_RUST: &str = "-Cstrip=symbols";

/// Compiles with default options.
fn compile(wasm: &Path, folder: &Path, target: Target) -> Result<PathBuf> {
    let output = folder.join(format!("app-{}", machine::short_name(target)));
    elfin::compile(wasm, &output, target, &[])?;
    Ok(output)
}

fn size(path: &Path) -> Result<u64> {
    Ok(std::fs::metadata(path)
        .with_context(|| path.display().to_string())?
        .len())
}

/// 64 KiB pages cost as much alignment.
fn alignment_allowance(target: Target) -> u64 {
    if target == Target::Aarch64 {
        64 << 10
    } else {
        0
    }
}

fn check_size(what: &str, target: Target, found: u64, limit: u64) -> Result<()> {
    println!("{what} on {target}: {found} bytes, at most {limit}");
    ensure!(
        found <= limit,
        "{what} on {target} takes {found} bytes, more than {limit}"
    );
    Ok(())
}

#[test]
fn a_planted_size_is_found() {
    assert!(check_size("planted", Target::X86_64, 1001, 1000).is_err());
}

#[test]
fn c_hello_world_is_small() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let wasm = guest("hello.c", STRIPPED_C)?;
    for target in machine::targets() {
        let app = compile(&wasm, scratch.path(), target)?;
        check_size(
            "C hello world",
            target,
            size(&app)?,
            (32 << 10) + alignment_allowance(target),
        )?;
    }
    Ok(())
}

#[test]
fn rust_hello_world_is_small() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let wasm = guest("hello.rs", STRIPPED_RUST)?;
    println!("Rust hello world as wasm: {} bytes", size(&wasm)?);
    for target in machine::targets() {
        let app = compile(&wasm, scratch.path(), target)?;
        let limit = size(&wasm)? * 3 / 2 + (32 << 10) + alignment_allowance(target);
        check_size("Rust hello world", target, size(&app)?, limit)?;
    }
    Ok(())
}

/// 16 without the second wall, 24 with the defaults; a program that is granted a directory makes the calls for Landlock
/// as well.
#[test]
fn hello_world_makes_few_system_calls() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    for (source, flags) in [("hello.c", STRIPPED_C), ("hello.rs", STRIPPED_RUST)] {
        let wasm = guest(source, flags)?;
        for (option, limit) in [("off", 16), ("auto", 24), ("require", 24)] {
            let app = scratch.path().join(format!("{source}-{option}"));
            let options = ["--kernel-sandbox".into(), option.into()];
            elfin::compile(&wasm, &app, Target::X86_64, &options)?;
            let calls = system_calls(&app, scratch.path())?;
            println!(
                "{source}, --kernel-sandbox={option}: {} system calls",
                calls.len()
            );
            ensure!(
                calls.len() <= limit,
                "{source} makes {} system calls:\n{}",
                calls.len(),
                calls.join("\n")
            );
            ensure!(
                calls.first().is_some_and(|call| call.starts_with("execve")),
                "strace wrote no execve"
            );
            let opened: Vec<&String> = calls
                .iter()
                .filter(|call| call.starts_with("open"))
                .collect();
            ensure!(
                opened.is_empty(),
                "{source} opens files at start: {opened:?}"
            );
            let filtered = calls.iter().any(|call| call.starts_with("seccomp"));
            ensure!(filtered == (option != "off"), "{option}: {calls:?}");
        }
    }
    Ok(())
}

/// The system calls of a run, as strace writes them.
fn system_calls(app: &Path, folder: &Path) -> Result<Vec<String>> {
    let strace = machine::find_tool("strace")
        .context("strace is missing: `apt-get install strace` installs it")?;
    let log = folder.join("calls");
    let status = Command::new(strace)
        .arg("-o")
        .arg(&log)
        .arg(app)
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "strace ended with {status}");
    let log = std::fs::read_to_string(&log)?;
    Ok(log
        .lines()
        .filter(|line| !line.starts_with("+++"))
        .map(str::to_owned)
        .collect())
}

#[test]
fn hello_world_is_resident_in_little() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let app = compile(&guest("waiting.c", "")?, scratch.path(), Target::X86_64)?;
    let maps = maps_of_waiting(&app)?;
    let (inside, beyond) = resident(&maps)?;
    println!("hello world: {beyond} KB resident beyond its linear memory, {inside} KB in it");
    ensure!(inside > 0, "the linear memory was not found in:\n{maps}");
    ensure!(
        (1..=400).contains(&beyond),
        "{beyond} KB are resident beyond the linear memory:\n{maps}"
    );
    Ok(())
}

/// Bytes of a large program's data.
const LARGE: usize = 40 << 20;

#[test]
fn a_large_program_is_resident_in_little() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let wasm = scratch.path().join("large.wasm");
    let mut found = Vec::new();
    for touches_all in [false, true] {
        std::fs::write(&wasm, large_program(touches_all))?;
        let app = compile(&wasm, scratch.path(), Target::X86_64)?;
        let size = size(&app)?;
        ensure!(size > LARGE as u64, "it has {size} bytes");
        let (inside, beyond) = resident(&maps_of_waiting(&app)?)?;
        println!(
            "a program with 40 MB of data: {} KB resident",
            inside + beyond
        );
        found.push(inside + beyond);
    }
    ensure!(found[0] <= 1024, "{} KB are resident", found[0]);
    // One that reads all of it has all of it.
    let all = LARGE as u64 >> 10;
    ensure!(found[1] > all, "{} KB of {all} KB are found", found[1]);
    Ok(())
}

/// A program with much data that says hello and waits for input, and may read a byte of each page first.
fn large_program(touches_all: bool) -> Vec<u8> {
    // Some memory of its own in front of the data.
    const OWN: usize = 65536;
    let number = |number: usize| ConstExpr::i32_const(number as i32);
    let memarg = MemArg {
        offset: 0,
        align: 0,
        memory_index: 0,
    };
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    for name in ["fd_write", "fd_read"] {
        imports.import("wasi_snapshot_preview1", name, EntityType::Function(0));
    }
    let mut functions = FunctionSection::new();
    functions.function(1);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: ((OWN + LARGE) >> 16) as u64,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, 2);
    exports.export("memory", ExportKind::Memory, 0);
    let mut start = Function::new([(1, ValType::I32)]);
    let mut body = start.instructions();
    if touches_all {
        body.i32_const(OWN as i32).local_set(0);
        body.loop_(BlockType::Empty);
        body.i32_const(1024).local_get(0).i32_load8_u(memarg);
        body.i32_store8(memarg);
        body.local_get(0).i32_const(4096).i32_add().local_tee(0);
        body.i32_const((OWN + LARGE) as i32).i32_lt_u().br_if(0);
        body.end();
    }
    // An `iovec` at 0, of the text at 16 and then of a byte at 64.
    for (function, descriptor, place, len) in [(0, 1, 16, 14), (1, 0, 64, 1)] {
        body.i32_const(0).i32_const(place).i32_store(memarg);
        body.i32_const(4).i32_const(len).i32_store(memarg);
        body.i32_const(descriptor).i32_const(0).i32_const(1);
        body.i32_const(8).call(function).drop();
    }
    body.end();
    let mut code = CodeSection::new();
    code.function(&start);
    let mut data = DataSection::new();
    data.active(0, &number(16), *b"Hello, world!\n");
    // No page is like another.
    let words = 0..LARGE as u32 / 4;
    let bytes: Vec<u8> = words
        .flat_map(|word| (word | 1 << 31).to_le_bytes())
        .collect();
    data.active(0, &number(OWN), bytes);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module.section(&memories).section(&exports).section(&code);
    module.section(&data);
    module.finish()
}

/// `/proc/PID/smaps` of a program that has said hello and waits for input.
fn maps_of_waiting(app: &Path) -> Result<String> {
    let mut child = Command::new(app)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("a pipe")?).read_line(&mut line)?;
    let maps = std::fs::read_to_string(format!("/proc/{}/smaps", child.id()))?;
    child.kill()?;
    child.wait()?;
    ensure!(line == "Hello, world!\n", "it says {line:?}");
    Ok(maps)
}

/// Resident KB inside and outside the linear memory, from the text of `/proc/PID/smaps`.
fn resident(maps: &str) -> Result<(u64, u64)> {
    let base = Target::X86_64.memory_base();
    let (mut inside, mut beyond) = (0, 0);
    let mut is_inside = false;
    for line in maps.lines() {
        if let Some(size) = line.strip_prefix("Rss:") {
            let size: u64 = size.trim().trim_end_matches(" kB").parse()?;
            *(if is_inside { &mut inside } else { &mut beyond }) += size;
        } else if let Some((start, _)) = line.split_once('-')
            && let Ok(start) = u64::from_str_radix(start, 16)
        {
            is_inside = (base..base + MEMORY_RESERVATION).contains(&start);
        }
    }
    Ok((inside, beyond))
}

#[test]
fn runs_in_64_mb_of_address_space() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let app = compile(
        &guest("hello.rs", STRIPPED_RUST)?,
        scratch.path(),
        Target::X86_64,
    )?;
    let run = |limit: &str| -> Result<execute::Outcome> {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("ulimit -v {limit} && exec \"$0\""))
            .arg(&app);
        execute::run(
            command,
            None,
            execute::Stdout::Collected,
            Duration::from_secs(60),
        )
    };
    let outcome = run("65536")?;
    ensure!(
        outcome.stdout == b"Hello, world!\n",
        "{}: {}",
        outcome.ending(),
        outcome.stderr_text()
    );
    // Less than it needs is a message and the status of a refusal.
    let outcome = run("4096")?;
    ensure!(
        outcome.code() == Some(126),
        "with 4 MB: {}",
        outcome.ending()
    );
    ensure!(
        outcome.stderr_text().starts_with("elfin: "),
        "it says {:?}",
        outcome.stderr_text()
    );
    Ok(())
}

#[test]
fn equal_input_gives_equal_bytes() -> Result<()> {
    let scratch = Scratch::new("figures")?;
    let other = place::created(scratch.path().join("elsewhere"))?;
    let wasm = guest("hello.rs", "")?;
    let copy = other.join("hello.wasm");
    std::fs::copy(&wasm, &copy)?;
    for target in machine::targets() {
        let mut first = None;
        for (number, (input, jobs)) in [(&wasm, "1"), (&wasm, "2"), (&wasm, "2"), (&copy, "1")]
            .into_iter()
            .enumerate()
        {
            let output = other.join(format!("app{number}"));
            elfin::compile(input, &output, target, &["-j".into(), OsString::from(jobs)])?;
            let bytes = std::fs::read(&output)?;
            let first = first.get_or_insert_with(|| bytes.clone());
            ensure!(
                *first == bytes,
                "{target}: compilation {number} gave other bytes than the first"
            );
        }
    }
    let one = std::fs::read(compile(&wasm, &other, Target::X86_64)?)?;
    let mut planted = OsString::from("-O");
    planted.push("0");
    let output = other.join("planted");
    elfin::compile(&wasm, &output, Target::X86_64, &[planted])?;
    ensure!(
        one != std::fs::read(&output)?,
        "another level gave the same bytes: the comparison compares nothing"
    );
    Ok(())
}

/// What `elfin run` adds to executing a file that it has compiled before: the ratio is printed, and recorded in README;
/// asserted is what makes it small: no thread, and few system calls.
#[test]
fn a_cached_program_starts_at_once() -> Result<()> {
    const RUNS: usize = 101;
    let host = Target::host().context("this machine is no target")?;
    let scratch = Scratch::new("figures")?;
    let wasm = guest("hello.c", STRIPPED_C)?;
    let app = compile(&wasm, scratch.path(), host)?;
    let run = || -> Result<Command> {
        let mut command = Command::new(elfin::path()?);
        command.arg("run").arg(&wasm);
        command.env("XDG_CACHE_HOME", scratch.path());
        // cargo's folders, in which the dynamic loader would look for each library first.
        command.env_remove("LD_LIBRARY_PATH");
        Ok(command)
    };
    ensure!(run()?.output()?.stdout == b"Hello, world!\n", "it runs");
    let timed = |mut command: Command| -> Result<Duration> {
        let start = Instant::now();
        let status = command.stdout(Stdio::null()).status()?;
        ensure!(status.success(), "it ended with {status}");
        Ok(start.elapsed())
    };
    let (mut cached, mut itself) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        cached.push(timed(run()?)?);
        itself.push(timed(Command::new(&app))?);
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[RUNS / 2].as_secs_f64() * 1e3
    };
    let (cached, itself) = (median(&mut cached), median(&mut itself));
    let limit = 1.5 * itself + 2.0;
    println!(
        "elfin run of a cached hello world: {cached:.2} ms, itself {itself:.2} ms: {:.2} of 1.5 times that plus 2 ms",
        cached / limit
    );
    let log = scratch.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(&log).arg(elfin::path()?);
    strace.arg("run").arg(&wasm).stdout(Stdio::null());
    ensure!(
        strace
            .env("XDG_CACHE_HOME", scratch.path())
            .env_remove("LD_LIBRARY_PATH")
            .status()?
            .success()
    );
    let log = std::fs::read_to_string(&log)?;
    let (before, _) = log.split_once("execveat(").context("nothing is executed")?;
    println!("system calls before that: {}", before.lines().count());
    ensure!(!before.contains("clone"), "it starts a thread:\n{before}");
    ensure!(
        before.lines().count() <= 100,
        "it makes many calls:\n{before}"
    );
    Ok(())
}

/// A module of about 1 MB: the share of linking is printed, and recorded in README.
#[test]
fn where_the_time_goes() -> Result<()> {
    let wasm = wat::parse_str(module_of_a_megabyte())?;
    println!("a module of {} bytes:", wasm.len());
    ensure!(
        (900_000..1_200_000).contains(&wasm.len()),
        "the module has {} bytes",
        wasm.len()
    );
    let scratch = Scratch::new("figures")?;
    let input = scratch.path().join("megabyte.wasm");
    std::fs::write(&input, wasm)?;
    for target in machine::targets() {
        let options = ["-j".into(), "1".into(), "-v".into()];
        let outcome = elfin::try_compile(&input, &scratch.path().join("app"), target, &options)?;
        ensure!(outcome.code() == Some(0), "{}", outcome.stderr_text());
        let report = outcome.stderr_text();
        ensure!(
            report.contains("time: link"),
            "-v does not say how long linking took:\n{report}"
        );
        println!("{target}:\n{report}");
    }
    Ok(())
}

/// Functions of some size that all differ, and call each other.
fn module_of_a_megabyte() -> String {
    let mut text = String::from("(module (memory 1)\n");
    let count = 1600;
    for number in 0..count {
        text += &format!("(func $f{number} (param i32 i32) (result i32) (local $x i32)\n");
        for step in 0..20 {
            let address = (number * 31 + step * 7) % 60_000;
            text += &format!(
                "(local.set $x (i32.add (i32.mul (local.get $x) (i32.const {step})) (i32.load offset={address} (local.get 0))))
                 (if (i32.lt_s (local.get $x) (local.get 1)) (then (i32.store offset={address} (local.get 0) (local.get $x))))\n"
            );
        }
        let callee = if number == 0 {
            "(i32.const 0)".to_owned()
        } else {
            format!("(call $f{} (local.get 0) (local.get $x))", number - 1)
        };
        text += &format!("{callee})\n");
    }
    text + &format!(
        "(func (export \"_start\") (drop (call $f{} (i32.const 0) (i32.const 1)))))",
        count - 1
    )
}
