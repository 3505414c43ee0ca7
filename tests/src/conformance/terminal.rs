//! A pseudo-terminal.

use anyhow::Result;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, OutputModes, tcgetattr, tcsetattr};
use std::fs::File;
use std::os::fd::OwnedFd;

/// The side where somebody types, and the side that a program has. Lines are edited, nothing is echoed, and a line feed
/// stays one.
pub(super) fn pair() -> Result<(File, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let theirs = rustix::fs::open(name, flags, Mode::empty())?;
    let mut settings = tcgetattr(&theirs)?;
    settings.local_modes.remove(LocalModes::ECHO);
    settings.output_modes.remove(OutputModes::OPOST);
    tcsetattr(&theirs, OptionalActions::Now, &settings)?;
    Ok((File::from(ours), theirs))
}
