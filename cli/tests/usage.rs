//! The command line itself: help, mistakes and what is said about them.

mod elfin;

use elfin::Folder;

#[test]
fn help() {
    let folder = Folder::new();
    folder.elfin([""; 0]).fails(2, &["Usage: elfin", "compile"]);
    for arguments in [&["--help"][..], &["compile", "--help"], &["compile", "-h"]] {
        let outcome = folder.elfin(arguments);
        let text = outcome.succeeds().stdout();
        assert!(
            text.contains("Exit status:") && text.contains("101"),
            "{text}"
        );
    }
    let text = folder.elfin(["compile", "--help"]).stdout();
    for part in [
        "Examples:",
        "can read it",
        "--emit",
        "[default: 8M]",
        "GUEST",
        "--cpu",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    let version = folder.elfin(["--version"]).succeeds().stdout();
    assert_eq!(version, concat!("elfin ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn near_misses() {
    let folder = Folder::new();
    let compile =
        |arguments: &[&str]| folder.elfin(["compile", "hello.wat"].iter().chain(arguments));
    folder.elfin(["compil"]).fails(2, &["compil", "'compile'"]);
    compile(&["--targe", "x86_64-linux"]).fails(2, &["--targe", "'--target'"]);
    compile(&["--target", "aarch64-linus"])
        .fails(2, &["'aarch64-linus'", "similar", "'aarch64-linux'"]);
    compile(&["--target", "arm"]).fails(2, &["'arm'", "'aarch64-linux'"]);
    compile(&["--target", "mips"]).fails(
        2,
        &["'mips'", "x86_64-linux", "aarch64-linux", "riscv64-linux"],
    );
    compile(&["--wasm-features=-simd123"])
        .fails(2, &["'-simd123'", "'-simd128'", "wide-arithmetic"]);
    compile(&["--wasm-feature", "all"]).fails(2, &["'--wasm-features'"]);
    compile(&["--emit", "exec"]).fails(2, &["'exec'", "'exe'"]);
    compile(&["-O", "5"]).fails(2, &["'5'", "0, 1, 2, s"]);
    assert_eq!(folder.names(), ["hello.wat"]);
}

#[test]
fn values() {
    let folder = Folder::new();
    let compile =
        |arguments: &[&str]| folder.elfin(["compile", "hello.wat"].iter().chain(arguments));
    compile(&["--max-memory", "1.5M"]).fails(2, &["'1.5M'", "--max-memory", "64M"]);
    compile(&["--stack-size", "1K"]).fails(2, &["'1K'", "64K"]);
    compile(&["-j", "0"]).fails(2, &["'0'", "1..=1024"]);
    compile(&["-j", "-3"]).fails(2, &["-3"]);
    compile(&["--dir", "::x"]).fails(2, &["'::x'", "before `::`"]);
    compile(&["--env", "=x"]).fails(2, &["'=x'", "needs a name"]);
    compile(&["--unknown-imports", "maybe"]).fails(2, &["'maybe'", "trap, zero"]);
    compile(&["--func", "f"]).fails(2, &["--func", "--emit clif"]);
    compile(&["other.wat"]).fails(2, &["other.wat"]);
    folder.elfin(["compile"]).fails(2, &["<INPUT>"]);
    folder
        .elfin(["compile", "-"])
        .fails(2, &["standard input", "-o"]);
    assert_eq!(folder.names(), ["hello.wat"]);
}

#[test]
fn cpus() {
    let folder = Folder::new();
    let compile = |target: &str, cpu: &str| {
        let arguments = [
            "compile",
            "hello.wat",
            "-o",
            "out",
            "--target",
            target,
            "--cpu",
            cpu,
        ];
        folder.elfin(arguments)
    };
    for (target, cpu) in [
        ("x86_64-linux", "generic"),
        ("x86_64-linux", "x86-64-v2,+bmi2"),
        ("x86_64-linux", "x86-64-v4"),
        ("aarch64-linux", "generic,+lse,+fp16"),
        ("riscv64-linux", "rv64gcv,+zba"),
        ("riscv64-linux", "+zba"),
    ] {
        compile(target, cpu).succeeds();
    }
    // The value, the near miss, and what there is.
    compile("amd64", "x86-64-v5").fails(
        2,
        &[
            "'x86-64-v5'",
            "'x86-64-v4'",
            "[levels of x86_64-linux: generic, x86-64, ",
            "+avx512f",
        ],
    );
    compile("amd64", "x86-64-v2,bmi2").fails(2, &["`bmi2`", "begin with a `+`", "'+bmi2'"]);
    compile("amd64", "rv64gcv").fails(2, &["'rv64gcv'", "one of riscv64-linux", "x86-64-v3"]);
    compile("arm64", "generic,+avx2").fails(2, &["`+avx2`", "one of x86_64-linux", "+lse"]);
    compile("riscv64", "rv64gvc").fails(2, &["'rv64gcv'", "+zba"]);
    compile("riscv64", "").fails(2, &["''", "rv64gcv"]);
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn native_cpu() {
    let folder = Folder::new();
    folder
        .elfin(["compile", "hello.wat", "--cpu", "native"])
        .succeeds();
    let outcome = folder.bash("./hello");
    assert_eq!(outcome.succeeds().stdout(), "hi\n");
    folder
        .elfin([
            "compile",
            "hello.wat",
            "--target",
            "arm64",
            "--cpu",
            "native",
        ])
        .fails(2, &["'native'", "this machine is not aarch64-linux"]);
}

#[test]
fn every_spelling_of_a_target() {
    let folder = Folder::new();
    for (spelling, machine) in [
        ("x86_64-linux", 62),
        ("amd64", 62),
        ("aarch64-linux-gnu", 183),
        ("arm64", 183),
        ("riscv64gc-unknown-linux-gnu", 243),
        ("riscv64-linux-musl", 243),
    ] {
        let arguments = ["compile", "hello.wat", "-o", "out", "--target", spelling];
        folder.elfin(arguments).succeeds();
        // e_machine: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
        let file = std::fs::read(folder.path("out")).unwrap();
        assert_eq!(file[18..20], [machine, 0], "{spelling}");
    }
}

#[test]
fn verbose_tells_times_and_sizes() {
    let folder = Folder::new();
    let outcome = folder.elfin(["compile", "hello.wat", "-v"]);
    let text = outcome.succeeds().stderr();
    for part in ["time: ", " ms", "size: hello.wat", "-> hello "] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    let quiet = folder.elfin(["compile", "hello.wat"]);
    assert_eq!(
        (quiet.stdout(), quiet.stderr()),
        (String::new(), String::new())
    );
}

#[test]
fn debug_information() {
    let folder = Folder::new();
    // Text has no debug information of its own.
    let outcome = folder.elfin(["compile", "hello.wat", "-g"]);
    let text = outcome.succeeds().stderr();
    assert!(text.contains("note: the module carries no debug"), "{text}");
    folder
        .elfin(["compile", "hello.wat", "-g", "--strip"])
        .fails(2, &["--debug", "--strip"]);
}
