//! Functions that take paths.

use super::errno::Result;
use super::flags::{follows, open_flags};
use super::layout::{FILESTAT, filestat};
use super::rights;
use super::time::new_times;
use crate::guest::Guest;
use crate::host::path::Path;
use crate::host::stat::Attributes;
use crate::host::{DSYNC, OFlags, descriptors, name, open};

/// Reads the path that the guest's pointer and length give.
fn read(guest: &Guest, pointer: u32, len: u32, path: &mut Path) -> Result<()> {
    let bytes = guest.bytes(pointer, len)?;
    path.set(bytes.len(), |path| {
        bytes.read_at(0, path);
    })
}

#[allow(clippy::too_many_arguments, reason = "the specification's signature")]
pub(super) fn path_open(
    guest: &Guest,
    fd: u32,
    dirflags: u32,
    path_at: u32,
    path_len: u32,
    oflags: u32,
    rights_base: u64,
    rights_inheriting: u64,
    fdflags: u32,
    opened: u32,
) -> Result<()> {
    let place = guest.place(opened)?;
    let flags = open_flags(dirflags, oflags, rights_base, fdflags)?;
    rights::need(fd, rights_to_open(flags))?;
    let withheld = rights::inherited(fd, rights_base, rights_inheriting)?;
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    let opened = open::open(fd, &path, flags)?;
    descriptors::withhold(opened, withheld)?;
    place.set(opened.to_le_bytes());
    Ok(())
}

/// The rights of a directory that opening something in it with these flags takes.
fn rights_to_open(flags: OFlags) -> u64 {
    let mut rights = rights::PATH_OPEN;
    for (flag, right) in [
        (OFlags::CREATE, rights::PATH_CREATE_FILE),
        (OFlags::TRUNC, rights::PATH_FILESTAT_SET_SIZE),
        (DSYNC, rights::FD_DATASYNC),
        (OFlags::SYNC, rights::FD_SYNC),
    ] {
        if flags.contains(flag) {
            rights |= right;
        }
    }
    rights
}

pub(super) fn path_filestat_get(
    guest: &Guest,
    fd: u32,
    flags: u32,
    path_at: u32,
    path_len: u32,
    stat: u32,
) -> Result<()> {
    let place = guest.place::<FILESTAT>(stat)?;
    place.set(filestat(&attributes(guest, fd, flags, path_at, path_len)?));
    Ok(())
}

/// What `path_filestat_get` gives.
pub(crate) fn attributes(
    guest: &Guest,
    fd: u32,
    flags: u32,
    path_at: u32,
    path_len: u32,
) -> Result<Attributes> {
    rights::need(fd, rights::PATH_FILESTAT_GET)?;
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    name::attributes(fd, &path, follows(flags)?)
}

#[allow(clippy::too_many_arguments, reason = "the specification's signature")]
pub(super) fn path_filestat_set_times(
    guest: &Guest,
    fd: u32,
    flags: u32,
    path_at: u32,
    path_len: u32,
    atim: u64,
    mtim: u64,
    fst_flags: u32,
) -> Result<()> {
    let (accessed, modified) = new_times(atim, mtim, fst_flags)?;
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    rights::need(fd, rights::PATH_FILESTAT_SET_TIMES)?;
    name::set_times(fd, &path, follows(flags)?, accessed, modified)
}

pub(super) fn path_create_directory(
    guest: &Guest,
    fd: u32,
    path_at: u32,
    path_len: u32,
) -> Result<()> {
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    rights::need(fd, rights::PATH_CREATE_DIRECTORY)?;
    name::create_directory(fd, &mut path)
}

pub(super) fn path_remove_directory(
    guest: &Guest,
    fd: u32,
    path_at: u32,
    path_len: u32,
) -> Result<()> {
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    rights::need(fd, rights::PATH_REMOVE_DIRECTORY)?;
    name::remove_directory(fd, &mut path)
}

pub(super) fn path_unlink_file(guest: &Guest, fd: u32, path_at: u32, path_len: u32) -> Result<()> {
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    rights::need(fd, rights::PATH_UNLINK_FILE)?;
    name::unlink(fd, &mut path)
}

pub(super) fn path_rename(
    guest: &Guest,
    fd: u32,
    old_path: u32,
    old_path_len: u32,
    new_fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<()> {
    let (mut old, mut new) = (Path::new(), Path::new());
    read(guest, old_path, old_path_len, &mut old)?;
    read(guest, new_path, new_path_len, &mut new)?;
    rights::need(fd, rights::PATH_RENAME_SOURCE)?;
    rights::need(new_fd, rights::PATH_RENAME_TARGET)?;
    name::rename(fd, &mut old, new_fd, &mut new)
}

#[allow(clippy::too_many_arguments, reason = "the specification's signature")]
pub(super) fn path_link(
    guest: &Guest,
    old_fd: u32,
    old_flags: u32,
    old_path: u32,
    old_path_len: u32,
    new_fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<()> {
    let (mut old, mut new) = (Path::new(), Path::new());
    read(guest, old_path, old_path_len, &mut old)?;
    read(guest, new_path, new_path_len, &mut new)?;
    rights::need(old_fd, rights::PATH_LINK_SOURCE)?;
    rights::need(new_fd, rights::PATH_LINK_TARGET)?;
    name::link(old_fd, &old, follows(old_flags)?, new_fd, &mut new)
}

pub(super) fn path_symlink(
    guest: &Guest,
    old_path: u32,
    old_path_len: u32,
    fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<()> {
    let (mut text, mut new) = (Path::new(), Path::new());
    read(guest, old_path, old_path_len, &mut text)?;
    read(guest, new_path, new_path_len, &mut new)?;
    rights::need(fd, rights::PATH_SYMLINK)?;
    name::symlink(&text, fd, &mut new)
}

pub(super) fn path_readlink(
    guest: &Guest,
    fd: u32,
    path_at: u32,
    path_len: u32,
    buf: u32,
    buf_len: u32,
    used: u32,
) -> Result<()> {
    let place = guest.place(used)?;
    let mut buffer = guest.bytes(buf, buf_len)?;
    let mut path = Path::new();
    read(guest, path_at, path_len, &mut path)?;
    rights::need(fd, rights::PATH_READLINK)?;
    let len = name::read_link(fd, &path, |text| buffer.write_at(0, text))?;
    place.set((len as u32).to_le_bytes());
    Ok(())
}
