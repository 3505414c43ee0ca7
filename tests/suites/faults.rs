//! What the surroundings do to a program: disks that are full or read-only, limits, streams that are closed, signals and
//! interrupted system calls, a root directory with nothing in it. The guest is that of the suite `conformance`; its areas
//! `closed`, `disk`, `full`, `limited` and `read_only` are for here.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::conformance::{AREAS, Executable, Storm, cases};
use elfin_tests::execute::{self, Outcome, Stdout};
use elfin_tests::namespace::Namespace;
use elfin_tests::place::{Scratch, created};
use elfin_tests::{machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Runs a command by way of a shell's line, which has it as `"$@"`.
fn by_shell(line: &'static str) -> impl Fn(Command, &Path) -> Result<Command> {
    move |command, _| {
        let mut shell = Command::new("sh");
        shell.args(["-c", line, "sh"]).arg(command.get_program());
        shell.args(command.get_args());
        Ok(shell)
    }
}

/// Faults by the names of their areas: what the shell does before it runs the executable.
const SHELL: &[(&str, &str)] = &[
    ("closed", "exec \"$@\" <&- 2>&-"),
    ("full", "exec \"$@\" 2>/dev/full"),
    ("limited", "ulimit -f 1 && ulimit -n 12 && exec \"$@\""),
];

/// A file system in the guest's `/other`.
struct Disk {
    area: &'static str,
    /// What the shell mounts before it runs the executable.
    line: &'static str,
    /// The planted fault: the same without what the area is about.
    planted: &'static str,
    /// The cases that hold then.
    hold: &'static [&'static str],
}

const DISKS: &[Disk] = &[
    Disk {
        area: "read_only",
        line:
            "mount -t tmpfs none other && mkdir other/d && printf abc >other/f && ln -s f other/l &&
            mount -o remount,bind,ro other && exec \"$@\"",
        planted: "mount -t tmpfs none other && mkdir other/d && printf abc >other/f && ln -s f other/l && exec \"$@\"",
        hold: &[
            "what else there is can be written",
            "what is there can be read",
        ],
    },
    Disk {
        area: "disk",
        line: "mount -t tmpfs -o size=16k,nr_inodes=8 none other && exec \"$@\"",
        planted: "mount -t tmpfs none other && exec \"$@\"",
        hold: &["elsewhere there is room"],
    },
];

/// Areas of preview 1 that must hold although signals come. One that comes while `sock_recv` waits for all data makes it
/// give what there is, as POSIX allows.
const STORMED: &[&str] = &["files", "links", "pipe", "poll"];

/// Areas that must hold although every other system call of theirs is interrupted before it has done anything.
const INTERRUPTED: &[&str] = &["directories", "files", "open", "pipe", "poll", "sockets"];

/// Calls that may be interrupted, see signal(7).
const INTERRUPTIBLE: &str = "readv,writev,preadv,pwritev,openat,openat2,ppoll,accept4,recvmsg,sendmsg,fsync,fdatasync,ftruncate,fallocate,getrandom";

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for target in machine::targets() {
        for &(area, line) in SHELL {
            trials.push(trial(area, target, move || {
                let executable = Executable::new(target)?;
                let report = executable.run_as(area, Storm::Calm, by_shell(line))?;
                report.all_hold(&cases(area)?)
            }));
        }
        for disk in DISKS {
            trials.push(trial(disk.area, target, move || {
                let namespace = Namespace::new()?;
                let executable = Executable::new(target)?;
                let report = executable.run_as(disk.area, Storm::Calm, |command, _| {
                    Ok(namespace.mounting(disk.line, &command))
                })?;
                report.all_hold(&cases(disk.area)?)
            }));
        }
        for &area in STORMED {
            trials.push(trial(&format!("signals {area}"), target, move || {
                let executable = Executable::new(target)?;
                let report = executable.run_as(area, Storm::Signals, |command, _| Ok(command))?;
                report.all_hold(&cases(area)?)
            }));
        }
        trials.push(trial("address space", target, move || {
            address_space(target)
        }));
    }
    for &area in INTERRUPTED {
        trials.push(Trial::test(format!("interrupted {area}"), move || {
            interrupted(area).map_err(suite::failed)
        }));
    }
    for disk in DISKS {
        let name = format!("planted {}", disk.area);
        trials.push(Trial::test(name, || planted(disk).map_err(suite::failed)));
    }
    for (name, options) in [
        ("empty root", &[][..]),
        ("empty root with --pie", &["--pie"]),
        ("empty root with -g", &["-g"]),
    ] {
        trials.push(Trial::test(name, || {
            empty_root(options).map_err(suite::failed)
        }));
    }
    trials.push(Trial::test("empty root is empty", || {
        empty_root_is_empty().map_err(suite::failed)
    }));
    libtest_mimic::run(&arguments, trials).exit()
}

fn trial(name: &str, target: Target, run: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    let name = format!("{name}::{}", machine::short_name(target));
    Trial::test(name, || run().map_err(suite::failed))
}

/// strace lets every other call fail with EINTR, which no guest may see. qemu-user makes calls of its own, so this is for
/// this machine's executables alone. That calls were interrupted is read in strace's log.
fn interrupted(area: &str) -> Result<()> {
    let target = Target::host().context("there is no target for this machine")?;
    // Where strace fails a call, the kernel's filter sees one of no known number, and would end the program.
    let executable = Executable::with(target, &["--kernel-sandbox=off"])?;
    let strace = machine::find_tool("strace")
        .context("strace is missing: `apt-get install strace` installs it")?;
    let scratch = elfin_tests::place::Scratch::new("strace")?;
    let log = scratch.path().join("calls");
    let report = executable.run_as(area, Storm::Calm, |command, _| {
        let mut traced = Command::new(&strace);
        traced.arg("-o").arg(&log).arg("-e");
        traced.arg(format!("inject={INTERRUPTIBLE}:error=EINTR:when=1+2"));
        traced.arg(command.get_program()).args(command.get_args());
        Ok(traced)
    })?;
    report.all_hold(&cases(area)?)?;
    let calls = std::fs::read_to_string(&log)?;
    let count = calls.matches("(INJECTED)").count();
    ensure!(count > 10, "only {count} calls were interrupted:\n{calls}");
    Ok(())
}

/// With less address space than it takes, an executable says so and ends with 126; with more it runs.
fn address_space(target: Target) -> Result<()> {
    if machine::emulator(target)?.is_some() {
        // The limit would be the emulator's, which needs gigabytes of its own.
        return Ok(());
    }
    let executable = Executable::new(target)?;
    let (mut refused, mut ran) = (0, 0);
    for megabytes in [1, 2, 4, 8, 12, 16, 24, 32, 64, 128, 1024, 8192] {
        let here = elfin_tests::place::Scratch::new("address-space")?;
        std::fs::create_dir(here.path().join("other"))?;
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!("ulimit -v {} && exec \"$@\"", megabytes * 1024))
            .arg("sh");
        let command = executable.command(&["exit", "7"])?;
        let output = shell
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(here.path())
            .output()?;
        match output.status.code() {
            Some(7) => ran += 1,
            Some(126) => {
                ensure!(
                    ran == 0,
                    "{megabytes} MB are too little, and less was enough"
                );
                ensure!(
                    output.stderr.starts_with(b"elfin"),
                    "{megabytes} MB: {output:?}"
                );
                refused += 1;
            }
            // The kernel can't load it: there is nobody yet to say anything.
            _ if megabytes < 4 => refused += 1,
            _ => anyhow::bail!("{megabytes} MB: {output:?}"),
        }
    }
    ensure!(
        refused > 0 && ran > 4,
        "{refused} limits were refused, with {ran} it ran"
    );
    Ok(())
}

/// On a file system with nothing wrong about it, the cases for one must fail.
fn planted(disk: &Disk) -> Result<()> {
    let target = Target::host().context("there is no target for this machine")?;
    let namespace = Namespace::new()?;
    let report = Executable::new(target)?.run_as(disk.area, Storm::Calm, |command, _| {
        Ok(namespace.mounting(disk.planted, &command))
    })?;
    ensure!(report.cases.len() == cases(disk.area)?.len(), "{report:?}");
    let hold: Vec<&str> = report
        .cases
        .iter()
        .filter_map(|(name, verdict)| verdict.is_ok().then_some(name.as_str()))
        .collect();
    ensure!(hold == disk.hold, "these hold: {hold:?}");
    Ok(())
}

/// All of preview 1 works with no /proc, /sys and /dev, and a trap is reported as it is elsewhere.
fn empty_root(options: &[&str]) -> Result<()> {
    let target = Target::host().context("there is no target for this machine")?;
    let namespace = Namespace::new()?;
    let executable = Executable::with(target, options)?;
    for area in AREAS {
        let report = executable.run_as(area, Storm::Calm, |command, folder| {
            namespace.alone(folder, &command)
        })?;
        report.all_hold(&cases(area)?).context(*area)?;
    }
    let (here, there) = here_and_there(&executable, &namespace, &["trap"])?;
    let report = here.stderr_text();
    ensure!(
        here.code() == Some(134) && report.contains("unreachable"),
        "{}: {report}",
        here.ending()
    );
    ensure!(
        (there.code(), &there.stderr) == (here.code(), &here.stderr),
        "{}: {}\ninstead of {report}",
        there.ending(),
        there.stderr_text()
    );
    Ok(())
}

/// The planted fault: what needs one of these directories does not start there, and does here.
fn empty_root_is_empty() -> Result<()> {
    let target = Target::host().context("there is no target for this machine")?;
    let namespace = Namespace::new()?;
    for missing in ["/proc", "/sys", "/dev"] {
        let executable = Executable::with(target, &["--dir", missing])?;
        let (here, there) = here_and_there(&executable, &namespace, &["exit", "7"])?;
        ensure!(here.code() == Some(7), "{missing}: {}", here.ending());
        ensure!(
            there.code() == Some(126) && there.stderr_text().contains(missing),
            "without {missing}: {}: {}",
            there.ending(),
            there.stderr_text()
        );
    }
    Ok(())
}

/// How it ends in a directory as it is, and in one of an empty root.
fn here_and_there(
    executable: &Executable,
    namespace: &Namespace,
    arguments: &[&str],
) -> Result<(Outcome, Outcome)> {
    let scratch = Scratch::new("root")?;
    created(scratch.path().join("other"))?;
    let mut here = executable.command(arguments)?;
    let there = namespace.alone(scratch.path(), &here)?;
    here.current_dir(scratch.path());
    let run = |command| execute::run(command, None, Stdout::Collected, Duration::from_secs(20));
    Ok((run(here)?, run(there)?))
}
