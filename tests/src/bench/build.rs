//! Programs become pairs of a module and a native executable, each by the same compiler at the same level. What is made
//! is kept under a name that everything which decides it goes into.

use super::clang::{Clang, Machine};
use super::corpus::{Origin, Package, Program, Set, Variant};
use super::{corpus, debian};
use crate::guest::finish;
use crate::place::{self, created};
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is measured: a row of the table.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The variant's.
    pub name: String,
    /// What it is counted among.
    pub set: Set,
    /// The argument.
    pub count: u32,
    /// The argument where it shall only show that it works.
    pub short: u32,
    /// For WASI.
    pub module: PathBuf,
    /// For this machine.
    pub native: PathBuf,
}

/// Builds into a folder below the target folder.
pub struct Builder {
    clang: Clang,
    folder: PathBuf,
    /// The folders of cargo's results for WASI and for this machine, of the projects that were built.
    projects: Mutex<HashMap<PathBuf, [PathBuf; 2]>>,
}

/// The folder of everything that is downloaded and built.
pub fn folder() -> Result<PathBuf> {
    created(place::target_root().join("bench"))
}

impl Builder {
    /// With this compiler for C.
    pub fn new(clang: Clang) -> Result<Self> {
        Ok(Self {
            clang,
            folder: folder()?,
            projects: Mutex::default(),
        })
    }

    /// Builds both sides, as far as they are not there yet.
    pub fn build(&self, variant: &Variant) -> Result<Subject> {
        let program = variant.program;
        let files = self.files(program, variant.set == Set::Simd);
        let [module, native] = files.with_context(|| format!("building {}", program.name))?;
        Ok(Subject {
            name: variant.name.clone(),
            set: variant.set,
            count: program.count,
            short: program.short,
            module,
            native,
        })
    }

    /// The module and the executable.
    fn files(&self, program: &Program, simd: bool) -> Result<[PathBuf; 2]> {
        match &program.origin {
            Origin::C => self.c(program, &[], &[], simd),
            Origin::Debian(package) => self.debian(program, package),
            Origin::Cargo(project) => {
                let [module, native] = self.project(project)?;
                let module = module.join(format!("{}.wasm", program.name));
                Ok([module, native.join(&program.name)])
            }
        }
    }

    fn debian(&self, program: &Program, package: &Package) -> Result<[PathBuf; 2]> {
        let root = created(self.folder.join("debian"))?;
        let folder = debian::source(package, &root)?.join(&package.folder);
        let sources: Vec<PathBuf> = package
            .sources
            .iter()
            .map(|name| folder.join(name))
            .collect();
        let mut flags: Vec<OsString> = package.flags.iter().map(OsString::from).collect();
        for include in package.include.iter().chain([&folder]) {
            flags.extend(["-I".into(), include.into()]);
        }
        // Not our code.
        flags.push("-w".into());
        self.c(program, &sources, &flags, false)
    }

    /// Of C sources.
    fn c(
        &self,
        program: &Program,
        more: &[PathBuf],
        flags: &[OsString],
        simd: bool,
    ) -> Result<[PathBuf; 2]> {
        let mut hasher = DefaultHasher::new();
        (self.clang.fingerprint(), flags).hash(&mut hasher);
        for source in more {
            std::fs::read(source)?.hash(&mut hasher);
        }
        std::fs::read(&program.source)?.hash(&mut hasher);
        for folder in ["c", "debian", "debian/include"] {
            hash_included(&corpus::root().join(folder), &mut hasher)?;
        }
        let sources: Vec<PathBuf> = [vec![program.source.clone()], more.to_vec()].concat();
        let folder = created(self.folder.join("c"))?;
        let stem = format!("{}-{:016x}", program.name, hasher.finish());
        let build = |suffix: &str, machine| {
            let output = folder.join(format!("{stem}{suffix}"));
            if !output.exists() {
                // Two may build the same at a time.
                let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
                let part = output.with_extension(format!("{}-{number}.part", std::process::id()));
                self.clang.build(&sources, flags, machine, &part)?;
                std::fs::rename(&part, &output)?;
            }
            anyhow::Ok(output)
        };
        Ok([
            build(
                if simd { "-simd.wasm" } else { ".wasm" },
                Machine::Wasm { simd },
            )?,
            build("", Machine::Native)?,
        ])
    }

    /// The folders of what cargo makes of a project, in release mode as it is by default.
    fn project(&self, project: &Path) -> Result<[PathBuf; 2]> {
        let mut projects = self
            .projects
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(folders) = projects.get(project) {
            return Ok(folders.clone());
        }
        let target = self.folder.join("cargo");
        let build = |machine: &str| {
            let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
            command.current_dir(place::workspace_root());
            command.args(["build", "--release", "--locked", "--quiet", "--bins"]);
            command
                .arg("--manifest-path")
                .arg(project.join("Cargo.toml"));
            command
                .args(["--target", machine])
                .arg("--target-dir")
                .arg(&target);
            finish(command)?;
            anyhow::Ok(target.join(machine).join("release"))
        };
        let folders = [build("wasm32-wasip1")?, build("x86_64-unknown-linux-gnu")?];
        projects.insert(project.to_owned(), folders.clone());
        Ok(folders)
    }
}

/// The number of the next file that is being built.
static UNFINISHED: AtomicU32 = AtomicU32::new(0);

/// What sources may include: everything in a folder but other sources.
fn hash_included(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let entries = std::fs::read_dir(folder)?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.retain(|path| path.is_file() && path.extension().is_none_or(|e| e != "c"));
    paths.sort();
    for path in paths {
        std::fs::read(path)?.hash(hasher);
    }
    Ok(())
}
