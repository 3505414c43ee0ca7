//! The second wall holds when the first one is down: a guest that makes system calls of its own ([`elfin_tests::intruder`])
//! is stopped by the seccomp filter alone, and by Landlock alone what concerns files; with both off its calls succeed.
//! Without the kernel's part an executable does without it or refuses to start, as it was compiled to.
//!
//! This needs a kernel with both, on x86-64; one without fails. For the other targets, whose emulators have neither, the
//! filters that elfin emits go through an interpreter: no kernel is involved there. On x86-64 the interpreter is compared
//! with the kernel.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_compiler::options::{Directory, Grants, KernelSandbox, Options};
use elfin_compiler::sandbox::bpf::Instruction;
use elfin_compiler::sandbox::calls::{Call, FUNCTIONS, Test};
use elfin_compiler::sandbox::{Filter, filter, needs, number};
use elfin_tests::bpf::{SystemCall, allows};
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::intruder::{self, Texts, Words};
use elfin_tests::place::{self, Scratch};
use elfin_tests::{elfin, machine, planted};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const REQUIRE: KernelSandbox = KernelSandbox::On {
    require_seccomp: true,
    require_landlock: true,
};
const NO_SECCOMP: &str = "seccomp:error=ENOSYS";
const NO_LANDLOCK: &str = "landlock_create_ruleset:error=ENOSYS";

/// WASI's EACCES.
const ACCESS: i32 = 2;

/// WASI's EROFS.
const READ_ONLY: i32 = 69;

/// WASI's EPERM.
const PERMISSION: i32 = 63;

/// Something that an intruder tries.
struct Attempt {
    /// The system call; a report names it.
    call: &'static str,
    number: u64,
    arguments: Vec<u64>,
    /// Whether Landlock governs it.
    is_file: bool,
}

/// What intruders try, all of which works where nothing forbids it; and the texts that it needs.
fn attempts() -> (Vec<Attempt>, String) {
    let mut texts = Texts::new();
    let mut data = String::new();
    let mut text = |text: &str| {
        let (address, definition) = texts.add(text);
        data += &definition;
        address
    };
    let here = (-100i64).cast_unsigned();
    let passwd = text("/etc/passwd");
    let shell = text("/bin/true");
    let (created, victim, moved) = (
        text("../outside/new"),
        text("../outside/victim"),
        text("moved"),
    );
    let (made, emptied, link) = (
        text("../outside/made"),
        text("../outside/empty"),
        text("../outside/link"),
    );
    let name = text("name");
    let base = Target::X86_64.memory_base();
    let file = |call, number, arguments: &[u64]| Attempt {
        call,
        number,
        arguments: arguments.to_vec(),
        is_file: true,
    };
    let other = |call, number, arguments: &[u64]| Attempt {
        is_file: false,
        ..file(call, number, arguments)
    };
    let attempts = vec![
        file("openat", 257, &[here, passwd, 0]),
        file("openat", 257, &[here, created, 0o101, 0o666]),
        file("openat", 257, &[here, victim, 0o1001]),
        file("unlinkat", 263, &[here, victim, 0]),
        file("unlinkat", 263, &[here, emptied, 0x200]),
        file("mkdirat", 258, &[here, made, 0o777]),
        file("symlinkat", 266, &[name, here, link]),
        file("renameat2", 316, &[here, victim, here, moved, 0]),
        file("linkat", 265, &[here, victim, here, moved, 0]),
        file("execve", 59, &[shell, 0, 0]),
        file("execveat", 322, &[here, shell, 0, 0, 0]),
        // PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS; then code that is readable and executable.
        other("mmap", 9, &[0, 0x1000, 7, 0x22, u64::MAX, 0]),
        other("mmap", 9, &[0, 0x1000, 5, 0x22, u64::MAX, 0]),
        other("mmap", 9, &[0, 0x1000, 3, 0x21, u64::MAX, 0]),
        other("mprotect", 10, &[base + 0x2_0000, 0x1000, 5]),
        other("socket", 41, &[2, 1, 0]),
        other("socket", 41, &[1, 1, 0]),
        other("ptrace", 101, &[0, 0, 0, 0]),
        other("clone", 56, &[17, 0, 0, 0, 0]),
        other("prctl", 157, &[4, 1, 0, 0, 0]),
        other("memfd_create", 319, &[name, 0]),
        other("unshare", 272, &[0x400]),
        other("kill", 62, &[0, 0]),
        // FIOCLEX.
        other("ioctl", 16, &[0, 0x5451]),
        // F_GETFD.
        other("fcntl", 72, &[0, 1]),
        // SIGTERM ignored needs no more than a structure that says so.
        other("rt_sigaction", 13, &[31, 0, 0, 8]),
        other("read", 0, &[0, base, 1]),
        other("write", 1, &[1, base, 1]),
        // Others by their numbers: getcwd, prlimit64.
        other("number 79", 79, &[base, 100]),
        other("number 302", 302, &[0, 7, 0, base]),
    ];
    (attempts, data)
}

fn words(attempt: &Attempt) -> Words {
    let mut words = [0; 7];
    words[0] = attempt.number;
    words[1..=attempt.arguments.len()].copy_from_slice(&attempt.arguments);
    words
}

/// Runs an attempt in a fresh directory beside what it is not to reach.
fn run(program: &Path, call: usize, missing: &[&str]) -> Result<Outcome> {
    let scratch = Scratch::new("walls")?;
    let inside = place::created(scratch.path().join("inside"))?;
    place::created(scratch.path().join("outside/empty"))?;
    std::fs::write(scratch.path().join("outside/victim"), "victim")?;
    intruder::run(program, &inside, call, missing)
}

fn refused(outcome: &Outcome, call: &str) -> Result<()> {
    let text = outcome.stderr_text();
    ensure!(
        outcome.code() == Some(134) && text.contains(&format!("the system call {call}, ")),
        "{call}: {}: {text}",
        outcome.ending()
    );
    Ok(())
}

#[test]
fn each_wall_holds_alone() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    let (attempts, data) = attempts();
    let calls: Vec<Words> = attempts.iter().map(words).collect();
    let build = |name: &str, sandbox| -> Result<_> {
        let path = scratch.path().join(name);
        intruder::build(&path, &data, &calls, false, sandbox)?;
        Ok(path)
    };
    let walled = build("walled", KernelSandbox::AUTO)?;
    let open = build("open", KernelSandbox::Off)?;
    let mut governed = 0;
    for (index, attempt) in attempts.iter().enumerate() {
        let call = attempt.call;
        // The planted fault: nothing in the way.
        let outcome = run(&open, index, &[])?;
        ensure!(
            outcome.code() == Some(0),
            "{call} does not work at all: {}",
            outcome.ending()
        );
        // Seccomp alone.
        refused(&run(&walled, index, &[NO_LANDLOCK])?, call)?;
        // Landlock alone.
        let outcome = run(&walled, index, &[NO_SECCOMP])?;
        // strace traces it already.
        let works = if call == "ptrace" { PERMISSION } else { 0 };
        let expected = if attempt.is_file { ACCESS } else { works };
        ensure!(
            outcome.code() == Some(expected),
            "{call} with Landlock alone: {}: {}",
            outcome.ending(),
            outcome.stderr_text()
        );
        governed += usize::from(attempt.is_file);
        // Both missing: quietly less.
        let outcome = run(&walled, index, &[NO_SECCOMP, NO_LANDLOCK])?;
        ensure!(
            outcome.code() == Some(works),
            "{call}: {}",
            outcome.ending()
        );
    }
    println!(
        "{} attempts, of which Landlock governs {governed}",
        attempts.len()
    );
    Ok(())
}

/// A program that opens paths may make the calls for it; Landlock says which files they reach.
#[test]
fn landlock_confines_a_program_with_paths() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    let mut texts = Texts::new();
    let (passwd, first) = texts.add("/etc/passwd");
    let (inside, second) = texts.add("./file");
    let data = first + &second;
    // The descriptor of the granted directory, O_NOFOLLOW; O_CREAT | O_WRONLY.
    let calls = [
        [257, 3, passwd, 0o400_000, 0, 0, 0],
        [257, 3, inside, 0o400_101, 0o666, 0, 0],
        [257, 3, inside, 0, 0, 0, 0],
        [41, 2, 1, 0, 0, 0, 0],
    ];
    let path = scratch.path().join("program");
    intruder::build(&path, &data, &calls, true, KernelSandbox::AUTO)?;
    let code = |call, missing: &[&str]| Ok::<_, anyhow::Error>(run(&path, call, missing)?.code());
    ensure!(code(0, &[])? == Some(ACCESS), "/etc/passwd can be opened");
    ensure!(
        code(0, &[NO_LANDLOCK])? == Some(0),
        "something else protects it"
    );
    ensure!(code(1, &[])? == Some(0), "nothing can be created inside");
    refused(&run(&path, 2, &[])?, "openat")?;
    refused(&run(&path, 3, &[])?, "socket")
}

/// Landlock's rules alone keep a directory that was granted read-only as it is, whatever the runtime would do: seccomp
/// does not judge what files a call is about. Landlock does not govern times, so none are set.
#[test]
fn landlock_keeps_what_is_read_only() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    let source = place::crate_root().join("programs/walls/changes.c");
    let wasm = std::fs::read(Build::new(&source).guest()?.path)?;
    let shipped = elfin_runtimes::get(Target::X86_64, false).map_err(anyhow::Error::msg)?;
    let build = |name: &str, runtime: &[u8], sandbox| -> Result<_> {
        let mut options = Options::new(Target::X86_64);
        options.kernel_sandbox = sandbox;
        options.grants = directory_grant();
        options.grants.directories[0].read_only = true;
        let path = scratch.path().join(name);
        std::fs::write(
            &path,
            elfin_compiler::compile(&wasm, &options, runtime)?.bytes,
        )?;
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(path)
    };
    let broken = planted::runtime()?;
    let sound = build("sound", shipped, KernelSandbox::Off)?;
    let walled = build("walled", broken, KernelSandbox::AUTO)?;
    let open = build("open", broken, KernelSandbox::Off)?;
    for (what, program, missing, expected) in [
        ("the runtime alone", &sound, &[][..], READ_ONLY),
        ("both of the kernel's", &walled, &[], ACCESS),
        ("Landlock alone", &walled, &[NO_SECCOMP], ACCESS),
        // The planted faults.
        ("seccomp alone", &walled, &[NO_LANDLOCK], 0),
        ("neither", &open, &[], 0),
    ] {
        let folder = Scratch::new("walls")?;
        let text = |name| std::fs::read_to_string(folder.path().join(name));
        for name in ["written", "cut", "shortened", "victim", "old"] {
            std::fs::write(folder.path().join(name), "text")?;
        }
        place::created(folder.path().join("empty"))?;
        let outcome = intruder::run(program, folder.path(), 0, missing)?;
        let said = String::from_utf8_lossy(&outcome.stdout);
        let results: Vec<(&str, i32)> = said
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, errno)| Ok((name, errno.parse()?)))
            .collect::<Result<_>>()?;
        ensure!(
            outcome.code() == Some(0) && results.len() == 12,
            "{what}: {}: {said}{}",
            outcome.ending(),
            outcome.stderr_text()
        );
        for (name, errno) in results {
            let reads = ["read", "list"].contains(&name);
            let expected = if reads { 0 } else { expected };
            ensure!(errno == expected, "{what}: {name}: error {errno}");
        }
        let changed = text("written")? != "text"
            && text("cut")?.is_empty()
            && text("shortened")? == "t"
            && !folder.path().join("victim").exists();
        let entries = std::fs::read_dir(folder.path())?.count();
        let is_whole = |name| text(name).is_ok_and(|text| text == "text");
        let files = ["written", "cut", "shortened", "victim", "old"];
        let as_it_was = entries == 6 && files.into_iter().all(is_whole);
        ensure!(
            if expected == 0 { changed } else { as_it_was },
            "{what}: {entries} entries"
        );
    }
    Ok(())
}

/// A program that says what it was granted and prints nothing else.
fn hello(
    folder: &Path,
    target: Target,
    sandbox: KernelSandbox,
    directory: bool,
) -> Result<std::path::PathBuf> {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
        (memory 1)
        (data (i32.const 8) "\20\00\00\00\06\00\00\00")
        (data (i32.const 32) "hello\n")
        (func (export "_start")
            (drop (call $unlink (i32.const 3) (i32.const 32) (i32.const 5)))
            (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))"#;
    let mut options = Options::new(target);
    options.jobs = 1;
    options.kernel_sandbox = sandbox;
    if directory {
        options.grants = directory_grant();
    }
    let runtime = elfin_runtimes::get(target, false).map_err(anyhow::Error::msg)?;
    let bytes = elfin_compiler::compile(text.as_bytes(), &options, runtime)?.bytes;
    let path = folder.join(format!("hello-{}-{directory}", machine::short_name(target)));
    std::fs::write(&path, bytes)?;
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(path)
}

fn directory_grant() -> Grants {
    let mut grants = Grants::default();
    grants.directories.push(Directory {
        host: b".".to_vec(),
        guest: b".".to_vec(),
        read_only: false,
    });
    grants
}

fn finish(command: Command) -> Result<Outcome> {
    execute::run(command, None, Stdout::Collected, Duration::from_secs(20))
}

fn says_hello(command: Command) -> Result<()> {
    let outcome = finish(command)?;
    ensure!(
        outcome.code() == Some(0) && outcome.stdout == b"hello\n" && outcome.stderr.is_empty(),
        "{}: {}",
        outcome.ending(),
        outcome.stderr_text()
    );
    Ok(())
}

fn does_not_start(command: Command, without: &str) -> Result<()> {
    let outcome = finish(command)?;
    ensure!(
        outcome.code() == Some(126) && outcome.stderr_text().contains(without),
        "without {without}: {}: {}",
        outcome.ending(),
        outcome.stderr_text()
    );
    Ok(())
}

/// Each way in which a kernel may lack one of them.
#[test]
fn what_is_missing_is_left_out_or_required() -> Result<()> {
    const SECCOMP: &str = "seccomp filters";
    const LANDLOCK: &str = "Landlock of version 2";
    let missing = [
        (&["seccomp:error=ENOSYS"][..], SECCOMP),
        (&["seccomp:error=EINVAL"], SECCOMP),
        (&["seccomp:error=EPERM"], SECCOMP),
        (&["prctl:error=EINVAL"], LANDLOCK),
        (&["landlock_create_ruleset:error=ENOSYS"], LANDLOCK),
        (&["landlock_create_ruleset:error=EOPNOTSUPP"], LANDLOCK),
        (&["landlock_create_ruleset:retval=1:when=1"], LANDLOCK),
        (&["landlock_add_rule:error=EINVAL"], LANDLOCK),
        (&["landlock_restrict_self:error=EPERM"], LANDLOCK),
        // Sixteen of them are nested already.
        (&["landlock_restrict_self:error=E2BIG"], LANDLOCK),
    ];
    let scratch = Scratch::new("walls")?;
    let quiet = hello(scratch.path(), Target::X86_64, KernelSandbox::AUTO, true)?;
    for (changes, _) in missing {
        says_hello(intruder::lacking(&quiet, changes)?)?;
    }
    let strict = hello(scratch.path(), Target::X86_64, REQUIRE, true)?;
    says_hello(Command::new(&strict))
        .context("this kernel must have seccomp filters and Landlock")?;
    for (changes, what) in missing {
        does_not_start(intruder::lacking(&strict, changes)?, what)?;
    }
    Ok(())
}

/// Kernels with older versions of Landlock: what is asked of it is what that version knows, which this kernel knows too.
#[test]
fn each_version_of_landlock_is_used() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    let strict = hello(scratch.path(), Target::X86_64, REQUIRE, true)?;
    for version in 2..=9 {
        let change = format!("landlock_create_ruleset:retval={version}:when=1");
        says_hello(intruder::lacking(&strict, &[&change])?)?;
    }
    Ok(())
}

/// A process that waits is stopped and goes on, for which the kernel makes a system call of its own; it dies of a signal
/// that another process sends, for which it signals itself.
#[test]
fn signals_mean_what_they_mean_without_a_filter() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    let source = scratch.path().join("waiting.wat");
    // Waits for half a second.
    let text = r#"(module (memory 1 1 shared)
        (func (export "_start")
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 500000000)))))"#;
    std::fs::write(&source, text)?;
    let app = scratch.path().join("waiting");
    let options = [
        "--wasm-features=atomics".into(),
        "--kernel-sandbox=require".into(),
    ];
    elfin::compile(&source, &app, Target::X86_64, &options)?;
    let run = |signals: &[Signal]| -> Result<std::process::ExitStatus> {
        let mut child = Command::new(&app).spawn()?;
        let process = Pid::from_child(&child);
        for signal in signals {
            std::thread::sleep(Duration::from_millis(100));
            kill_process(process, *signal)?;
        }
        Ok(child.wait()?)
    };
    let status = run(&[Signal::STOP, Signal::CONT, Signal::STOP, Signal::CONT])?;
    ensure!(status.code() == Some(0), "stopped: {status}");
    let status = run(&[Signal::SEGV])?;
    ensure!(
        status.signal() == Some(11),
        "a fault from outside: {status}"
    );
    let status = run(&[Signal::SYS])?;
    ensure!(
        status.code() == Some(128 + 31),
        "SIGSYS from outside: {status}"
    );
    Ok(())
}

/// Emulators of user mode have neither.
#[test]
fn emulated_machines_have_neither() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    for target in machine::targets() {
        if machine::emulator(target)?.is_none() {
            continue;
        }
        for directory in [false, true] {
            let app = hello(scratch.path(), target, KernelSandbox::AUTO, directory)?;
            says_hello(machine::command(target, &app)?)?;
            let app = hello(scratch.path(), target, REQUIRE, directory)?;
            does_not_start(machine::command(target, &app)?, "Landlock of version 2")?;
        }
    }
    Ok(())
}

const ARCHITECTURES: [(Target, u32); 3] = [
    (Target::X86_64, 0xc000_003e),
    (Target::Aarch64, 0xc000_00b7),
    (Target::Riscv64, 0xc000_00f3),
];

/// The number of the process, where a filter is only interpreted.
const PROCESS: u32 = 4711;

/// The filter of a program that uses these functions.
fn filter_of(target: Target, functions: &[&str]) -> (Vec<Call>, Filter) {
    let calls = needs(functions.iter().copied(), &directory_grant()).calls;
    let mut filter = filter(target, &calls);
    filter.instructions[filter.process_id_at].k = PROCESS;
    (calls, filter)
}

/// What the table says of a call.
fn is_listed(calls: &[Call], target: Target, call: &SystemCall) -> bool {
    let holds = |argument: u64, test: Test| {
        let low = argument as u32;
        match test {
            Test::Equal(value) => low == value,
            Test::Within(mask) => low & !mask == 0,
            Test::Has(bits) => low & bits == bits,
            Test::ProcessId => low == PROCESS,
            Test::Null => argument == 0,
        }
    };
    calls.iter().any(|way| {
        let mut checks = way.checks.iter();
        number(way, target) == Some(call.number)
            && checks.all(|check| holds(call.arguments[check.argument as usize], check.test))
    })
}

/// An argument that nothing can be done with: no descriptor, no address, no size.
const USELESS: u64 = 0x7fff_fff0;

/// Each way to call each call, and the next values to either side of what its arguments may be.
fn vectors(calls: &[Call], target: Target) -> Vec<(u32, [u64; 6])> {
    let mut vectors = Vec::new();
    for call in calls {
        let Some(number) = number(call, target) else {
            continue;
        };
        let mut good = [USELESS; 6];
        for check in call.checks {
            let argument = &mut good[check.argument as usize];
            match check.test {
                Test::Equal(value) => *argument = value.into(),
                Test::Within(mask) => *argument &= u64::from(mask),
                Test::Has(bits) => *argument |= u64::from(bits),
                Test::ProcessId => *argument = PROCESS.into(),
                Test::Null => *argument = 0,
            }
        }
        vectors.push((number, good));
        for check in call.checks {
            let at = check.argument as usize;
            let mut vary = |value: u64| {
                let mut bad = good;
                bad[at] = value;
                vectors.push((number, bad));
            };
            let value = good[at];
            for changed in [
                0,
                u64::MAX,
                value ^ 1,
                value.wrapping_add(1),
                value.wrapping_sub(1),
            ] {
                vary(changed);
            }
            // Each single bit, also of the high word.
            for bit in 0..64 {
                vary(value ^ 1 << bit);
            }
        }
    }
    vectors
}

#[test]
fn filters_allow_what_is_listed_and_nothing_else() -> Result<()> {
    let all: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
    for (target, architecture) in ARCHITECTURES {
        for functions in [&["fd_write"][..], &["path_open", "fd_read"], &all] {
            let (calls, filter) = filter_of(target, functions);
            let filter = &filter.instructions;
            let mut allowed = 0;
            let mut judge =
                |number, arguments, architecture, expected: Option<bool>| -> Result<()> {
                    let call = SystemCall {
                        architecture,
                        number,
                        arguments,
                    };
                    let verdict = allows(filter, &call)?;
                    let expected = expected.unwrap_or_else(|| is_listed(&calls, target, &call));
                    ensure!(verdict == expected, "{target}: {call:x?}: {verdict}");
                    allowed += usize::from(verdict);
                    Ok(())
                };
            let vectors = vectors(&calls, target);
            for (number, arguments) in &vectors {
                judge(*number, *arguments, architecture, None)?;
                // x32, another machine, the 32-bit one of the same.
                judge(number | 0x4000_0000, *arguments, architecture, Some(false))?;
                judge(*number, *arguments, architecture ^ 1, Some(false))?;
                judge(*number, *arguments, architecture & 0x7fff_ffff, Some(false))?;
            }
            for number in (0..1000).chain([u32::MAX, 0x8000_0000]) {
                judge(number, [USELESS; 6], architecture, None)?;
                judge(number, [0; 6], architecture, None)?;
            }
            println!(
                "{target}, {} functions: {} instructions, {} calls of which {allowed} allowed; no kernel involved",
                functions.len(),
                filter.len(),
                4 * vectors.len() + 2004
            );
            ensure!(allowed > calls.len() / 2, "only {allowed} are allowed");
        }
    }
    Ok(())
}

/// The bytes in the executable are those that are interpreted.
#[test]
fn the_filter_is_what_is_emitted() -> Result<()> {
    let scratch = Scratch::new("walls")?;
    for target in Target::ALL {
        let app = hello(scratch.path(), target, KernelSandbox::AUTO, true)?;
        let functions = ["fd_write", "path_unlink_file"];
        let calls = needs(functions, &directory_grant()).calls;
        let expected: Vec<u8> = filter(target, &calls)
            .instructions
            .iter()
            .flat_map(|instruction| Instruction::bytes(*instruction))
            .collect();
        let bytes = std::fs::read(app)?;
        let is_there = |wanted: &[u8]| bytes.windows(wanted.len()).any(|bytes| bytes == wanted);
        ensure!(
            is_there(&expected),
            "{target}: the filter is not in the executable"
        );
        let other = filter(target, &needs(["fd_write"], &directory_grant()).calls);
        let other: Vec<u8> = other
            .instructions
            .iter()
            .flat_map(|it| it.bytes())
            .collect();
        ensure!(
            !is_there(&other),
            "{target}: another filter is found as well"
        );
    }
    Ok(())
}

/// Interpreter and kernel judge the same calls alike.
#[test]
fn the_kernel_agrees_with_the_interpreter() -> Result<()> {
    // These end the process, or mean something to it; the last two are probes' own, which no filter is asked about.
    const LEFT_OUT: [u32; 7] = [15, 60, 62, 219, 231, 335, 336];
    let target = Target::X86_64;
    let functions = ["args_sizes_get", "proc_raise", "proc_exit", "path_open"];
    let (calls, filter) = filter_of(target, &functions);
    let mut list: Vec<(u32, [u64; 6])> = (0..480).map(|number| (number, [USELESS; 6])).collect();
    list.extend((0..40).map(|number| (number | 0x4000_0000, [USELESS; 6])));
    // Of the bits of an argument these are enough.
    let few = vectors(&calls, target).into_iter().enumerate();
    list.extend(
        few.filter(|(index, _)| index % 7 == 0)
            .map(|(_, vector)| vector),
    );
    list.retain(|(number, _)| !LEFT_OUT.contains(number));
    let unique: BTreeSet<_> = list.into_iter().collect();
    let words: Vec<Words> = unique
        .iter()
        .map(|(number, arguments)| {
            let mut words = [0; 7];
            words[0] = u64::from(*number);
            words[1..].copy_from_slice(arguments);
            words
        })
        .collect();
    let scratch = Scratch::new("walls")?;
    let program = scratch.path().join("program");
    intruder::build(&program, "", &words, true, KernelSandbox::AUTO)?;
    let mut allowed = 0;
    for (index, (number, arguments)) in unique.iter().enumerate() {
        let call = SystemCall {
            architecture: ARCHITECTURES[0].1,
            number: *number,
            arguments: *arguments,
        };
        let interpreted = allows(&filter.instructions, &call)?;
        let outcome = intruder::run(&program, scratch.path(), index, &[])?;
        let by_kernel = match outcome.code() {
            Some(134) if outcome.stderr_text().contains("the kernel refused it") => false,
            Some(code) if code != 134 => true,
            _ => anyhow::bail!("{call:x?}: {}", outcome.ending()),
        };
        ensure!(
            interpreted == by_kernel,
            "{call:x?}: the kernel says {by_kernel}"
        );
        allowed += usize::from(by_kernel);
    }
    println!(
        "{} calls judged alike, {allowed} of them allowed",
        unique.len()
    );
    ensure!(allowed > 20, "the kernel allows only {allowed}");
    Ok(())
}
