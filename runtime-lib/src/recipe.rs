//! How the archive is built: what the command line's build script passes to cargo.
//!
//! ```text
//! CARGO_ENCODED_RUSTFLAGS=... cargo rustc -p elfin-runtime --lib --crate-type staticlib --release --target TRIPLE
//! ```
//!
//! with [`rustflags`] joined by the byte 0x1f, and the configuration [`PROFILE`], each after a `--config`.

/// The folder of this crate.
pub const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");

/// The profile: one object file of all crates, optimised as a whole, without unwinding.
pub const PROFILE: &[&str] = &[
    "profile.release.opt-level=\"s\"",
    "profile.release.lto=\"fat\"",
    "profile.release.codegen-units=1",
    "profile.release.panic=\"abort\"",
    "profile.release.debug=false",
    "profile.release.overflow-checks=false",
];

/// The flags of rustc for a target, one of `x86_64-`, `aarch64-` and `riscv64gc-unknown-linux-gnu`.
pub fn rustflags(triple: &str) -> &'static [&'static str] {
    if triple.starts_with("aarch64") {
        AARCH64
    } else {
        COMMON
    }
}

const COMMON: &[&str] = &[
    "--cfg=elfin_archive",
    "-Crelocation-model=static",
    "-Cforce-unwind-tables=no",
];

/// Atomics inline: the functions that choose them at run time are in a library that is not linked.
const AARCH64: &[&str] = &[
    "--cfg=elfin_archive",
    "-Crelocation-model=static",
    "-Cforce-unwind-tables=no",
    "-Ctarget-feature=-outline-atomics",
];
