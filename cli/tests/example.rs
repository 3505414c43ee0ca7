//! README's example, `examples/cat.wat`: a program that opens the files that it is given.

mod elfin;

use elfin::Folder;
use std::fs;

const CAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cat.wat");

#[test]
fn prints_files() {
    let folder = Folder::new();
    // More than a buffer of the program holds.
    let long: String = (0..20_000).map(|line| format!("line {line}\n")).collect();
    fs::write(folder.path("long"), &long).unwrap();
    fs::write(folder.path("short"), "short\n").unwrap();
    fs::write(folder.path("empty"), "").unwrap();
    folder.elfin(["compile", CAT, "--dir", "."]).succeeds();
    let outcome = folder.bash("./cat short empty long short");
    assert_eq!(outcome.succeeds().stdout(), format!("short\n{long}short\n"));
    folder.bash("./cat").fails(2, &["usage: cat FILE..."]);
    folder.bash("./cat gone").fails(1, &["can't open: gone"]);
}

#[test]
fn reaches_nothing_outside() {
    let folder = Folder::new();
    fs::create_dir(folder.path("inside")).unwrap();
    fs::write(folder.path("secret"), "secret").unwrap();
    std::os::unix::fs::symlink("../secret", folder.path("inside/link")).unwrap();
    folder.elfin(["compile", CAT, "--dir", "inside"]).succeeds();
    for name in ["../secret", "link", "/etc/passwd"] {
        let outcome = folder.bash(&format!("./cat {name}"));
        assert_eq!(outcome.fails(1, &["can't open: "]).stdout(), "", "{name}");
    }
}

#[test]
fn a_note_names_the_grant_that_is_missing() {
    let folder = Folder::new();
    let outcome = folder.elfin(["compile", CAT]);
    let note = outcome.succeeds().stderr();
    assert!(
        note.starts_with("note: ") && note.contains("--dir"),
        "{note}"
    );
    folder
        .bash("./cat hello.wat")
        .fails(1, &["can't open: hello.wat"]);
}

#[test]
fn a_granted_directory_that_is_missing() {
    let folder = Folder::new();
    folder.elfin(["compile", CAT, "--dir", "gone"]).succeeds();
    folder.bash("./cat x").fails(126, &["gone"]);
}
