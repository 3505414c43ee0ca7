//! `--linker`: what goes wrong with it, on the host. That it makes no difference is shown by the suite `linkers`.
#![cfg(target_os = "linux")]

mod elfin;

use elfin::Folder;

#[test]
fn another_linker() {
    let folder = Folder::new();
    let compile = |linker: &str| folder.elfin(["compile", "hello.wat", "--linker", linker]);
    compile("ld.lld").succeeds();
    assert_eq!(folder.bash("./hello").succeeds().stdout(), "hi\n");
    // A path is one from here, not from where the linker runs.
    folder
        .bash("mkdir bin && cp hello first && ln -s \"$(command -v ld.lld)\" bin/ld.lld")
        .succeeds();
    compile("bin/ld.lld").succeeds();
    folder.bash("cmp first hello && rm hello first").succeeds();
    assert_eq!(folder.names(), ["bin", "hello.wat"]);
}

#[test]
fn mistakes() {
    let folder = Folder::new();
    let compile = |linker: &str| folder.elfin(["compile", "hello.wat", "--linker", linker]);
    compile("no-such-linker").fails(1, &["`no-such-linker`", "can't be started", "ld.lld"]);
    compile("./hello.wat").fails(1, &["`./hello.wat`", "can't be started"]);
    compile("true").fails(1, &["`true`", "wrote no executable"]);
    compile("false").fails(1, &["`false`", "exit status: 1"]);
    folder
        .elfin([
            "compile",
            "hello.wat",
            "--linker",
            "ld.lld",
            "--emit",
            "obj",
        ])
        .fails(2, &["--linker", "--emit"]);
    assert_eq!(folder.names(), ["hello.wat"]);
    // One that ignores where the state must lie, and one whose file is none.
    let plant = |name: &str, line: &str| {
        let script = format!("#!/bin/bash\n{line}\n");
        std::fs::write(folder.path(name), script).unwrap();
        folder.bash(&format!("chmod +x {name}")).succeeds();
    };
    plant(
        "moved",
        "sed -i s/0x30000000/0x30001000/ executable.ld; exec ld.lld \"$@\"",
    );
    plant("junk", "echo junk >executable");
    compile("./moved").fails(
        1,
        &["the linker's layout is wrong", "0x30001000", "./moved"],
    );
    compile("./junk").fails(1, &["the linker's layout is wrong", "./junk"]);
    assert_eq!(folder.names(), ["hello.wat", "junk", "moved"]);
}
