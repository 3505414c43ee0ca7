//! The process becomes the guest: what it is started with, and from where.

use super::emulator::Emulator;
use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::execveat;
use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// `MFD_EXEC`, since Linux 6.3: the file may be executed also where the system's default is that none may.
/// <https://docs.kernel.org/userspace-api/mfd_noexec.html>
const MFD_EXEC: MFdFlags = MFdFlags::from_bits_retain(0x10);

/// What the guest is started with.
pub(super) struct Guest {
    /// What it sees as its own name.
    pub(super) argv0: OsString,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
    /// The whole environment of the process.
    pub(super) environment: Vec<(OsString, OsString)>,
    /// What executes it, where this machine can't.
    pub(super) emulator: Option<Emulator>,
}

impl Guest {
    /// Becomes the executable `name` in `folder`, which lies at `path`. Returns only where that is not possible.
    pub(super) fn execute(&self, folder: BorrowedFd<'_>, name: &str, path: &Path) -> io::Error {
        match &self.emulator {
            // From the folder that was checked, not by a path. The kernel calls the process by `name`.
            None => self.execute_at(folder, name, AtFlags::AT_SYMLINK_NOFOLLOW),
            Some(emulator) => self.emulate(emulator, path),
        }
    }

    /// Becomes an executable that no file holds. Returns only where that is not possible.
    pub(super) fn execute_bytes(&self, bytes: &[u8]) -> io::Error {
        let closing = match self.emulator {
            None => MFdFlags::MFD_CLOEXEC,
            // The emulator opens it.
            Some(_) => MFdFlags::empty(),
        };
        let create = |flags| memfd_create(c"elfin", flags | closing);
        let file = create(MFD_EXEC).or_else(|error| match error {
            Errno::EINVAL => create(MFdFlags::empty()),
            _ => Err(error),
        });
        let written = file.map_err(io::Error::from).and_then(|file| {
            let mut file = File::from(file);
            file.write_all(bytes)?;
            Ok(file)
        });
        match (written, &self.emulator) {
            (Err(error), _) => error,
            (Ok(file), None) => self.execute_at(file.as_fd(), "", AtFlags::AT_EMPTY_PATH),
            (Ok(file), Some(emulator)) => {
                let path = format!("/proc/self/fd/{}", file.as_raw_fd());
                self.emulate(emulator, Path::new(&path))
            }
        }
    }

    fn execute_at(&self, place: BorrowedFd<'_>, name: &str, flags: AtFlags) -> io::Error {
        let become_it = || -> io::Result<()> {
            let name = CString::new(name)?;
            let (arguments, environment) = self.vectors()?;
            execveat(place, &name, &arguments, &environment, flags)?;
            Ok(())
        };
        match become_it() {
            Err(error) => error,
            Ok(()) => unreachable!("execveat returned without an error"),
        }
    }

    fn emulate(&self, emulator: &Emulator, executable: &Path) -> io::Error {
        Command::new(&emulator.path)
            .arg("-0")
            .arg(&self.argv0)
            .arg(executable)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .exec()
    }

    /// Arguments and environment in the kernel's form.
    fn vectors(&self) -> io::Result<(Vec<CString>, Vec<CString>)> {
        let text = |text: &OsString| CString::new(text.clone().into_vec());
        let arguments = [&self.argv0].into_iter().chain(&self.arguments);
        let environment = self.environment.iter().map(|(name, value)| {
            let mut both = name.clone();
            both.push("=");
            both.push(value);
            text(&both)
        });
        Ok((
            arguments.map(text).collect::<Result<_, _>>()?,
            environment.collect::<Result<_, _>>()?,
        ))
    }
}
