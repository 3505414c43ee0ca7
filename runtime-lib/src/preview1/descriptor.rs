//! Descriptors themselves: what they are, flags, numbers, preopens.

use super::errno::Result;
use super::flags::descriptor_flags;
use super::layout::{FDSTAT, FILESTAT, PRESTAT, fdstat, filestat, prestat};
use super::time::new_times;
use crate::guest::Guest;
use crate::host::descriptors::Given;
use crate::host::{Errno, descriptors, file, stat};

pub(super) fn fd_close(_: &Guest, fd: u32) -> Result<()> {
    descriptors::close(fd)
}

pub(super) fn fd_renumber(_: &Guest, fd: u32, to: u32) -> Result<()> {
    descriptors::renumber(fd, to)
}

pub(super) fn fd_fdstat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let place = guest.place::<FDSTAT>(stat)?;
    place.set(fdstat(&stat::status(fd)?));
    Ok(())
}

pub(super) fn fd_fdstat_set_flags(_: &Guest, fd: u32, flags: u32) -> Result<()> {
    file::set_flags(fd, descriptor_flags(flags)?)
}

/// Rights follow from what a descriptor is and can't be given up; preview 1 deprecates that they could.
pub(super) fn fd_fdstat_set_rights(_: &Guest, fd: u32, _base: u64, _inheriting: u64) -> Result<()> {
    descriptors::get(fd)?;
    Err(Errno::NOTSUP)
}

pub(super) fn fd_filestat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let place = guest.place::<FILESTAT>(stat)?;
    place.set(filestat(&stat::attributes(fd)?));
    Ok(())
}

pub(super) fn fd_filestat_set_times(
    _: &Guest,
    fd: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Result<()> {
    let (accessed, modified) = new_times(atim, mtim, flags)?;
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
