//! The system calls of the runtime, read out of its machine code: they are those that the kernel sandbox allows, and old
//! kernels have them or there is another way. And a program is linked with nothing that it does not use.

use anyhow::{Context, Result, ensure};
use elfin_abi::host;
use elfin_compiler::Target;
use elfin_compiler::options::{Directory, Options};
use elfin_compiler::sandbox::calls::{ALWAYS, BEFORE_THE_FILTER, Call, FUNCTIONS};
use elfin_compiler::sandbox::number;
use elfin_tests::calls::Runtime;
use elfin_tests::machine;
use object::{Object, ObjectSymbol};
use std::collections::BTreeSet;

/// The symbol of a function of the table.
fn symbol(name: &str) -> &str {
    let host = host::FUNCTIONS
        .iter()
        .find(|function| function.name == name);
    host.map_or(name, |function| function.symbol)
}

fn numbers(target: Target, calls: &[Call]) -> BTreeSet<u32> {
    calls
        .iter()
        .filter_map(|call| number(call, target))
        .collect()
}

/// Where lists have this target.
fn place(target: Target) -> usize {
    let place = Target::ALL.iter().position(|other| *other == target);
    place.expect("all are listed")
}

/// `getcpu`: when rustix looks for the kernel's functions in the process it prepares for one that nothing here calls.
const NEVER_MADE: [u32; 3] = [309, u32::MAX, 168];

/// Compares what a function's code can do with its row.
fn compare(target: Target, name: &str, row: &[Call], found: &BTreeSet<u32>) -> Result<()> {
    // Ending with a report is allowed to all, and not all do.
    let always = numbers(target, ALWAYS);
    let listed: BTreeSet<u32> = &numbers(target, row) - &always;
    let mut found: BTreeSet<u32> = found - &always;
    found.remove(&NEVER_MADE[place(target)]);
    ensure!(
        listed == found,
        "{name} on {target}: calls that its row lacks: {:?}; calls that it does not make: {:?}",
        &found - &listed,
        &listed - &found
    );
    Ok(())
}

#[test]
fn functions_make_the_calls_of_their_rows() -> Result<()> {
    for target in machine::targets() {
        let runtime = Runtime::new(target)?;
        for (name, groups) in FUNCTIONS {
            let row = groups.concat();
            let found = runtime.calls(&[symbol(name)])?;
            compare(target, name, &row, &found)?;
        }
        println!("{target}: {} functions", FUNCTIONS.len());
    }
    Ok(())
}

/// All but those that the kernel makes in a program's name, or lets its vDSO make.
#[test]
fn what_is_always_allowed_is_used() -> Result<()> {
    for target in machine::targets() {
        let found = Runtime::new(target)?.calls(&["_start"])?;
        let by_kernel = ["restart_syscall", "rt_sigreturn"];
        for call in ALWAYS.iter().filter(|call| !by_kernel.contains(&call.name)) {
            let number = number(call, target).context("every target has it")?;
            ensure!(found.contains(&number), "{} on {target}", call.name);
        }
    }
    Ok(())
}

#[test]
fn a_planted_row_is_found() -> Result<()> {
    let target = Target::X86_64;
    let found = Runtime::new(target)?.calls(&[symbol("fd_seek")])?;
    let (_, groups) = FUNCTIONS
        .iter()
        .find(|(name, _)| *name == "fd_seek")
        .context("it is listed")?;
    let row = groups.concat();
    compare(target, "fd_seek", &row, &found)?;
    assert!(compare(target, "fd_seek", &row[1..], &found).is_err());
    let too_many = [row.as_slice(), FUNCTIONS[4].1[0]].concat();
    assert!(compare(target, "fd_seek", &too_many, &found).is_err());
    Ok(())
}

/// The oldest kernel that executables run on is Linux 4.15, the first for riscv64. Its last call was `statx`, and numbers
/// are given in ascending order: `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
const LAST_OF_4_15: [(Target, u32); 3] = [
    (Target::X86_64, 332),
    (Target::Aarch64, 291),
    (Target::Riscv64, 291),
];

/// What the runtime does without, and how. The suites `escapes` and `walls` force it on x86-64; the emulators of the other
/// machines have none of these, and take `MAP_FIXED_NOREPLACE` (Linux 4.17) as a wish, as older kernels do.
const NEWER: &[(&str, [u32; 3], &str)] = &[
    ("openat2", [437; 3], "a walk from component to component"),
    ("landlock_create_ruleset", [444; 3], "the other walls"),
    ("landlock_add_rule", [445; 3], "likewise"),
    ("landlock_restrict_self", [446; 3], "likewise"),
    // Of an architecture's own range.
    (
        "riscv_hwprobe",
        [u32::MAX, u32::MAX, 258],
        "an instruction is tried",
    ),
];

#[test]
fn old_kernels_have_the_calls() -> Result<()> {
    for (target, last) in LAST_OF_4_15 {
        let names = FUNCTIONS.iter().map(|(name, _)| symbol(name));
        let names: Vec<&str> = names.chain(BEFORE_THE_FILTER.iter().copied()).collect();
        let all = [&["_start"], names.as_slice()].concat();
        let found = Runtime::new(target)?.calls(&all)?;
        println!("{target}: {} system calls: {found:?}", found.len());
        ensure!(found.len() > 40, "{target}: too few: {found:?}");
        // Of the numbers of riscv64's own, 4.15 had `riscv_flush_icache`, 259, alone.
        let own = |number: u32| target == Target::Riscv64 && (244..=258).contains(&number);
        let newer: BTreeSet<u32> = found
            .into_iter()
            .filter(|number| *number > last || own(*number))
            .collect();
        let listed: BTreeSet<u32> = NEWER
            .iter()
            .map(|(_, numbers, _)| numbers[place(target)])
            .filter(|number| *number != u32::MAX)
            .collect();
        ensure!(newer == listed, "{target}: {newer:?} instead of {listed:?}");
    }
    Ok(())
}

/// A program that calls these functions with zeros, in memory.
fn program(target: Target, functions: &[&str]) -> Result<Vec<u8>> {
    let mut imports = String::new();
    let mut body = String::new();
    for name in functions {
        let host = host::FUNCTIONS
            .iter()
            .find(|function| function.name == *name);
        let host = host.with_context(|| format!("{name} is no function"))?;
        let types = |types: &[host::Type]| {
            let names = types.iter().map(|ty| match ty {
                host::Type::I32 => " i32",
                host::Type::I64 => " i64",
            });
            names.collect::<String>()
        };
        imports += &format!(
            "(import \"{}\" \"{name}\" (func ${name} (param{}) (result{})))\n",
            host.module,
            types(host.params),
            types(host.results)
        );
        let zeros = types(host.params).replace(" i32", "(i32.const 0)");
        let zeros = zeros.replace(" i64", "(i64.const 0)");
        body += &format!("(drop (call ${name} {zeros}))\n");
    }
    let text = format!("(module {imports} (memory 1) (func $main (export \"_start\") {body}))");
    let mut options = Options::new(target);
    options.jobs = 1;
    options.grants.directories.push(Directory {
        host: b".".to_vec(),
        guest: b".".to_vec(),
        read_only: false,
    });
    let runtime = elfin_runtimes::get(target, false).map_err(anyhow::Error::msg)?;
    Ok(elfin_compiler::compile(text.as_bytes(), &options, runtime)?.bytes)
}

/// Parts of the runtime, by what the names of their functions have in common, and a function that needs each.
const PARTS: [(&str, &str); 6] = [
    ("elfin_runtime4host4path", "path_open"),
    ("elfin_runtime4host4poll", "poll_oneoff"),
    ("elfin_preview1_sock_recv", "sock_recv"),
    ("elfin_preview1_fd_readdir", "fd_readdir"),
    ("clock_gettime", "clock_time_get"),
    ("elfin_preview1_random_get", "random_get"),
];

#[test]
fn a_program_has_only_the_parts_that_it_uses() -> Result<()> {
    for target in machine::targets() {
        let bytes = program(target, &["fd_write", "args_get", "environ_get"])?;
        let executable = object::File::parse(bytes.as_slice())?;
        let names: Vec<&str> = executable
            .symbols()
            .filter_map(|symbol| symbol.name().ok())
            .collect();
        let has = |names: &[&str], part: &str| names.iter().any(|name| name.contains(part));
        ensure!(has(&names, "elfin_preview1_fd_write"), "{names:?}");
        for (part, function) in PARTS {
            ensure!(!has(&names, part), "{target}: {part} is there: {names:?}");
            let bytes = program(target, &[function])?;
            let executable = object::File::parse(bytes.as_slice())?;
            let names: Vec<&str> = executable
                .symbols()
                .filter_map(|symbol| symbol.name().ok())
                .collect();
            ensure!(has(&names, part), "{target}: {function} has no {part}");
        }
    }
    Ok(())
}
