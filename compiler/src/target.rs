//! The machines that elfin compiles for, and the names that people know them by.

use elfin_abi::address;
use std::fmt;
use std::str::FromStr;

/// A Linux machine that executables are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// 64-bit x86, from the first one on.
    X86_64,
    /// 64-bit Arm, from Armv8.0 on.
    Aarch64,
    /// 64-bit RISC-V with the extensions of RV64GC.
    Riscv64,
}

/// What may follow a machine's name in that of a target.
pub const SUFFIXES: [&str; 8] = [
    "-linux",
    "-linux-gnu",
    "-linux-musl",
    "-linux-none",
    "-unknown-linux",
    "-unknown-linux-gnu",
    "-unknown-linux-musl",
    "-unknown-linux-none",
];

impl Target {
    /// All targets, in the order in which they are listed to a user.
    pub const ALL: [Target; 3] = [Target::X86_64, Target::Aarch64, Target::Riscv64];

    /// elfin's own name of the target.
    pub const fn name(self) -> &'static str {
        match self {
            Target::X86_64 => "x86_64-linux",
            Target::Aarch64 => "aarch64-linux",
            Target::Riscv64 => "riscv64-linux",
        }
    }

    /// What people call the machine, elfin's own name of it first: [`Target::from_str`] takes them alone and with
    /// [`SUFFIXES`].
    pub const fn machines(self) -> &'static [&'static str] {
        match self {
            Target::X86_64 => &["x86_64", "x86-64", "amd64"],
            Target::Aarch64 => &["aarch64", "arm64"],
            Target::Riscv64 => &["riscv64", "riscv64gc"],
        }
    }

    /// The Rust target that the runtime is built for.
    pub const fn rust_triple(self) -> &'static str {
        match self {
            Target::X86_64 => "x86_64-unknown-linux-gnu",
            Target::Aarch64 => "aarch64-unknown-linux-gnu",
            Target::Riscv64 => "riscv64gc-unknown-linux-gnu",
        }
    }

    /// The machine that this compiler runs on, if it is a target.
    pub const fn host() -> Option<Target> {
        if cfg!(target_arch = "x86_64") {
            Some(Target::X86_64)
        } else if cfg!(target_arch = "aarch64") {
            Some(Target::Aarch64)
        } else if cfg!(target_arch = "riscv64") {
            Some(Target::Riscv64)
        } else {
            None
        }
    }

    /// Bytes of the largest page of the target's kernels, to which segments are aligned.
    pub const fn page_size(self) -> u64 {
        match self {
            Target::X86_64 | Target::Riscv64 => 4096,
            Target::Aarch64 => address::MAX_PAGE_SIZE,
        }
    }

    /// The address of linear memory 0.
    pub const fn memory_base(self) -> u64 {
        match self {
            Target::X86_64 => address::MEMORY_BASE_X86_64,
            Target::Aarch64 | Target::Riscv64 => address::MEMORY_BASE_HIGH,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no target's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTarget(pub String);

impl fmt::Display for UnknownTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown target `{}`; the targets are ", self.0)?;
        for (index, target) in Target::ALL.iter().enumerate() {
            write!(f, "{}{target}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownTarget {}

impl FromStr for Target {
    type Err = UnknownTarget;

    /// Accepts elfin's names and the spellings of Rust (`aarch64-unknown-linux-musl`), Debian (`arm64`,
    /// `aarch64-linux-gnu`) and zig (`riscv64-linux-musl`).
    fn from_str(name: &str) -> Result<Self, UnknownTarget> {
        for target in Target::ALL {
            for machine in target.machines() {
                match name.strip_prefix(machine) {
                    Some("") => return Ok(target),
                    Some(suffix) if SUFFIXES.contains(&suffix) => return Ok(target),
                    _ => {}
                }
            }
        }
        Err(UnknownTarget(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (name, target) in [
            ("x86_64-linux", Target::X86_64),
            ("amd64", Target::X86_64),
            ("x86-64", Target::X86_64),
            ("x86-64-linux-gnu", Target::X86_64),
            ("x86_64-unknown-linux-musl", Target::X86_64),
            ("arm64", Target::Aarch64),
            ("aarch64-linux-gnu", Target::Aarch64),
            ("riscv64gc-unknown-linux-gnu", Target::Riscv64),
            ("riscv64-linux-musl", Target::Riscv64),
        ] {
            assert_eq!(name.parse(), Ok(target), "{name}");
        }
        for name in [
            "",
            "x86_64-windows",
            "aarch64-apple-darwin",
            "arm",
            "x86_64-linux-gnu-extra",
        ] {
            assert_eq!(name.parse::<Target>(), Err(UnknownTarget(name.into())));
        }
    }
}
