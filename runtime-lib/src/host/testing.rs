//! What unit tests of the host and of preview 1 share: a directory tree that is removed afterwards, and one test at a
//! time where the descriptor table or the choice of the path resolver is involved.

use crate::sys::file::OwnedFd;
use crate::sys::path::open_host_directory;
use std::ffi::CString;
use std::format;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Keeps other tests waiting that call this.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A directory that holds `granted`, which the guest gets, and whatever else a test puts beside it.
pub(crate) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// An empty `granted` in a new directory.
    pub(crate) fn new() -> Tree {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("elfin-runtime-{}-{count}", std::process::id());
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(root.join("granted")).unwrap();
        Tree { root }
    }

    /// A path in `granted`.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join("granted").join(path)
    }

    /// `granted`, open.
    pub(crate) fn open(&self) -> OwnedFd {
        let path = CString::new(self.root.join("granted").as_os_str().as_bytes());
        open_host_directory(&path.unwrap()).unwrap()
    }

    /// Creates a directory.
    pub(crate) fn directory(&self, path: &str) -> &Tree {
        std::fs::create_dir_all(self.at(path)).unwrap();
        self
    }

    /// Creates a file.
    pub(crate) fn file(&self, path: &str, text: &str) -> &Tree {
        std::fs::write(self.at(path), text).unwrap();
        self
    }

    /// Creates a symbolic link.
    pub(crate) fn link(&self, path: &str, text: &str) -> &Tree {
        std::os::unix::fs::symlink(text, self.at(path)).unwrap();
        self
    }

    /// What a file holds.
    pub(crate) fn text(&self, path: &str) -> std::string::String {
        std::fs::read_to_string(self.at(path)).unwrap()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
