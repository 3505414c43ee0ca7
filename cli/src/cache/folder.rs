//! The folder that holds what compilations leave for later ones. A file in it is whole: it is written under another name,
//! and renamed.
//!
//! The folder belongs to this user, and nobody else may write to it; otherwise it is not used. It is opened once and
//! every file is reached from there, so that no link put in its way later leads elsewhere. Several processes may use it
//! at a time.

use super::name;
use nix::dir::{Dir, Type};
use nix::fcntl::{OFlag, openat, renameat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, geteuid, unlinkat};
use std::fs::{DirBuilder, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How a file's name begins while it is written. Its writer holds a lock on it: who gets that lock finds a file that
/// nobody will finish.
const UNFINISHED: &str = ".new-";

/// Permissions for the others, whom the cache is no business of.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// The folder.
pub(crate) struct Folder {
    folder: File,
    path: PathBuf,
    /// Bytes that the files may have together.
    limit: u64,
}

impl Folder {
    /// Opens the folder, and makes it where there is none. The error is a sentence on why it can't be used.
    pub(crate) fn open(limit: u64) -> Result<Self, String> {
        let path = path().ok_or("neither XDG_CACHE_HOME nor HOME names a folder")?;
        let unusable = |error: io::Error| format!("`{}`: {error}", path.display());
        let open = || {
            let mut options = File::options();
            let flags = OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
            options.read(true).custom_flags(flags.bits()).open(&path)
        };
        let folder = match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut builder = DirBuilder::new();
                let made = builder.recursive(true).mode(0o700).create(&path);
                made.and_then(|()| open()).map_err(unusable)?
            }
            result => result.map_err(unusable)?,
        };
        let found = folder.metadata().map_err(unusable)?;
        if found.uid() != geteuid().as_raw() || found.mode() & WRITABLE_BY_OTHERS != 0 {
            return Err(format!(
                "others may write to `{}`: `chmod 700` it",
                path.display()
            ));
        }
        Ok(Self {
            folder,
            path,
            limit,
        })
    }

    /// Its descriptor, from which `name` is executed.
    pub(crate) fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }

    /// The path of one of its files.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The file of this name, if there is one; it counts as used now.
    pub(crate) fn find(&self, name: &str) -> Option<File> {
        let file = self.open_file(name).ok()?;
        // Where the folder may only be read nothing is removed either.
        let _ = file.set_modified(SystemTime::now());
        Some(file)
    }

    /// Puts a file there. It is not there afterwards if that fails, or if it is larger than all may be.
    pub(crate) fn insert(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let write = || {
            let mut file = self.begin()?;
            file.write_all(bytes)?;
            // Whole also when the machine stops between the name and the contents.
            file.file.sync_data()?;
            file.finish(name)
        };
        let result = self.check_size(bytes.len() as u64).and_then(|()| write());
        // What this run has to do is done; a file that stays is one for the next run.
        let _ = self.clean(name);
        result
    }

    /// Bytes that all may have.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// An error if all may not have that many bytes.
    pub(crate) fn check_size(&self, len: u64) -> io::Result<()> {
        match len > self.limit {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(()),
        }
    }

    /// Begins a file, which is gone unless it is finished.
    pub(crate) fn begin(&self) -> io::Result<Unfinished<'_>> {
        let number = RandomState::new().hash_one(std::process::id());
        let name = format!("{UNFINISHED}{number:016x}");
        let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let file = openat(&self.folder, &*name, flags, Mode::S_IRWXU)?;
        let unfinished = Unfinished {
            folder: self,
            file: file.into(),
            name: Some(name),
        };
        unfinished.file.try_lock()?;
        Ok(unfinished)
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &str) {
        // Another process may have done it.
        let _ = unlinkat(&self.folder, name, UnlinkatFlags::NoRemoveDir);
    }

    /// Removes what killed processes have left, and what was not used for longest beyond the limit, but not `kept`.
    pub(crate) fn clean(&self, kept: &str) -> io::Result<()> {
        let mut files = Vec::new();
        for name in self.names()? {
            if name.starts_with(UNFINISHED) {
                let is_left = |file: File| file.try_lock().is_ok();
                if self.open_file(&name).is_ok_and(is_left) {
                    self.remove(&name);
                }
            } else if name::is_kept(&name)
                && let Ok(found) = self.open_file(&name).and_then(|file| file.metadata())
            {
                files.push((found.modified()?, found.len(), name));
            }
        }
        files.sort();
        let mut sum: u64 = files.iter().map(|(_, len, _)| len).sum();
        for (_, len, name) in files {
            if sum > self.limit && name != kept {
                self.remove(&name);
                sum -= len;
            }
        }
        Ok(())
    }

    /// The regular files.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let folder = Dir::openat(&self.folder, ".", flags, Mode::empty())?;
        let mut names = Vec::new();
        for entry in folder {
            let entry = entry?;
            // Some file systems don't tell the type.
            if matches!(entry.file_type(), Some(Type::File) | None) {
                names.extend(entry.file_name().to_str().ok().map(str::to_owned));
            }
        }
        Ok(names)
    }

    pub(crate) fn open_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        Ok(openat(&self.folder, name, flags, Mode::empty())?.into())
    }
}

/// A file that is written.
pub(crate) struct Unfinished<'f> {
    folder: &'f Folder,
    file: File,
    /// `None` once it is finished.
    name: Option<String>,
}

impl Unfinished<'_> {
    /// Gives it its name. Whatever bore that is replaced.
    pub(crate) fn finish(mut self, name: &str) -> io::Result<()> {
        if let Some(unfinished) = &self.name {
            let folder = &self.folder.folder;
            renameat(folder, &**unfinished, folder, name)?;
            self.name = None;
        }
        Ok(())
    }
}

impl Write for Unfinished<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            self.folder.remove(name);
        }
    }
}

/// Where the folder lies: <https://specifications.freedesktop.org/basedir-spec/latest/>.
fn path() -> Option<PathBuf> {
    let absolute = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name).unwrap_or_default());
        path.is_absolute().then_some(path)
    };
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join(Path::new("elfin")))
}
