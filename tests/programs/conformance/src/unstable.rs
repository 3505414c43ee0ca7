//! `wasi_unstable`: the functions that differ from preview 1's, and some that do not, in a module that imports both.

use crate::case::*;
use crate::wasi::{self, *};

mod imports {
    #[link(wasm_import_module = "wasi_unstable")]
    unsafe extern "C" {
        pub fn fd_filestat_get(fd: u32, stat: *mut super::OldStat) -> i32;
        pub fn path_filestat_get(
            fd: u32,
            flags: u32,
            path: *const u8,
            len: usize,
            stat: *mut super::OldStat,
        ) -> i32;
        pub fn fd_seek(fd: u32, offset: i64, whence: u32, position: *mut u64) -> i32;
        pub fn poll_oneoff(
            subscriptions: *const super::OldSubscription,
            events: *mut crate::wasi::Event,
            count: usize,
            stored: *mut usize,
        ) -> i32;
        pub fn fd_write(
            fd: u32,
            iovs: *const crate::wasi::Vector,
            count: usize,
            written: *mut usize,
        ) -> i32;
        pub fn fd_close(fd: u32) -> i32;
        pub fn clock_time_get(id: u32, precision: u64, time: *mut u64) -> i32;
        pub fn path_open(
            fd: u32,
            lookup: u32,
            path: *const u8,
            len: usize,
            oflags: u32,
            base: u64,
            inheriting: u64,
            fdflags: u32,
            opened: *mut u32,
        ) -> i32;
        pub fn proc_raise(signal: u32) -> i32;
        pub fn sock_send(
            fd: u32,
            data: *const crate::wasi::Vector,
            count: usize,
            flags: u32,
            sent: *mut usize,
        ) -> i32;
    }
}

/// `filestat`: `nlink` has 32 bits, which lie where preview 1 has nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OldStat {
    dev: u64,
    ino: u64,
    filetype: u8,
    nlink: u32,
    size: u64,
    atim: u64,
    mtim: u64,
    ctim: u64,
}

impl OldStat {
    fn of(stat: Stat) -> OldStat {
        let Stat {
            dev,
            ino,
            filetype,
            nlink,
            size,
            atim,
            mtim,
            ctim,
        } = stat;
        OldStat {
            dev,
            ino,
            filetype,
            nlink: nlink as u32,
            size,
            atim,
            mtim,
            ctim,
        }
    }
}

/// `subscription`: a clock has an identifier in front.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct OldSubscription {
    userdata: u64,
    tag: u8,
    subject: u64,
    clock: u32,
    timeout: u64,
    precision: u64,
    flags: u16,
}

const _: () = assert!(size_of::<OldStat>() == 56 && size_of::<OldSubscription>() == 56);

fn given<T>(number: i32, value: T) -> wasi::Result<T> {
    match number {
        0 => Ok(std::hint::black_box(value)),
        number => Err(Errno {
            number,
            function: "wasi_unstable",
        }),
    }
}

fn old_stat(fd: Fd) -> wasi::Result<OldStat> {
    let mut stat = [
        OldStat::default(),
        OldStat {
            dev: 0xcafe,
            ..OldStat::default()
        },
    ];
    let number = unsafe { imports::fd_filestat_get(fd, stat.as_mut_ptr()) };
    // Nothing is written behind it.
    let intact = std::hint::black_box(stat)[1].dev == 0xcafe;
    given(if intact { number } else { 29 }, stat[0])
}

fn old_path_stat(dir: Fd, flags: u32, path: &str) -> wasi::Result<OldStat> {
    let mut stat = OldStat::default();
    given(
        unsafe { imports::path_filestat_get(dir, flags, path.as_ptr(), path.len(), &mut stat) },
        (),
    )
    .map(|()| std::hint::black_box(stat))
}

fn old_seek(fd: Fd, offset: i64, whence: u32) -> wasi::Result<u64> {
    let mut position = 0;
    given(
        unsafe { imports::fd_seek(fd, offset, whence, &mut position) },
        (),
    )
    .map(|()| std::hint::black_box(position))
}

fn old_poll(subscriptions: &[OldSubscription]) -> wasi::Result<Vec<Event>> {
    let mut events = vec![Event::default(); subscriptions.len()];
    let mut stored = 0;
    let number = unsafe {
        imports::poll_oneoff(
            subscriptions.as_ptr(),
            events.as_mut_ptr(),
            subscriptions.len(),
            &mut stored,
        )
    };
    given(number, ())?;
    events.truncate(std::hint::black_box(stored));
    Ok(events)
}

const OLD_CUR: u32 = 0;
const OLD_END: u32 = 1;
const OLD_SET: u32 = 2;

pub const CASES: &[Case] = &[
    case("the old filestat of a descriptor", |w| {
        let fd = w.file("f", "abcde")?;
        link(w.dir, NOFOLLOW, "f", w.dir, "g")?;
        let found = old_stat(fd)?;
        same((found.filetype, found.size, found.nlink), (REGULAR, 5, 2))?;
        same(found, OldStat::of(stat(fd)?))
    }),
    case("the old filestat of a path", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        same(
            old_path_stat(w.dir, FOLLOW, "l")?,
            OldStat::of(path_stat(w.dir, FOLLOW, "l")?),
        )?;
        same(old_path_stat(w.dir, NOFOLLOW, "l")?.filetype, SYMLINK)
    }),
    case("the old filestat of what is not there", |w| {
        refused(old_path_stat(w.dir, FOLLOW, "f"), NOENT)?;
        refused(old_stat(999), BADF)
    }),
    case("the old filestat needs its right", |w| {
        let fd = w.file("f", "")?;
        set_rights(fd, 0, 0)?;
        refused(old_stat(fd), NOTCAPABLE)
    }),
    case("the old whence: from the beginning", |w| {
        let fd = w.file("f", "abcdef")?;
        same(old_seek(fd, 4, OLD_SET)?, 4)?;
        same(tell(fd)?, 4)
    }),
    case("the old whence: from the position", |w| {
        let fd = w.file("f", "abcdef")?;
        old_seek(fd, 2, OLD_SET)?;
        same(old_seek(fd, 2, OLD_CUR)?, 4)?;
        same(old_seek(fd, -1, OLD_CUR)?, 3)
    }),
    case("the old whence: from the end", |w| {
        let fd = w.file("f", "abcdef")?;
        same(old_seek(fd, -1, OLD_END)?, 5)?;
        same(read(fd, 9)?, b"f".to_vec())
    }),
    case("the old whence: unknown", |w| {
        refused(old_seek(w.file("f", "")?, 0, 3), INVAL)
    }),
    case("the old subscription: a relative time", |_| {
        let before = clock(MONOTONIC)?;
        let events = old_poll(&[OldSubscription {
            userdata: 7,
            subject: u64::MAX,
            clock: MONOTONIC,
            timeout: 20_000_000,
            ..OldSubscription::default()
        }])?;
        same(
            events,
            vec![Event {
                userdata: 7,
                ..Event::default()
            }],
        )?;
        holds("so long", clock(MONOTONIC)? >= before + 20_000_000)
    }),
    case("the old subscription: an absolute time", |_| {
        let then = clock(REALTIME)? + 20_000_000;
        let events = old_poll(&[OldSubscription {
            userdata: 8,
            clock: REALTIME,
            timeout: then,
            flags: 1,
            ..OldSubscription::default()
        }])?;
        same(
            events,
            vec![Event {
                userdata: 8,
                ..Event::default()
            }],
        )?;
        holds("it has come", clock(REALTIME)? >= then)
    }),
    case("the old subscription: a descriptor, and several", |w| {
        let fd = w.file("f", "abc")?;
        let far = OldSubscription {
            userdata: 1,
            clock: MONOTONIC,
            timeout: 10_000_000_000,
            ..OldSubscription::default()
        };
        let readable = OldSubscription {
            userdata: 2,
            tag: 1,
            subject: fd.into(),
            ..OldSubscription::default()
        };
        let writable = OldSubscription {
            userdata: 3,
            tag: 2,
            subject: fd.into(),
            ..OldSubscription::default()
        };
        let events = old_poll(&[far, readable, writable])?;
        same(
            events
                .iter()
                .map(|event| (event.userdata, event.tag, event.nbytes))
                .collect::<Vec<_>>()[0],
            (2, 1, 3),
        )?;
        same(events.len(), 2)
    }),
    case("the old subscription: an unknown clock", |_| {
        let events = old_poll(&[OldSubscription {
            userdata: 9,
            clock: 77,
            ..OldSubscription::default()
        }])?;
        same(
            (events.len(), i32::from(events[0].error)),
            (1, INVAL.number),
        )
    }),
    case("functions that are the same", |w| {
        let (mut fd, mut written, mut time) = (0, 0, 0);
        given(
            unsafe {
                imports::path_open(
                    w.dir,
                    FOLLOW,
                    "f".as_ptr(),
                    1,
                    CREAT,
                    rights::FILE,
                    0,
                    0,
                    &mut fd,
                )
            },
            (),
        )?;
        let vector = Vector::of(b"hello");
        given(
            unsafe { imports::fd_write(fd, &vector, 1, &mut written) },
            (),
        )?;
        given(unsafe { imports::fd_close(fd) }, ())?;
        same(std::hint::black_box(written), 5)?;
        same(w.text("f")?, "hello".into())?;
        given(
            unsafe { imports::clock_time_get(REALTIME, 0, &mut time) },
            (),
        )?;
        holds("it is a time", std::hint::black_box(time) > 0)?;
        given(unsafe { imports::proc_raise(0) }, ())?;
        refused(
            given(
                unsafe { imports::sock_send(999, &vector, 1, 0, &mut written) },
                (),
            ),
            BADF,
        )
    }),
];
