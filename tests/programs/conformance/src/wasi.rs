//! The functions of preview 1 with Rust's types: slices in place of pointers, `Result` in place of numbers.
#![allow(dead_code, reason = "all names of the specification, used or not")]

use crate::raw;
use std::fmt;

/// A descriptor.
pub type Fd = u32;

/// An error number, and the function that gave it.
#[derive(Clone, Copy)]
pub struct Errno {
    pub number: i32,
    pub function: &'static str,
}

/// What a call gives.
pub type Result<T> = std::result::Result<T, Errno>;

macro_rules! errnos {
    ($($name:ident = $number:literal,)*) => {
        $(pub const $name: Errno = Errno { number: $number, function: "" };)*

        fn name_of(number: i32) -> &'static str {
            match number {
                $($number => stringify!($name),)*
                _ => "an error without a name here",
            }
        }
    };
}

errnos! {
    AGAIN = 6, BADF = 8, CONNRESET = 15, EXIST = 20, FAULT = 21, FBIG = 22, INVAL = 28, IO = 29, ISDIR = 31, LOOP = 32, MFILE = 33,
    MSGSIZE = 35, NAMETOOLONG = 37, NODEV = 43, NOENT = 44, NOMEM = 48, NOSPC = 51, NOSYS = 52, NOTCONN = 53, NOTDIR = 54, NOTEMPTY = 55,
    NOTSOCK = 57, NOTSUP = 58, NXIO = 60, OVERFLOW = 61, PERM = 63, PIPE = 64, ROFS = 69, SPIPE = 70, XDEV = 75, NOTCAPABLE = 76,
}

impl PartialEq for Errno {
    fn eq(&self, other: &Errno) -> bool {
        self.number == other.number
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", name_of(self.number), self.number)?;
        if !self.function.is_empty() {
            write!(f, " from {}", self.function)?;
        }
        Ok(())
    }
}

macro_rules! call {
    ($function:ident($($argument:expr),* $(,)?)) => {
        match raw::$function($($argument),*) {
            0 => Ok(()),
            number => Err(Errno { number, function: stringify!($function) }),
        }
    };
}

fn at<T: ?Sized>(place: &T) -> usize {
    std::ptr::from_ref(place).cast::<u8>().addr()
}

/// The address of what a call writes.
fn to<T: ?Sized>(place: &mut T) -> usize {
    std::ptr::from_mut(place).cast::<u8>().expose_provenance()
}

/// A value that a call stores at the address that it gets.
fn stored<T: Default>(call: impl FnOnce(usize) -> Result<()>) -> Result<T> {
    let mut value = T::default();
    call(to(&mut value))?;
    Ok(std::hint::black_box(value))
}

// Rights, in the order of the specification.
pub mod rights {
    pub const DATASYNC: u64 = 1;
    pub const READ: u64 = 1 << 1;
    pub const SEEK: u64 = 1 << 2;
    pub const FDSTAT_SET_FLAGS: u64 = 1 << 3;
    pub const SYNC: u64 = 1 << 4;
    pub const TELL: u64 = 1 << 5;
    pub const WRITE: u64 = 1 << 6;
    pub const ADVISE: u64 = 1 << 7;
    pub const ALLOCATE: u64 = 1 << 8;
    pub const CREATE_DIRECTORY: u64 = 1 << 9;
    pub const CREATE_FILE: u64 = 1 << 10;
    pub const LINK_SOURCE: u64 = 1 << 11;
    pub const LINK_TARGET: u64 = 1 << 12;
    pub const OPEN: u64 = 1 << 13;
    pub const READDIR: u64 = 1 << 14;
    pub const READLINK: u64 = 1 << 15;
    pub const RENAME_SOURCE: u64 = 1 << 16;
    pub const RENAME_TARGET: u64 = 1 << 17;
    pub const PATH_FILESTAT_GET: u64 = 1 << 18;
    pub const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    pub const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
    pub const FILESTAT_GET: u64 = 1 << 21;
    pub const FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub const FILESTAT_SET_TIMES: u64 = 1 << 23;
    pub const SYMLINK: u64 = 1 << 24;
    pub const REMOVE_DIRECTORY: u64 = 1 << 25;
    pub const UNLINK_FILE: u64 = 1 << 26;
    pub const POLL: u64 = 1 << 27;
    pub const SHUTDOWN: u64 = 1 << 28;
    pub const ACCEPT: u64 = 1 << 29;
    /// All but those of an open file's contents.
    pub const DIRECTORY: u64 =
        (1 << 28) - 1 & !(READ | WRITE | SEEK | TELL | ALLOCATE | FILESTAT_SET_SIZE);
    /// What a file is usually opened with.
    pub const FILE: u64 = READ
        | WRITE
        | SEEK
        | TELL
        | FILESTAT_GET
        | FILESTAT_SET_SIZE
        | ALLOCATE
        | ADVISE
        | POLL
        | SYNC
        | DATASYNC
        | FDSTAT_SET_FLAGS
        | FILESTAT_SET_TIMES;
}

pub const APPEND: u32 = 1;
pub const DSYNC: u32 = 2;
pub const NONBLOCK: u32 = 4;
pub const RSYNC: u32 = 8;
pub const SYNC: u32 = 16;

pub const CREAT: u32 = 1;
pub const DIRECTORY: u32 = 2;
pub const EXCL: u32 = 4;
pub const TRUNC: u32 = 8;

pub const NOFOLLOW: u32 = 0;
pub const FOLLOW: u32 = 1;

pub const SET: u32 = 0;
pub const CUR: u32 = 1;
pub const END: u32 = 2;

pub const REALTIME: u32 = 0;
pub const MONOTONIC: u32 = 1;

pub const ATIM: u32 = 1;
pub const ATIM_NOW: u32 = 2;
pub const MTIM: u32 = 4;
pub const MTIM_NOW: u32 = 8;

/// `filetype`.
pub const UNKNOWN: u8 = 0;
pub const CHARACTER_DEVICE: u8 = 2;
pub const A_DIRECTORY: u8 = 3;
pub const REGULAR: u8 = 4;
pub const DATAGRAM: u8 = 5;
pub const STREAM: u8 = 6;
pub const SYMLINK: u8 = 7;

/// `iovec` and `ciovec`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Vector {
    pub start: usize,
    pub len: usize,
}

impl Vector {
    pub fn of(bytes: &[u8]) -> Vector {
        Vector {
            start: bytes.as_ptr().expose_provenance(),
            len: bytes.len(),
        }
    }
}

/// `filestat`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stat {
    pub dev: u64,
    pub ino: u64,
    pub filetype: u8,
    pub nlink: u64,
    pub size: u64,
    pub atim: u64,
    pub mtim: u64,
    pub ctim: u64,
}

/// `fdstat`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FdStat {
    pub filetype: u8,
    pub flags: u16,
    pub base: u64,
    pub inheriting: u64,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub next: u64,
    pub ino: u64,
    pub filetype: u8,
    pub name: String,
}

pub fn write_vectors(fd: Fd, vectors: &[Vector]) -> Result<usize> {
    stored(|written| call!(fd_write(fd, at(vectors), vectors.len(), written)))
}

pub fn read_vectors(fd: Fd, vectors: &mut [Vector]) -> Result<usize> {
    stored(|read| call!(fd_read(fd, to(vectors), vectors.len(), read)))
}

pub fn write(fd: Fd, bytes: &[u8]) -> Result<usize> {
    write_vectors(fd, &[Vector::of(bytes)])
}

/// At most `len` bytes.
pub fn read(fd: Fd, len: usize) -> Result<Vec<u8>> {
    filled(len, |vector| {
        stored(|read| call!(fd_read(fd, at(&vector), 1, read)))
    })
}

pub fn pread(fd: Fd, len: usize, offset: u64) -> Result<Vec<u8>> {
    filled(len, |vector| {
        stored(|read| call!(fd_pread(fd, at(&vector), 1, offset, read)))
    })
}

pub fn pwrite(fd: Fd, bytes: &[u8], offset: u64) -> Result<usize> {
    let vector = Vector::of(bytes);
    stored(|written| call!(fd_pwrite(fd, at(&vector), 1, offset, written)))
}

/// A buffer that a call fills up to the number that it gives.
fn filled(len: usize, call: impl FnOnce(Vector) -> Result<usize>) -> Result<Vec<u8>> {
    let mut buffer = vec![0xee; len];
    let vector = Vector {
        start: to(buffer.as_mut_slice()),
        len,
    };
    let filled = call(vector)?;
    buffer.truncate(filled);
    Ok(std::hint::black_box(buffer))
}

pub fn seek(fd: Fd, offset: i64, whence: u32) -> Result<u64> {
    stored(|position| call!(fd_seek(fd, offset, whence, position)))
}

pub fn tell(fd: Fd) -> Result<u64> {
    stored(|position| call!(fd_tell(fd, position)))
}

pub fn close(fd: Fd) -> Result<()> {
    call!(fd_close(fd))
}

pub fn renumber(from: Fd, to: Fd) -> Result<()> {
    call!(fd_renumber(from, to))
}

pub fn sync(fd: Fd) -> Result<()> {
    call!(fd_sync(fd))
}

pub fn datasync(fd: Fd) -> Result<()> {
    call!(fd_datasync(fd))
}

pub fn advise(fd: Fd, offset: u64, len: u64, advice: u32) -> Result<()> {
    call!(fd_advise(fd, offset, len, advice))
}

pub fn allocate(fd: Fd, offset: u64, len: u64) -> Result<()> {
    call!(fd_allocate(fd, offset, len))
}

pub fn fdstat(fd: Fd) -> Result<FdStat> {
    stored(|stat| call!(fd_fdstat_get(fd, stat)))
}

pub fn set_flags(fd: Fd, flags: u32) -> Result<()> {
    call!(fd_fdstat_set_flags(fd, flags))
}

pub fn set_rights(fd: Fd, base: u64, inheriting: u64) -> Result<()> {
    call!(fd_fdstat_set_rights(fd, base, inheriting))
}

pub fn stat(fd: Fd) -> Result<Stat> {
    stored(|stat| call!(fd_filestat_get(fd, stat)))
}

pub fn set_size(fd: Fd, size: u64) -> Result<()> {
    call!(fd_filestat_set_size(fd, size))
}

pub fn set_times(fd: Fd, accessed: u64, modified: u64, flags: u32) -> Result<()> {
    call!(fd_filestat_set_times(fd, accessed, modified, flags))
}

/// The tag, and the length of the name.
pub fn prestat(fd: Fd) -> Result<(u8, u32)> {
    let word: u64 = stored(|prestat| call!(fd_prestat_get(fd, prestat)))?;
    Ok((word as u8, (word >> 32) as u32))
}

pub fn prestat_name(fd: Fd, len: usize) -> Result<String> {
    let mut name = vec![0; len];
    call!(fd_prestat_dir_name(fd, to(name.as_mut_slice()), len))?;
    Ok(String::from_utf8_lossy(&std::hint::black_box(name)).into_owned())
}

/// The bytes that `fd_readdir` gives, and how many.
pub fn readdir_bytes(fd: Fd, len: usize, cookie: u64) -> Result<Vec<u8>> {
    filled(len, |vector| {
        stored(|used| call!(fd_readdir(fd, vector.start, len, cookie, used)))
    })
}

/// The entries that are whole in a buffer of this size.
pub fn readdir(fd: Fd, len: usize, cookie: u64) -> Result<Vec<Entry>> {
    let bytes = readdir_bytes(fd, len, cookie)?;
    let (mut rest, mut entries) = (bytes.as_slice(), Vec::new());
    while let Some((head, names)) = rest.split_at_checked(24) {
        let word = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap());
        let Some((name, next)) = names.split_at_checked(word(16) as u32 as usize) else {
            break;
        };
        let name = String::from_utf8_lossy(name).into_owned();
        entries.push(Entry {
            next: word(0),
            ino: word(8),
            filetype: head[20],
            name,
        });
        rest = next;
    }
    Ok(entries)
}

pub fn path_open(
    dir: Fd,
    lookup: u32,
    path: &str,
    oflags: u32,
    base: u64,
    inheriting: u64,
    fdflags: u32,
) -> Result<Fd> {
    stored(|opened| {
        call!(path_open(
            dir,
            lookup,
            at(path),
            path.len(),
            oflags,
            base,
            inheriting,
            fdflags,
            opened
        ))
    })
}

pub fn create_directory(dir: Fd, path: &str) -> Result<()> {
    call!(path_create_directory(dir, at(path), path.len()))
}

pub fn path_stat(dir: Fd, lookup: u32, path: &str) -> Result<Stat> {
    stored(|stat| call!(path_filestat_get(dir, lookup, at(path), path.len(), stat)))
}

pub fn path_set_times(
    dir: Fd,
    lookup: u32,
    path: &str,
    accessed: u64,
    modified: u64,
    flags: u32,
) -> Result<()> {
    call!(path_filestat_set_times(
        dir,
        lookup,
        at(path),
        path.len(),
        accessed,
        modified,
        flags
    ))
}

pub fn link(dir: Fd, lookup: u32, old: &str, to: Fd, new: &str) -> Result<()> {
    call!(path_link(
        dir,
        lookup,
        at(old),
        old.len(),
        to,
        at(new),
        new.len()
    ))
}

pub fn readlink(dir: Fd, path: &str, len: usize) -> Result<String> {
    let text = filled(len, |vector| {
        stored(|used| {
            call!(path_readlink(
                dir,
                at(path),
                path.len(),
                vector.start,
                len,
                used
            ))
        })
    })?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

pub fn remove_directory(dir: Fd, path: &str) -> Result<()> {
    call!(path_remove_directory(dir, at(path), path.len()))
}

pub fn rename(dir: Fd, old: &str, to: Fd, new: &str) -> Result<()> {
    call!(path_rename(dir, at(old), old.len(), to, at(new), new.len()))
}

pub fn symlink(text: &str, dir: Fd, path: &str) -> Result<()> {
    call!(path_symlink(
        at(text),
        text.len(),
        dir,
        at(path),
        path.len()
    ))
}

pub fn unlink(dir: Fd, path: &str) -> Result<()> {
    call!(path_unlink_file(dir, at(path), path.len()))
}

pub fn clock_resolution(id: u32) -> Result<u64> {
    stored(|resolution| call!(clock_res_get(id, resolution)))
}

pub fn clock(id: u32) -> Result<u64> {
    stored(|time| call!(clock_time_get(id, 0, time)))
}

pub fn random(len: usize) -> Result<Vec<u8>> {
    let mut buffer = vec![0; len];
    call!(random_get(to(buffer.as_mut_slice()), len))?;
    Ok(std::hint::black_box(buffer))
}

pub fn sched_yield() -> Result<()> {
    call!(sched_yield())
}

pub fn raise(signal: u32) -> Result<()> {
    call!(proc_raise(signal))
}

/// Number and bytes of arguments or of variables.
pub fn sizes(of: fn(usize, usize) -> i32) -> Result<(u32, u32)> {
    let mut sizes = [0u32; 2];
    let (count, size) = sizes.split_at_mut(1);
    match of(to(count), to(size)) {
        0 => Ok(std::hint::black_box((sizes[0], sizes[1]))),
        number => Err(Errno {
            number,
            function: "sizes_get",
        }),
    }
}

/// The array of pointers and the buffer of strings.
pub fn strings(of: fn(usize, usize) -> i32, sizes: (u32, u32)) -> Result<(Vec<u32>, Vec<u8>, u32)> {
    let (mut pointers, mut buffer) = (vec![0u32; sizes.0 as usize], vec![0xee; sizes.1 as usize]);
    let start = to(buffer.as_mut_slice());
    match of(to(pointers.as_mut_slice()), start) {
        0 => Ok(std::hint::black_box((pointers, buffer, start as u32))),
        number => Err(Errno {
            number,
            function: "get",
        }),
    }
}

/// `subscription`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Subscription {
    pub userdata: u64,
    pub tag: u8,
    pub subject: u64,
    pub timeout: u64,
    pub precision: u64,
    pub flags: u16,
}

/// `event`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Event {
    pub userdata: u64,
    pub error: u16,
    pub tag: u8,
    pub nbytes: u64,
    pub flags: u16,
}

impl Subscription {
    /// So many nanoseconds from now.
    pub fn after(userdata: u64, clock: u32, timeout: u64) -> Subscription {
        Subscription {
            userdata,
            subject: clock.into(),
            timeout,
            ..Subscription::default()
        }
    }

    /// When the clock shows this.
    pub fn when(userdata: u64, clock: u32, timeout: u64) -> Subscription {
        Subscription {
            flags: 1,
            ..Subscription::after(userdata, clock, timeout)
        }
    }

    pub fn readable(userdata: u64, fd: Fd) -> Subscription {
        Subscription {
            userdata,
            tag: 1,
            subject: fd.into(),
            ..Subscription::default()
        }
    }

    pub fn writable(userdata: u64, fd: Fd) -> Subscription {
        Subscription {
            userdata,
            tag: 2,
            subject: fd.into(),
            ..Subscription::default()
        }
    }
}

pub fn poll(subscriptions: &[Subscription]) -> Result<Vec<Event>> {
    let mut events = vec![Event::default(); subscriptions.len()];
    let stored: u32 = stored(|stored| {
        call!(poll_oneoff(
            at(subscriptions),
            to(events.as_mut_slice()),
            subscriptions.len(),
            stored
        ))
    })?;
    events.truncate(stored as usize);
    Ok(std::hint::black_box(events))
}

pub fn accept(fd: Fd, flags: u32) -> Result<Fd> {
    stored(|accepted| call!(sock_accept(fd, flags, accepted)))
}

pub const PEEK: u32 = 1;
pub const WAITALL: u32 = 2;

/// What was received, and the flags.
pub fn recv(fd: Fd, len: usize, flags: u32) -> Result<(Vec<u8>, u16)> {
    let mut out = [0xeeeeu16];
    let bytes = filled(len, |vector| {
        stored(|received| call!(sock_recv(fd, at(&vector), 1, flags, received, to(&mut out))))
    })?;
    Ok((bytes, std::hint::black_box(out[0])))
}

pub fn send(fd: Fd, bytes: &[u8]) -> Result<usize> {
    send_flags(fd, bytes, 0)
}

pub fn send_flags(fd: Fd, bytes: &[u8], flags: u32) -> Result<usize> {
    let vector = Vector::of(bytes);
    stored(|sent| call!(sock_send(fd, at(&vector), 1, flags, sent)))
}

pub const RD: u32 = 1;
pub const WR: u32 = 2;

pub fn shutdown(fd: Fd, how: u32) -> Result<()> {
    call!(sock_shutdown(fd, how))
}
