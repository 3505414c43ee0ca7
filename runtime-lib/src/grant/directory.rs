//! Directories: opened from where the executable was started, or from the home directory of whoever started it.
#![allow(unsafe_code)]

use super::refuse_grant;
use crate::host::descriptors;
use crate::message::Message;
use crate::program::elements;
use crate::start::{process, refuse};
use crate::sys::file::Errno;
use crate::sys::path::{PATH_MAX, open_host_directory};
use core::ffi::CStr;
use elfin_abi::grant::{self, below_home};
use elfin_abi::layout::Directory;

/// [`elfin_abi::host::intrinsic::OPEN_DIRECTORY`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_open_directory(directory: &'static Directory) {
    open(&grant_of(directory), b"", elements(&directory.host));
}

/// [`elfin_abi::host::intrinsic::OPEN_HOME_DIRECTORY`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_open_home_directory(directory: &'static Directory) {
    open_anywhere(&grant_of(directory));
}

fn grant_of(directory: &'static Directory) -> grant::Directory<'static> {
    grant::Directory {
        host: elements(&directory.host),
        guest: elements(&directory.guest),
        read_only: directory.is_read_only != 0,
    }
}

/// Gives the guest a directory, whose path may begin with `$HOME`.
pub(super) fn open_anywhere(directory: &grant::Directory<'static>) {
    match below_home(directory.host) {
        Some(path) => match home() {
            Ok(home) => open(directory, home, path),
            Err(why) => {
                let mut message = Message::error();
                message.text("cannot open the granted directory `");
                refuse(message.foreign(directory.host).text("`: ").text(why))
            }
        },
        None => open(directory, b"", directory.host),
    }
}

/// The home directory of whoever started the executable.
fn home() -> Result<&'static [u8], &'static str> {
    const NAME: &[u8] = b"HOME";
    if process().is_secure() {
        return Err("a program with more rights than its caller does not take $HOME from it");
    }
    let text = process().variable(NAME).ok_or("$HOME is not set")?;
    match text.get(NAME.len() + 1..) {
        Some(path) if path.starts_with(b"/") => Ok(path),
        _ => Err("$HOME is not an absolute path"),
    }
}

/// Gives the guest the directory whose path has these two parts.
fn open(directory: &grant::Directory<'static>, first: &[u8], second: &[u8]) {
    let mut buffer = [0; PATH_MAX];
    let opened = join(first, second, &mut buffer).and_then(|path| {
        let opened = open_host_directory(path)?;
        descriptors::insert_directory(opened, directory.guest, directory.read_only)
    });
    if let Err(errno) = opened {
        refuse_grant("cannot open the granted directory", directory.host, errno);
    }
}

/// One path of two parts.
fn join<'b>(
    first: &[u8],
    second: &[u8],
    buffer: &'b mut [u8; PATH_MAX],
) -> Result<&'b CStr, Errno> {
    let len = first.len() + second.len();
    if len >= PATH_MAX {
        return Err(Errno::NAMETOOLONG);
    }
    for (to, from) in buffer.iter_mut().zip(first.iter().chain(second)) {
        *to = *from;
    }
    CStr::from_bytes_until_nul(buffer).map_err(|_| Errno::NAMETOOLONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_long_as_a_path_can_be() {
        let mut buffer = [0; PATH_MAX];
        assert_eq!(join(b"/home/a", b"/b", &mut buffer), Ok(c"/home/a/b"));
        let mut buffer = [0; PATH_MAX];
        let long = [b'x'; PATH_MAX - 1];
        assert_eq!(join(b"", &long, &mut buffer).unwrap().count_bytes(), 4095);
        assert_eq!(join(b"/", &long, &mut buffer), Err(Errno::NAMETOOLONG));
    }
}
