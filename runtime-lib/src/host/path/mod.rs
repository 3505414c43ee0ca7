//! The path sandbox: a path is resolved beneath a directory that the guest holds, and never leaves it.
//!
//! In comes a [`Path`], which can't be absolute. [`open`] gives the file that it denotes; [`parent`] and
//! [`Walk::locate`] give a directory beneath and one name in it, for system calls that then act on this name and
//! nothing else. Neither `..` nor a symbolic link, wherever in the path, leads out: that is `EPERM`. The kernel
//! resolves where it can do so (`openat2`), a [`walk`] from component to component where it can't.

mod resolve;
mod walk;

#[cfg(test)]
mod tests;

use super::{Errno, Result};
use crate::planted::PATHS_ARE_FREE;
use crate::sys::path::PATH_MAX;
use core::ffi::CStr;

#[cfg(test)]
pub(crate) use resolve::force_walk;
pub(crate) use resolve::{open, parent};
pub(crate) use walk::Walk;

/// A path of the guest's: relative and without zero bytes.
pub(crate) struct Path {
    /// The path, and at least one zero.
    bytes: [u8; PATH_MAX],
    len: usize,
}

impl Path {
    /// Room for a path: empty, which denotes nothing. It stays where it is made, since it is large.
    pub(crate) fn new() -> Path {
        Path {
            bytes: [0; PATH_MAX],
            len: 0,
        }
    }

    /// Makes it a path of `len` bytes, which `read` fills in.
    pub(crate) fn set(&mut self, len: usize, read: impl FnOnce(&mut [u8])) -> Result<()> {
        let (bytes, end) = self
            .bytes
            .split_at_mut_checked(len)
            .ok_or(Errno::NAMETOOLONG)?;
        *end.first_mut().ok_or(Errno::NAMETOOLONG)? = 0;
        read(bytes);
        match bytes.first() {
            None => return Err(Errno::NOENT),
            Some(b'/') if !PATHS_ARE_FREE => return Err(Errno::PERM),
            _ if bytes.contains(&0) => return Err(Errno::INVAL),
            _ => self.len = len,
        }
        Ok(())
    }

    /// The path.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }

    /// The path as the kernel takes it.
    pub(crate) fn to_c(&self) -> &CStr {
        c_string(&self.bytes)
    }

    /// Whether the path ends with a slash, and so can only denote a directory.
    pub(crate) fn ends_with_slash(&self) -> bool {
        self.as_bytes().ends_with(b"/")
    }

    /// Splits off the last component, with the slashes that follow it. What is before it is a directory's path;
    /// `None` if there is nothing. A path that ends with `.` or `..` isn't split, since that is no name of an entry:
    /// the name is then `.`.
    fn split(&mut self) -> (Option<&CStr>, &CStr) {
        let bytes = self.bytes.get(..self.len).unwrap_or(&[]);
        let end = bytes
            .iter()
            .rposition(|&byte| byte != b'/')
            .map_or(0, |at| at + 1);
        let before = bytes.get(..end).unwrap_or(&[]);
        let slash = before.iter().rposition(|&byte| byte == b'/');
        let name = before.get(slash.map_or(0, |slash| slash + 1)..);
        if matches!(name, Some(b"." | b"..")) {
            return (Some(self.to_c()), c".");
        }
        let Some(slash) = slash else {
            return (None, self.to_c());
        };
        let (directory, name) = self.bytes.split_at_mut(slash + 1);
        if let Some(slash) = directory.last_mut() {
            *slash = 0;
        }
        (Some(c_string(directory)), c_string(name))
    }
}

/// The bytes up to the first zero; there is one.
fn c_string(bytes: &[u8]) -> &CStr {
    CStr::from_bytes_until_nul(bytes).unwrap_or(c"")
}
