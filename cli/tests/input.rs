//! What can be wrong with an input, and what can't.

mod elfin;

use elfin::{Folder, HELLO};
use std::fs;

#[test]
fn no_such_file() {
    let folder = Folder::new();
    folder
        .elfin(["compile", "gone.wasm"])
        .fails(1, &["error: `gone.wasm` does not exist", "check the name"]);
    folder
        .elfin(["compile", "hello.wat/x.wasm"])
        .fails(1, &["`hello.wat/x.wasm`", "not a directory"]);
    for directory in [".", "..", "/", "./"] {
        folder
            .elfin(["compile", directory])
            .fails(1, &[directory, "is a directory", ".wasm"]);
    }
    assert_eq!(folder.names(), ["hello.wat"]);
}

#[test]
fn not_a_module() {
    let folder = Folder::new();
    for (name, contents) in [
        ("empty.wasm", &b""[..]),
        ("elf.wasm", b"\x7fELF\x02\x01\x01\0"),
        ("cut.wasm", b"\0asm"),
        ("section.wasm", b"\0asm\x01\0\0\0\x01\x80\x80\x80\x80\x01"),
        (
            "text.wat",
            b"(module (func (export \"_start\") unreachabel))",
        ),
        ("bytes.wat", b"\xff\xfe\0\0"),
    ] {
        fs::write(folder.path(name), contents).unwrap();
        folder
            .elfin(["compile", name, "-o", "out"])
            .fails(1, &["error: ", name]);
        assert!(!folder.path("out").exists(), "{name}");
    }
}

#[test]
fn a_component_says_what_to_build_instead() {
    let folder = Folder::new();
    fs::write(folder.path("c.wasm"), b"\0asm\x0d\0\x01\0").unwrap();
    folder
        .elfin(["compile", "c.wasm"])
        .fails(1, &["component", "wasm32-wasip1"]);
    assert!(!folder.path("c").exists());
}

#[test]
fn standard_input() {
    let folder = Folder::new();
    folder
        .bash("$ELFIN compile - -o out <hello.wat && ./out")
        .succeeds();
    let outcome =
        folder.bash("cat hello.wat | $ELFIN compile - -o - >piped; chmod +x piped; ./piped");
    assert_eq!(outcome.succeeds().stdout(), "hi\n");
    folder
        .bash("$ELFIN compile - -o out2 <&-")
        .fails(1, &["`-`"]);
    assert!(!folder.path("out2").exists());
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"\xff.wat");
    fs::write(folder.path("").join(name), HELLO).unwrap();
    folder.elfin([OsStr::new("compile"), name]).succeeds();
    assert!(folder.path("").join(OsStr::from_bytes(b"\xff")).exists());
}
