//! The linker's file system: a few buffers in memory.

use libwild::{FileSystem, FileType, InputFileData, OutputFileData, OutputOptions, error};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

type Files = Mutex<HashMap<PathBuf, Arc<Vec<u8>>>>;

/// Files by their path; clones share them.
#[derive(Clone, Default)]
pub(super) struct MemoryFiles(Arc<Files>);

/// An input's bytes.
#[derive(Debug)]
pub(super) struct Input(Arc<Vec<u8>>);

/// An output while it is written.
pub(super) struct Output {
    path: PathBuf,
    bytes: Vec<u8>,
    files: Arc<Files>,
}

impl MemoryFiles {
    /// Adds a file.
    pub(super) fn insert(&self, path: &str, bytes: Vec<u8>) {
        self.0
            .lock()
            .expect("nothing panics with it")
            .insert(path.into(), Arc::new(bytes));
    }

    /// Takes a file out.
    pub(super) fn take(&self, path: &str) -> Option<Vec<u8>> {
        self.remove(Path::new(path)).ok().map(Arc::unwrap_or_clone)
    }

    fn remove(&self, path: &Path) -> io::Result<Arc<Vec<u8>>> {
        self.0
            .lock()
            .expect("nothing panics with it")
            .remove(path)
            .ok_or_else(|| missing(path))
    }

    fn get(&self, path: &Path) -> io::Result<Arc<Vec<u8>>> {
        self.0
            .lock()
            .expect("nothing panics with it")
            .get(path)
            .cloned()
            .ok_or_else(|| missing(path))
    }
}

fn missing(path: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!("no file {} in memory", path.display()),
    )
}

impl InputFileData for Input {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl OutputFileData for Output {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    fn finish(self) -> error::Result {
        self.files
            .lock()
            .expect("nothing panics with it")
            .insert(self.path, Arc::new(self.bytes));
        Ok(())
    }
}

impl FileSystem for MemoryFiles {
    type Input = Input;
    type Output = Output;

    fn open_input(
        &self,
        path: &Path,
        _prepopulate_maps: bool,
    ) -> error::Result<(Input, Option<Arc<File>>)> {
        Ok((Input(self.get(path)?), None))
    }

    fn file_type(&self, path: &Path) -> error::Result<FileType> {
        self.get(path)?;
        Ok(FileType::File)
    }

    fn canonicalize(&self, path: &Path) -> error::Result<PathBuf> {
        Ok(path.to_path_buf())
    }

    fn remove_file(&self, path: &Path) -> error::Result<()> {
        self.remove(path)?;
        Ok(())
    }

    fn rename_file(&self, path: &Path, new_path: &Path) -> error::Result<()> {
        let bytes = self.remove(path)?;
        self.0
            .lock()
            .expect("nothing panics with it")
            .insert(new_path.to_path_buf(), bytes);
        Ok(())
    }

    fn create_output(&self, path: Arc<Path>, options: OutputOptions) -> error::Result<Output> {
        let size = usize::try_from(options.size).map_err(|_| {
            io::Error::new(io::ErrorKind::OutOfMemory, "the executable is too large")
        })?;
        Ok(Output {
            path: path.to_path_buf(),
            bytes: vec![0; size],
            files: Arc::clone(&self.0),
        })
    }

    fn write_auxiliary(&self, path: &Path, bytes: &[u8]) -> error::Result {
        self.0
            .lock()
            .expect("nothing panics with it")
            .insert(path.to_path_buf(), Arc::new(bytes.to_vec()));
        Ok(())
    }
}
