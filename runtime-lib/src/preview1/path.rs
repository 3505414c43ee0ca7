//! Functions that take paths.

use super::errno::Result;
use super::flags::{follows, open_flags};
use super::layout::{FILESTAT, filestat};
use super::time::new_times;
use crate::guest::Guest;
use crate::host::path::Path;
use crate::host::{name, open};

/// The path that the guest's pointer and length give.
fn path(guest: &Guest, pointer: u32, len: u32) -> Result<Path> {
    let bytes = guest.bytes(pointer, len)?;
    Path::new(bytes.len(), |path| {
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
    _rights_inheriting: u64,
    fdflags: u32,
    opened: u32,
) -> Result<()> {
    let place = guest.place(opened)?;
    let flags = open_flags(dirflags, oflags, rights_base, fdflags)?;
    let opened = open::open(fd, &path(guest, path_at, path_len)?, flags)?;
    place.set(opened.to_le_bytes());
    Ok(())
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
    let path = path(guest, path_at, path_len)?;
    place.set(filestat(&name::attributes(fd, &path, follows(flags)?)?));
    Ok(())
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
    let path = path(guest, path_at, path_len)?;
    name::set_times(fd, &path, follows(flags)?, accessed, modified)
}

pub(super) fn path_create_directory(
    guest: &Guest,
    fd: u32,
    path_at: u32,
    path_len: u32,
) -> Result<()> {
    name::create_directory(fd, &mut path(guest, path_at, path_len)?)
}

pub(super) fn path_remove_directory(
    guest: &Guest,
    fd: u32,
    path_at: u32,
    path_len: u32,
) -> Result<()> {
    name::remove_directory(fd, &mut path(guest, path_at, path_len)?)
}

pub(super) fn path_unlink_file(guest: &Guest, fd: u32, path_at: u32, path_len: u32) -> Result<()> {
    name::unlink(fd, &mut path(guest, path_at, path_len)?)
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
    let mut old = path(guest, old_path, old_path_len)?;
    let mut new = path(guest, new_path, new_path_len)?;
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
    let old = path(guest, old_path, old_path_len)?;
    let mut new = path(guest, new_path, new_path_len)?;
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
    let text = path(guest, old_path, old_path_len)?;
    name::symlink(&text, fd, &mut path(guest, new_path, new_path_len)?)
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
    let path = path(guest, path_at, path_len)?;
    let len = name::read_link(fd, &path, |text| buffer.write_at(0, text))?;
    place.set((len as u32).to_le_bytes());
    Ok(())
}
