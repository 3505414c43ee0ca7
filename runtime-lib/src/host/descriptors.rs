//! The guest's descriptor table: from its descriptors to the host's.
//!
//! 0, 1 and 2 are the standard streams, then come the preopened directories, then what the guest opens, which gets
//! the lowest number that is free. The host's descriptors 0, 1 and 2 stay reserved for the standard streams: were one
//! of them closed and a file opened in its place, what is written to standard output would end up in that file.
//!
//! There is no allocator. The first [`INLINE`] entries lie in the executable's zero-initialised data; a larger table
//! is a mapping. An entry of zeros is free.
//!
//! # Safety
//!
//! There is one thread, and no reference to the table is held while a function that could make another one is called.
//! The table owns the host descriptors in it; a descriptor borrowed from it is used before the guest runs again, and
//! only the guest's calls close any.
#![allow(unsafe_code)]

use super::cookies::{Cookies, KeptCookies};
use super::{Errno, Result};
use crate::sys::file::{
    self, AsFd, AsRawFd, BorrowedFd, FileType, FromRawFd, IntoRawFd, OwnedFd, RawFd, duplicate_from,
};
use crate::sys::mapping::{Mapping, Zero};
use core::cell::UnsafeCell;

/// The number of entries before the first mapping.
const INLINE: usize = 64;

/// The number of standard streams, for which the host's lowest descriptors are reserved.
const STREAMS: RawFd = 3;

/// What one of the guest's descriptors refers to.
#[derive(Clone, Copy)]
struct Entry {
    /// The host's descriptor plus 1; 0 if the entry is free.
    host: RawFd,
    /// The number of the granted directory that this is, plus 1; 0 if it is none.
    grant: u16,
    kind: Kind,
    withheld: Withheld,
    /// Those of a directory.
    cookies: KeptCookies,
}

/// Rights that a descriptor would have and has no more, as bits whose meaning is the interface's: for itself, and for
/// what is opened in it. Zero is nothing withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Withheld {
    pub(crate) base: u32,
    pub(crate) inheriting: u32,
}

/// What kind of file it is, found out when first asked for.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Kind {
    Unknown = 0,
    Directory = 1,
    Other = 2,
}

impl Entry {
    const FREE: Entry = Entry {
        host: 0,
        grant: 0,
        kind: Kind::Unknown,
        withheld: Withheld {
            base: 0,
            inheriting: 0,
        },
        cookies: KeptCookies::NONE,
    };
}

// SAFETY: zero bytes are `Entry::FREE`.
unsafe impl Zero for Entry {}

struct Table {
    inline: [Entry; INLINE],
    /// All entries, once the inline ones don't suffice.
    mapped: Option<Mapping<Entry>>,
}

impl Table {
    const fn new() -> Table {
        Table {
            inline: [Entry::FREE; INLINE],
            mapped: None,
        }
    }

    fn entries(&mut self) -> &mut [Entry] {
        match &mut self.mapped {
            Some(mapped) => mapped.elements(),
            None => &mut self.inline,
        }
    }

    /// The entry, if it is in use.
    fn get(&mut self, fd: u32) -> Result<&mut Entry> {
        let entry = self.entries().get_mut(fd as usize);
        entry.filter(|entry| entry.host != 0).ok_or(Errno::BADF)
    }

    /// Puts an entry at the lowest free number.
    fn insert(&mut self, entry: Entry) -> Result<u32> {
        let free = self.entries().iter().position(|entry| entry.host == 0);
        let index = match free {
            Some(index) => index,
            None => self.grow()?,
        };
        *self.entries().get_mut(index).ok_or(Errno::MFILE)? = entry;
        Ok(index as u32)
    }

    /// Doubles the table, and gives the first of the new entries.
    #[cold]
    fn grow(&mut self) -> Result<usize> {
        let entries = self.entries();
        let len = entries.len();
        let mut mapping = Mapping::<Entry>::new(len * 2)?;
        for (to, from) in mapping.elements().iter_mut().zip(entries) {
            *to = *from;
        }
        self.mapped = Some(mapping);
        Ok(len)
    }

    /// Moves an entry onto another one, both in use, and gives the entry that was there.
    fn renumber(&mut self, from: u32, to: u32) -> Result<Option<Entry>> {
        let moved = *self.get(from)?;
        let replaced = self.get(to)?;
        if from == to {
            return Ok(None);
        }
        let closed = core::mem::replace(replaced, moved);
        *self.get(from)? = Entry::FREE;
        Ok(Some(closed))
    }
}

struct Shared(UnsafeCell<Table>);

// SAFETY: there is one thread.
unsafe impl Sync for Shared {}

static TABLE: Shared = Shared(UnsafeCell::new(Table::new()));

fn table() -> &'static mut Table {
    // SAFETY: there is one thread, and the functions below let go of the table before they return.
    unsafe { &mut *TABLE.0.get() }
}

/// Enters the standard streams, at the start. Whether they are open is not asked: a call on one that isn't says so.
pub(crate) fn start() {
    let entries = table().entries();
    for (entry, host) in entries.iter_mut().zip(0..STREAMS) {
        entry.host = host + 1;
    }
}

/// The host's descriptor.
pub(crate) fn get(fd: u32) -> Result<BorrowedFd<'static>> {
    let host = table().get(fd)?.host - 1;
    // SAFETY: the table owns it, and the guest, who alone can have it closed, waits for this call.
    Ok(unsafe { BorrowedFd::borrow_raw(host) })
}

/// The number of the granted directory that this descriptor was at the start.
pub(crate) fn grant(fd: u32) -> Result<usize> {
    let number = table().get(fd)?.grant;
    usize::from(number).checked_sub(1).ok_or(Errno::BADF)
}

/// Whether it is a directory.
pub(crate) fn is_directory(fd: u32) -> Result<bool> {
    let mut kind = table().get(fd)?.kind;
    if kind == Kind::Unknown {
        let mode = file::stat(get(fd)?)?.st_mode;
        kind = match FileType::from_raw_mode(mode) {
            FileType::Directory => Kind::Directory,
            _ => Kind::Other,
        };
        table().get(fd)?.kind = kind;
    }
    Ok(kind == Kind::Directory)
}

/// The rights that it has no more.
pub(crate) fn withheld(fd: u32) -> Result<Withheld> {
    Ok(table().get(fd)?.withheld)
}

/// Takes rights away, for good.
pub(crate) fn withhold(fd: u32, rights: Withheld) -> Result<()> {
    let withheld = &mut table().get(fd)?.withheld;
    withheld.base |= rights.base;
    withheld.inheriting |= rights.inheriting;
    Ok(())
}

/// Borrows the cookies of a directory, which must be put back.
pub(crate) fn take_cookies(fd: u32) -> Result<Cookies> {
    let cookies = &mut table().get(fd)?.cookies;
    Ok(core::mem::replace(cookies, KeptCookies::NONE).take())
}

/// Puts the cookies of a directory back.
pub(crate) fn put_cookies(fd: u32, cookies: Cookies) -> Result<()> {
    table().get(fd)?.cookies = cookies.keep();
    Ok(())
}

/// Takes over an open file.
pub(crate) fn insert(file: OwnedFd) -> Result<u32> {
    insert_granted(file, 0)
}

/// Takes over the granted directory with this number, counted from 1.
pub(crate) fn insert_granted(file: OwnedFd, grant: u16) -> Result<u32> {
    let file = above_streams(file)?;
    let host = file.into_raw_fd();
    let entry = Entry {
        host: host + 1,
        grant,
        ..Entry::FREE
    };
    table().insert(entry).inspect_err(|_| close_host(host))
}

/// Closes.
pub(crate) fn close(fd: u32) -> Result<()> {
    release(core::mem::replace(table().get(fd)?, Entry::FREE));
    Ok(())
}

/// Gives the file at `from` the number `to` instead, and closes what that was.
pub(crate) fn renumber(from: u32, to: u32) -> Result<()> {
    if let Some(entry) = table().renumber(from, to)? {
        release(entry);
    }
    Ok(())
}

/// The same file, by a host descriptor that isn't one of the standard streams'.
fn above_streams(file: OwnedFd) -> Result<OwnedFd> {
    if file.as_raw_fd() >= STREAMS {
        return Ok(file);
    }
    duplicate_from(file.as_fd(), STREAMS)
}

/// Closes what an entry had that is none any more.
fn release(entry: Entry) {
    drop(entry.cookies.take());
    close_host(entry.host - 1);
}

fn close_host(host: RawFd) {
    // SAFETY: the table owned it, and no entry has it any more.
    drop(unsafe { OwnedFd::from_raw_fd(host) });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(host: RawFd) -> Entry {
        Entry {
            host: host + 1,
            ..Entry::FREE
        }
    }

    #[test]
    fn the_lowest_number_is_given_first() {
        let mut table = Table::new();
        for number in 0..10 {
            assert_eq!(table.insert(entry(100)), Ok(number));
        }
        *table.get(4).ok().unwrap() = Entry::FREE;
        assert_eq!(table.insert(entry(100)), Ok(4));
        assert_eq!(table.insert(entry(100)), Ok(10));
    }

    #[test]
    fn grows() {
        let mut table = Table::new();
        for number in 0..1000 {
            assert_eq!(table.insert(entry(number as RawFd)), Ok(number));
        }
        for number in 0..1000 {
            assert_eq!(table.get(number).ok().unwrap().host, number as RawFd + 1);
        }
        assert!(table.get(1000).is_err());
        assert!(table.get(u32::MAX).is_err());
    }

    #[test]
    fn renumbers_what_is_in_use() {
        let mut table = Table::new();
        for number in 0..4 {
            assert_eq!(table.insert(entry(100 + number)), Ok(number as u32));
        }
        let replaced = table
            .renumber(3, 1)
            .map(|entry| entry.map(|entry| entry.host));
        assert_eq!(replaced, Ok(Some(102)));
        assert_eq!(table.get(1).ok().unwrap().host, 104);
        assert!(table.get(3).is_err());
        assert!(matches!(table.renumber(3, 1), Err(Errno::BADF)));
        assert!(matches!(table.renumber(1, 3), Err(Errno::BADF)));
        assert!(matches!(table.renumber(2, 2), Ok(None)));
    }
}
