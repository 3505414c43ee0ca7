//! `elfin bench`: who takes part and how it is prepared, that all must do the same, what is measured, and what is left
//! behind. The runtimes are scripts, so that they do what a test wants.
#![cfg(target_os = "linux")]

mod elfin;

use elfin::{Folder, Outcome};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Copies standard input to standard output.
const COPY: &str = r#"
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 1024))
    (loop $more
      (i32.store (i32.const 4) (i32.const 4096))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
      (br_if $more (i32.load (i32.const 8))))))
"#;

/// A program that does what each program here does, whatever it is given: says `hi`.
const HI: &str = "echo hi";

/// A folder with `hello.wat`, and a folder `bin` in which the runtimes are.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path("bin")).unwrap();
    fs::create_dir(folder.path("tmp")).unwrap();
    folder
}

/// Makes a program of a script.
fn program(folder: &Folder, name: &str, script: &str) {
    let path = folder.path(name);
    fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
}

/// Makes a runtime of two scripts: what it does to compile, `$1` from and `$2` to, and to run. It logs its arguments. A
/// module that does nothing is known by its folder.
fn runtime(folder: &Folder, name: &str, compile: &str, run: &str) {
    let script = format!(
        r#"
        PATH=/usr/bin:/bin
        echo "$0 $*" | sed 's|[^ ]*/bin/||; s|[^ ]*/program/||g' >>"{}"
        case $* in
            --version) echo "{name} 7.8.9 (abc)"; exit;;
            'compile '*' -o '*) set -- "$2" "$4"; {compile}; exit;;
            'compile '*) shift; {compile}; exit;;
            '-o '*) set -- "$3" "$2"; {compile}; exit;;
            */empty/*) exit;;
        esac
        {run}"#,
        folder.path("log").display()
    );
    program(folder, &format!("bin/{name}"), &script);
}

/// `elfin bench` with few rounds and no runtimes but those of the test.
fn bench(folder: &Folder, arguments: &str) -> Outcome {
    let mut rounds = String::new();
    for (option, count) in [("--runs", 2), ("--compile-runs", 1)] {
        if !arguments.contains(option) {
            rounds += &format!("{option} {count} ");
        }
    }
    folder.bash(&format!(
        "TMPDIR=$PWD/tmp PATH=$PWD/bin $ELFIN bench {rounds} {arguments}"
    ))
}

/// The same, which succeeds and prints JSON.
fn json(folder: &Folder, arguments: &str) -> Value {
    let outcome = bench(folder, &format!("--json {arguments}"));
    let text = outcome.succeeds().stdout();
    assert_eq!(elfin::names(&folder.path("tmp")), [""; 0]);
    serde_json::from_str(&text).unwrap()
}

/// The row of this name.
fn row<'a>(report: &'a Value, name: &str) -> &'a Value {
    let rows = report["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

fn names(report: &Value) -> Vec<&str> {
    let rows = report["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

/// It fails, and leaves nothing.
#[track_caller]
fn fails(folder: &Folder, arguments: &str, status: i32, parts: &[&str]) {
    let outcome = bench(folder, arguments);
    outcome.fails(status, parts);
    assert_eq!(outcome.stdout(), "");
    assert_eq!(elfin::names(&folder.path("tmp")), [""; 0]);
}

#[test]
fn elfin_alone() {
    let folder = folder();
    let report = json(&folder, "hello.wat");
    assert_eq!(names(&report), ["elfin generic", "elfin native"]);
    assert_eq!(
        (&report["schema"], &report["kind"]),
        (&1.into(), &"bench".into())
    );
    assert_eq!(report["output"]["size"], 3);
    assert_eq!(report["output"]["ending"]["status"], 0);
    for key in ["cpu", "kernel", "cores", "architecture"] {
        assert!(!report["machine"][key].is_null(), "{key}");
    }
    for name in names(&report) {
        let row = row(&report, name);
        assert_eq!(row["version"], env!("CARGO_PKG_VERSION"));
        for (phase, rounds) in [("compile", 1), ("start", 2), ("run", 2)] {
            for quantity in ["wall", "cpu", "memory"] {
                let figure = &row[phase][quantity];
                let samples = figure["samples"].as_array().unwrap();
                assert_eq!(samples.len(), rounds, "{phase} {quantity}");
                assert!(samples.iter().all(|sample| sample.as_f64().unwrap() > 0.0));
                assert!(figure["median"].as_f64().unwrap() > 0.0);
                // Two rounds tell nothing apart.
                assert_eq!(figure["ratio"]["is_clear"], false);
            }
        }
        assert!(row["size"]["bytes"].as_u64().unwrap() > 10_000);
    }
    let base = row(&report, "elfin generic");
    assert_eq!(base["run"]["wall"]["ratio"]["median"], 1.0);
    let report = json(&folder, "hello.wat --compile-runs 0 --cpu x86-64-v2");
    let expected = ["elfin generic", "elfin native", "elfin x86-64-v2"];
    assert_eq!(names(&report), expected);
    assert!(row(&report, "elfin x86-64-v2")["compile"].is_null());
}

#[test]
fn each_is_prepared_as_its_users_would() {
    let folder = folder();
    for name in ["wasmtime", "wasmer", "wasmedge", "iwasm", "wamrc", "node"] {
        runtime(&folder, name, "cp $1 $2", HI);
    }
    program(&folder, "app", HI);
    let all = "native=./app,wasmtime,wasmer,wasmedge,iwasm,node";
    let arguments = format!("hello.wat --against {all} --dir data::/d --env A=1 -- -x 'a b'");
    fs::create_dir(folder.path("data")).unwrap();
    let report = json(&folder, &arguments);
    let expected: Vec<&str> = ["elfin generic", "elfin native"]
        .into_iter()
        .chain(all.split(','))
        .collect();
    let expected = expected.iter().map(|name| name.trim_end_matches("=./app"));
    assert_eq!(names(&report), expected.collect::<Vec<_>>());
    let log = fs::read_to_string(folder.path("log")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    for line in [
        "wasmtime --version",
        "wasmtime compile hello.wasm -o hello.cwasm",
        "wasmtime run --allow-precompiled --argv0 hello.wasm --dir data::/d --env A=1 hello.cwasm -x a b",
        "wasmer compile hello.wasm -o hello.wasmu",
        "wasmer run --mapdir /d:data --env A=1 hello.wasmu -- -x a b",
        "wasmedge compile hello.wasm hello.so",
        "wasmedge --dir /d:data --env A=1 hello.so -x a b",
        "wamrc -o hello.aot hello.wasm",
        "iwasm --map-dir=/d::data --env=A=1 hello.aot -x a b",
    ] {
        assert!(lines.contains(&line), "{line}\n{log}");
    }
    // Once to warm up, and once a round.
    let compiled = lines
        .iter()
        .filter(|line| line.starts_with("wasmtime compile hello"));
    assert_eq!(compiled.count(), 1 + 1);
    assert_eq!(row(&report, "wasmtime")["version"], "7.8.9 (abc)");
    assert_eq!(row(&report, "native")["compile"], Value::Null);
    assert_eq!(row(&report, "native")["start"], Value::Null);
    assert_eq!(row(&report, "node")["size"], Value::Null);
    assert_eq!(row(&report, "iwasm")["how"], "compiled ahead of time");
    // Without its compiler iwasm interprets, which is said.
    fs::remove_file(folder.path("bin/wamrc")).unwrap();
    let report = json(&folder, "hello.wat");
    let found = [
        "elfin generic",
        "elfin native",
        "wasmtime",
        "wasmer",
        "wasmedge",
        "iwasm",
        "node",
    ];
    assert_eq!(names(&report), found);
    assert_eq!(row(&report, "iwasm")["how"], "interpreted");
    assert!(report["notes"].to_string().contains("wamrc"), "{report:#}");
}

/// node itself, with its own WASI.
#[test]
fn node_runs_modules() {
    let folder = folder();
    fs::write(folder.path("file"), "content\n").unwrap();
    let cat = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cat.wat");
    let line = format!(
        "$ELFIN bench --json --runs 1 --compile-runs 0 --against node {cat} --dir .::/d -- file"
    );
    let outcome = folder.bash(&line);
    let report: Value = serde_json::from_str(&outcome.succeeds().stdout()).unwrap();
    assert_eq!(report["output"]["size"], 8);
    assert_eq!(names(&report)[2], "node");
    let memory = |name| {
        row(&report, name)["start"]["memory"]["median"]
            .as_f64()
            .unwrap()
    };
    // What a process has before it becomes the program is not that of this one.
    assert!(
        memory("elfin generic") < 2e6 && memory("node") > 2e7,
        "{report:#}"
    );
}

#[test]
fn all_must_do_the_same() {
    let folder = folder();
    program(&folder, "good", HI);
    program(&folder, "wrong", "echo hi; echo ho");
    program(&folder, "silent", "");
    program(&folder, "status", "echo hi; exit 3");
    program(&folder, "killed", "echo hi; kill -KILL $$");
    let other = |name| format!("hello.wat --html page.html --against native=./{name}");
    fails(
        &folder,
        &other("wrong"),
        1,
        &[
            "elfin generic, elfin native printed 3 bytes",
            "native: differs from byte 3 on, in line 2: `ho\\n` instead of nothing",
        ],
    );
    fails(
        &folder,
        &other("silent"),
        1,
        &["native: differs from byte 0 on, in line 1: nothing instead of `hi\\n`"],
    );
    fails(
        &folder,
        &other("status"),
        1,
        &[
            "native fails on `hello.wat`",
            "exit status 3, elfin with exit status 0",
        ],
    );
    fails(
        &folder,
        &other("killed"),
        1,
        &["native fails", "signal SIGKILL"],
    );
    // Wrong output of one that nobody asked for is no less wrong.
    runtime(&folder, "wasmtime", "cp $1 $2", "echo ho");
    fails(
        &folder,
        "hello.wat",
        1,
        &["wasmtime: differs from byte 1 on, in line 1: `ho\\n` instead of `hi\\n`"],
    );
    // Another output in a later run.
    let counting = "echo x >>$0.count; [ $(wc -l <$0.count) = 3 ] && echo ho || echo hi";
    program(
        &folder,
        "changing",
        &format!("PATH=/usr/bin:/bin; {counting}"),
    );
    fails(
        &folder,
        &other("changing"),
        1,
        &[
            "native fails",
            "not print the same in each run",
            "`ho\\n` instead of `hi\\n`",
        ],
    );
    assert!(!folder.path("page.html").exists());
    bench(&folder, &other("good")).succeeds();
    assert!(folder.path("page.html").exists());
}

/// The exit status need not be 0.
#[test]
fn programs_may_fail_alike() {
    let folder = folder();
    let seven = "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32))) \
                 (memory (export \"memory\") 1) (func (export \"_start\") (call $exit (i32.const 7))))";
    fs::write(folder.path("seven.wat"), seven).unwrap();
    program(&folder, "app", "exit 7");
    let outcome = bench(&folder, "seven.wat --json --against native=./app");
    assert!(
        outcome
            .stderr()
            .contains("warning: `seven.wat` ends with exit status 7"),
        "{}",
        outcome.stderr()
    );
    let report: Value = serde_json::from_str(&outcome.succeeds().stdout()).unwrap();
    assert_eq!(report["output"]["ending"]["status"], 7);
    let trap = "(module (func (export \"_start\") unreachable))";
    fs::write(folder.path("trap.wat"), trap).unwrap();
    fails(
        &folder,
        "trap.wat",
        1,
        &[
            "elfin generic fails on `trap.wat`",
            "status 134",
            "unreachable",
        ],
    );
}

/// A runtime that can't do it: an error if it was asked for, a warning otherwise.
#[test]
fn runtimes_that_fail() {
    let folder = folder();
    runtime(
        &folder,
        "wasmtime",
        "echo no >&2; echo $'such \\e[2Jthing' >&2; exit 4",
        HI,
    );
    runtime(
        &folder,
        "wasmer",
        "cp $1 $2",
        "echo unknown import >&2; exit 1",
    );
    runtime(&folder, "wasmedge", "cp $1 $2", "/bin/sleep 60; echo hi");
    let options = "hello.wat --timeout 1s";
    for (name, parts) in [
        (
            "wasmtime",
            &[
                "compiling ends with exit status 4",
                "  no\n",
                "such \\u{1b}[2Jthing",
            ][..],
        ),
        (
            "wasmer",
            &["exit status 1, elfin with exit status 0", "unknown import"],
        ),
        ("wasmedge", &["takes longer than 1 s", "--timeout"]),
    ] {
        let fails_on = format!("{name} fails on `hello.wat`");
        let parts: Vec<&str> = [&*fails_on]
            .into_iter()
            .chain(parts.iter().copied())
            .collect();
        fails(&folder, &format!("{options} --against {name}"), 1, &parts);
    }
    let outcome = bench(&folder, &format!("{options} --json"));
    let report: Value = serde_json::from_str(&outcome.succeeds().stdout()).unwrap();
    assert_eq!(names(&report), ["elfin generic", "elfin native"]);
    let left: Vec<&str> = ["wasmtime", "wasmer", "wasmedge"].into();
    for (name, left_out) in left.iter().zip(report["left_out"].as_array().unwrap()) {
        assert_eq!(left_out["name"], *name);
        let warning = format!("warning: {name} fails on `hello.wat`");
        assert!(outcome.stderr().contains(&warning), "{}", outcome.stderr());
    }
    // What took too long is gone.
    let sleeping = Command::new("pgrep")
        .args(["-f", "sleep 60"])
        .output()
        .unwrap();
    let sleeping = String::from_utf8(sleeping.stdout).unwrap();
    let here = folder.path("").canonicalize().unwrap();
    for process in sleeping.lines() {
        let place = fs::read_link(format!("/proc/{process}/cwd"));
        assert!(place.is_err() || place.unwrap() != here, "{process}");
    }
}

#[test]
fn runtimes_that_are_missing() {
    let folder = folder();
    fs::write(folder.path("text"), "").unwrap();
    fails(
        &folder,
        "hello.wat --against wasmtime",
        1,
        &["`wasmtime` is not installed", "--against wasmtime=PATH"],
    );
    fails(
        &folder,
        "hello.wat --against native=./gone",
        1,
        &["`./gone` does not exist"],
    );
    fails(
        &folder,
        "hello.wat --against native=./text",
        1,
        &["`./text` is no program"],
    );
    program(&folder, "bin/broken", "");
    fs::write(folder.path("bin/broken"), "#!/no/such/shell\n").unwrap();
    fails(
        &folder,
        "hello.wat --against native=bin/broken",
        1,
        &["native fails", "can't be started"],
    );
    // By another path than that in PATH.
    runtime(&folder, "wasmtime", "cp $1 $2", "echo wrong");
    fs::rename(folder.path("bin/wasmtime"), folder.path("other")).unwrap();
    fails(
        &folder,
        "hello.wat --against wasmtime=other",
        1,
        &["wasmtime: differs"],
    );
}

#[test]
fn mistakes() {
    let folder = folder();
    for (arguments, parts) in [
        ("", &["<INPUT>"][..]),
        (
            "hello.wat --against wasmtim",
            &["`wasmtim`", "'wasmtime'", "native"],
        ),
        ("hello.wat --against native", &["native=PATH"]),
        ("hello.wat --against node=", &["`node=`"]),
        (
            "hello.wat --against node,wasmtime,node=x",
            &["`node` twice"],
        ),
        ("hello.wat --runs 0", &["'0'", "--runs"]),
        ("hello.wat --json --csv", &["--csv", "--json"]),
        (
            "hello.wat --json --html -",
            &["standard output can't be both"],
        ),
        ("hello.wat --target riscv64", &["leave out --target"]),
        ("hello.wat --invoke f", &["leave out --invoke"]),
        (
            "hello.wat --tcp-listen 127.0.0.1:80",
            &["leave out --tcp-listen"],
        ),
        ("hello.wat --timeout 1d", &["'1d'", "500ms"]),
    ] {
        let outcome = folder.bash(&format!("PATH=$PWD/bin $ELFIN bench {arguments}"));
        outcome.fails(2, parts);
    }
    for (name, text, parts) in [
        ("none.wasm", "no module", &["`none.wasm`"][..]),
        (
            "text.wat",
            "(module (func (export \"_start\") (i32.const 1)))",
            &["text.wasm"],
        ),
        (
            "library.wat",
            "(module (func (export \"f\")))",
            &["library.wasm", "_start"],
        ),
    ] {
        fs::write(folder.path(name), text).unwrap();
        fails(&folder, name, 1, parts);
    }
    fails(&folder, "gone.wasm", 1, &["`gone.wasm` does not exist"]);
    fails(
        &folder,
        "hello.wat --stdin gone",
        1,
        &["--stdin: `gone` can't be read"],
    );
    fails(
        &folder,
        "hello.wat --stdin .",
        1,
        &["--stdin: `.` is no file"],
    );
    fails(
        &folder,
        "hello.wat --html no/page.html",
        1,
        &["`no` does not exist", "mkdir"],
    );
    fails(&folder, "hello.wat --html .", 1, &["is a directory"]);
    fails(
        &folder,
        "hello.wat --dir gone",
        1,
        &["elfin generic fails", "gone"],
    );
    folder
        .bash("TMPDIR=$PWD/gone $ELFIN bench hello.wat")
        .fails(1, &["TMPDIR"]);
    assert!(!folder.path("page.html").exists());
}

/// What is measured is what the program does: time that passes is not time of the CPU, and its children count.
#[test]
fn measurements() {
    let folder = folder();
    let measure = |script: &str| {
        program(&folder, "app", &format!("{script}\n{HI}"));
        let report = json(&folder, "hello.wat --compile-runs 0 --against native=./app");
        let row = row(&report, "native");
        ["wall", "cpu", "memory"].map(|quantity| {
            let figure = &row["run"][quantity];
            figure["median"].as_f64().unwrap()
        })
    };
    let [wall, cpu, memory] = measure("/bin/sleep 0.3");
    assert!(
        wall > 0.3 && cpu < 0.15 && memory < 20e6,
        "{wall} {cpu} {memory}"
    );
    let [wall, cpu, _] = measure("for ((i = 0; i < 200000; i++)); do :; done");
    assert!(cpu > 0.05 && wall > 0.9 * cpu, "{wall} {cpu}");
    let [_, _, memory] = measure("x=$(/usr/bin/head -c 30000000 /dev/zero | /usr/bin/tr '\\0' x)");
    assert!(memory > 30e6, "{memory}");
    // Six rounds are enough where there is no doubt.
    program(&folder, "app", &format!("/bin/sleep 0.2\n{HI}"));
    let report = json(&folder, "hello.wat --runs 6 --against native=./app");
    let ratio = &row(&report, "native")["run"]["wall"]["ratio"];
    assert!(
        ratio["is_clear"] == true && ratio["low"].as_f64().unwrap() > 2.0,
        "{ratio}"
    );
}

#[test]
fn standard_input() {
    let folder = folder();
    fs::write(folder.path("copy.wat"), COPY).unwrap();
    fs::write(folder.path("text"), "some text\n".repeat(1000)).unwrap();
    program(&folder, "app", "/bin/cat");
    let report = json(&folder, "copy.wat --stdin text --against native=./app");
    assert_eq!(report["output"]["size"], 10_000);
    assert_eq!(report["input"]["stdin"], "text");
    let report = json(&folder, "copy.wat --against native=./app <text");
    assert_eq!(report["output"]["size"], 0);
    let report = json(&folder, "- --against native=./app <copy.wat");
    assert_eq!(
        (&report["input"]["name"], &report["output"]["size"]),
        (&"-".into(), &0.into())
    );
}

/// Options of `elfin compile` get to elfin's rows, and nothing else does.
#[test]
fn options_are_passed_on() {
    let folder = folder();
    let line =
        "hello.wat -O0 --strip --runs 1 --timeout=9s --max-memory 64K --dir=. -j 2 -- -O1 --strip";
    let report = json(&folder, line);
    let options = [
        "-O0",
        "--strip",
        "--max-memory",
        "64K",
        "--dir=.",
        "-j",
        "2",
    ];
    assert_eq!(report["options"], Value::from(&options[..]));
    assert_eq!(report["timeout"], 9.0);
    assert_eq!(
        report["input"]["arguments"],
        Value::from(&["-O1", "--strip"][..])
    );
    let command = row(&report, "elfin native")["compile_command"].to_string();
    assert!(
        command.contains("\"-O0\"") && command.contains("\"native\""),
        "{command}"
    );
    bench(&folder, "hello.wat --quiet --csv").succeeds();
}

#[test]
fn formats() {
    let folder = folder();
    runtime(&folder, "wasmtime", "cp $1 $2", HI);
    let text = bench(&folder, "hello.wat -- '<b>' x\u{1b}")
        .succeeds()
        .stdout();
    for part in [
        "run time, CPU",
        "peak memory",
        "wasmtime",
        "7.8.9",
        "too few rounds",
        "note: ",
        "x\\u{1b}",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let csv = bench(&folder, "hello.wat --csv").succeeds().stdout();
    let lines: Vec<&str> = csv.lines().collect();
    // Three phases of three quantities, and a size, of three rows.
    assert_eq!(lines.len(), 1 + 3 * 10, "{csv}");
    assert!(
        lines.iter().all(|line| line.split(',').count() == 12),
        "{csv}"
    );
    let outcome = bench(&folder, "hello.wat --html page.html --json -- '<b>' '&'");
    serde_json::from_str::<Value>(&outcome.succeeds().stdout()).unwrap();
    let page = fs::read_to_string(folder.path("page.html")).unwrap();
    let standard = bench(&folder, "hello.wat --html -");
    for page in [&page, &standard.succeeds().stdout()] {
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert_eq!(page.matches("<svg").count(), 6);
        // Nothing is fetched.
        for word in ["src=", "href=", "url(", "@import", "<script", "<link"] {
            assert!(!page.contains(word), "{word}");
        }
        assert_eq!(
            page.matches("http").count(),
            page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count()
        );
        assert!(page.contains("prefers-color-scheme:dark") && page.contains("wasmtime"));
    }
    assert!(page.contains("hello.wat &lt;b&gt; &amp;") && !page.contains("<b>"));
    // A result that can't be written.
    let outcome = bench(&folder, "hello.wat --html /dev/full");
    outcome.fails(1, &["`/dev/full`", "no space is left"]);
    assert_eq!(elfin::names(&folder.path("tmp")), [""; 0]);
}

/// Whatever runs in its folder is ended, and the folder removed.
#[test]
fn a_signal_leaves_nothing() {
    let folder = folder();
    program(&folder, "app", "echo $$ >pid; while :; do :; done");
    for signal in ["TERM", "INT", "HUP"] {
        let _ = fs::remove_file(folder.path("pid"));
        let mut elfin = Command::new("bash")
            .args(["-c", "exec $ELFIN bench hello.wat --against native=./app"])
            .env("ELFIN", elfin::BINARY)
            .env("TMPDIR", folder.path("tmp"))
            .current_dir(folder.path("."))
            .spawn()
            .unwrap();
        let process = loop {
            let text = fs::read_to_string(folder.path("pid")).unwrap_or_default();
            match text.trim().parse::<u32>() {
                Ok(process) => break process,
                Err(_) => sleep(Duration::from_millis(5)),
            }
            assert!(elfin.try_wait().unwrap().is_none());
        };
        assert_eq!(elfin::names(&folder.path("tmp")).len(), 1);
        let id = elfin.id().to_string();
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &id])
            .status();
        assert!(kill.unwrap().success());
        assert!(!elfin.wait().unwrap().success());
        assert_eq!(elfin::names(&folder.path("tmp")), [""; 0], "{signal}");
        let patience = Instant::now() + Duration::from_secs(10);
        let is_running = || {
            let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            !status.is_empty() && !status.contains(") Z ")
        };
        while is_running() {
            assert!(Instant::now() < patience, "{process} runs on");
            sleep(Duration::from_millis(5));
        }
    }
}
