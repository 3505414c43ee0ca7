//! The machines that executables run on: this one, or another through qemu-user.

use anyhow::{Result, bail};
use elfin_compiler::Target;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A target's short name, as it appears in the names of tests.
pub fn short_name(target: Target) -> &'static str {
    match target {
        Target::X86_64 => "x86_64",
        Target::Aarch64 => "aarch64",
        Target::Riscv64 => "riscv64",
    }
}

/// The targets to test: all, or those that `ELFIN_TEST_TARGETS` lists by short name, separated by commas.
pub fn targets() -> Vec<Target> {
    match std::env::var("ELFIN_TEST_TARGETS") {
        Ok(list) => list
            .split(',')
            .map(|name| {
                name.parse()
                    .unwrap_or_else(|error| panic!("ELFIN_TEST_TARGETS: {error}"))
            })
            .collect(),
        Err(_) => Target::ALL.to_vec(),
    }
}

/// The emulator that runs this target's executables here, if one is needed.
pub fn emulator(target: Target) -> Result<Option<PathBuf>> {
    if Target::host() == Some(target) {
        return Ok(None);
    }
    installed_emulator(target).map(Some)
}

fn installed_emulator(target: Target) -> Result<PathBuf> {
    for name in [
        format!("qemu-{}-static", short_name(target)),
        format!("qemu-{}", short_name(target)),
    ] {
        if let Some(path) = find_tool(&name) {
            return Ok(path);
        }
    }
    bail!("no emulator for {target}; install it with: apt-get install qemu-user-static")
}

/// A command that runs `executable` on `target`.
pub fn command(target: Target, executable: &Path) -> Result<Command> {
    command_on(target, None, executable)
}

/// A command that runs `executable` on a certain machine of `target`: one that `qemu-... -cpu help` names, with
/// properties, or one of [`MACHINES`].
pub fn command_on(target: Target, machine: Option<&str>, executable: &Path) -> Result<Command> {
    let mut command = match (emulator(target)?, machine) {
        (None, None) => return Ok(Command::new(executable)),
        (Some(emulator), None) => Command::new(emulator),
        (emulator, Some(machine)) => {
            let mut command = match emulator {
                Some(emulator) => Command::new(emulator),
                None => Command::new(installed_emulator(target)?),
            };
            let named = MACHINES.iter().find(|(name, _)| *name == machine);
            command.args(["-cpu", named.map_or(machine, |(_, cpu)| cpu)]);
            command
        }
    };
    command.arg(executable);
    Ok(command)
}

/// Machines with a name of our own: those with vectors have the shortest ones that an application processor may have, and
/// longer ones whose bytes beyond what an instruction works on are filled with ones, as the specification allows.
const MACHINES: [(&str, &str); 2] = [
    ("rv64gcv", "rv64,v=true,vlen=128,elen=64,vext_spec=v1.0"),
    (
        "rv64gcv-256",
        "rv64,v=true,vlen=256,elen=64,vext_spec=v1.0,rvv_ta_all_1s=true,rvv_ma_all_1s=true",
    ),
];

/// The path of a program in `PATH`.
pub fn find_tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
