//! What is known of a file: kind, size, times, how it was opened.

use super::descriptors::{self, File};
use super::{Result, clock, embedded};
use crate::sys::file::{
    self, BorrowedFd, OFlags, SeekFrom, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT,
};
use crate::sys::socket::{SocketType, socket_type};

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    BlockDevice,
    CharacterDevice,
    Directory,
    Regular,
    DatagramSocket,
    StreamSocket,
    SymbolicLink,
    /// A pipe, or what this list doesn't know.
    Other,
}

impl FileKind {
    /// The kind of a file that isn't a socket, whose type the mode doesn't tell.
    pub(crate) fn of(file_type: file::FileType) -> FileKind {
        match file_type {
            file::FileType::BlockDevice => FileKind::BlockDevice,
            file::FileType::CharacterDevice => FileKind::CharacterDevice,
            file::FileType::Directory => FileKind::Directory,
            file::FileType::RegularFile => FileKind::Regular,
            file::FileType::Symlink => FileKind::SymbolicLink,
            file::FileType::Socket => FileKind::StreamSocket,
            _ => FileKind::Other,
        }
    }
}

/// What `stat` gives. Times are nanoseconds since 1970.
pub(crate) struct Attributes {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) kind: FileKind,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

/// How a file was opened.
pub(crate) struct Status {
    pub(crate) kind: FileKind,
    pub(crate) flags: OFlags,
    pub(crate) seekable: bool,
    /// Whether it was granted read-only, or lies in a directory that was.
    pub(crate) read_only: bool,
}

/// A time to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewTime {
    /// Stays as it is.
    Keep,
    /// What the clock shows.
    Now,
    /// Nanoseconds since 1970.
    At(u64),
}

/// The attributes of an open file.
pub(crate) fn attributes(fd: u32) -> Result<Attributes> {
    match descriptors::file(fd)? {
        File::Host(file) => attributes_of(file),
        File::Embedded(node) => embedded::attributes(node),
    }
}

/// The attributes of a file by the host's descriptor.
pub(crate) fn attributes_of(fd: BorrowedFd<'_>) -> Result<Attributes> {
    let stat = file::stat(fd)?;
    Ok(Attributes {
        device: stat.st_dev,
        inode: stat.st_ino,
        kind: kind(fd, &stat),
        // The types of these differ between the targets.
        links: stat.st_nlink as u64,
        size: stat.st_size as u64,
        accessed: since_1970(stat.st_atime, stat.st_atime_nsec as u64),
        modified: since_1970(stat.st_mtime, stat.st_mtime_nsec as u64),
        changed: since_1970(stat.st_ctime, stat.st_ctime_nsec as u64),
    })
}

/// How the file was opened. Whether a device can seek is asked of it: it tells a terminal from `/dev/null`.
pub(crate) fn status(fd: u32) -> Result<Status> {
    let read_only = descriptors::is_read_only(fd)?;
    let fd = match descriptors::file(fd)? {
        File::Host(file) => file,
        File::Embedded(node) => return embedded::status(fd, node),
    };
    let kind = kind(fd, &file::stat(fd)?);
    let seekable = match kind {
        FileKind::Regular | FileKind::BlockDevice => true,
        FileKind::CharacterDevice => file::seek(fd, SeekFrom::Current(0)).is_ok(),
        _ => false,
    };
    Ok(Status {
        kind,
        flags: file::flags(fd)?,
        seekable,
        read_only,
    })
}

/// Sets the times of an open file.
pub(crate) fn set_times(fd: u32, accessed: NewTime, modified: NewTime) -> Result<()> {
    file::set_times(
        descriptors::changeable(fd)?,
        &timestamps(accessed, modified),
    )
}

/// Both times, as the kernel takes them.
pub(crate) fn timestamps(accessed: NewTime, modified: NewTime) -> Timestamps {
    Timestamps {
        last_access: new_time(accessed),
        last_modification: new_time(modified),
    }
}

fn new_time(time: NewTime) -> Timespec {
    let special = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
    match time {
        NewTime::Keep => special(UTIME_OMIT),
        NewTime::Now => special(UTIME_NOW),
        NewTime::At(time) => clock::timespec(time),
    }
}

fn kind(fd: BorrowedFd<'_>, stat: &Stat) -> FileKind {
    match FileKind::of(file::FileType::from_raw_mode(stat.st_mode)) {
        FileKind::StreamSocket if socket_type(fd) == Ok(SocketType::DGRAM) => {
            FileKind::DatagramSocket
        }
        kind => kind,
    }
}

/// A time before 1970 is given as 1970, one after 2554 as the last that fits.
fn since_1970(seconds: i64, nanoseconds: u64) -> u64 {
    let Ok(seconds) = u64::try_from(seconds) else {
        return 0;
    };
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}
