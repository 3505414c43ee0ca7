//! What compilations leave for later ones: whole executables of `elfin run`, and the machine code of functions. Linux
//! alone.

mod folder;
mod functions;
pub(crate) mod name;
mod pack;

pub(crate) use folder::Folder;

use crate::code::size;
use crate::failure::{Failure, Result};
use elfin_compiler::cache::Cache;
use functions::Functions;
use std::fs;
use std::os::unix::fs::MetadataExt;

/// Bytes that the folder keeps, unless `ELFIN_CACHE_SIZE` says something else.
const SIZE: u64 = 1 << 30;

/// Bytes that the folder may have; 0 for none.
fn limit() -> Result<u64> {
    let Some(text) = std::env::var_os("ELFIN_CACHE_SIZE") else {
        return Ok(SIZE);
    };
    let text = text.to_string_lossy();
    size::parse(&text).map_err(|error| {
        Failure::Usage(format!(
            "invalid value '{text}' for ELFIN_CACHE_SIZE: {error}"
        ))
    })
}

/// The place of a command's cache: a folder, or why there is none.
pub(crate) struct Kept(Result<Folder, String>);

impl Kept {
    /// The place, unless the command line or the environment says that there shall be none.
    pub(crate) fn open(is_off: bool) -> Result<Self> {
        if is_off {
            return Ok(Self(Err("--no-cache".into())));
        }
        Ok(Self(match limit()? {
            0 => Err("ELFIN_CACHE_SIZE is 0".into()),
            limit => Folder::open(limit),
        }))
    }

    /// The folder.
    pub(crate) fn folder(&self) -> Result<&Folder, &str> {
        self.0.as_ref().map_err(String::as_str)
    }

    /// Lends a compilation the functions that former ones have left, and keeps what it leaves; or why it could not.
    pub(crate) fn lend<T>(
        &self,
        compilation: impl FnOnce(Option<&dyn Cache>) -> T,
    ) -> (T, Result<(), String>) {
        let functions = self.folder().and_then(|folder| {
            let build = build().ok_or(UNKNOWN)?;
            Ok(Functions::new(folder, &build))
        });
        match functions {
            Ok(functions) => {
                let result = compilation(Some(&functions));
                functions.finish();
                (result, Ok(()))
            }
            Err(reason) => (compilation(None), Err(reason.to_owned())),
        }
    }
}

/// Why an elfin that does not know which one it is keeps nothing.
pub(crate) const UNKNOWN: &str = "without /proc this elfin does not know itself";

/// Which elfin this is; `None` where that can't be found out: then nothing of another one may be used. A version alone
/// does not tell two builds of a clone apart; the file does, whose time of change nobody sets.
pub(crate) fn build() -> Option<String> {
    let file = fs::metadata("/proc/self/exe").ok()?;
    Some(format!(
        "elfin {} {} {} {}.{:09}\n",
        env!("CARGO_PKG_VERSION"),
        file.ino(),
        file.size(),
        file.ctime(),
        file.ctime_nsec(),
    ))
}
