//! C for both sides by one compiler: the one in a package of PyPI, which is newer than the distribution's. The libraries
//! are the distribution's: glibc natively, wasi-libc for WebAssembly.

use crate::guest::finish;
use crate::machine::find_tool;
use crate::place;
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package of PyPI whose clang is used.
const PACKAGE: &str = "ziglang==0.17.1";

/// The optimisation on both sides. The native CPU is the baseline; for WebAssembly it is what clang does without a word
/// about features: no SIMD, but bulk memory, sign extension and the like.
const FLAGS: &[&str] = &["-O3", "-Wall", "-Wextra", "-Werror", "-Wno-deprecated"];
const NATIVE: &[&str] = &["--target=x86_64-linux-gnu", "-march=x86-64", "-fno-pie"];
const WASM: &[&str] = &["--target=wasm32-wasi", "--sysroot=/usr"];
const SIMD: &str = "-msimd128";

/// What a stack may take; the linker's own 64 KiB is less than programs expect.
const WASM_STACK: &str = "stack-size=1048576";

/// What C is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// x86-64, baseline.
    Native,
    /// WebAssembly, with SIMD or without.
    Wasm {
        /// 128-bit vectors.
        simd: bool,
    },
}

/// A compiler with its linker for WebAssembly.
pub struct Clang {
    compiler: Vec<OsString>,
    linker: Vec<OsString>,
    /// What it says of its version.
    version: String,
}

impl Clang {
    /// That of the package, installed into `folder` if it is not there yet.
    pub fn pinned(folder: &Path) -> Result<Self> {
        let venv = folder.join("venv");
        let marker = venv.join(PACKAGE);
        if !marker.exists() {
            install(&venv).with_context(|| {
                format!("no C compiler; this installs one: {}", install_line(&venv))
            })?;
            std::fs::write(&marker, "")?;
        }
        let mut query = Command::new(venv.join("bin/python"));
        query.args(["-c", "import ziglang; print(ziglang.__path__[0])"]);
        let root = PathBuf::from(output(query)?.trim());
        let zig = root.join("zig").into_os_string();
        let tool = |name: &str| vec![zig.clone(), name.into()];
        let mut compiler = tool("clang");
        compiler.push("-resource-dir".into());
        compiler.push(root.join("lib").into());
        Self::new(compiler, tool("wasm-ld"))
    }

    /// The distribution's, which other tests need anyway.
    pub fn distribution() -> Result<Self> {
        for tool in ["clang", "wasm-ld"] {
            ensure!(
                find_tool(tool).is_some(),
                "no `{tool}`; install it with: apt-get install clang lld"
            );
        }
        let tool = |name: &str| vec![name.into()];
        Self::new(tool("clang"), tool("wasm-ld"))
    }

    fn new(compiler: Vec<OsString>, linker: Vec<OsString>) -> Result<Self> {
        let mut query = start(&compiler);
        query.arg("--version");
        let version = output(query)?.lines().next().unwrap_or_default().to_owned();
        Ok(Self {
            compiler,
            linker,
            version,
        })
    }

    /// Everything but the sources that decides what comes out.
    pub fn fingerprint(&self) -> String {
        format!(
            "{} {FLAGS:?} {NATIVE:?} {WASM:?} {SIMD} {WASM_STACK}",
            self.version
        )
    }

    /// Compiles and links.
    pub fn build(
        &self,
        sources: &[PathBuf],
        flags: &[OsString],
        machine: Machine,
        output: &Path,
    ) -> Result<()> {
        let scratch = place::Scratch::new("bench")?;
        let mut command = start(&self.compiler);
        command.current_dir(scratch.path()).args(FLAGS);
        match machine {
            Machine::Native => command.args(NATIVE),
            Machine::Wasm { simd } => command.args(WASM).args(simd.then_some(SIMD)),
        };
        command.args(flags).arg("-c").args(sources);
        finish(command)?;
        let mut objects: Vec<PathBuf> = std::fs::read_dir(scratch.path())?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        objects.sort();
        let mut command = match machine {
            Machine::Native => native_link(&objects),
            Machine::Wasm { .. } => self.wasm_link(&objects)?,
        };
        command.arg("-o").arg(output);
        finish(command)
    }

    fn wasm_link(&self, objects: &[PathBuf]) -> Result<Command> {
        let library = |name: &str| Path::new("/usr/lib/wasm32-wasi").join(name);
        ensure!(
            library("libc.a").exists(),
            "no C library for WebAssembly; install it with: apt-get install wasi-libc"
        );
        let mut command = start(&self.linker);
        command
            .args(["-z", WASM_STACK])
            .arg(library("crt1-command.o"));
        command.args(objects).args([library("libc.a"), helpers()?]);
        Ok(command)
    }
}

fn native_link(objects: &[PathBuf]) -> Command {
    let mut command = Command::new("cc");
    command.arg("-no-pie").args(objects).arg("-lm");
    command
}

/// The compiler's own library for WebAssembly, of whichever clang the distribution has.
fn helpers() -> Result<PathBuf> {
    let below = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let mut found: Vec<PathBuf> = below(Path::new("/usr/lib"))
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("/llvm-"))
        .flat_map(|llvm| below(&llvm.join("lib/clang")))
        .map(|version| version.join("lib/wasi/libclang_rt.builtins-wasm32.a"))
        .filter(|library| library.exists())
        .collect();
    found.sort();
    found.pop().context(
        "no compiler library for WebAssembly; install it with: apt-get install libclang-rt-14-dev-wasm32 \
         (with the number of your clang)",
    )
}

/// `python3 -m venv VENV && VENV/bin/pip install PACKAGE`, as a person would type it.
fn install_line(venv: &Path) -> String {
    let venv = venv.display();
    format!("python3 -m venv {venv} && {venv}/bin/pip install {PACKAGE}")
}

fn install(venv: &Path) -> Result<()> {
    eprintln!("installing {PACKAGE} into {}", venv.display());
    let mut command = Command::new("python3");
    command.args(["-m", "venv"]).arg(venv);
    finish(command)?;
    let mut command = Command::new(venv.join("bin/pip"));
    command.args(["install", "--quiet", PACKAGE]);
    finish(command)
}

fn start(words: &[OsString]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// Standard output of a command that must succeed.
fn output(mut command: Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8(output.stdout)?)
}
