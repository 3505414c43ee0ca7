//! Where the result goes: whole or not at all, never in the place of something that it should not replace.

mod elfin;

use elfin::{Folder, HELLO};
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn the_default_name() {
    let folder = Folder::new();
    folder.elfin(["compile", "hello.wat"]).succeeds();
    let outcome = folder.bash("./hello");
    assert_eq!(outcome.succeeds().stdout(), "hi\n");
    for emit in ["obj", "clif", "asm"] {
        folder
            .elfin(["compile", "hello.wat", "--emit", emit])
            .succeeds();
    }
    let all = ["hello", "hello.clif", "hello.o", "hello.s", "hello.wat"];
    assert_eq!(folder.names(), all);
    for text in ["hello.clif", "hello.s"] {
        let mode = fs::metadata(folder.path(text)).unwrap().mode();
        assert_eq!(mode & 0o111, 0, "{text}");
    }
}

#[test]
fn in_the_working_directory() {
    let folder = Folder::new();
    fs::create_dir(folder.path("work")).unwrap();
    folder
        .bash("cd work && $ELFIN compile ../hello.wat && ./hello")
        .succeeds();
    assert_eq!(folder.names(), ["hello.wat", "work"]);
}

#[test]
fn the_input_is_refused() {
    let folder = Folder::new();
    fs::write(folder.path("app"), HELLO).unwrap();
    fs::hard_link(folder.path("app"), folder.path("hard")).unwrap();
    symlink("app", folder.path("soft")).unwrap();
    let before = folder.names();
    let refused = ["is the input", "-o"];
    folder.elfin(["compile", "app"]).fails(1, &refused);
    for output in ["app", "./app", "hard", "soft"] {
        folder
            .elfin(["compile", "app", "-o", output])
            .fails(1, &refused);
        folder
            .elfin(["compile", output, "-o", "app"])
            .fails(1, &refused);
    }
    folder
        .bash("$ELFIN compile - -o app <app")
        .fails(1, &refused);
    assert_eq!(folder.names(), before);
    assert_eq!(fs::read_to_string(folder.path("app")).unwrap(), HELLO);
}

#[test]
fn the_umask_decides() {
    let folder = Folder::new();
    for (umask, mode) in [
        ("022", 0o755),
        ("077", 0o700),
        ("000", 0o777),
        ("137", 0o640),
    ] {
        folder
            .bash(&format!("umask {umask}; $ELFIN compile hello.wat"))
            .succeeds();
        let metadata = fs::metadata(folder.path("hello")).unwrap();
        assert_eq!(metadata.mode() & 0o7777, mode, "umask {umask}");
    }
}

#[test]
fn a_link_stays_and_its_target_is_replaced() {
    let folder = Folder::new();
    fs::create_dir(folder.path("bin")).unwrap();
    fs::write(folder.path("bin/old"), "old").unwrap();
    symlink("bin/old", folder.path("link")).unwrap();
    symlink("link", folder.path("link2")).unwrap();
    symlink("bin/new", folder.path("dangling")).unwrap();
    for (link, target) in [("link2", "bin/old"), ("dangling", "bin/new")] {
        folder
            .elfin(["compile", "hello.wat", "-o", link])
            .succeeds();
        assert!(folder.path(link).is_symlink());
        let file = fs::read(folder.path(target)).unwrap();
        assert!(file.starts_with(b"\x7fELF"), "{link}");
    }
    assert_eq!(elfin::names(&folder.path("bin")), ["new", "old"]);
}

#[test]
fn another_name_of_the_old_file_keeps_the_old_contents() {
    let folder = Folder::new();
    fs::write(folder.path("hello"), "old").unwrap();
    fs::hard_link(folder.path("hello"), folder.path("kept")).unwrap();
    folder.elfin(["compile", "hello.wat"]).succeeds();
    assert_eq!(fs::read(folder.path("kept")).unwrap(), b"old");
}

#[test]
fn a_running_executable_can_be_replaced() {
    let folder = Folder::new();
    fs::copy("/bin/sleep", folder.path("hello")).unwrap();
    let mut running = Command::new(folder.path("hello"))
        .arg("60")
        .spawn()
        .unwrap();
    let outcome = folder.elfin(["compile", "hello.wat"]);
    running.kill().unwrap();
    running.wait().unwrap();
    outcome.succeeds();
}

#[test]
fn what_is_no_file_is_written_to() {
    let folder = Folder::new();
    folder
        .elfin(["compile", "hello.wat", "-o", "/dev/null"])
        .succeeds();
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
    let line = "mkfifo pipe && { $ELFIN compile hello.wat -o pipe & cat pipe >out; wait $!; } && test -p pipe";
    folder.bash(line).succeeds();
    assert_eq!(folder.names(), ["hello.wat", "out", "pipe"]);
    let file = fs::read(folder.path("out")).unwrap();
    assert!(file.starts_with(b"\x7fELF"));
    let outcome = folder.elfin(["compile", "hello.wat", "-o", "/dev/stdout"]);
    assert_eq!(outcome.succeeds().0.stdout, file);
}

#[test]
fn standard_output() {
    let folder = Folder::new();
    let text = folder.elfin(["compile", "hello.wat", "--emit", "asm", "-o", "-"]);
    assert!(!text.succeeds().stdout().is_empty());
    // A reader that has seen enough is no error.
    folder
        .bash("set -o pipefail; $ELFIN compile hello.wat -o - | true")
        .succeeds();
    assert_eq!(folder.names(), ["hello.wat"]);
    let outcome = folder.bash("$ELFIN compile hello.wat -o - >/dev/full");
    outcome.fails(1, &["no space is left", "-o"]);
}

#[test]
fn a_full_disk_leaves_nothing() {
    let folder = Folder::new();
    let outcome = folder.elfin(["compile", "hello.wat", "-o", "/dev/full"]);
    outcome.fails(1, &["`/dev/full`", "no space is left", "-o"]);
    // The limit of a file's size: 1 KiB, less than any executable.
    let outcome = folder.bash("ulimit -f 1; $ELFIN compile hello.wat");
    outcome.fails(1, &["`hello`", "ulimit -f"]);
    fs::write(folder.path("hello"), "old").unwrap();
    folder
        .bash("ulimit -f 1; $ELFIN compile hello.wat")
        .fails(1, &[]);
    assert_eq!(fs::read(folder.path("hello")).unwrap(), b"old");
    assert_eq!(folder.names(), ["hello", "hello.wat"]);
}

#[test]
fn what_can_not_be_written() {
    let folder = Folder::new();
    fs::create_dir(folder.path("hello")).unwrap();
    let directory = ["is a directory", "-o"];
    folder.elfin(["compile", "hello.wat"]).fails(1, &directory);
    for output in [".", "hello", "hello/", "new/", "/"] {
        folder
            .elfin(["compile", "hello.wat", "-o", output])
            .fails(1, &directory);
    }
    folder
        .elfin(["compile", "hello.wat", "-o", "no/where/out"])
        .fails(1, &["`no/where` does not exist", "mkdir -p no/where"]);
    folder
        .elfin(["compile", "hello.wat", "-o", "hello.wat/out"])
        .fails(1, &["hello.wat/out", "-o"]);
    // Even root may create nothing there.
    folder
        .elfin(["compile", "hello.wat", "-o", "/sys/elfin"])
        .fails(1, &["`/sys/elfin`", "no permission", "-o"]);
    symlink("loop", folder.path("loop")).unwrap();
    folder
        .elfin(["compile", "hello.wat", "-o", "loop"])
        .fails(1, &["`loop`", "-o"]);
    assert_eq!(folder.names(), ["hello", "hello.wat", "loop"]);
}

/// Whenever the signal comes: no output or a whole one, and nothing beside it. The unit test of `output/replace.rs`
/// holds the moment in between.
#[test]
fn a_signal_leaves_nothing() {
    let folder = Folder::new();
    let line = "$ELFIN compile hello.wat & sleep 0.0$1; kill -TERM $! 2>/dev/null; wait $!; exit 0";
    for delay in 0..30 {
        folder
            .bash(&line.replace("$1", &format!("{delay:02}")))
            .succeeds();
        let names = folder.names();
        if names.len() == 2 {
            let file = fs::read(folder.path("hello")).unwrap();
            assert!(file.starts_with(b"\x7fELF"));
            fs::remove_file(folder.path("hello")).unwrap();
        }
        assert_eq!(folder.names(), ["hello.wat"], "{names:?}");
    }
}

/// A kill can't be caught: at whatever moment it comes, the output is the old file or the whole new one, or there is
/// none. All that can stay behind is the temporary file.
#[test]
fn a_kill_leaves_no_partial_output() {
    /// Kills, half of them where there is an old file.
    const KILLS: u64 = 240;
    let folder = Folder::new();
    let data = "0123456789abcdef".repeat(2 << 16);
    let module =
        format!("(module (memory 64) (data (i32.const 0) \"{data}\") (func (export \"_start\")))");
    fs::write(folder.path("large.wat"), module).unwrap();
    let start = Instant::now();
    folder
        .elfin(["compile", "--no-cache", "large.wat"])
        .succeeds();
    let whole_time = start.elapsed();
    let whole = fs::read(folder.path("large")).unwrap();
    let is_temporary = |name: &String| name.starts_with(".elfin-");
    let (mut before_the_end, mut while_writing) = (0, 0);
    for kill in 0..KILLS {
        let has_old = kill % 2 == 0;
        match has_old {
            true => fs::write(folder.path("large"), "old").unwrap(),
            false => {
                let _ = fs::remove_file(folder.path("large"));
            }
        }
        let mut elfin = Command::new(elfin::BINARY)
            .args(["compile", "--no-cache", "large.wat"])
            .current_dir(folder.path("."))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if kill % 4 < 2 {
            // Multiples of the golden ratio's fraction cover the time evenly, in no order.
            sleep(whole_time.mul_f64((kill as f64 * 0.618_034).fract() * 1.2));
        } else {
            // The moments that matter most: from the first sight of the temporary file on.
            while !folder.names().iter().any(is_temporary) && elfin.try_wait().unwrap().is_none() {}
            sleep(Duration::from_micros(kill));
        }
        elfin.kill().unwrap();
        elfin.wait().unwrap();
        let file = fs::read(folder.path("large")).ok();
        if file.as_ref() != Some(&whole) {
            before_the_end += 1;
            let old = has_old.then(|| b"old".to_vec());
            assert!(file == old, "{:?} bytes", file.map(|file| file.len()));
        }
        for name in folder.names().iter().filter(|name| is_temporary(name)) {
            while_writing += 1;
            fs::remove_file(folder.path(name)).unwrap();
        }
    }
    let _ = fs::remove_file(folder.path("large"));
    assert_eq!(folder.names(), ["hello.wat", "large.wat"]);
    println!(
        "of {KILLS} kills {before_the_end} came before the end, {while_writing} while it wrote"
    );
    assert!(before_the_end > 0 && while_writing > 0);
}
