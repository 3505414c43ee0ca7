//! The runtimes that elfin is compared with: how each is found, asked for its version, prepared and started, as its own
//! documentation says.

use super::line::Line;
use super::program::Program;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A runtime, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Wasmtime,
    Wasmer,
    Node,
    Iwasm,
    Wasmedge,
    /// An executable made from the same source.
    Native,
}

/// How a module becomes code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Ahead,
    Running,
    Interpreted,
    AsItIs,
}

impl How {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Ahead => "compiled ahead of time",
            Self::Running => "compiled while it runs",
            Self::Interpreted => "interpreted",
            Self::AsItIs => "an executable, as it is",
        }
    }
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub(super) const ALL: [Self; 6] = [
        Self::Native,
        Self::Wasmtime,
        Self::Wasmer,
        Self::Wasmedge,
        Self::Iwasm,
        Self::Node,
    ];

    /// Its name, which is that of its program.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Wasmtime => "wasmtime",
            Self::Wasmer => "wasmer",
            Self::Node => "node",
            Self::Iwasm => "iwasm",
            Self::Wasmedge => "wasmedge",
            Self::Native => "native",
        }
    }
}

/// An installed runtime.
#[derive(Clone, Debug)]
pub(super) struct Runtime {
    pub(super) kind: Kind,
    pub(super) program: PathBuf,
    /// iwasm's compiler, where it is installed.
    pub(super) compiler: Option<PathBuf>,
    /// What it says of its version.
    pub(super) version: String,
}

impl Runtime {
    pub(super) fn how(&self) -> How {
        match self.kind {
            Kind::Wasmtime | Kind::Wasmer | Kind::Wasmedge => How::Ahead,
            Kind::Iwasm if self.compiler.is_some() => How::Ahead,
            Kind::Iwasm => How::Interpreted,
            Kind::Node => How::Running,
            Kind::Native => How::AsItIs,
        }
    }

    /// The line that makes `artefact` of a module, if there is anything to make.
    pub(super) fn compile(&self, module: &Path, artefact: &Path, jobs: usize) -> Option<Line> {
        let line = Line::new(self.compiler.as_ref().unwrap_or(&self.program));
        match self.kind {
            Kind::Wasmtime => {
                let line = line.word("compile");
                let line = match jobs {
                    1 => line.words(["-C", "parallel-compilation=n"]),
                    _ => line,
                };
                Some(line.word(module).word("-o").word(artefact))
            }
            Kind::Wasmer => Some(line.word("compile").word(module).word("-o").word(artefact)),
            Kind::Wasmedge => Some(line.word("compile").word(module).word(artefact)),
            Kind::Iwasm if self.compiler.is_some() => {
                Some(line.word("-o").word(artefact).word(module))
            }
            Kind::Iwasm | Kind::Node | Kind::Native => None,
        }
    }

    /// The extension that it gives its artefacts.
    pub(super) fn extension(&self) -> &'static str {
        match self.kind {
            Kind::Wasmtime => "cwasm",
            Kind::Wasmer => "wasmu",
            Kind::Iwasm => "aot",
            Kind::Wasmedge => "so",
            Kind::Node | Kind::Native => "wasm",
        }
    }

    /// The line that runs a file: an artefact, or the module where it makes none. `script` is node's.
    pub(super) fn run(&self, file: &Path, script: &Path, program: &Program) -> Line {
        let line = Line::new(&self.program);
        let arguments = &program.arguments;
        match self.kind {
            Kind::Wasmtime => {
                let mut line = line.words(["run", "--allow-precompiled", "--argv0"]);
                line = line.word(&program.name);
                if let Some(size) = program.stack {
                    line = line.word("-W").word(format!("max-wasm-stack={size}"));
                }
                for (host, guest) in &program.directories {
                    line = line.word("--dir").joined([host, "::".as_ref(), guest]);
                }
                for (name, value) in &program.environment {
                    line = line.word("--env").joined([name, "=".as_ref(), value]);
                }
                line.word(file).words(arguments)
            }
            Kind::Wasmer => {
                let mut line = line.word("run");
                for (host, guest) in &program.directories {
                    line = match self.major_version() {
                        Some(0..8) => line.word("--mapdir").joined([guest, ":".as_ref(), host]),
                        _ => line.word("--volume").joined([host, ":".as_ref(), guest]),
                    };
                }
                for (name, value) in &program.environment {
                    line = line.word("--env").joined([name, "=".as_ref(), value]);
                }
                line.word(file).word("--").words(arguments)
            }
            Kind::Wasmedge => {
                let mut line = line;
                for (host, guest) in &program.directories {
                    line = line.word("--dir").joined([guest, ":".as_ref(), host]);
                }
                for (name, value) in &program.environment {
                    line = line.word("--env").joined([name, "=".as_ref(), value]);
                }
                line.word(file).words(arguments)
            }
            Kind::Iwasm => {
                let mut line = line;
                if let Some(size) = program.stack {
                    line = line.word(format!("--stack-size={size}"));
                }
                for (host, guest) in &program.directories {
                    line = match host == guest {
                        true => line.joined(["--dir=".as_ref(), host]),
                        false => line.joined(["--map-dir=".as_ref(), guest, "::".as_ref(), host]),
                    };
                }
                for (name, value) in &program.environment {
                    line = line.joined(["--env=".as_ref(), name, "=".as_ref(), value]);
                }
                line.word(file).words(arguments)
            }
            Kind::Node => line
                .word("--no-warnings")
                .word(script)
                .word(program.json())
                .word(file),
            Kind::Native => line.words(arguments).with_environment(&program.environment),
        }
    }

    /// The first number in its version.
    fn major_version(&self) -> Option<u32> {
        self.version.split('.').next()?.parse().ok()
    }
}

/// The program of this name in `PATH`.
pub(super) fn find(name: &OsStr) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| is_executable(path))
}

/// Whether this is a file that this user may execute.
pub(super) fn is_executable(path: &Path) -> bool {
    path.is_file() && nix::unistd::access(path, nix::unistd::AccessFlags::X_OK).is_ok()
}

/// What `--against` names: a runtime, and its program if that is not the one of this name in `PATH`.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) program: Option<PathBuf>,
}

/// Parses `NAME` or `NAME=PATH`.
pub(super) fn parse(text: &OsStr) -> Result<Wanted, String> {
    let bytes = text.as_encoded_bytes();
    let (name, program) = match bytes.iter().position(|&byte| byte == b'=') {
        None => (text.to_owned(), None),
        Some(at) => {
            use std::os::unix::ffi::OsStrExt;
            let (name, path) = (&bytes[..at], &bytes[at + 1..]);
            let path = PathBuf::from(OsStr::from_bytes(path));
            (OsStr::from_bytes(name).to_owned(), Some(path))
        }
    };
    let found = Kind::ALL.into_iter().find(|kind| name == kind.name());
    let Some(kind) = found else {
        return Err(unknown(&name));
    };
    match (kind, &program) {
        (Kind::Native, None) => Err("an executable is wanted: native=PATH".into()),
        (_, Some(path)) if path.as_os_str().is_empty() => {
            Err(format!("a path is wanted behind `{}=`", kind.name()))
        }
        _ => Ok(Wanted { kind, program }),
    }
}

fn unknown(name: &OsString) -> String {
    let name = name.to_string_lossy();
    let names = Kind::ALL.map(Kind::name);
    let near = names
        .into_iter()
        .map(|known| (strsim::jaro(&name, known), known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let tip = match near {
        Some((_, near)) => format!("\n\n  tip: a similar one exists: '{near}'"),
        None => String::new(),
    };
    format!(
        "`{name}` is no runtime that elfin knows\n  [{}]{tip}",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_wanted() {
        let wanted = |text: &str| parse(OsStr::new(text));
        let native = wanted("native=a=b").unwrap();
        assert_eq!(native.kind, Kind::Native);
        assert_eq!(native.program.as_deref(), Some(Path::new("a=b")));
        assert_eq!(wanted("node").unwrap().program, None);
        for (text, part) in [
            ("native", "native=PATH"),
            ("node=", "`node=`"),
            ("nod", "'node'"),
            ("", "[native, wasmtime"),
        ] {
            let error = wanted(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn versions_of_wasmer() {
        for (version, option) in [
            ("7.2.0", "--mapdir"),
            ("8.0.0-beta", "--volume"),
            ("", "--volume"),
        ] {
            let runtime = Runtime {
                kind: Kind::Wasmer,
                program: "wasmer".into(),
                compiler: None,
                version: version.into(),
            };
            let program = Program {
                name: "a.wasm".into(),
                arguments: Vec::new(),
                directories: vec![("host".into(), "guest".into())],
                environment: Vec::new(),
                stack: None,
                jobs: 0,
            };
            let line = runtime
                .run(Path::new("a.wasmu"), Path::new(""), &program)
                .shown();
            assert_eq!(line[2], option);
        }
    }
}
