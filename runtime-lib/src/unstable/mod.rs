//! `wasi_unstable`, the forerunner of preview 1 that old modules import: what differs from preview 1. All else is preview
//! 1's own, see [`elfin_abi::host::find`]. The layouts and numbers are those of the
//! [specification](https://github.com/WebAssembly/WASI/blob/wasi-0.1/legacy/preview0/docs.md).
//!
//! ```text
//! filestat, 56 bytes       0 dev  8 ino  16 filetype  20 nlink  24 size  32 atim  40 mtim  48 ctim
//! subscription, 56 bytes   0 userdata  8 tag  16 descriptor, or clock: 16 identifier  24 id  32 timeout  48 flags
//! whence                   0 from the position  1 from the end  2 from the beginning
//! ```
//!
//! # Safety
//!
//! As in [`crate::preview1::exports`], whose macro defines the functions.
#![allow(unsafe_code)]
// Without the symbols nothing calls them.
#![cfg_attr(not(elfin_archive), allow(dead_code))]

use crate::guest::Guest;
use crate::host::stat::Attributes;
use crate::preview1::errno::{Result, encode};
use crate::preview1::exports::{answer, define};
use crate::preview1::layout::{Record, filetype};
use crate::preview1::{descriptor, file, path, poll};
use elfin_abi::layout::Memory;

/// Bytes of a `filestat`.
const FILESTAT: usize = 56;

const SUBSCRIPTION: poll::Layout = poll::Layout {
    size: 56,
    clock: 24,
};

fn fd_filestat_get(guest: &Guest, fd: u32, stat: u32) -> Result<()> {
    let place = guest.place::<FILESTAT>(stat)?;
    place.set(filestat(&descriptor::attributes(fd)?));
    Ok(())
}

fn path_filestat_get(
    guest: &Guest,
    fd: u32,
    flags: u32,
    path_at: u32,
    path_len: u32,
    stat: u32,
) -> Result<()> {
    let place = guest.place::<FILESTAT>(stat)?;
    let attributes = path::attributes(guest, fd, flags, path_at, path_len)?;
    place.set(filestat(&attributes));
    Ok(())
}

fn fd_seek(guest: &Guest, fd: u32, offset: u64, whence: u32, position: u32) -> Result<()> {
    let whence = match whence {
        0 => 1,
        1 => 2,
        2 => 0,
        unknown => unknown,
    };
    file::fd_seek(guest, fd, offset, whence, position)
}

fn poll_oneoff(
    guest: &Guest,
    subscriptions: u32,
    events: u32,
    count: u32,
    stored: u32,
) -> Result<()> {
    poll::poll(&SUBSCRIPTION, guest, subscriptions, events, count, stored)
}

/// More links than 32 bits can count are given as so many.
fn filestat(attributes: &Attributes) -> [u8; FILESTAT] {
    let links = u32::try_from(attributes.links).unwrap_or(u32::MAX);
    let mut record = Record::new();
    record.set(0, attributes.device.to_le_bytes());
    record.set(8, attributes.inode.to_le_bytes());
    record.set(16, [filetype(attributes.kind)]);
    record.set(20, links.to_le_bytes());
    record.set(24, attributes.size.to_le_bytes());
    record.set(32, attributes.accessed.to_le_bytes());
    record.set(40, attributes.modified.to_le_bytes());
    record.set(48, attributes.changed.to_le_bytes());
    record.bytes()
}

macro_rules! export {
    ($($functions:tt)*) => {
        define! { "elfin_unstable_", $($functions)* }
    };
}

elfin_abi::unstable_functions!(export);
