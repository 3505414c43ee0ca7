//! Who takes part: elfin at its levels, and the runtimes that were asked for or found.

use super::line::{Fault, Line, Setting};
use super::meter::Ending;
use super::program::Program;
use super::runtime::{self, How, Kind, Runtime, Wanted};
use crate::failure::{Failure, Result};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The name of what node runs.
pub(super) const SCRIPT: &str = "node.mjs";

/// A row of the result.
#[derive(Clone, Debug)]
pub(super) struct Contestant {
    /// As it is shown.
    pub(super) name: String,
    /// Whether it must take part: it was named, or is elfin itself.
    pub(super) is_wanted: bool,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// elfin, with these options of `elfin compile`.
    Elfin(Vec<OsString>),
    Runtime(Runtime),
}

/// The files of a module that a contestant runs.
pub(super) struct Files {
    /// The module, in binary form.
    pub(super) module: PathBuf,
    /// What the contestant makes of it.
    pub(super) artefact: PathBuf,
    /// What node runs.
    pub(super) script: PathBuf,
}

impl Contestant {
    /// elfin for a CPU, with the other options that were given.
    pub(super) fn elfin(cpu: &str, options: &[OsString]) -> Self {
        let mut words = options.to_vec();
        words.extend(["--cpu".into(), cpu.into()]);
        Self {
            name: format!("elfin {cpu}"),
            is_wanted: true,
            what: What::Elfin(words),
        }
    }

    pub(super) fn is_elfin(&self) -> bool {
        matches!(self.what, What::Elfin(_))
    }

    /// The version of what it is.
    pub(super) fn version(&self) -> &str {
        match &self.what {
            What::Elfin(_) => env!("CARGO_PKG_VERSION"),
            What::Runtime(runtime) => &runtime.version,
        }
    }

    pub(super) fn how(&self) -> How {
        match &self.what {
            What::Elfin(_) => How::Ahead,
            What::Runtime(runtime) => runtime.how(),
        }
    }

    /// What there is to know about how it was prepared, if it is not what one would expect.
    pub(super) fn note(&self) -> Option<&'static str> {
        match &self.what {
            What::Runtime(runtime) if runtime.how() == How::Interpreted => Some(
                "interprets, since `wamrc` is not installed, which compiles for it ahead of time",
            ),
            _ => None,
        }
    }

    /// The line that makes the artefact; `None` where there is nothing to make.
    pub(super) fn compile(&self, files: &Files, program: &Program) -> Result<Option<Line>> {
        match &self.what {
            What::Elfin(options) => {
                let elfin = std::env::current_exe().map_err(|error| {
                    Failure::Failed(format!("this elfin can't find its own file: {error}"))
                })?;
                let line = Line::new(elfin).word("compile").word("--no-cache");
                let line = line.words(options);
                let line = line.word("--argv0").word(&program.name);
                Ok(Some(
                    line.word("-o").word(&files.artefact).word(&files.module),
                ))
            }
            What::Runtime(runtime) => {
                Ok(runtime.compile(&files.module, &files.artefact, program.jobs))
            }
        }
    }

    /// The line that runs it.
    pub(super) fn run(&self, files: &Files, program: &Program) -> Line {
        match &self.what {
            What::Elfin(_) => Line::new(&files.artefact).words(&program.arguments),
            What::Runtime(runtime) => {
                let file = match runtime.how() {
                    How::Ahead => &files.artefact,
                    _ => &files.module,
                };
                runtime.run(file, &files.script, program)
            }
        }
    }

    /// The files for the module in this folder, which is called `program.name`.
    pub(super) fn files(&self, scratch: &Path, folder: &str, program: &Program) -> Files {
        let module = scratch.join(folder).join(&program.name);
        let extension = match &self.what {
            What::Elfin(_) => self.name.replace(' ', "-"),
            What::Runtime(runtime) => runtime.extension().to_owned(),
        };
        Files {
            artefact: module.with_extension(extension),
            module,
            script: scratch.join(SCRIPT),
        }
    }

    /// Bytes of what it is delivered as: the artefact, or the executable that there was; nothing if it takes the module
    /// as it is.
    pub(super) fn size(&self, files: &Files) -> Option<u64> {
        let path = match (&self.what, self.how()) {
            (_, How::Ahead) => &files.artefact,
            (What::Runtime(runtime), How::AsItIs) => &runtime.program,
            _ => return None,
        };
        fs::metadata(path).ok().map(|metadata| metadata.len())
    }

    /// Whether it can run another module, of which there is no native form.
    pub(super) fn runs_modules(&self) -> bool {
        self.how() != How::AsItIs
    }
}

/// The runtimes that take part: those that are wanted, or all that are installed.
pub(super) fn runtimes(wanted: &[Wanted], setting: &Setting) -> Result<Vec<Contestant>> {
    let mut found = Vec::new();
    for one in wanted {
        if wanted.iter().filter(|other| other.kind == one.kind).count() > 1 {
            return Err(Failure::Usage(format!(
                "--against names `{}` twice",
                one.kind.name()
            )));
        }
        let program = match &one.program {
            Some(path) => named(path)?,
            None => runtime::find(OsStr::new(one.kind.name())).ok_or_else(|| missing(one.kind))?,
        };
        found.push(contestant(one.kind, program, true, setting)?);
    }
    if wanted.is_empty() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Native) {
            if let Some(program) = runtime::find(OsStr::new(kind.name())) {
                found.push(contestant(kind, program, false, setting)?);
            }
        }
    }
    Ok(found)
}

/// A program that was named by its path, which means the same wherever it is started.
fn named(path: &Path) -> Result<PathBuf> {
    let wrong = |why: &str| {
        let path = path.display();
        Err(Failure::Failed(format!("--against: `{path}` {why}")))
    };
    match fs::metadata(path) {
        Ok(_) if runtime::is_executable(path) => {
            Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
        }
        Ok(_) => wrong("is no program that this user may execute"),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            wrong("does not exist: check the name")
        }
        Err(error) => wrong(&format!("can't be used: {error}")),
    }
}

fn missing(kind: Kind) -> Failure {
    let name = kind.name();
    Failure::Failed(format!(
        "`{name}` is not installed, or not in PATH: install it, give its path with --against {name}=PATH, or leave it out"
    ))
}

fn contestant(
    kind: Kind,
    program: PathBuf,
    is_wanted: bool,
    setting: &Setting,
) -> Result<Contestant> {
    let version = match kind {
        Kind::Native => String::new(),
        _ => version(&program, setting)?,
    };
    let compiler = match kind {
        Kind::Iwasm => compiler_beside(&program).or_else(|| runtime::find(OsStr::new("wamrc"))),
        _ => None,
    };
    let runtime = Runtime {
        kind,
        program,
        compiler,
        version,
    };
    Ok(Contestant {
        name: kind.name().to_owned(),
        is_wanted,
        what: What::Runtime(runtime),
    })
}

/// iwasm's compiler in the folder of iwasm.
fn compiler_beside(program: &Path) -> Option<PathBuf> {
    let path = program.with_file_name("wamrc");
    runtime::is_executable(&path).then_some(path)
}

/// The first line of what a program prints of its version, without its own name.
fn version(program: &Path, setting: &Setting) -> Result<String> {
    let line = Line::new(program).word("--version");
    let ended_well = match setting.measure(&line) {
        Ok(usage) => usage.ending == Ending::Status(0),
        Err(Fault::Own(_)) => false,
        Err(Fault::All(failure)) => return Err(failure),
    };
    let text = fs::read(setting.output()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let first = text.lines().next().unwrap_or_default().trim();
    let number = first.find(|character: char| character.is_ascii_digit());
    Ok(match number {
        Some(at) if ended_well => first[at..].to_owned(),
        _ => "of unknown version".to_owned(),
    })
}
