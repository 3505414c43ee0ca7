//! How the archive is built: what the command line's build script passes to cargo.
//!
//! ```text
//! CARGO_ENCODED_RUSTFLAGS=... cargo rustc -p elfin-runtime --lib --crate-type staticlib --release --target TRIPLE
//! ```
//!
//! with [`rustflags`] joined by the byte 0x1f, and the configuration [`PROFILE`], each after a `--config`.
//!
//! Out comes an archive of 4 to 5 MB. Nearly all of it is Rust's `compiler_builtins`, which nothing here needs: the
//! one member whose name begins with [`MEMBER`], all that the build script keeps, refers to nothing but [`elfin_abi::layout::PROGRAM_SYMBOL`]. It has a
//! section a function, so that a linker keeps what a program reaches: 13 to 16 KB for one that imports nothing, a few
//! more for most of WASI, 40 KB more for `--invoke`, which parses and prints floating point numbers.

/// The folder of this crate.
pub const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");

/// How the name of the archive's one member begins that is needed.
pub const MEMBER: &str = "elfin_runtime-";

/// The profile: one object file of all crates, optimised for size as a whole; nothing unwinds.
pub const PROFILE: &[&str] = &[
    "profile.release.opt-level=\"s\"",
    "profile.release.lto=\"fat\"",
    "profile.release.codegen-units=1",
    "profile.release.panic=\"abort\"",
    "profile.release.debug=false",
    "profile.release.overflow-checks=false",
];

/// The flags of rustc for a target, one of `x86_64-`, `aarch64-` and `riscv64gc-unknown-linux-gnu`, and for executables
/// at fixed addresses or position-independent ones.
///
/// Every function has unwind information, for debuggers and profilers: executables without debug information leave it out.
///
/// On aarch64 atomics are inline: the functions that would choose them at run time lie in `compiler_builtins`. rustc
/// warns that the feature's name is not stable.
pub fn rustflags(triple: &str, is_pie: bool) -> impl Iterator<Item = &'static str> {
    let relocations: &[_] = match is_pie {
        true => &["--cfg=elfin_pie", "-Crelocation-model=pie"],
        false => &["-Crelocation-model=static"],
    };
    let atomics: &[_] = match triple.starts_with("aarch64") {
        true => &["-Ctarget-feature=-outline-atomics"],
        false => &[],
    };
    let common = ["--cfg=elfin_archive", "-Cforce-unwind-tables=yes"].iter();
    common.chain(relocations).chain(atomics).copied()
}
