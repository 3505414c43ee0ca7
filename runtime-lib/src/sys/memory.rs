//! Address space.
//!
//! Everything is private, anonymous and not counted against the system's memory until it is touched.
//!
//! # Safety
//!
//! Where nothing is mapped there are no references that a mapping could invalidate.
#![allow(unsafe_code)]

use core::ptr::{null_mut, with_exposed_provenance_mut};
use rustix::io::Errno;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
#[cfg(any(elfin_pie, test))]
use rustix::mm::{MremapFlags, mremap_fixed};

const FLAGS: MapFlags = MapFlags::PRIVATE.union(MapFlags::NORESERVE);

/// What may be done with a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing: address space that is kept free.
    None,
    /// Reads alone.
    #[cfg_attr(not(elfin_pie), allow(dead_code))]
    Read,
    /// Reads and writes.
    ReadWrite,
}

/// Maps zeros at exactly this range, if nothing is mapped there; `EXIST` otherwise.
pub(crate) fn map_at(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    let flags = FLAGS | MapFlags::FIXED_NOREPLACE;
    let wanted = with_exposed_provenance_mut(start as usize);
    // SAFETY: nothing is replaced.
    let mapped = unsafe { mmap_anonymous(wanted, len as usize, protection(access), flags) }?;
    if mapped == wanted {
        return Ok(());
    }
    // A kernel before 4.17 (and qemu-user) takes the address as a wish, which it grants where nothing is mapped.
    // SAFETY: the mapping was made here.
    unsafe { munmap(mapped, len as usize) }?;
    Err(Errno::EXIST)
}

/// Maps zeros at exactly this range, in place of what is mapped there.
///
/// # Safety
///
/// Nothing refers to the range.
pub(crate) unsafe fn replace(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    let flags = FLAGS | MapFlags::FIXED;
    let wanted = with_exposed_provenance_mut(start as usize);
    // SAFETY: as the caller promises.
    unsafe { mmap_anonymous(wanted, len as usize, protection(access), flags) }?;
    Ok(())
}

fn protection(access: Access) -> ProtFlags {
    match access {
        Access::None => ProtFlags::empty(),
        Access::Read => ProtFlags::READ,
        Access::ReadWrite => ProtFlags::READ | ProtFlags::WRITE,
    }
}

/// Maps zeros where the kernel likes. Gives the lowest address.
pub(crate) fn map_anywhere(len: u64) -> Result<u64, Errno> {
    let access = protection(Access::ReadWrite);
    // SAFETY: the kernel chooses a free range.
    let mapped = unsafe { mmap_anonymous(null_mut(), len as usize, access, FLAGS) }?;
    Ok(mapped.expose_provenance() as u64)
}

/// Makes a mapped range accessible or inaccessible. `NOMEM` when a part of it is not mapped.
///
/// # Safety
///
/// Nothing refers to the range, or there is nothing in it that becomes inaccessible.
pub(crate) unsafe fn protect(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    let flags = match access {
        Access::None => MprotectFlags::empty(),
        Access::Read => MprotectFlags::READ,
        Access::ReadWrite => MprotectFlags::READ | MprotectFlags::WRITE,
    };
    let start = with_exposed_provenance_mut(start as usize);
    // SAFETY: as the caller promises.
    unsafe { mprotect(start, len as usize, flags) }
}

/// Moves pages to exactly this address, in place of what is mapped there.
///
/// # Safety
///
/// Nothing refers to either range.
#[cfg(any(elfin_pie, test))]
pub(crate) unsafe fn move_pages(from: u64, len: u64, to: u64) -> Result<(), Errno> {
    let wanted = with_exposed_provenance_mut(to as usize);
    let from = with_exposed_provenance_mut(from as usize);
    let len = len as usize;
    // SAFETY: as the caller promises.
    unsafe { mremap_fixed(from, len, len, MremapFlags::MAYMOVE, wanted) }?;
    Ok(())
}
