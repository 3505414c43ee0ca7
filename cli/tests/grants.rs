//! Grants on the command line: what is told of them, what is wrong with them, directories that become part of the file.

mod elfin;

use elfin::Folder;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

#[test]
fn each_grant_is_told() {
    let folder = Folder::new();
    fs::create_dir(folder.path("d")).unwrap();
    fs::write(folder.path("d/file"), "12345").unwrap();
    let outcome = folder.elfin([
        "compile",
        "hello.wat",
        "--dir",
        "/srv::/data::ro",
        "--dir=$HOME/x::x",
        "--embed-dir",
        "d::/lib",
        "--env",
        "KEY=secret",
        "--inherit-env=A,B",
        "--tcp-listen",
        "[::1]:80",
        "--runtime-grants",
    ]);
    let told = outcome.succeeds().stderr();
    let lines: Vec<&str> = told.lines().collect();
    let expected = [
        "grant: accepts connections at [::1]:80, as descriptor 3",
        "grant: reads `/srv`, as `/data`",
        "grant: reads and writes `$HOME/x`, in the home directory of whoever starts it, as `x`",
        "grant: reads `/lib` inside of itself: 1 file, 5 bytes",
        "grant: sees the variable A, with the value that it has at start",
        "grant: sees the variable B, with the value that it has at start",
        "grant: sees the variable KEY, with the value given: whoever has the file can read it",
        "grant: can be granted more by whoever starts it, with ELFIN_DIR, ELFIN_ENV and ELFIN_TCP_LISTEN",
    ];
    assert_eq!(lines, expected);
    // Nothing is granted, nothing is told; nor of what is no executable.
    let outcome = folder.elfin(["compile", "hello.wat"]);
    assert_eq!(outcome.succeeds().stderr(), "");
    let outcome = folder.elfin(["compile", "hello.wat", "--dir", ".", "--emit", "obj"]);
    assert_eq!(outcome.succeeds().stderr(), "");
}

#[test]
fn what_is_no_grant() {
    let folder = Folder::new();
    let compile =
        |arguments: &[&str]| folder.elfin(["compile", "hello.wat"].iter().chain(arguments));
    for (option, value, words) in [
        ("--dir", "a::ro", "HOST::GUEST::ro"),
        ("--dir", "a::b::rw", "nothing but `ro`"),
        ("--dir", "a:b:ro", "two colons"),
        ("--dir", "~/a::a", "$HOME"),
        ("--dir", "$HOME/a", "needs a name"),
        ("--dir", "${HOME}/a::a", "leading `$HOME`"),
        ("--env", "=x", "needs a name"),
        ("--tcp-listen", "80", "127.0.0.1:8080"),
        ("--tcp-listen", "localhost:80", "IP address"),
        ("--embed-dir", "a", "HOST::GUEST"),
        ("--embed-dir", "a::b::ro", "leave out `::ro`"),
        ("--argv0", "", "--argv0"),
        ("--max-fds", "2", "3.."),
        ("--max-fds", "many", "'many'"),
        ("--timeout", "1d", "500ms"),
        ("--timeout", "0", "no limit"),
    ] {
        compile(&[option, value]).fails(2, &[option, words]);
    }
    compile(&["--inherit-env=A=1"]).fails(2, &["'A=1'", "--env NAME=VALUE"]);
    compile(&["--inherit-env=LC_*"]).fails(2, &["'LC_*'", "no patterns"]);
    compile(&["--inherit-env="]).fails(2, &["--inherit-env", "needs a name"]);
    compile(&["--max-fds", "3", "--dir", "."]).fails(1, &["4 descriptors", "at once"]);
    assert_eq!(folder.names(), ["hello.wat"]);
}

/// `--inherit-env` takes its value after `=` alone: what follows it is an argument of its own.
#[test]
fn inherit_env_swallows_no_argument() {
    let folder = Folder::new();
    let outcome = folder.elfin(["compile", "--inherit-env", "hello.wat"]);
    let told = outcome.succeeds().stderr();
    assert!(told.contains("sees all environment variables"), "{told}");
    folder
        .elfin(["compile", "hello.wat", "--inherit-env", "FOO"])
        .fails(2, &["'FOO'"]);
}

#[test]
fn trees_that_can_not_be_embedded() {
    let folder = Folder::new();
    let embed = || folder.elfin(["compile", "hello.wat", "-o", "out", "--embed-dir", "d::/d"]);
    embed().fails(1, &["error: `d` can't be embedded"]);
    fs::write(folder.path("d"), "").unwrap();
    embed().fails(1, &["`d` is no directory"]);
    fs::remove_file(folder.path("d")).unwrap();
    fs::create_dir_all(folder.path("d/e")).unwrap();
    embed().succeeds();
    fs::remove_file(folder.path("out")).unwrap();
    for (text, is_inside) in [
        ("..", true),
        ("../gone", true),
        ("link", true),
        ("../..", false),
        ("../../hello.wat", false),
        ("/etc/passwd", false),
    ] {
        let link = folder.path("d/e/link");
        symlink(text, &link).unwrap();
        match is_inside {
            true => drop(embed().succeeds()),
            false => drop(embed().fails(1, &["`/d/e/link`", text, "leaves"])),
        }
        assert_eq!(folder.path("out").exists(), is_inside, "{text}");
        let _ = fs::remove_file(folder.path("out"));
        fs::remove_file(link).unwrap();
    }
    let made = Command::new("mkfifo").arg(folder.path("d/e/pipe")).status();
    assert!(made.unwrap().success());
    embed().fails(1, &["d/e/pipe", "neither a file"]);
}

/// Nothing of a tree counts but names and contents: neither times nor the order in which files were made.
#[test]
fn equal_trees_give_equal_bytes() {
    let folder = Folder::new();
    let embed = |tree: &str, out: &str| {
        let tree = format!("{tree}::/d");
        folder
            .elfin(["compile", "hello.wat", "-o", out, "--embed-dir", &tree])
            .succeeds();
        fs::read(folder.path(out)).unwrap()
    };
    for (tree, names) in [("1", ["b", "a", "c"]), ("2", ["c", "b", "a"])] {
        fs::create_dir_all(folder.path(tree).join("sub")).unwrap();
        for name in names {
            fs::write(folder.path(tree).join(name), name).unwrap();
            fs::write(folder.path(tree).join("sub").join(name), name).unwrap();
        }
    }
    let touched = Command::new("touch")
        .args(["-d", "2001-02-03"])
        .arg(folder.path("2/a"))
        .status();
    assert!(touched.unwrap().success());
    let first = embed("1", "out1");
    assert_eq!(first, embed("2", "out2"));
    fs::write(folder.path("2/a"), "A").unwrap();
    assert_ne!(first, embed("2", "out2"));
}
