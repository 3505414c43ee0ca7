//! Files inside the executable. The guest's descriptor table has their nodes' numbers; what is done with one goes through
//! a table of [`Operations`], to which only a program that has such files leads, so that no other has the code.
//!
//! Nothing can be changed: descriptors of embedded files are read-only, and that is where changes are refused.
//!
//! # Safety
//!
//! The compiler put the address of an [`Embedded`] into the program, and there that of `elfin_embedded`.
#![allow(unsafe_code)]

mod tree;

use super::directory::Entry;
use super::file::SeekFrom;
use super::path::Path;
use super::stat::{Attributes, FileKind, Status};
use super::{Errno, OFlags, Result, descriptors};
use crate::start::process;
use crate::sys::vector::IoVector;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::Embedded;

/// What can be done with a node, by its number.
pub(super) struct Operations {
    attributes: fn(node: u32) -> Result<Attributes>,
    read: fn(node: u32, offset: u64, vectors: &mut [IoVector]) -> Result<usize>,
    entries: fn(node: u32, cookie: u64, visit: &mut dyn FnMut(&Entry<'_>) -> bool) -> Result<()>,
    resolve: fn(directory: u32, path: &[u8], follow: bool) -> Result<u32>,
    link_text: fn(node: u32) -> Result<&'static [u8]>,
}

/// The program's trees, which it has where a descriptor is a node's.
fn embedded() -> Result<&'static Embedded> {
    let address = process().program().embedded as usize;
    // SAFETY: see above; 0 stands for no trees.
    unsafe { with_exposed_provenance::<Embedded>(address).as_ref() }.ok_or(Errno::BADF)
}

fn operations() -> Result<&'static Operations> {
    let function = with_exposed_provenance::<()>(embedded()?.operations as usize);
    // SAFETY: see above.
    unsafe {
        let function: extern "C" fn() -> *const Operations = core::mem::transmute(function);
        Ok(&*function())
    }
}

/// What `stat` gives.
pub(crate) fn attributes(node: u32) -> Result<Attributes> {
    (operations()?.attributes)(node)
}

/// How it was opened.
pub(crate) fn status(fd: u32, node: u32) -> Result<Status> {
    let kind = attributes(node)?.kind;
    Ok(Status {
        kind,
        flags: descriptors::embedded_flags(fd)?,
        seekable: kind == FileKind::Regular,
        read_only: true,
    })
}

/// Reads at the file's position.
pub(crate) fn read(fd: u32, node: u32, vectors: &mut [IoVector]) -> Result<usize> {
    let position = descriptors::position(fd)?;
    let read = read_at(node, vectors, position)?;
    descriptors::set_position(fd, position.saturating_add(read as u64))?;
    Ok(read)
}

/// Reads at an offset.
pub(crate) fn read_at(node: u32, vectors: &mut [IoVector], offset: u64) -> Result<usize> {
    (operations()?.read)(node, offset, vectors)
}

/// Moves the file's position, and gives the new one.
pub(crate) fn seek(fd: u32, node: u32, to: SeekFrom) -> Result<u64> {
    let (from, by) = match to {
        SeekFrom::Start(position) => (position, 0),
        SeekFrom::Current(by) => (descriptors::position(fd)?, by),
        SeekFrom::End(by) => (attributes(node)?.size, by),
        _ => return Err(Errno::INVAL),
    };
    let position = from.checked_add_signed(by).ok_or(Errno::INVAL)?;
    i64::try_from(position).map_err(|_| Errno::INVAL)?;
    descriptors::set_position(fd, position)?;
    Ok(position)
}

/// The number of bytes from the file's position to its end.
pub(crate) fn remaining(fd: u32, node: u32) -> Result<u64> {
    let size = attributes(node)?.size;
    Ok(size.saturating_sub(descriptors::position(fd)?))
}

/// Passes the entries of a directory to `visit`, see [`super::directory::read`].
pub(crate) fn entries(
    node: u32,
    cookie: u64,
    visit: &mut dyn FnMut(&Entry<'_>) -> bool,
) -> Result<()> {
    (operations()?.entries)(node, cookie, visit)
}

/// The node that a path beneath a directory denotes, which it does not leave.
pub(crate) fn resolve(directory: u32, path: &Path, follow: bool) -> Result<u32> {
    (operations()?.resolve)(directory, path.as_bytes(), follow)
}

/// The text of the symbolic link that a path denotes.
pub(crate) fn read_link(directory: u32, path: &Path) -> Result<&'static [u8]> {
    (operations()?.link_text)(resolve(directory, path, false)?)
}

/// Opens a path beneath a directory, with options that [`super::open::open`] has looked at, and gives the descriptor.
pub(crate) fn open(directory: u32, path: &Path, options: OFlags) -> Result<u32> {
    let node = resolve(directory, path, !options.contains(OFlags::NOFOLLOW))?;
    let kind = attributes(node)?.kind;
    match kind {
        FileKind::SymbolicLink => return Err(Errno::LOOP),
        FileKind::Directory => {}
        _ if options.contains(OFlags::DIRECTORY) => return Err(Errno::NOTDIR),
        _ => {}
    }
    descriptors::insert_embedded(node, kind == FileKind::Directory, options)
}
