//! A folder for what exists only while a command works. It is removed however the process ends, and what runs in it is
//! ended first.

use crate::failure::{Failure, Result};
use crate::output;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// How often the folder is tried to be removed, and how long it is waited in between.
const ATTEMPTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// What is removed when a signal ends the process.
static CURRENT: Mutex<Current> = Mutex::new(Current {
    folder: None,
    stop: None,
});

struct Current {
    folder: Option<TempDir>,
    /// Ends the process that works in the folder now.
    stop: Option<Box<dyn FnOnce() + Send>>,
}

/// The folder; there is one at a time.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes it, where the system keeps temporary files.
    pub(crate) fn new() -> Result<Self> {
        let make = || {
            output::watch_for_end()?;
            let mut current = lock();
            let folder = tempfile::Builder::new().prefix("elfin-").tempdir()?;
            let path = folder.path().to_owned();
            current.folder = Some(folder);
            std::io::Result::Ok(Self { path })
        };
        make().map_err(|error| {
            Failure::Failed(format!(
                "no folder for temporary files can be made: {error}. Name another place with TMPDIR"
            ))
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Starts something that works in the folder; a signal that ends this process calls `stop` first, from the start on
    /// until [`Self::ended`].
    pub(crate) fn start<T, S: FnOnce() + Send + 'static>(
        &self,
        start: impl FnOnce() -> std::io::Result<(T, S)>,
    ) -> std::io::Result<T> {
        let mut current = lock();
        let (started, stop) = start()?;
        current.stop = Some(Box::new(stop));
        Ok(started)
    }

    /// What was started is going to end by itself now, or has been stopped.
    pub(crate) fn ended(&self) {
        lock().stop = None;
    }

    /// Stops what was started, if it has not ended.
    pub(crate) fn stop(&self) {
        if let Some(stop) = lock().stop.take() {
            stop();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(remove());
    }
}

/// Stops what works in the folder and removes it. As long as the guard is kept, nothing new is started.
pub(crate) fn remove() -> impl Sized {
    let mut current = lock();
    if let Some(stop) = current.stop.take() {
        stop();
    }
    if let Some(folder) = current.folder.take() {
        // What was stopped may still be ending, and makes a file meanwhile.
        let attempts = (0..ATTEMPTS).map(|_| fs::remove_dir_all(folder.path()));
        for _ in attempts.take_while(
            |result| matches!(result, Err(error) if error.kind() != ErrorKind::NotFound),
        ) {
            thread::sleep(PAUSE);
        }
    }
    current
}

fn lock() -> MutexGuard<'static, Current> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}
