//! `elfin run`: whose arguments are whose, the process, the cache and what serves where there is none.
#![cfg(target_os = "linux")]

mod elfin;

use elfin::{Folder, Outcome};
use std::fs;
use std::fs::{File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Writes its arguments, each with a NUL behind it.
const ARGUMENTS: &str = r#"
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 12)))
    (drop (call $get (i32.const 1024) (i32.const 16384)))
    (i32.store (i32.const 8) (i32.const 16384))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))
"#;

/// Writes its environment, each variable with a NUL behind it.
const ENVIRONMENT: &str = r#"
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 12)))
    (drop (call $get (i32.const 1024) (i32.const 16384)))
    (i32.store (i32.const 8) (i32.const 16384))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))
"#;

/// Never ends.
const ENDLESS: &str = r#"(module (func (export "_start") (loop (br 0))))"#;

/// Ends with status 7.
const SEVEN: &str = r#"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.const 7))))
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(folder.path("args.wat"), ARGUMENTS).unwrap();
    fs::write(folder.path("seven.wat"), SEVEN).unwrap();
    folder
}

/// The arguments that the guest saw.
fn seen(outcome: &Outcome) -> Vec<String> {
    let text = outcome.succeeds().stdout();
    let text = text.strip_suffix('\0').unwrap();
    text.split('\0').map(str::to_owned).collect()
}

/// The kept executable whose name begins so.
fn cached(folder: &Folder, name: &str) -> String {
    let names = folder.cached();
    let mut found = names.into_iter().filter(|found| found.starts_with(name));
    let first = found.next().unwrap();
    assert_eq!(found.next(), None);
    first
}

#[test]
fn arguments_belong_to_the_guest() {
    let folder = folder();
    for arguments in [
        &["--help"][..],
        &["-h", "--version"],
        &["--", "-v", "--target", "mips"],
        &["a", "--", "--", ""],
        &["-O5", "--argv0=x", "args.wat"],
        &[],
    ] {
        let outcome = folder.elfin(["run", "args.wat"].iter().chain(arguments));
        assert_eq!(seen(&outcome)[0], "args.wat");
        assert_eq!(seen(&outcome)[1..], *arguments);
    }
    let mut outcome = folder.elfin(["run", "./../missing/../args.wat"]);
    outcome.fails(1, &["does not exist"]);
    fs::create_dir(folder.path("sub")).unwrap();
    outcome = folder.elfin(["run", "sub/../args.wat", "x"]);
    assert_eq!(seen(&outcome), ["args.wat", "x"]);
    outcome = folder.elfin(["run", "--argv0", "a name", "args.wat", "x"]);
    assert_eq!(seen(&outcome), ["a name", "x"]);
    outcome = folder.bash("$ELFIN run - --help <args.wat");
    assert_eq!(seen(&outcome), ["-", "--help"]);
}

#[test]
fn help_and_mistakes() {
    let folder = folder();
    for flag in ["-h", "--help"] {
        let text = folder.elfin(["run", flag]).succeeds().stdout();
        for part in [
            "Usage: elfin run [OPTIONS] INPUT [ARGS]...",
            "Examples:",
            "--argv0",
            "101",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
    }
    let run = |arguments: &[&str]| folder.elfin(["run"].iter().chain(arguments));
    run(&[]).fails(2, &["<INPUT>", "Usage: elfin run"]);
    run(&["--argv", "x", "hello.wat"]).fails(2, &["'--argv'", "'--argv0'"]);
    run(&["--argv0"]).fails(2, &["--argv0 <NAME>"]);
    run(&["--target", "mips", "hello.wat"]).fails(2, &["'mips'", "riscv64-linux"]);
    run(&["-x", "hello.wat"]).fails(2, &["'-x'"]);
    folder
        .bash("ELFIN_CACHE_SIZE=1.5G $ELFIN run hello.wat")
        .fails(2, &["'1.5G'", "ELFIN_CACHE_SIZE", "64M"]);
    run(&["gone.wasm"]).fails(1, &["`gone.wasm` does not exist"]);
    run(&["."]).fails(1, &["`.` is a directory"]);
    assert_eq!(folder.names(), ["args.wat", "hello.wat", "seven.wat"]);
}

/// What can't be compiled is told as `compile` tells it, and nothing is kept.
#[test]
fn bad_input() {
    let folder = folder();
    for (name, text) in [
        (
            "text.wat",
            "(module (func (export \"_start\") (i32.const 1)))",
        ),
        ("binary.wasm", "\0asm\x01\0\0\0\x63"),
        ("none.wasm", "no module"),
        ("library.wat", "(module (func (export \"f\")))"),
        (
            "import.wat",
            "(module (import \"a\" \"b\" (func)) (func (export \"_start\")))",
        ),
    ] {
        fs::write(folder.path(name), text).unwrap();
        let compiled = folder.elfin(["compile", name, "-o", "out"]);
        let run = folder.elfin(["run", name]);
        compiled.fails(1, &[name]);
        run.fails(1, &[&compiled.stderr()]);
        assert_eq!(run.stderr(), compiled.stderr(), "{name}");
    }
    assert_eq!(folder.cached(), [""; 0]);
}

#[test]
fn the_process_is_the_guest() {
    let folder = folder();
    fs::write(folder.path("endless.wat"), ENDLESS).unwrap();
    fs::write(
        folder.path("trap.wat"),
        "(module (func (export \"_start\") unreachable))",
    )
    .unwrap();
    fs::write(
        folder.path("add.wat"),
        "(module (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))",
    )
    .unwrap();
    for _ in 0..2 {
        folder.elfin(["run", "seven.wat"]).fails(7, &[]);
        folder
            .elfin(["run", "trap.wat"])
            .fails(134, &["unreachable"]);
        let sum = folder.elfin(["run", "--invoke", "add", "add.wat", "40", "-2"]);
        assert_eq!(sum.succeeds().stdout(), "38\n");
    }
    let script = "
        $ELFIN run endless.wat & pid=$!
        for _ in {1..500}; do
            case $(cat /proc/$pid/comm) in endless-*) break;; esac
            sleep 0.02
        done
        readlink /proc/$pid/exe
        kill -TERM $pid
        wait $pid";
    let outcome = folder.bash(script);
    outcome.fails(128 + 15, &[]);
    let executable = fs::canonicalize(folder.path("cache/elfin")).unwrap();
    let executable = executable.join(cached(&folder, "endless-"));
    assert_eq!(Path::new(outcome.stdout().trim_end()), executable);
}

#[test]
fn what_was_compiled_is_kept() {
    let folder = folder();
    let run = |arguments: &[&str]| {
        let outcome = folder.elfin(["run", "-v"].iter().chain(arguments));
        assert_eq!(outcome.succeeds().stdout(), "hi\n");
        outcome.stderr().contains("was in the cache")
    };
    assert!(!run(&["hello.wat"]));
    assert!(run(&["hello.wat"]));
    let mode = |path: &str| fs::metadata(folder.path(path)).unwrap().mode() & 0o7777;
    assert_eq!(mode("cache/elfin"), 0o700);
    assert_eq!(
        mode(&format!("cache/elfin/{}", cached(&folder, "hello-"))),
        0o700
    );
    // Whatever decides the bytes is part of the name; how it is started, and how many threads compile, is not.
    assert!(run(&["--argv0", "x", "hello.wat", "y"]));
    assert!(run(&["-j", "1", "hello.wat", "y"]));
    assert!(!run(&["-O0", "hello.wat"]));
    assert!(!run(&["--max-memory", "64K", "hello.wat"]));
    assert!(!run(&["--cpu", "generic", "hello.wat"]) || run(&["--cpu", "native", "hello.wat"]));
    fs::write(folder.path("hello.wat"), elfin::HELLO.replace("hi", "ho")).unwrap();
    let changed = folder.elfin(["run", "hello.wat"]);
    assert_eq!(changed.succeeds().stdout(), "ho\n");
    // Another build of elfin, though of the same version, makes its own.
    let before = folder.cached().len();
    folder
        .bash("cp $ELFIN other && ./other run hello.wat")
        .succeeds();
    assert_eq!(folder.cached().len(), before + 1);
}

/// Where there is no cache to use, the guest runs from memory.
#[test]
fn without_a_cache() {
    let folder = folder();
    fs::create_dir_all(folder.path("cache/elfin")).unwrap();
    let open = |mode| fs::set_permissions(folder.path("cache/elfin"), Permissions::from_mode(mode));
    for (line, reason) in [
        ("XDG_CACHE_HOME=/proc", "`/proc/elfin`"),
        ("XDG_CACHE_HOME=/dev/null", "`/dev/null/elfin`"),
        (
            "XDG_CACHE_HOME=relative HOME=",
            "neither XDG_CACHE_HOME nor HOME",
        ),
        ("ELFIN_CACHE_SIZE=0", "ELFIN_CACHE_SIZE is 0"),
        ("ELFIN_CACHE_SIZE=1K", "not kept"),
        ("", "others may write to"),
    ] {
        open(if line.is_empty() { 0o720 } else { 0o700 }).unwrap();
        let outcome = folder.bash(&format!("{line} $ELFIN run -v args.wat --help"));
        assert_eq!(seen(&outcome), ["args.wat", "--help"]);
        outcome.fails(0, &[reason, "compiled in"]);
    }
    open(0o700).unwrap();
    assert_eq!(folder.cached(), [""; 0]);
    // Neither is a link followed that stands where a file should be.
    folder.elfin(["run", "hello.wat"]).succeeds();
    let name = cached(&folder, "hello-");
    let path = folder.path("cache/elfin").join(&name);
    fs::rename(&path, folder.path("moved")).unwrap();
    std::os::unix::fs::symlink(folder.path("moved"), &path).unwrap();
    folder
        .elfin(["run", "-v", "hello.wat"])
        .fails(0, &["compiled in"]);
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
}

/// A file that may be read but not executed: what a file system mounted with `noexec` makes of all.
#[test]
fn a_cache_that_may_not_be_executed() {
    let folder = folder();
    let line = "mkdir -p -m 700 cache/elfin; umask 700; $ELFIN run -v args.wat x";
    let outcome = folder.bash(line);
    assert_eq!(seen(&outcome), ["args.wat", "x"]);
    outcome.fails(0, &["compiled in"]);
    fs::remove_dir_all(folder.path("cache")).unwrap();
    folder.elfin(["run", "args.wat"]).succeeds();
    let path = folder.path("cache/elfin").join(cached(&folder, "args-"));
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let outcome = folder.elfin(["run", "-v", "args.wat", "--help"]);
    assert_eq!(seen(&outcome), ["args.wat", "--help"]);
    assert!(
        !outcome.stderr().contains("compiled"),
        "{}",
        outcome.stderr()
    );
    // One that is damaged is made anew.
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    let outcome = folder.elfin(["run", "-v", "args.wat", "--help"]);
    outcome.fails(0, &["can't be executed", "compiled in"]);
    assert!(fs::metadata(&path).unwrap().len() > 0);
}

#[test]
fn the_least_recently_used_goes_first() {
    let folder = folder();
    for name in ["hello", "args", "seven"] {
        folder.elfin(["run", &format!("{name}.wat")]);
    }
    let path = |name: &str| folder.path("cache/elfin").join(cached(&folder, name));
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    for (name, age) in [("hello-", 3), ("args-", 2), ("seven-", 1)] {
        let file = File::open(path(name)).unwrap();
        file.set_modified(long_ago - Duration::from_secs(age))
            .unwrap();
    }
    // Used again, so that `args` is what was not used for longest.
    folder.elfin(["run", "hello.wat"]).succeeds();
    let sizes = ["hello-", "seven-"].map(|name| fs::metadata(path(name)).unwrap().len());
    fs::write(folder.path("cache/elfin/README"), "not elfin's").unwrap();
    // The machine code that they were made of is newer.
    let code = elfin::names(&folder.path("cache/elfin")).into_iter();
    let code = code.filter(|name| name.starts_with(".functions-"));
    let code = code.map(|name| folder.path("cache/elfin").join(name));
    let code: u64 = code.map(|path| fs::metadata(path).unwrap().len()).sum();
    let limit = sizes.iter().sum::<u64>() + sizes[0] + code;
    fs::write(folder.path("new.wat"), elfin::HELLO.replace("hi", "ho")).unwrap();
    folder
        .bash(&format!("ELFIN_CACHE_SIZE={limit} $ELFIN run new.wat"))
        .succeeds();
    let kept: Vec<String> = folder.cached();
    let kept: Vec<&str> = kept
        .iter()
        .map(|name| name.split('-').next().unwrap())
        .collect();
    assert_eq!(kept, ["README", "hello", "new", "seven"]);
}

/// Killed wherever the file is being made: no other run takes a part for the whole, and what is left is cleaned up.
#[test]
fn a_killed_run_leaves_nothing_that_is_executed() {
    let folder = folder();
    let whole = {
        let other = folder_with_whole();
        fs::read(other.path("cache/elfin").join(cached(&other, "hello-"))).unwrap()
    };
    for call in ["write", "fdatasync", "renameat"] {
        let killed =
            format!("strace -f -o /dev/null -e inject={call}:signal=KILL $ELFIN run hello.wat");
        let outcome = folder.bash(&format!("{killed}; echo $?"));
        assert_eq!(outcome.succeeds().stdout(), "137\n", "{}", outcome.stderr());
        for name in folder.cached() {
            let found = fs::read(folder.path("cache/elfin").join(&name)).unwrap();
            assert_eq!(is_whole(&name, &found, &whole), Ok(()), "{call}");
        }
    }
    let left = |folder: &Folder| folder.cached().iter().any(|name| name.starts_with(".new-"));
    assert!(left(&folder), "{:?}", folder.cached());
    // One that a living process writes stays.
    let living = File::create(folder.path("cache/elfin/.new-0123456789abcdef")).unwrap();
    living.lock().unwrap();
    folder.elfin(["run", "seven.wat"]).fails(7, &[]);
    let names = folder.cached();
    assert_eq!(names[0], ".new-0123456789abcdef");
    assert!(!names[1].starts_with(".new-"), "{names:?}");
    drop(living);
    assert_eq!(folder.elfin(["run", "hello.wat"]).stdout(), "hi\n");
    folder.elfin(["run", "args.wat"]).succeeds();
    assert!(!left(&folder));
    // What this test looks at tells a part from the whole.
    assert!(is_whole("hello-x", &whole[..whole.len() - 1], &whole).is_err());
}

fn folder_with_whole() -> Folder {
    let folder = folder();
    folder.elfin(["run", "hello.wat"]).succeeds();
    folder
}

/// Nothing, or the whole, under a name that is looked up.
fn is_whole(name: &str, found: &[u8], whole: &[u8]) -> Result<(), usize> {
    if name.starts_with(".new-") || found == whole {
        Ok(())
    } else {
        Err(found.len())
    }
}

#[test]
fn many_at_a_time() {
    let folder = folder();
    let line = "for n in {1..12}; do $ELFIN run args.wat $n >$n.out & done; wait; cat {1..12}.out";
    let outcome = folder.bash(line);
    let expected: String = (1..=12).map(|n| format!("args.wat\0{n}\0")).collect();
    assert_eq!(outcome.succeeds().stdout(), expected);
    assert_eq!(folder.cached(), [cached(&folder, "args-")]);
}

/// What a run grants is neither in the file nor in its name, and what the caller was granted is not passed on.
#[test]
fn grants_are_handed_over_at_start() {
    const CAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cat.wat");
    let folder = folder();
    fs::write(folder.path("environment.wat"), ENVIRONMENT).unwrap();
    fs::create_dir(folder.path("inside")).unwrap();
    fs::write(folder.path("inside/file"), "content").unwrap();
    let run = |flags: &str, file: &str| folder.bash(&format!("$ELFIN run {flags} {CAT} {file}"));
    run("", "file").fails(1, &["can't open"]);
    for (flags, file) in [
        ("--dir .", "inside/file"),
        ("--dir=inside::/data::ro", "file"),
        ("--dir inside --dir inside::other", "file"),
    ] {
        let outcome = run(flags, file);
        assert_eq!(outcome.succeeds().stdout(), "content", "{flags}");
    }
    run("--dir gone", "file").fails(126, &["gone"]);
    folder
        .bash(&format!("ELFIN_DIR=inside $ELFIN run {CAT} file"))
        .fails(1, &["can't open"]);
    // A single executable has served all of them.
    let kept = folder.cached();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let bytes = fs::read(folder.path("cache/elfin").join(&kept[0])).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"inside"));
    for (line, expected) in [
        ("A=1 $ELFIN run environment.wat", ""),
        ("A=1 ELFIN_ENV=A $ELFIN run environment.wat", ""),
        ("A=1 B=2 $ELFIN run --env A environment.wat", "A=1\0"),
        (
            "A=1 $ELFIN run --env A=2 --env B=$'x\\ny' environment.wat",
            "A=2\0B=x\ny\0",
        ),
        (
            "env -i XDG_CACHE_HOME=$PWD/cache A=1 $ELFIN run --inherit-env=A environment.wat",
            "A=1\0",
        ),
        (
            "env -i A=1 B=2 ELFIN_DIR=x $ELFIN run --inherit-env environment.wat",
            "A=1\0B=2\0",
        ),
    ] {
        let outcome = folder.bash(line);
        assert_eq!(outcome.succeeds().stdout(), expected, "{line}");
    }
    let run = |flag: &str| folder.elfin(["run", flag, "hello.wat"]);
    run("--dir=::x").fails(2, &["'::x'"]);
    run("--dir=a\nb").fails(2, &["line feed"]);
    run("--env=ELFIN_DIR=/").fails(2, &["`ELFIN_DIR`"]);
}

/// `cargo run -- --help` shows the guest's help.
#[test]
fn cargo_runner() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("app/src")).unwrap();
    let manifest = "[package]\nname = \"app\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(folder.path("app/Cargo.toml"), manifest).unwrap();
    let main = r#"fn main() {
        let arguments: Vec<String> = std::env::args().collect();
        println!("guest: {}", arguments.join(" "));
    }"#;
    fs::write(folder.path("app/src/main.rs"), main).unwrap();
    let cargo = env!("CARGO");
    let line = format!(
        "cd app && CARGO_TARGET_WASM32_WASIP1_RUNNER=\"$ELFIN run\" \\
         {cargo} run --quiet --offline --target wasm32-wasip1 --target-dir target -- --help -- -v"
    );
    let outcome = folder.bash(&line);
    assert_eq!(
        outcome.succeeds().stdout(),
        "guest: app.wasm --help -- -v\n"
    );
}

#[test]
fn other_machines() {
    let folder = folder();
    for (target, machine) in [
        ("aarch64-linux", "aarch64"),
        ("riscv64", "riscv64"),
        ("amd64", "x86_64"),
    ] {
        for size in ["1G", "0"] {
            let line =
                format!("ELFIN_CACHE_SIZE={size} $ELFIN run --target {target} args.wat --help");
            assert_eq!(seen(&folder.bash(&line)), ["args.wat", "--help"]);
        }
        if machine != std::env::consts::ARCH {
            let line = format!("PATH= $ELFIN run --target {target} args.wat");
            let emulator = format!("`qemu-{machine}`");
            folder
                .bash(&line)
                .fails(1, &[&emulator, "qemu-user-static"]);
        }
    }
}
