//! `--save-inputs`: the folder repeats what was compiled, also where that failed.
#![cfg(unix)]

mod elfin;

use elfin::Folder;
use std::fs;

#[test]
fn the_folder_repeats_a_compilation() {
    let folder = Folder::new();
    fs::write(folder.path("it's.wat"), elfin::HELLO).unwrap();
    for line in [
        "it\\'s.wat -o app --save-inputs saved --env 'A=it'\\''s' --stack-size=1M -O1",
        "--save-inputs=saved --target arm64 -vo app -- it\\'s.wat",
        "- -oapp --save-inputs saved <it\\'s.wat",
    ] {
        folder.bash(&format!("$ELFIN compile {line}")).succeeds();
        folder
            .bash("mv saved elsewhere && sh elsewhere/repeat.sh")
            .succeeds();
        folder
            .bash("cmp app elsewhere/out && cmp it\\'s.wat elsewhere/module.wat")
            .succeeds();
        let script = fs::read_to_string(folder.path("elsewhere/repeat.sh")).unwrap();
        for part in [
            concat!("elfin ", env!("CARGO_PKG_VERSION")),
            "-linux (",
            "Options {",
        ] {
            assert!(script.contains(part), "no {part:?} in {script}");
        }
        fs::remove_dir_all(folder.path("elsewhere")).unwrap();
    }
}

#[test]
fn a_failing_compilation_too() {
    let folder = Folder::new();
    fs::write(folder.path("bad.wasm"), "\0asm\x01\0\0\0\x63").unwrap();
    let first = folder.elfin(["compile", "bad.wasm", "--save-inputs", "saved"]);
    first.fails(1, &["invalid module"]);
    let again = folder.bash("sh saved/repeat.sh");
    again.fails(1, &["`module.wasm`: invalid module"]);
    folder.bash("cmp bad.wasm saved/module.wasm").succeeds();
    // A bug, of which the message names the flag: no address space for so many threads.
    let line = "ulimit -v 4000000; $ELFIN compile hello.wat -j 1024 --save-inputs saved";
    folder
        .bash(line)
        .fails(101, &["a bug in elfin", "--save-inputs DIR"]);
    folder.bash("cmp hello.wat saved/module.wat").succeeds();
    assert_eq!(
        elfin::names(&folder.path("saved")),
        ["module.wasm", "module.wat", "repeat.sh"]
    );
    // Nothing is compiled where it can't be written.
    fs::write(folder.path("file"), "").unwrap();
    folder
        .elfin(["compile", "hello.wat", "--save-inputs", "file/x"])
        .fails(1, &["`file/x` can't be written", "--save-inputs"]);
    assert!(!folder.path("hello").exists());
}
