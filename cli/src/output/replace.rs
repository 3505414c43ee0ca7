//! Replacing a file in one step, so that whoever looks sees the old one or the whole new one.

use super::{Kind, directory_of, system};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::{Builder, TempPath};

/// The temporary file that exists now. Whoever holds the lock decides what becomes of it: this thread renames it, or
/// the thread that a signal wakes removes it and ends the process.
static TEMPORARY: Mutex<Option<TempPath>> = Mutex::new(None);

/// Puts a file with these contents at `path`, in place of what is there.
pub(super) fn replace(path: &Path, bytes: &[u8], kind: Kind) -> io::Result<()> {
    super::watch_for_end()?;
    let mut file = create(path, kind)?;
    let written = file.write_all(bytes);
    drop(file);
    let mut temporary = lock();
    let path_of_it = temporary
        .take()
        .expect("only the thread that ends the process takes it besides");
    written?;
    path_of_it.persist(path).map_err(|failed| failed.error)
}

/// Creates the temporary file for `path`.
fn create(path: &Path, kind: Kind) -> io::Result<File> {
    let mut temporary = lock();
    let (file, path) = system::permit(&mut Builder::new(), kind)
        .prefix(".elfin-")
        .tempfile_in(directory_of(path))?
        .into_parts();
    *temporary = Some(path);
    Ok(file)
}

/// Removes the temporary file. The lock is kept: nothing is renamed or created any more.
pub(super) fn remove() -> MutexGuard<'static, Option<TempPath>> {
    let mut temporary = lock();
    drop(temporary.take());
    temporary
}

fn lock() -> MutexGuard<'static, Option<TempPath>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;
    use std::time::Duration;

    /// Set for the process that holds the moment between creating and renaming.
    const HOLD: &str = "ELFIN_TEST_HOLD";

    /// Runs itself in a second process, which is ended while its temporary file exists.
    #[test]
    fn a_signal_removes_the_temporary_file() {
        if let Some(folder) = std::env::var_os(HOLD) {
            hold(&Path::new(&folder).join("out"));
        }
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            let folder = tempfile::tempdir().unwrap();
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "output::replace::tests::a_signal_removes_the_temporary_file",
                ])
                .env(HOLD, folder.path())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let count = || fs::read_dir(folder.path()).unwrap().count();
            while count() == 0 {
                assert!(child.try_wait().unwrap().is_none());
                std::thread::sleep(Duration::from_millis(1));
            }
            let kill = Command::new("kill")
                .args([format!("-{signal}"), child.id().to_string()])
                .status();
            assert!(kill.unwrap().success());
            assert_eq!(child.wait().unwrap().signal(), Some(signal));
            assert_eq!(count(), 0);
        }
    }

    fn hold(path: &Path) -> ! {
        super::super::watch_for_end().unwrap();
        let _file = create(path, Kind::Executable).unwrap();
        std::thread::sleep(Duration::from_secs(60));
        panic!("no signal came");
    }
}
