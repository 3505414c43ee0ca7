//! Where things lie: the cases, the target folder, scratch directories.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The folder of this crate.
pub fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the workspace.
pub fn workspace_root() -> &'static Path {
    crate_root()
        .parent()
        .expect("the crate lies in the workspace")
}

/// Cargo's target folder, found from the running test: `TARGET/PROFILE/deps/test`.
pub fn target_root() -> PathBuf {
    let exe = std::env::current_exe().expect("a process has an executable");
    let deps = exe.ancestors().find(|path| path.ends_with("deps"));
    match deps.and_then(|deps| deps.ancestors().nth(2)) {
        Some(root) => root.to_owned(),
        None => workspace_root().join("target"),
    }
}

/// Where built guests are kept from run to run.
pub fn guests() -> Result<PathBuf> {
    created(target_root().join("guests"))
}

/// Creates a folder and the ones above it.
pub fn created(path: PathBuf) -> Result<PathBuf> {
    std::fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
    Ok(path)
}

/// A fresh directory that is removed when it goes out of scope, unless `ELFIN_KEEP` is set.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Creates the directory; `name` makes it recognisable.
    pub fn new(name: &str) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let path = std::env::temp_dir().join(format!(
            "elfin-{}-{}-{name}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::env::var_os("ELFIN_KEEP").is_some() {
            eprintln!("kept: {}", self.0.display());
        } else {
            // A guest may have taken away its own rights; what can't be removed stays in the temporary folder.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
