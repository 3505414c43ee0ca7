//! The guest's descriptor table: from its descriptors to the host's, and to files inside the executable.
//!
//! A directory may have been granted read-only. So is then what is opened in it: such an entry never becomes another,
//! and [`changeable`], by which every function that changes a file gets it, refuses.
//!
//! 0, 1 and 2 are the standard streams, then come the listening sockets, then the preopened directories, then what the
//! guest opens, which gets the lowest number that is free. The host's descriptors 0, 1 and 2 stay reserved for the
//! standard streams: were one of them closed and a file opened in its place, what is written to standard output would
//! end up in that file.
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
use crate::planted::READ_ONLY_IS_IGNORED;
use crate::start::process;
use crate::sys::file::{
    self as files, AsFd, AsRawFd, BorrowedFd, FileType, FromRawFd, IntoRawFd, OFlags, OwnedFd,
    RawFd, duplicate_from,
};
use crate::sys::mapping::{Mapping, Zero};
use core::cell::UnsafeCell;
use core::ptr::NonNull;

/// The number of entries before the first mapping.
const INLINE: usize = 32;

/// The number of standard streams, for which the host's lowest descriptors are reserved.
const STREAMS: RawFd = 3;

/// What one of the guest's descriptors refers to.
#[derive(Clone, Copy)]
struct Entry {
    /// The host's descriptor plus 1; 0 if the entry is free. Of a file inside the executable, its node's number plus 1,
    /// negated.
    host: RawFd,
    /// Bytes of the name.
    name_len: u16,
    kind: Kind,
    withheld: Withheld,
    /// Those of a directory.
    cookies: KeptCookies,
    /// Whether nothing can be changed by it, as on a file system that is mounted read-only.
    read_only: bool,
    /// The name under which the guest knows a directory that it began with.
    name: Option<NonNull<u8>>,
    /// Where the next read begins in a file inside the executable.
    position: u64,
    /// How a file inside the executable was opened.
    flags: u32,
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
    /// A listening socket that the guest began with.
    Listener = 3,
}

impl Entry {
    const FREE: Entry = Entry {
        host: 0,
        name_len: 0,
        kind: Kind::Unknown,
        withheld: Withheld {
            base: 0,
            inheriting: 0,
        },
        cookies: KeptCookies::NONE,
        read_only: false,
        name: None,
        position: 0,
        flags: 0,
    };

    fn file(&self) -> File {
        match self.host {
            // SAFETY: the table owns it, and the guest, who alone can have it closed, waits for this call.
            1.. => File::Host(unsafe { BorrowedFd::borrow_raw(self.host - 1) }),
            _ => File::Embedded((-1 - self.host).cast_unsigned()),
        }
    }
}

/// What a descriptor refers to.
pub(crate) enum File {
    /// A file of the host's.
    Host(BorrowedFd<'static>),
    /// The node of a file inside the executable.
    Embedded(u32),
}

/// What the guest was given before it ran.
pub(crate) enum Given {
    /// A directory, and the name under which the guest knows it.
    Directory(&'static [u8]),
    /// A listening socket.
    Listener,
}

// SAFETY: zero bytes are `Entry::FREE`: `None` is a null pointer.
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

    /// Puts an entry at the lowest free number, which is below `max`, where that isn't 0, while there are fewer entries.
    fn insert(&mut self, entry: Entry, max: u64) -> Result<u32> {
        let entries = self.entries();
        let free = entries.iter().position(|entry| entry.host == 0);
        let index = free.unwrap_or(entries.len());
        if index as u64 > max.wrapping_sub(1) {
            return Err(Errno::MFILE);
        }
        if free.is_none() {
            self.grow()?;
        }
        *self.entries().get_mut(index).ok_or(Errno::MFILE)? = entry;
        Ok(index as u32)
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) -> Result<()> {
        let entries = self.entries();
        let mut mapping = Mapping::<Entry>::new(entries.len() * 2)?;
        for (to, from) in mapping.elements().iter_mut().zip(entries) {
            *to = *from;
        }
        self.mapped = Some(mapping);
        Ok(())
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

/// What the descriptor refers to.
pub(crate) fn file(fd: u32) -> Result<File> {
    table().get(fd).map(|entry| entry.file())
}

/// The host's descriptor, for what a file inside the executable, which has none, can't be asked for: `ENOTSOCK`.
pub(crate) fn get(fd: u32) -> Result<BorrowedFd<'static>> {
    match file(fd)? {
        File::Host(host) => Ok(host),
        File::Embedded(_) => Err(Errno::NOTSOCK),
    }
}

/// Where the next read begins in a file inside the executable.
pub(crate) fn position(fd: u32) -> Result<u64> {
    table().get(fd).map(|entry| entry.position)
}

/// Sets where the next read begins in a file inside the executable.
pub(crate) fn set_position(fd: u32, position: u64) -> Result<()> {
    table().get(fd)?.position = position;
    Ok(())
}

/// How a file inside the executable was opened.
pub(crate) fn embedded_flags(fd: u32) -> Result<OFlags> {
    let flags = table().get(fd)?.flags;
    Ok(OFlags::from_bits_retain(flags))
}

/// Changes that.
pub(crate) fn set_embedded_flags(fd: u32, flags: OFlags) -> Result<()> {
    table().get(fd)?.flags = flags.bits();
    Ok(())
}

/// The host's descriptor of something that may be changed: `EROFS` where it was granted read-only.
pub(crate) fn changeable(fd: u32) -> Result<BorrowedFd<'static>> {
    match is_read_only(fd)? {
        true => Err(Errno::ROFS),
        false => get(fd),
    }
}

/// Whether it is, or lies in, a directory that was granted read-only.
pub(crate) fn is_read_only(fd: u32) -> Result<bool> {
    let entry = table().get(fd)?;
    Ok(entry.read_only && !READ_ONLY_IS_IGNORED)
}

/// What the guest gives as a directory to start a path from. A standard stream is none, whatever the process was started
/// with: only what was granted leads to files.
pub(crate) fn directory(fd: u32) -> Result<File> {
    match file(fd)? {
        File::Host(host) if host.as_raw_fd() < STREAMS => Err(Errno::NOTDIR),
        directory => Ok(directory),
    }
}

/// The host's descriptor of such a directory, to change what is in it.
pub(crate) fn changeable_directory(fd: u32) -> Result<BorrowedFd<'static>> {
    directory(fd)?;
    changeable(fd)
}

/// What this is, if the guest was given it before it ran.
pub(crate) fn given(fd: u32) -> Result<Given> {
    let entry = table().get(fd)?;
    match entry.name {
        // SAFETY: `insert_directory` took them from a name that stays.
        Some(name) => Ok(Given::Directory(unsafe {
            core::slice::from_raw_parts(name.as_ptr(), usize::from(entry.name_len))
        })),
        None if entry.kind == Kind::Listener => Ok(Given::Listener),
        None => Err(Errno::BADF),
    }
}

/// The directories that the guest was given, each with whether it may only be read.
pub(crate) fn given_directories() -> impl Iterator<Item = (BorrowedFd<'static>, bool)> {
    let numbers = 0..table().entries().len() as u32;
    numbers.filter_map(|fd| {
        let entry = table().get(fd).ok()?;
        let read_only = entry.read_only;
        entry.name?;
        Some((get(fd).ok()?, read_only))
    })
}

/// Whether it is a directory.
pub(crate) fn is_directory(fd: u32) -> Result<bool> {
    let mut kind = table().get(fd)?.kind;
    if kind == Kind::Unknown {
        let mode = files::stat(get(fd)?)?.st_mode;
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

/// Takes over an open file; `read_only` if it lies in a directory that is.
pub(crate) fn insert(file: OwnedFd, read_only: bool) -> Result<u32> {
    insert_entry(
        file,
        Entry {
            read_only,
            ..Entry::FREE
        },
    )
}

/// Takes over a directory that the guest is given under a name, which a path can have.
pub(crate) fn insert_directory(file: OwnedFd, name: &'static [u8], read_only: bool) -> Result<u32> {
    let name_len = u16::try_from(name.len()).map_err(|_| Errno::NAMETOOLONG)?;
    insert_entry(
        file,
        Entry {
            name: Some(NonNull::from(name).cast()),
            name_len,
            kind: Kind::Directory,
            read_only,
            ..Entry::FREE
        },
    )
}

/// Enters a file inside the executable by its node.
pub(crate) fn insert_embedded(node: u32, is_directory: bool, flags: OFlags) -> Result<u32> {
    insert_node(node, is_directory, flags, None)
}

/// Enters a directory inside the executable that the guest is given under a name, which a path can have.
pub(crate) fn insert_embedded_directory(node: u32, name: &'static [u8]) -> Result<u32> {
    insert_node(node, true, OFlags::empty(), Some(name))
}

fn insert_node(
    node: u32,
    is_directory: bool,
    flags: OFlags,
    name: Option<&'static [u8]>,
) -> Result<u32> {
    let entry = Entry {
        host: -1 - node.cast_signed(),
        name_len: name.map_or(0, |name| name.len() as u16),
        kind: match is_directory {
            true => Kind::Directory,
            false => Kind::Other,
        },
        read_only: true,
        name: name.map(|name| NonNull::from(name).cast()),
        // `APPEND`, `NONBLOCK` and `SYNC` are all that the guest is told.
        flags: (flags & (OFlags::APPEND | OFlags::NONBLOCK | OFlags::SYNC)).bits(),
        ..Entry::FREE
    };
    table().insert(entry, process().program().max_descriptors)
}

/// Takes over a listening socket that the guest is given.
pub(crate) fn insert_listener(socket: OwnedFd) -> Result<u32> {
    insert_entry(
        socket,
        Entry {
            kind: Kind::Listener,
            ..Entry::FREE
        },
    )
}

/// Gives an entry its file, and its number.
fn insert_entry(file: OwnedFd, mut entry: Entry) -> Result<u32> {
    let host = above_streams(file)?.into_raw_fd();
    entry.host = host + 1;
    let max = process().program().max_descriptors;
    table().insert(entry, max).inspect_err(|_| close_host(host))
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
    if entry.host > 0 {
        close_host(entry.host - 1);
    }
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
            assert_eq!(table.insert(entry(100), 0), Ok(number));
        }
        *table.get(4).ok().unwrap() = Entry::FREE;
        assert_eq!(table.insert(entry(100), 0), Ok(4));
        assert_eq!(table.insert(entry(100), 0), Ok(10));
    }

    #[test]
    fn has_as_many_as_are_allowed() {
        for max in [1, 63, 64, 65, 200] {
            let mut table = Table::new();
            for number in 0..max {
                assert_eq!(table.insert(entry(100), max), Ok(number as u32));
            }
            assert_eq!(table.insert(entry(100), max), Err(Errno::MFILE));
            *table.get(0).ok().unwrap() = Entry::FREE;
            assert_eq!(table.insert(entry(100), max), Ok(0));
            assert_eq!(table.insert(entry(100), max), Err(Errno::MFILE));
        }
    }

    #[test]
    fn grows() {
        let mut table = Table::new();
        for number in 0..1000 {
            assert_eq!(table.insert(entry(number as RawFd), 0), Ok(number));
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
            assert_eq!(table.insert(entry(100 + number), 0), Ok(number as u32));
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
