//! C++ guests with exceptions, in the form that clang 14 emits, which is the legacy one, or in that of WebAssembly 3.0.
//! For the latter, Rust's LLVM generates the code from clang's bitcode, and links.

use crate::place;
use anyhow::{Context, Result, bail, ensure};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Exceptions as WebAssembly has them, and no C++ library: Debian's is built without exceptions.
const FLAGS: &[&str] = &["-fwasm-exceptions", "-nostdlib++"];

/// The code generator's flags for exceptions as in WebAssembly 3.0.
const STANDARD: &[&str] = &[
    "-march=wasm32",
    "--filetype=obj",
    "--exception-model=wasm",
    "--wasm-enable-eh",
    "--wasm-use-legacy-eh=false",
    "-mattr=+exception-handling,+reference-types,+multivalue",
];

/// The form of the exceptions of a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// `try` and `catch`.
    #[default]
    Legacy,
    /// `try_table` and `throw_ref`.
    Standard,
}

impl Form {
    /// The form of a directive's value.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "legacy" => Ok(Form::Legacy),
            "standard" => Ok(Form::Standard),
            _ => bail!("exceptions are `legacy` or `standard`, not `{text}`"),
        }
    }

    /// Adds all that decides the module besides the source and the compiler's version.
    pub fn hash_inputs(self, hasher: &mut impl Hasher) -> Result<()> {
        (self, FLAGS, STANDARD).hash(hasher);
        std::fs::read(library())?.hash(hasher);
        Ok(())
    }

    /// Builds a module. `flags` are clang's, `finish` runs a command.
    pub fn build(
        self,
        source: &Path,
        flags: &[&str],
        output: &Path,
        finish: impl Fn(Command) -> Result<()>,
    ) -> Result<()> {
        let clang = || {
            let mut command = Command::new("clang++");
            command.args(flags);
            command
        };
        if self == Form::Legacy {
            let mut command = clang();
            command.args(FLAGS).args([source, &library()]);
            command.arg("-o").arg(output);
            return finish(command);
        }
        let tools = tools()?;
        let scratch = place::Scratch::new("cpp")?;
        // With a level of optimisation clang has the module rewritten by wasm-opt, where there is one, of any age.
        let mut link = Command::new("clang++");
        link.args(flags.iter().filter(|flag| !flag.starts_with("-O")));
        link.arg("-nostdlib++").arg("-o").arg(output);
        let linker = tools.join("gcc-ld/wasm-ld");
        link.arg(format!("-fuse-ld={}", linker.display()));
        for (name, source) in [("guest", source), ("library", &library())] {
            let bitcode = scratch.path().join(name).with_extension("bc");
            let object = bitcode.with_extension("o");
            let mut command = clang();
            command.args([
                "-fwasm-exceptions",
                "-DSTANDARD_EXCEPTIONS",
                "-Wno-unused-command-line-argument",
            ]);
            command
                .args(["-emit-llvm", "-c"])
                .arg(source)
                .arg("-o")
                .arg(&bitcode);
            finish(command)?;
            let mut command = Command::new(tools.join("llc"));
            command.args(STANDARD).arg(&bitcode).arg("-o").arg(&object);
            finish(command)?;
            link.arg(object);
        }
        finish(link)
    }
}

/// The part of a C++ library that exceptions need.
fn library() -> PathBuf {
    place::crate_root().join("programs/cxxabi/exceptions.cpp")
}

/// The folder of the toolchain's LLVM.
pub fn tools() -> Result<PathBuf> {
    let mut command = Command::new("rustc");
    command.current_dir(place::workspace_root());
    let output = command.args(["--print", "target-libdir"]).output();
    let output = output.context("cannot run rustc")?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let tools = libraries.with_file_name("bin");
    ensure!(
        tools.join("llc").exists(),
        "no LLVM for guests with exceptions; install it with: rustup component add llvm-tools"
    );
    Ok(tools)
}
