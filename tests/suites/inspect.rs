//! `elfin inspect`, and the note of an executable that it reads, which readelf shows as well.

use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::mutate::{self, Random};
use elfin_tests::place::{self, Scratch};
use elfin_tests::{elfin, machine};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A module that shows each kind of fact. Nothing of it needs to make sense.
const MODULE: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "env" "other" (func (param f64)))
  (import "env" "level" (global (mut i64)))
  (memory (export "memory") 2 16)
  (memory i64 1)
  (table 3 funcref)
  (func $begin)
  (func $_ZN5shape4areaEi (export "area") (param v128 i32) (result i32 i32)
    (i32.extend8_s (local.get 1)) (local.get 1))
  (start $begin)
  (@custom "notes" "12345")
  (@producers (language "C11" "") (processed-by "clang" "21.1")))"#;

fn inspect(arguments: &[&str], folder: &Path) -> Result<Outcome> {
    let mut command = Command::new(elfin::path()?);
    command.arg("inspect").args(arguments).current_dir(folder);
    execute::run(command, None, Stdout::Collected, Duration::from_secs(60))
}

/// What a command prints that must succeed without a word on standard error.
fn printed(outcome: Outcome) -> Result<String> {
    let stderr = outcome.stderr_text();
    ensure!(
        outcome.code() == Some(0) && stderr.is_empty(),
        "{}: {stderr}",
        outcome.ending()
    );
    Ok(String::from_utf8(outcome.stdout)?)
}

fn facts(file: &str, folder: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&printed(inspect(
        &[file, "--json"],
        folder,
    )?)?)?)
}

/// What another tool prints.
fn tool(name: &str, package: &str, arguments: &[&str], folder: &Path) -> Result<String> {
    let path = machine::find_tool(name)
        .with_context(|| format!("{name} is missing: `apt-get install {package}` installs it"))?;
    let mut command = Command::new(path);
    command.args(arguments).current_dir(folder);
    printed(execute::run(
        command,
        None,
        Stdout::Collected,
        Duration::from_secs(60),
    )?)
}

/// The hello world of the figures, without and with function names.
fn hello(scratch: &Scratch) -> Result<[PathBuf; 2]> {
    let sources = place::crate_root().join("programs/figures");
    let c = Build::new(&sources.join("hello.c")).guest()?.path;
    let rust = Build::new(&sources.join("hello.rs")).guest()?.path;
    let (bare, named) = (
        scratch.path().join("hello-c.wasm"),
        scratch.path().join("hello-rust.wasm"),
    );
    std::fs::copy(c, &bare)?;
    std::fs::copy(rust, &named)?;
    Ok([bare, named])
}

const GRANTED: &[&str] = &[
    "--strip",
    "--max-memory=64M",
    "--dir=.",
    "--dir=data::/data::ro",
    "--env=HOME",
    "--env=TEXT=a\nb\\ä",
    "--inherit-env",
    "--tcp-listen=127.0.0.1:8080",
    "--runtime-grants",
    "--max-fds=10",
    "--timeout=90s",
    "--kernel-sandbox=require=seccomp",
];

fn compile(wasm: &Path, app: &Path, target: Target, options: &[&str]) -> Result<()> {
    let options: Vec<OsString> = options.iter().map(Into::into).collect();
    elfin::compile(wasm, app, target, &options)
}

#[test]
fn the_note_is_plain_text() -> Result<()> {
    let scratch = Scratch::new("note")?;
    let folder = scratch.path();
    let [wasm, _] = hello(&scratch)?;
    let sum = tool("sha256sum", "coreutils", &["hello-c.wasm"], folder)?;
    let sum = sum.split(' ').next().unwrap_or_default();
    for target in machine::targets() {
        let app = folder.join("app");
        compile(&wasm, &app, target, GRANTED)?;
        let text = tool("readelf", "binutils", &["-p", ".note.elfin", "app"], folder)?;
        let lines: Vec<&str> = text
            .lines()
            .filter_map(|line| Some(line.split_once("]  ")?.1))
            .collect();
        for expected in [
            concat!("elfin: ", env!("CARGO_PKG_VERSION")),
            &format!("input: sha256:{sum}"),
            &format!("target: {target}"),
            "cpu: generic",
            "strip: yes",
            "dir: .",
            "dir: data::/data::ro",
            "env: HOME",
            r"env: TEXT=a\x0ab\\\xc3\xa4",
            "stack-size: 8388608",
            "max-memory: 67108864",
            "inherit-env: all",
            "tcp-listen: 127.0.0.1:8080",
            "runtime-grants: yes",
            "max-fds: 10",
            "timeout: 90000ms",
            "kernel-sandbox: require=seccomp",
        ] {
            ensure!(lines.contains(&expected), "no `{expected}` in:\n{text}");
        }
        let owner = tool("readelf", "binutils", &["-n", "app"], folder)?;
        ensure!(owner.contains("  elfin  "), "no owner in:\n{owner}");
        // No process loads it.
        let sections = tool("readelf", "binutils", &["-SW", "app"], folder)?;
        let line = sections.lines().find(|line| line.contains(".note.elfin"));
        let line = line.context("no section")?;
        let words: Vec<&str> = line
            .split("NOTE")
            .last()
            .unwrap_or_default()
            .split(' ')
            .collect();
        ensure!(
            words.contains(&"0000000000000000") && !words.contains(&"A"),
            "the note is loaded: {line}"
        );
    }
    // The reader of this test sees that a line is not there.
    compile(&wasm, &folder.join("app"), Target::X86_64, &[])?;
    let text = tool("readelf", "binutils", &["-p", ".note.elfin", "app"], folder)?;
    ensure!(!text.contains("dir: ."), "{text}");
    Ok(())
}

#[test]
fn a_module() -> Result<()> {
    let scratch = Scratch::new("module")?;
    let folder = scratch.path();
    let binary = wat::parse_str(MODULE)?;
    std::fs::write(folder.join("a.wasm"), &binary)?;
    std::fs::write(folder.join("a.wat"), MODULE)?;
    let found = facts("a.wasm", folder)?;
    for (key, expected) in [
        ("schema", json!(1)),
        ("kind", json!("module")),
        ("format", json!("binary")),
        ("size", json!(binary.len())),
        (
            "proposals",
            json!([
                "mutable-globals",
                "sign-ext",
                "multivalue",
                "simd128",
                "multi-memory",
                "memory64"
            ]),
        ),
        (
            "imports",
            json!([
                {"module": "wasi_snapshot_preview1", "name": "fd_write", "kind": "function",
                 "type": "(i32, i32, i32, i32) -> i32"},
                {"module": "env", "name": "other", "kind": "function", "type": "(f64) -> ()"},
                {"module": "env", "name": "level", "kind": "global", "type": "mut i64"},
            ]),
        ),
        (
            "exports",
            json!([
                {"name": "memory", "kind": "memory", "type": null},
                {"name": "area", "kind": "function", "type": "(v128, i32) -> (i32, i32)"},
            ]),
        ),
        (
            "memories",
            json!([
                {"minimum": 2, "maximum": 16, "page_size": 65536, "is_64": false, "is_shared": false, "is_imported": false},
                {"minimum": 1, "maximum": null, "page_size": 65536, "is_64": true, "is_shared": false, "is_imported": false},
            ]),
        ),
        (
            "tables",
            json!([{"element": "funcref", "minimum": 3, "maximum": null, "is_64": false, "is_imported": false}]),
        ),
        ("start", json!({"index": 2, "name": "begin"})),
        (
            "functions",
            json!({"imported": 2, "defined": 2, "largest": [
                {"index": 3, "name": "shape::area(int)", "size": 7},
                {"index": 2, "name": "begin", "size": 2},
            ]}),
        ),
        (
            "producers",
            json!([
                {"field": "language", "name": "C11", "version": ""},
                {"field": "processed-by", "name": "clang", "version": "21.1"},
            ]),
        ),
        ("compiles", json!(false)),
    ] {
        ensure!(
            found[key] == expected,
            "{key}: {:#} instead of {expected:#}",
            found[key]
        );
    }
    let custom = json!({"name": "custom `notes`", "size": 11});
    let sections = found["sections"].as_array().context("a list")?;
    ensure!(sections.contains(&custom), "{sections:?}");
    // What elfin does not know is named.
    let error = found["error"].as_str().unwrap_or_default();
    ensure!(error.contains("env") && error.contains("other"), "{error}");
    let text = facts("a.wat", folder)?;
    ensure!(text["format"] == "text" && text["imports"] == found["imports"]);
    let page = printed(inspect(&["a.wat"], folder)?)?;
    for part in [
        "simd128",
        "(v128, i32) -> (i32, i32)",
        "shape::area(int)",
        "no: ",
    ] {
        ensure!(page.contains(part), "no {part:?} in:\n{page}");
    }
    Ok(())
}

#[test]
fn an_executable() -> Result<()> {
    let scratch = Scratch::new("executable")?;
    let folder = scratch.path();
    let modules = hello(&scratch)?;
    for target in machine::targets() {
        for (wasm, options) in [(&modules[0], GRANTED), (&modules[1], &[][..])] {
            compile(wasm, &folder.join("app"), target, options)?;
            let module = wasm.file_name().and_then(|name| name.to_str());
            let module = facts(module.context("a name")?, folder)?;
            let found = facts("app", folder)?;
            let is_stripped = !options.is_empty();
            ensure!(found["kind"] == "executable");
            ensure!(found["elfin"] == env!("CARGO_PKG_VERSION"));
            ensure!(found["inputs"] == json!([module["digest"]]), "{found:#}");
            ensure!(found["options"]["target"] == json!([target.name()]));
            ensure!(found["functions"].is_null() == is_stripped, "{found:#}");
            let sizes = found["sizes"].as_array().context("a list")?;
            let sum: u64 = sizes.iter().filter_map(|one| one["size"].as_u64()).sum();
            let size = std::fs::metadata(folder.join("app"))?.len();
            ensure!(
                sum == size && found["size"] == json!(size),
                "{sum} of {size}"
            );
            if is_stripped {
                let text = r"TEXT=a\x0ab\\\xc3\xa4";
                let grants = json!({
                    "dir": [".", "data::/data::ro"], "env": ["HOME", text], "inherit-env": ["all"],
                    "runtime-grants": ["yes"], "tcp-listen": ["127.0.0.1:8080"]
                });
                ensure!(found["grants"] == grants, "{found:#}");
                ensure!(
                    found["limits"]["max-memory"] == json!(["67108864"]),
                    "{found:#}"
                );
                ensure!(found["options"]["strip"] == json!(["yes"]), "{found:#}");
            } else {
                ensure!(found["grants"] == json!({}), "{found:#}");
                // A function of the program, and none of the runtime.
                let functions = found["functions"].as_array().context("a list")?;
                let names: Vec<&str> = functions
                    .iter()
                    .filter_map(|one| one["name"].as_str())
                    .collect();
                ensure!(names.contains(&"dlmalloc"), "{names:?}");
                ensure!(
                    names.iter().all(|name| !name.contains("elfin_runtime")),
                    "{names:?}"
                );
            }
            let page = printed(inspect(&["app"], folder)?)?;
            ensure!(page.contains(target.name()), "{page}");
        }
    }
    Ok(())
}

#[test]
fn other_files() -> Result<()> {
    let scratch = Scratch::new("other-files")?;
    let folder = scratch.path();
    std::fs::write(folder.join("text"), "Hello, world!\n")?;
    std::fs::write(folder.join("empty"), "")?;
    std::fs::write(folder.join("half.wasm"), b"\0asm\x01\0\0\0\x01\xff")?;
    std::fs::write(folder.join("component.wasm"), b"\0asm\x0d\0\x01\0")?;
    std::fs::write(folder.join("half-elf"), b"\x7fELF\x02\x01\x01")?;
    std::fs::copy(std::env::current_exe()?, folder.join("foreign"))?;
    for (file, parts) in [
        ("text", &["`text`", "neither"][..]),
        ("empty", &["`empty`", "neither"]),
        ("half.wasm", &["invalid module", "0x"]),
        ("component.wasm", &["component", "wasm32-wasip1"]),
        ("half-elf", &["`half-elf`", "damaged"]),
        ("foreign", &["`foreign`", "not one that elfin made"]),
        ("missing", &["`missing`", "does not exist"]),
        (".", &["directory"]),
    ] {
        let outcome = inspect(&[file], folder)?;
        let stderr = outcome.stderr_text();
        ensure!(
            outcome.code() == Some(1),
            "{file}: {}: {stderr}",
            outcome.ending()
        );
        ensure!(outcome.stdout.is_empty(), "{file}: prints something");
        for part in parts {
            ensure!(stderr.contains(part), "no {part:?} in {stderr}");
        }
    }
    let outcome = inspect(&["text", "--sizes", "text.svg"], folder)?;
    ensure!(outcome.code() == Some(1) && outcome.stderr_text().contains("no executable"));
    ensure!(!folder.join("text.svg").exists());
    Ok(())
}

/// Each leaf's area is its share of the map, and together they are the file.
fn check_map(svg: &str, file_size: u64) -> Result<usize> {
    let document = roxmltree::Document::parse(svg)?;
    let number = |node: &roxmltree::Node<'_, '_>, name| -> Result<f64> {
        let text = node.attribute(name).with_context(|| format!("no {name}"))?;
        Ok(text.parse()?)
    };
    let mut leaves = Vec::new();
    for node in document
        .descendants()
        .filter(|node| node.has_attribute("data-bytes"))
    {
        let bytes: u64 = node.attribute("data-bytes").unwrap_or_default().parse()?;
        let area = number(&node, "width")? * number(&node, "height")?;
        ensure!(number(&node, "x")? >= 0.0 && number(&node, "y")? >= 0.0);
        let title = node.children().find(|child| child.has_tag_name("title"));
        let title = title.and_then(|title| title.text()).context("no tooltip")?;
        leaves.push((bytes, area, title.to_owned()));
    }
    let bytes: u64 = leaves.iter().map(|leaf| leaf.0).sum();
    let area: f64 = leaves.iter().map(|leaf| leaf.1).sum();
    ensure!(bytes == file_size, "{bytes} bytes of {file_size}");
    let map = document.root_element();
    let width = number(&map, "width")?;
    ensure!(
        (area - width * 800.0).abs() < 1.0,
        "the areas' sum is {area}"
    );
    for (bytes, found, title) in &leaves {
        let share = *bytes as f64 / file_size as f64;
        // Coordinates have four digits.
        ensure!(
            (found / area - share).abs() < share * 1e-3 + 1e-7,
            "{title}: {found} of {area} for {bytes} of {file_size}"
        );
    }
    Ok(leaves.len())
}

#[test]
fn the_tree_map_is_the_file() -> Result<()> {
    let scratch = Scratch::new("tree-map")?;
    let folder = scratch.path();
    let [_, wasm] = hello(&scratch)?;
    for (options, least) in [(&[][..], 100), (&["--strip"][..], 8)] {
        compile(&wasm, &folder.join("app"), Target::X86_64, options)?;
        let size = std::fs::metadata(folder.join("app"))?.len();
        printed(inspect(&["app", "--sizes", "app.svg"], folder)?)?;
        let svg = std::fs::read_to_string(folder.join("app.svg"))?;
        let leaves = check_map(&svg, size)?;
        ensure!(leaves >= least, "only {leaves} leaves");
        if options.is_empty() {
            ensure!(svg.contains("program: std: "), "no group of the crate std");
        }
        // A leaf too few, too many, or of another size is found.
        let planted = svg.replacen("data-bytes=\"", "data-bytes=\"1", 1);
        ensure!(check_map(&planted, size).is_err());
        ensure!(check_map(&svg.replacen("width=\"", "width=\"9", 2), size).is_err());
    }
    Ok(())
}

/// The verdict on what became of a broken file.
fn judge(outcome: &Outcome) -> Result<bool> {
    let stderr = outcome.stderr_text();
    match outcome.code() {
        Some(0) if stderr.is_empty() => Ok(true),
        Some(1) if stderr.starts_with("error: ") => Ok(false),
        _ => bail!("{}: {stderr}", outcome.ending()),
    }
}

#[test]
fn broken_files() -> Result<()> {
    let scratch = Scratch::new("broken")?;
    let folder = scratch.path();
    let modules = hello(&scratch)?;
    compile(&modules[1], &folder.join("app"), Target::X86_64, GRANTED)?;
    let stripped = std::fs::read(folder.join("app"))?;
    compile(&modules[1], &folder.join("app"), Target::Aarch64, &[])?;
    let named = std::fs::read(folder.join("app"))?;
    let module = std::fs::read(&modules[0])?;
    let mut read = 0;
    let count = 300;
    for number in 0..count {
        let mut random = Random::new(12 << 32 | number);
        let (broken, arguments): (Vec<u8>, &[&str]) = match number % 3 {
            0 => (
                mutate::mutate(&module, &mut random),
                &["broken", "--json"][..],
            ),
            1 => (break_file(&stripped, &mut random), &["broken", "--sizes=-"]),
            _ => (break_file(&named, &mut random), &["broken", "--json"]),
        };
        std::fs::write(folder.join("broken"), &broken)?;
        let outcome = inspect(arguments, folder)?;
        let is_read = judge(&outcome).with_context(|| format!("file {number}"))?;
        read += u64::from(is_read);
        if is_read && arguments[1] == "--sizes=-" {
            check_map(&String::from_utf8(outcome.stdout)?, broken.len() as u64)
                .with_context(|| format!("file {number}"))?;
        }
    }
    println!("{read} of {count} could be read");
    ensure!(
        (count / 5..count).contains(&read),
        "{read} of {count} could be read"
    );
    Ok(())
}

/// A file with some bytes changed, most of them where its tables are, or cut off.
fn break_file(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut broken = file.to_vec();
    if random.below(10) == 0 {
        broken.truncate(random.below(file.len()));
        return broken;
    }
    for _ in 0..1 + random.below(6) {
        // Headers lie in front.
        let range = if random.below(2) == 0 {
            1200
        } else {
            file.len()
        };
        broken[random.below(range)] = random.below(256) as u8;
    }
    broken
}

#[test]
fn planted_faults_are_found() -> Result<()> {
    let run = |script: &str| {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script);
        execute::run(command, None, Stdout::Collected, Duration::from_secs(60))
    };
    ensure!(judge(&run("echo fine")?)?);
    ensure!(!judge(&run("echo 'error: broken' >&2; exit 1")?)?);
    ensure!(judge(&run("echo 'error: a bug' >&2; exit 101")?).is_err());
    ensure!(judge(&run("exit 1")?).is_err());
    ensure!(judge(&run("kill -SEGV $$")?).is_err());
    Ok(())
}
