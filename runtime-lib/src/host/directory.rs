//! Reading a directory.

use super::cookies::Cookies;
use super::descriptors::{self, File};
use super::stat::FileKind;
use super::{Errno, Result, embedded};
use crate::sys::file::{BorrowedFd, SeekFrom, seek};
use crate::sys::path::entries;

/// An entry of a directory.
pub(crate) struct Entry<'e> {
    /// Where reading goes on behind this entry, even when others come and go.
    pub(crate) next: u64,
    pub(crate) inode: u64,
    pub(crate) kind: FileKind,
    pub(crate) name: &'e [u8],
}

/// Passes the entries from a cookie on to `visit` until that says no: 0, or an entry's [`Entry::next`]. `.` and `..`
/// are among them.
pub(crate) fn read(fd: u32, cookie: u64, mut visit: impl FnMut(&Entry<'_>) -> bool) -> Result<()> {
    if !descriptors::is_directory(fd)? {
        return Err(Errno::NOTDIR);
    }
    let directory = match descriptors::file(fd)? {
        File::Host(directory) => directory,
        File::Embedded(node) => return embedded::entries(node, cookie, &mut visit),
    };
    let mut cookies = descriptors::take_cookies(fd)?;
    let result = read_from(directory, cookie, &mut cookies, &mut visit);
    descriptors::put_cookies(fd, cookies)?;
    result
}

fn read_from(
    fd: BorrowedFd<'_>,
    cookie: u64,
    cookies: &mut Cookies,
    visit: &mut impl FnMut(&Entry<'_>) -> bool,
) -> Result<()> {
    seek(fd, SeekFrom::Start(cookies.position(cookie)?))?;
    let mut result = Ok(());
    entries(fd, |entry| {
        match cookies.cookie(entry.next_entry_cookie()) {
            Ok(next) => visit(&Entry {
                next,
                inode: entry.ino(),
                kind: FileKind::of(entry.file_type()),
                name: entry.file_name().to_bytes(),
            }),
            Err(errno) => {
                result = Err(errno);
                false
            }
        }
    })?;
    result
}
