//! qemu-user, which executes what this machine can't.

use crate::failure::{Failure, Result};
use elfin_compiler::Target;
use std::path::PathBuf;

/// The emulator of a target.
pub(super) struct Emulator {
    pub(super) path: PathBuf,
}

impl Emulator {
    /// The one that `target` needs on this machine, if any. Where it is not installed, the error names the package.
    pub(super) fn of(target: Target) -> Result<Option<Self>> {
        if Target::host() == Some(target) {
            return Ok(None);
        }
        let machine = match target {
            Target::X86_64 => "x86_64",
            Target::Aarch64 => "aarch64",
            Target::Riscv64 => "riscv64",
        };
        // The static one comes first: it needs nothing else.
        let names = [format!("qemu-{machine}-static"), format!("qemu-{machine}")];
        match names.iter().find_map(|name| find(name)) {
            Some(path) => Ok(Some(Self { path })),
            None => Err(Failure::Failed(format!(
                "this machine can't execute {target}, and `{}` is not in PATH: install the package qemu-user-static \
                 (Debian, Ubuntu, Fedora), or `elfin compile` for that machine and copy the file there",
                names[1]
            ))),
        }
    }
}

/// The path of a program in `PATH`.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
