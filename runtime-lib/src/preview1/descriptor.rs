//! Descriptors themselves: what they are, flags, numbers, preopens.

use super::errno::Result;
use super::flags::descriptor_flags;
use super::layout::{FDSTAT, FILESTAT, PRESTAT, fdstat, filestat, prestat};
use super::rights;
use super::time::new_times;
use crate::guest::Guest;
use crate::host::descriptors::Given;
use crate::host::stat::Attributes;
use crate::host::{Errno, descriptors, file, stat};

pub(super) fn fd_close(_: &Guest, fd: u32) -> Result<()> {
    descriptors::close(fd)
}

pub(super) fn fd_renumber(_: &Guest, fd: u32, to: u32) -> Result<()> {
    descriptors::renumber(fd, to)
}

pub(super) fn fd_fdstat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let place = guest.place::<FDSTAT>(stat)?;
    let status = stat::status(fd)?;
    place.set(fdstat(&status, rights::of(fd, &status)?));
    Ok(())
}

pub(super) fn fd_fdstat_set_flags(_: &Guest, fd: u32, flags: u32) -> Result<()> {
    rights::need(fd, rights::FD_FDSTAT_SET_FLAGS)?;
    file::set_flags(fd, descriptor_flags(flags)?)
}

pub(super) fn fd_fdstat_set_rights(_: &Guest, fd: u32, base: u64, inheriting: u64) -> Result<()> {
    rights::set(fd, base, inheriting)
}

pub(super) fn fd_filestat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let place = guest.place::<FILESTAT>(stat)?;
    place.set(filestat(&attributes(fd)?));
    Ok(())
}

/// What `fd_filestat_get` gives.
pub(crate) fn attributes(fd: u32) -> Result<Attributes> {
    rights::need(fd, rights::FD_FILESTAT_GET)?;
    stat::attributes(fd)
}

pub(super) fn fd_filestat_set_times(
    _: &Guest,
    fd: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Result<()> {
    let (accessed, modified) = new_times(atim, mtim, flags)?;
    rights::need(fd, rights::FD_FILESTAT_SET_TIMES)?;
    stat::set_times(fd, accessed, modified)
}

pub(super) fn fd_prestat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let given = descriptors::given(fd)?;
    guest.place::<PRESTAT>(stat)?.set(prestat(&given));
    Ok(())
}

pub(super) fn fd_prestat_dir_name(guest: &Guest, fd: u32, path: u32, path_len: u32) -> Result<()> {
    let Given::Directory(name) = descriptors::given(fd)? else {
        return Err(Errno::NOTDIR);
    };
    let mut bytes = guest.bytes(path, path_len)?;
    if bytes.len() < name.len() {
        return Err(Errno::NAMETOOLONG);
    }
    bytes.write_at(0, name);
    Ok(())
}
