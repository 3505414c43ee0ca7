//! The machine code that compilations leave for later ones: what comes out is what comes out without, whatever has been
//! changed, damaged, or done at the same time.
#![cfg(target_os = "linux")]

mod elfin;

use elfin::{BINARY, Folder, Outcome};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Functions of [`module`], beside `_start`.
const FUNCTIONS: usize = 40;

/// A module whose functions have each a constant of their own, of the same length; they use a global, the memory, a table
/// and one another, and one throws what another catches.
fn module() -> String {
    let mut text = String::from(
        r#"(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (type $t (func (param i32) (result i32)))
  (tag $tag (param i32))
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 1))
  ;; globals
"#,
    );
    text.push_str("  (table funcref (elem");
    for index in 0..FUNCTIONS {
        write!(text, " $f{index}").unwrap();
    }
    text.push_str("))\n  ;; functions\n");
    for index in 0..FUNCTIONS {
        let call = match index {
            0 => "(local.get 0)".to_owned(),
            _ => format!("(call $f{} (local.get 0))", index - 1),
        };
        let constant = 10_000 + index * 100;
        writeln!(
            text,
            "  (func $f{index} (param i32) (result i32)
    (global.set $sum (i32.div_u (i32.add (global.get $sum) {call}) (i32.const 3)))
    (i32.store offset=16 (local.get 0) (i32.const {constant}))
    (i32.xor (global.get $sum) (i32.load offset=16 (local.get 0))))"
        )
        .unwrap();
    }
    text.push_str(
        r#"
  (func $throw (param i32) (throw $tag (local.get 0)))
  (func $catch (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $tag $caught) (call $throw (local.get 0)))
      (i32.const 0)))
  (func (export "_start") (local i32)
    (loop
      (drop (call_indirect (type $t) (i32.const 32) (local.get 0)))
      ;; start
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get 0) (call $catch (i32.const 40)))))
    (call $exit (i32.rem_u (global.get $sum) (i32.const 100)))))
"#,
    );
    text
}

/// A constant of [`module`] that one function has.
const CONSTANT: &str = "(i32.const 10700)";

/// How many functions were in the cache, of how many; from what `-v` says.
fn reused(outcome: &Outcome) -> (usize, usize) {
    let message = outcome.succeeds().stderr();
    let line = message
        .lines()
        .find_map(|line| line.strip_prefix("cache: "))
        .unwrap_or_else(|| panic!("nothing about a cache in {message}"));
    let mut words = line.split(' ');
    let mut number = || words.next()?.parse().ok();
    match number() {
        Some(reused) => {
            let of = line.split(' ').nth(2).unwrap();
            (reused, of.parse().unwrap())
        }
        None => panic!("{line}"),
    }
}

/// A folder, and modules in it.
struct Case(Folder);

impl Case {
    fn new() -> Self {
        let case = Self(Folder::new());
        case.write("module.wat", &module());
        case
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path(name), text).unwrap();
    }

    /// Compiles with the cache; gives the bytes, and how many functions were there, of how many.
    fn compile(&self, name: &str, options: &[&str]) -> (Vec<u8>, (usize, usize)) {
        let fixed = ["compile", "-v", name, "-o", "app"];
        let outcome = self.0.elfin(fixed.iter().chain(options));
        let reused = reused(&outcome);
        (fs::read(self.0.path("app")).unwrap(), reused)
    }

    /// What comes out without the cache.
    fn expected(&self, name: &str, options: &[&str]) -> Vec<u8> {
        let fixed = ["compile", "--no-cache", name, "-o", "expected"];
        self.0.elfin(fixed.iter().chain(options)).succeeds();
        fs::read(self.0.path("expected")).unwrap()
    }

    /// Compiles the module after `edits`, each a text and what replaces it; all functions but so many must be in the cache.
    #[track_caller]
    fn check(&self, edits: &[(&str, &str)], changed: usize) {
        let mut text = module();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        self.write("edited.wat", &text);
        let (bytes, _) = self.compile("edited.wat", &[]);
        assert!(bytes == self.expected("edited.wat", &[]), "{edits:?}");
        // Without inlining, by which an edit concerns more functions.
        let (bytes, (reused, functions)) = self.compile("edited.wat", &["-O1"]);
        assert!(bytes == self.expected("edited.wat", &["-O1"]), "{edits:?}");
        assert_eq!(functions - reused, changed, "{edits:?}");
    }

    /// The paths of the packs.
    fn packs(&self) -> Vec<PathBuf> {
        self.files(".functions-")
    }

    /// The paths of what is in the folder and begins so.
    fn files(&self, prefix: &str) -> Vec<PathBuf> {
        let folder = self.0.path("cache/elfin");
        let names = elfin::names(&folder).into_iter();
        let names = names.filter(|name| name.starts_with(prefix));
        names.map(|name| folder.join(name)).collect()
    }

    fn the_pack(&self) -> PathBuf {
        let packs = self.packs();
        assert_eq!(packs.len(), 1, "{packs:?}");
        packs.into_iter().next().unwrap()
    }
}

#[test]
fn what_comes_out_is_the_same() {
    for target in ["x86_64", "aarch64", "riscv64"] {
        let target = format!("{target}-linux");
        for options in [
            &["-O0"][..],
            &["-O1"],
            &["-Os"],
            &[],
            &["-g"],
            &["--pie"],
            &["--emit", "obj"],
        ] {
            let case = Case::new();
            let options = [&["--target", &target], options].concat();
            let expected = case.expected("module.wat", &options);
            let (first, (reused, functions)) = case.compile("module.wat", &options);
            assert!(first == expected && reused == 0, "{options:?}");
            let (second, reused) = case.compile("module.wat", &options);
            assert!(second == expected, "{options:?}");
            assert_eq!(reused, (functions, functions), "{options:?}");
        }
    }
}

#[test]
fn it_runs() {
    let case = Case::new();
    let expected = case
        .0
        .bash("$ELFIN compile --no-cache module.wat -o expected && ./expected");
    case.compile("module.wat", &[]);
    case.compile("module.wat", &[]);
    let found = case.0.bash("./app");
    assert_eq!(found.0.status, expected.0.status);
}

#[test]
fn options_have_code_of_their_own() {
    let case = Case::new();
    for options in [
        &[][..],
        &["-O0"],
        &["--cpu", "x86-64-v3"],
        &["--pie"],
        &["-g"],
    ] {
        let (bytes, (reused, functions)) = case.compile("module.wat", options);
        assert!(bytes == case.expected("module.wat", options), "{options:?}");
        // What is the same in two of them is none of those that use the state.
        assert!(
            reused < functions / 2,
            "{options:?}: {reused} of {functions}"
        );
    }
}

/// One function at a time; those around it move, have other numbers, or are called otherwise.
#[test]
fn what_has_not_changed_is_found() {
    let case = Case::new();
    case.compile("module.wat", &[]);
    let (_, (_, functions)) = case.compile("module.wat", &["-O1"]);
    assert!(functions > FUNCTIONS);
    case.check(&[], 0);
    case.check(&[(CONSTANT, "(i32.const 10701)")], 1);
    // Longer: what comes behind it moves in the module.
    case.check(
        &[(
            CONSTANT,
            "(i32.add (i32.const 123456) (i32.load (i32.const 8)))",
        )],
        1,
    );
    // Two more functions, the first of them in front: all get another number.
    case.check(
        &[
            (
                ";; functions",
                "(func $new (result i32) (i32.load offset=20 (call $next)))
                 (func $next (result i32) (i32.load offset=24 (i32.const 3)))",
            ),
            (CONSTANT, "(call $new)"),
        ],
        3,
    );
    // A function less.
    case.check(
        &[
            ("(func $throw (param i32) (throw $tag (local.get 0)))", ""),
            ("(call $throw (local.get 0))", "(throw $tag (local.get 0))"),
        ],
        1,
    );
    // A global in front of the one that all functions know.
    case.check(
        &[
            (
                "(global $sum",
                "(global $new (mut i32) (i32.const 5)) (global $sum",
            ),
            (CONSTANT, "(i32.load offset=9 (global.get $new))"),
            (";; start", "(global.set $new (i32.const 77))"),
        ],
        2,
    );
    // And one behind it.
    case.check(
        &[
            (";; globals", "(global $new (mut i32) (i32.const 5))"),
            (CONSTANT, "(i32.load offset=11 (global.get $new))"),
            (";; start", "(global.set $new (i32.const 78))"),
        ],
        2,
    );
    // More elements, more data, names.
    case.check(
        &[
            ("(elem $f0", "(elem $f7 $f0"),
            (";; globals", r#"(data (i32.const 100) "new")"#),
            ("$f20", "$f20 (;;)"),
        ],
        // The table's length is known to the code that calls through it.
        1,
    );
}

#[test]
fn inputs_with_the_same_functions_share_them() {
    let case = Case::new();
    case.compile("module.wat", &[]);
    case.write("other.wat", &module().replace("$sum", "$total"));
    let (_, (reused, functions)) = case.compile("other.wat", &["--strip", "-j", "1"]);
    assert_eq!(reused, functions);
    // `elfin run` as well, where it is made for the same machine.
    let line = "$ELFIN run --cpu generic -v other.wat";
    let found = case.0.bash(line).stderr();
    let expected = format!("{functions} of {functions} functions were in the cache");
    assert!(found.contains(&expected), "{found}");
}

/// A pack's entries, as `cli/src/cache/pack.rs` describes it.
struct Pack(Vec<([u8; 32], Vec<u8>)>);

impl Pack {
    fn read(bytes: &[u8]) -> Self {
        let (rest, end) = bytes.split_at(bytes.len() - 40);
        let start = u64::from_le_bytes(end[..8].try_into().unwrap()) as usize;
        let lines = rest[start..].chunks(44).map(|line| {
            let at = u64::from_le_bytes(line[32..40].try_into().unwrap()) as usize;
            let len = u32::from_le_bytes(line[40..].try_into().unwrap()) as usize;
            (line[..32].try_into().unwrap(), bytes[at..at + len].to_vec())
        });
        Self(lines.collect())
    }

    fn write(&self) -> Vec<u8> {
        let (mut bytes, mut index) = (Vec::new(), Vec::new());
        for (key, entry) in &self.0 {
            index.extend(key);
            index.extend((bytes.len() as u64).to_le_bytes());
            index.extend((entry.len() as u32).to_le_bytes());
            bytes.extend(entry);
        }
        let start = bytes.len() as u64;
        bytes.extend(&index);
        bytes.extend(start.to_le_bytes());
        bytes.extend(blake3::hash(&index).as_bytes());
        bytes
    }

    /// The numbers of two entries that differ, of the same length.
    fn alike(&self) -> (usize, usize) {
        let pairs = (0..self.0.len()).flat_map(|left| (0..left).map(move |right| (left, right)));
        let entries = |(left, right): (usize, usize)| (&self.0[left].1, &self.0[right].1);
        let mut alike = pairs.filter(|pair| {
            let (left, right) = entries(*pair);
            left.len() == right.len() && left[16..] != right[16..]
        });
        alike.next().unwrap()
    }
}

#[test]
fn what_is_damaged_is_not_used() {
    let case = Case::new();
    let expected = case.expected("module.wat", &[]);
    let (_, (_, functions)) = case.compile("module.wat", &[]);
    let good = fs::read(case.the_pack()).unwrap();
    let path = case.the_pack();
    let index = good.len() - 40 - Pack::read(&good).0.len() * 44;
    let check = |bytes: &[u8], what: &str| {
        for pack in case.packs() {
            fs::remove_file(pack).unwrap();
        }
        fs::write(&path, bytes).unwrap();
        let (found, _) = case.compile("module.wat", &[]);
        assert!(found == expected, "{what}");
        let packs = case.packs();
        let is_alone = packs.len() == 1 && fs::read(&packs[0]).unwrap() == bytes;
        assert!(!is_alone, "{what} was not noticed");
        // What takes its place serves.
        let (_, (reused, _)) = case.compile("module.wat", &[]);
        assert_eq!(reused, functions, "after {what}");
    };
    for at in (0..index)
        .step_by(97)
        .chain([index, index + 40, good.len() - 40, good.len() - 1])
    {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        check(&bytes, &format!("a wrong byte at {at}"));
    }
    for len in [0, 1, 39, 40, index, index + 10, good.len() - 1] {
        check(&good[..len], &format!("a file of {len} bytes"));
    }
    let mut pack = Pack::read(&good);
    assert!(pack.write() == good, "a pack is written as it is read");
    let (left, right) = pack.alike();
    let entry = pack.0[left].1.clone();
    pack.0[left].1 = std::mem::replace(&mut pack.0[right].1, entry);
    check(&pack.write(), "an entry of another function");
    let mut pack = Pack::read(&good);
    pack.0.remove(right);
    check(&pack.write(), "a missing entry");
}

/// The tests above would notice code of another function, if its checksum were right.
#[test]
fn planted_code_is_noticed() {
    let case = Case::new();
    let expected = case.expected("module.wat", &[]);
    case.compile("module.wat", &[]);
    let mut pack = Pack::read(&fs::read(case.the_pack()).unwrap());
    let (left, right) = pack.alike();
    let mut entry = pack.0[left].1.clone();
    let checksum = blake3::keyed_hash(&pack.0[right].0, &entry[16..]);
    entry[..16].copy_from_slice(&checksum.as_bytes()[..16]);
    pack.0[right].1 = entry;
    fs::write(case.the_pack(), pack.write()).unwrap();
    let (found, (reused, functions)) = case.compile("module.wat", &[]);
    assert_eq!(reused, functions);
    assert!(found != expected);
}

#[test]
fn compilations_at_the_same_time() {
    let case = Case::new();
    let names: Vec<String> = (0..4).map(|number| format!("module{number}.wat")).collect();
    for (number, name) in names.iter().enumerate() {
        // All functions of each are its own, but for those that have no constant.
        case.write(
            name,
            &module().replace("offset=16", &format!("offset={number}")),
        );
    }
    for round in 0..3 {
        let children: Vec<_> = (0..8)
            .map(|number| {
                let mut command = Command::new(BINARY);
                command.args(["compile", "-q", &names[number % 4], "-j1", "-o"]);
                command.arg(format!("app{number}")).stdin(Stdio::null());
                command.current_dir(case.0.path(""));
                command.env("XDG_CACHE_HOME", case.0.path("cache"));
                command.spawn().unwrap()
            })
            .collect();
        for child in children {
            assert!(child.wait_with_output().unwrap().status.success());
        }
        for number in 0..8 {
            let name = &names[number % 4];
            let found = fs::read(case.0.path(&format!("app{number}"))).unwrap();
            assert!(found == case.expected(name, &[]), "{name} in round {round}");
        }
    }
    for name in &names {
        let (_, (reused, functions)) = case.compile(name, &[]);
        assert_eq!(reused, functions, "{name}");
    }
    assert!(case.files(".new-").is_empty());
}

#[test]
fn a_killed_compilation_leaves_nothing_wrong() {
    let case = Case::new();
    let started = Instant::now();
    // It is killed once it has begun to write.
    while fs::read_dir(case.0.path("cache/elfin")).is_err() || case.files(".new-").is_empty() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "it never writes"
        );
        let mut command = Command::new(BINARY);
        command.args(["compile", "-q", "module.wat", "-j1", "-o", "killed"]);
        command
            .current_dir(case.0.path(""))
            .env("XDG_CACHE_HOME", case.0.path("cache"));
        let mut child = command.spawn().unwrap();
        let folder = case.0.path("cache/elfin");
        while child.try_wait().unwrap().is_none() {
            let names = fs::read_dir(&folder).into_iter().flatten().flatten();
            let mut names = names.map(|entry| entry.file_name().into_string().unwrap());
            if names.any(|name| name.starts_with(".new-")) {
                child.kill().unwrap();
                child.wait().unwrap();
                break;
            }
        }
        for pack in case.packs() {
            fs::remove_file(pack).unwrap();
        }
    }
    let (found, (reused, _)) = case.compile("module.wat", &[]);
    assert!(found == case.expected("module.wat", &[]));
    assert_eq!(reused, 0);
    assert!(case.files(".new-").is_empty(), "what it left is removed");
}

#[test]
fn it_keeps_to_its_size() {
    let case = Case::new();
    let sum = || -> u64 {
        let files = case.files("").into_iter();
        files.map(|path| path.metadata().unwrap().len()).sum()
    };
    case.compile("module.wat", &[]);
    let one = sum();
    for number in 0..5 {
        let name = format!("module{number}.wat");
        case.write(
            &name,
            &module().replace("offset=16", &format!("offset={number}")),
        );
        let line = format!(
            "ELFIN_CACHE_SIZE={} $ELFIN compile {name} -o app",
            one * 5 / 2
        );
        case.0.bash(&line).succeeds();
        assert!(fs::read(case.0.path("app")).unwrap() == case.expected(&name, &[]));
        assert!(sum() <= one * 5 / 2, "{} bytes of {one}", sum());
    }
    let (_, (reused, functions)) = case.compile("module4.wat", &[]);
    assert_eq!(reused, functions, "what was used last is there");
    // What is larger than everything may be is not begun with.
    case.0
        .bash("ELFIN_CACHE_SIZE=1K $ELFIN compile -O0 module.wat -o app")
        .succeeds();
    assert!(case.files(".new-").is_empty());
}

/// Each compilation leaves a pack; many become few.
#[test]
fn packs_are_joined() {
    let case = Case::new();
    for number in 0..40 {
        let constant = format!("(i32.const {})", 20_000 + number);
        case.write("edited.wat", &module().replacen(CONSTANT, &constant, 1));
        let (_, (reused, functions)) = case.compile("edited.wat", &[]);
        let changed = if number == 0 { functions } else { 1 };
        assert_eq!(functions - reused, changed, "edit {number}");
        assert!(case.packs().len() <= 8, "{} packs", case.packs().len());
    }
    // Each is still there.
    for number in 0..40 {
        let constant = format!("(i32.const {})", 20_000 + number);
        case.write("edited.wat", &module().replacen(CONSTANT, &constant, 1));
        let (_, (reused, functions)) = case.compile("edited.wat", &[]);
        assert_eq!(reused, functions, "edit {number}");
    }
}

#[test]
fn without_a_cache() {
    let case = Case::new();
    case.expected("module.wat", &[]);
    assert!(!case.0.path("cache").exists());
    for (environment, reason) in [
        ("ELFIN_CACHE_SIZE=0", "ELFIN_CACHE_SIZE is 0"),
        ("XDG_CACHE_HOME=/dev/null", "`/dev/null/elfin`"),
        ("XDG_CACHE_HOME=/proc", "`/proc/elfin`"),
    ] {
        let line = format!("{environment} $ELFIN compile -v module.wat -o app");
        let message = case.0.bash(&line).succeeds().stderr();
        let line = message
            .lines()
            .find(|line| line.starts_with("cache: none: "));
        assert!(line.is_some_and(|line| line.contains(reason)), "{message}");
        assert!(!case.0.path("cache").exists());
    }
    case.0
        .bash("ELFIN_CACHE_SIZE=1.5G $ELFIN compile module.wat")
        .fails(2, &["'1.5G'", "ELFIN_CACHE_SIZE", "64M"]);
    case.0
        .bash("$ELFIN compile --emit asm module.wat -o app.s")
        .succeeds();
    assert!(!case.0.path("cache").exists(), "text needs none");
}
