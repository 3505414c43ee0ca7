//! Building guests from source: rustc, clang, the text format, cargo. A guest is kept under a name made of everything
//! that decides its bytes, so that only a change builds it again.

use crate::cpp;
use crate::machine::find_tool;
use crate::place;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Instant;

/// A built guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The module.
    pub path: PathBuf,
}

/// How a guest is built.
#[derive(Clone, Debug)]
pub struct Build {
    source: PathBuf,
    flags: String,
    krate: String,
    version: String,
    features: String,
    project: String,
    exceptions: cpp::Form,
    /// Give elfin the source itself.
    source_as_input: bool,
}

impl Build {
    /// From a case file; its extension says how.
    pub fn new(source: &Path) -> Self {
        Self {
            source: source.to_owned(),
            flags: String::new(),
            krate: String::new(),
            version: String::new(),
            features: String::new(),
            project: String::new(),
            exceptions: cpp::Form::default(),
            source_as_input: false,
        }
    }

    /// Takes over a directive.
    pub fn apply(&mut self, key: &str, value: &str) -> Result<()> {
        match key {
            "flags" => self.flags = value.to_owned(),
            "crate" => self.krate = value.to_owned(),
            "version" => self.version = value.to_owned(),
            "features" => self.features = value.to_owned(),
            "project" => self.project = value.to_owned(),
            "exceptions" => self.exceptions = cpp::Form::parse(value)?,
            "input" if value == "source" => self.source_as_input = true,
            _ => bail!("`{key}: {value}` says nothing about a build"),
        }
        Ok(())
    }

    /// The module, built if it is not there yet.
    pub fn guest(&self) -> Result<Guest> {
        if self.source_as_input {
            return Ok(Guest {
                path: self.source.clone(),
            });
        }
        let path = self.cached()?;
        let lock = lock_of(&path);
        let _guard = lock.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !path.exists() {
            let start = Instant::now();
            let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
            self.build(&temporary)
                .with_context(|| format!("building {}", self.source.display()))?;
            std::fs::rename(&temporary, &path)?;
            let seconds = start.elapsed().as_secs_f64();
            if seconds > 5.0 {
                eprintln!("built {} in {seconds:.0} s", path.display());
            }
        }
        Ok(Guest { path })
    }

    fn cached(&self) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        (&self.flags, &self.krate, &self.version, &self.features).hash(&mut hasher);
        if self.is_cargo() {
            cargo_toolchain()?.hash(&mut hasher);
            PROFILE.hash(&mut hasher);
            if !self.project.is_empty() {
                hash_folder(&self.project_folder(), &mut hasher)?;
            }
        } else {
            std::fs::read(&self.source)?.hash(&mut hasher);
            match self.extension() {
                "rs" => (cargo_toolchain()?, RUST_FLAGS).hash(&mut hasher),
                "c" => (clang_version()?, C_FLAGS).hash(&mut hasher),
                "cpp" => {
                    (clang_version()?, cargo_toolchain()?, C_FLAGS).hash(&mut hasher);
                    self.exceptions.hash_inputs(&mut hasher)?;
                    // One may include another.
                    hash_folder(
                        self.source.parent().context("it lies in a folder")?,
                        &mut hasher,
                    )?;
                }
                _ => {}
            }
        }
        let stem = self
            .source
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        Ok(place::guests()?.join(format!("{stem}-{:016x}.wasm", hasher.finish())))
    }

    fn build(&self, output: &Path) -> Result<()> {
        match self.extension() {
            "rs" => self.build_rust(output),
            "c" => self.build_c(output),
            "cpp" => self.build_cpp(output),
            "wat" => Ok(std::fs::write(output, wat::parse_file(&self.source)?)?),
            "program" if !self.krate.is_empty() => self.build_crate(output),
            "program" if !self.project.is_empty() => self.build_project(output),
            _ => bail!("nothing says how to build {}", self.source.display()),
        }
    }

    fn build_rust(&self, output: &Path) -> Result<()> {
        need_wasm_target()?;
        let mut command = Command::new("rustc");
        command
            .current_dir(place::workspace_root())
            .args(RUST_FLAGS)
            .args(self.flags.split_whitespace())
            .arg(&self.source)
            .arg("-o")
            .arg(output);
        finish(command)
    }

    fn build_c(&self, output: &Path) -> Result<()> {
        need_clang()?;
        let mut command = Command::new("clang");
        command
            .args(C_FLAGS)
            .arg(&self.source)
            .args(self.flags.split_whitespace())
            .arg("-o")
            .arg(output);
        finish(command)
    }

    /// With what its exceptions need of a C++ library.
    fn build_cpp(&self, output: &Path) -> Result<()> {
        need_clang()?;
        let flags: Vec<&str> = C_FLAGS
            .iter()
            .copied()
            .chain(self.flags.split_whitespace())
            .collect();
        self.exceptions.build(&self.source, &flags, output, finish)
    }

    /// `cargo install` of a published crate, which brings its own Cargo.lock.
    fn build_crate(&self, output: &Path) -> Result<()> {
        let root = place::guests()?.join("installed");
        let mut command = cargo();
        command
            .arg("install")
            .arg(&self.krate)
            .arg(format!("--version={}", self.version));
        command
            .arg("--root")
            .arg(&root)
            .arg("--force")
            .arg("--no-track");
        self.finish_cargo(command)?;
        copy_module(&root.join("bin"), &self.krate, output)
    }

    /// `cargo build` of a folder of programs/.
    fn build_project(&self, output: &Path) -> Result<()> {
        let mut command = cargo();
        let manifest = self.project_folder().join("Cargo.toml");
        command
            .arg("build")
            .arg("--release")
            .arg("--manifest-path")
            .arg(manifest);
        self.finish_cargo(command)?;
        copy_module(
            &cargo_target()?.join("wasm32-wasip1/release"),
            &self.project,
            output,
        )
    }

    fn finish_cargo(&self, mut command: Command) -> Result<()> {
        need_wasm_target()?;
        command
            .args(["--locked", "--quiet", "--target", "wasm32-wasip1"])
            .args(self.features.split_whitespace())
            .arg("--target-dir")
            .arg(cargo_target()?)
            .envs(PROFILE.iter().copied());
        finish(command)
    }

    fn is_cargo(&self) -> bool {
        self.extension() == "program"
    }

    fn extension(&self) -> &str {
        self.source
            .extension()
            .and_then(OsStr::to_str)
            .unwrap_or_default()
    }

    fn project_folder(&self) -> PathBuf {
        place::crate_root().join("programs").join(&self.project)
    }
}

const RUST_FLAGS: &[&str] = &[
    "--edition=2024",
    "--target=wasm32-wasip1",
    "-O",
    "-Cstrip=debuginfo",
    "-Cpanic=abort",
];

/// `-lc-printscan-long-double` comes before libc, whose own printf ends the program at a `%Lf`.
const C_FLAGS: &[&str] = &[
    "--target=wasm32-wasi",
    "-O2",
    "-Wall",
    "-Werror",
    "-lc-printscan-long-double",
];

/// What the programs are built with, in place of the profile that each of them brings: link-time optimisation of all
/// of them takes longer than everything else.
const PROFILE: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "debuginfo"),
];

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(place::workspace_root());
    command
}

fn cargo_target() -> Result<PathBuf> {
    Ok(place::guests()?.join("cargo"))
}

/// The module that bears the name, with `-` or `_`.
fn copy_module(folder: &Path, name: &str, output: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let binary = if name == "ripgrep" { "rg" } else { name };
        if stem == binary && path.extension().is_some_and(|e| e == "wasm") {
            std::fs::copy(&path, output)?;
            return Ok(());
        }
    }
    bail!("cargo made no {name}.wasm in {}", folder.display())
}

/// Runs a command that must succeed; its output goes into the error.
pub fn finish(mut command: Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed with {}:\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn need_wasm_target() -> Result<()> {
    static PRESENT: LazyLock<bool> = LazyLock::new(|| {
        let mut command = Command::new("rustc");
        command.current_dir(place::workspace_root());
        command.args(["--target=wasm32-wasip1", "--print=target-libdir"]);
        let output = command.output();
        output
            .is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
    });
    ensure!(
        *PRESENT,
        "no standard library for the guests; install it with: rustup target add wasm32-wasip1"
    );
    Ok(())
}

fn need_clang() -> Result<()> {
    let present = find_tool("clang").is_some()
        && find_tool("wasm-ld").is_some()
        && Path::new("/usr/lib/wasm32-wasi/libc.a").exists();
    ensure!(
        present,
        "no C compiler for the guests; install it with: apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32"
    );
    Ok(())
}

fn cargo_toolchain() -> Result<String> {
    version("rustc")
}

fn clang_version() -> Result<String> {
    need_clang()?;
    version("clang")
}

fn version(tool: &str) -> Result<String> {
    static KNOWN: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(version) = known.get(tool) {
        return Ok(version.clone());
    }
    let output = Command::new(tool)
        .current_dir(place::workspace_root())
        .arg("--version")
        .output()
        .with_context(|| format!("cannot run {tool}"))?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    known.insert(tool.to_owned(), version.clone());
    Ok(version)
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_folder(&path, hasher)?;
        } else {
            std::fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}

/// One lock a guest, so that the same one is not built twice at a time.
fn lock_of(path: &Path) -> Arc<Mutex<()>> {
    static LOCKS: LazyLock<Mutex<HashMap<PathBuf, Arc<Mutex<()>>>>> = LazyLock::new(Mutex::default);
    let mut locks = LOCKS
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    locks.entry(path.to_owned()).or_default().clone()
}
