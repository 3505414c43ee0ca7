//! What is run: the module's arguments and what it may reach, in the terms of any runtime.

use elfin_abi::grant::below_home;
use elfin_compiler::Options;
use serde_json::json;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A program as it is started.
pub(super) struct Program {
    /// What it sees as its own name, where a runtime lets that be said.
    pub(super) name: OsString,
    pub(super) arguments: Vec<OsString>,
    /// Directories, by their names here and the program's.
    pub(super) directories: Vec<(OsString, OsString)>,
    /// Variables, with their values.
    pub(super) environment: Vec<(OsString, OsString)>,
    /// Bytes of stack, if that is not elfin's default.
    pub(super) stack: Option<u64>,
    /// Threads to compile with; 0 is one a core.
    pub(super) jobs: usize,
}

impl Program {
    /// A program with the grants of these options, as they are now.
    pub(super) fn new(name: OsString, arguments: &[OsString], options: &Options) -> Self {
        let text = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
        let grants = &options.grants;
        let default = Options::new(options.target).stack_size;
        let directories = grants.directories.iter();
        let mut environment = Vec::new();
        if grants.inherit_environment {
            environment.extend(std::env::vars_os());
        }
        for variable in &grants.environment {
            let name = text(&variable.name);
            let value = match &variable.value {
                Some(value) => Some(OsString::from_vec(value.clone())),
                None => std::env::var_os(&name),
            };
            environment.retain(|(known, _)| *known != name);
            environment.extend(value.map(|value| (name, value)));
        }
        Self {
            name,
            arguments: arguments.to_vec(),
            directories: directories
                .map(|directory| (host(&directory.host), text(&directory.guest)))
                .collect(),
            environment,
            stack: Some(options.stack_size).filter(|size| *size != default),
            jobs: options.jobs,
        }
    }

    /// The options of node's `WASI`.
    pub(super) fn json(&self) -> String {
        let text = |text: &OsString| text.to_string_lossy().into_owned();
        let args = [&self.name].into_iter().chain(&self.arguments);
        let pairs = |pairs: &[(OsString, OsString)]| -> serde_json::Map<String, serde_json::Value> {
            let pairs = pairs.iter();
            pairs.map(|(a, b)| (text(a), text(b).into())).collect()
        };
        let preopens: Vec<_> = self
            .directories
            .iter()
            .map(|(host, guest)| (guest.clone(), host.clone()))
            .collect();
        json!({
            "args": args.map(text).collect::<Vec<_>>(),
            "env": pairs(&self.environment),
            "preopens": pairs(&preopens),
        })
        .to_string()
    }
}

/// Where a granted directory lies, with the home directory of whoever starts this.
fn host(host: &[u8]) -> OsString {
    let home = std::env::var_os("HOME").unwrap_or_default();
    OsString::from_vec(match below_home(host) {
        Some(below) => [home.as_bytes(), below].concat(),
        None => host.to_vec(),
    })
}
