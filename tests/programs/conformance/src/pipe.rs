//! Standard input is a pipe, whose other end the suite has: it does what lines that begin with `peer` tell it.

use crate::case::*;
use crate::wasi::*;

const MS: u64 = 1_000_000;

/// Tells the other end to do something. It takes its time.
pub fn peer(command: &str) {
    println!("peer {command}");
}

/// Waits until there is something to read, and gives the event.
pub fn await_readable(fd: Fd) -> std::result::Result<Event, Failure> {
    let events = poll(&[
        Subscription::readable(1, fd),
        Subscription::after(2, MONOTONIC, 20_000 * MS),
    ])?;
    same(events.len(), 1)?;
    same(events[0].userdata, 1)?;
    Ok(events[0])
}

/// Nothing can be read for some time.
pub fn is_quiet(fd: Fd) -> Outcome {
    let events = poll(&[
        Subscription::readable(1, fd),
        Subscription::after(2, MONOTONIC, 5 * MS),
    ])?;
    same(
        events
            .iter()
            .map(|event| event.userdata)
            .collect::<Vec<_>>(),
        vec![2],
    )
}

pub const CASES: &[Case] = &[
    case("a pipe is of no known kind", |_| {
        same(fdstat(0)?.filetype, UNKNOWN)?;
        same(stat(0)?.filetype, UNKNOWN)
    }),
    case("a pipe can't seek", |_| {
        same(fdstat(0)?.base & (rights::SEEK | rights::TELL), 0)?;
        refused(seek(0, 0, CUR), SPIPE)?;
        refused(tell(0), SPIPE)?;
        refused(pread(0, 1, 0), SPIPE)?;
        refused(pwrite(1, b"x", 0), SPIPE)
    }),
    case("each end of a pipe has one direction", |_| {
        same(
            fdstat(0)?.base & (rights::READ | rights::WRITE),
            rights::READ,
        )?;
        same(
            fdstat(1)?.base & (rights::READ | rights::WRITE),
            rights::WRITE,
        )?;
        refused(write(0, b"x"), BADF)?;
        refused(read(1, 1), BADF)
    }),
    case("a pipe has no size and no storage", |_| {
        refused(set_size(0, 0), INVAL)?;
        refused(allocate(1, 0, 1), SPIPE)?;
        refused(advise(0, 0, 0, 0), SPIPE)
    }),
    case("a pipe is not synchronised", |_| {
        refused(sync(1), INVAL)?;
        refused(datasync(1), INVAL)
    }),
    case("a pipe is no directory", |_| {
        refused(readdir(0, 100, 0), NOTDIR)?;
        refused(path_open(0, FOLLOW, "f", 0, rights::READ, 0, 0), NOTDIR)
    }),
    case("an empty pipe is not ready", |_| is_quiet(0)),
    case("an empty pipe that does not wait", |_| {
        set_flags(0, NONBLOCK)?;
        same(u32::from(fdstat(0)?.flags), NONBLOCK)?;
        refused(read(0, 1), AGAIN)?;
        set_flags(0, 0)?;
        same(fdstat(0)?.flags, 0)
    }),
    case("a pipe with data is ready and says how much", |_| {
        peer("send 0 hello");
        let event = await_readable(0)?;
        same(
            (event.tag, event.error, event.nbytes, event.flags),
            (1, 0, 5, 0),
        )?;
        same(read(0, 3)?, b"hel".to_vec())?;
        same(await_readable(0)?.nbytes, 2)?;
        same(read(0, 9)?, b"lo".to_vec())?;
        is_quiet(0)
    }),
    case("reading waits for data", |_| {
        peer("pause");
        peer("send 0 late");
        same(read(0, 9)?, b"late".to_vec())
    }),
    case("the other end of standard output is ready", |_| {
        let events = poll(&[Subscription::writable(3, 1)])?;
        same(
            (
                events.len(),
                events[0].userdata,
                events[0].tag,
                events[0].error,
            ),
            (1, 3, 2, 0),
        )
    }),
    case("more than a pipe holds", |_| {
        peer("send-many 0 300000");
        let mut left = 300_000;
        while left > 0 {
            let some = read(0, 100_000)?;
            holds("it has not ended", !some.is_empty())?;
            holds("it is what was sent", some.iter().all(|&byte| byte == b'm'))?;
            left -= some.len();
        }
        is_quiet(0)
    }),
    case("sockets' functions on a pipe", |_| {
        refused(recv(0, 1, 0), NOTSOCK)?;
        refused(send(1, b"x"), NOTSOCK)?;
        refused(accept(0, 0), NOTSOCK)?;
        refused(shutdown(0, RD), NOTSOCK)
    }),
    case("a pipe that was closed hangs up, once it is empty", |_| {
        peer("send 0 last");
        peer("close 0");
        await_readable(0)?;
        same(read(0, 9)?, b"last".to_vec())?;
        let event = await_readable(0)?;
        same((event.error, event.nbytes, event.flags), (0, 0, 1))?;
        same(read(0, 9)?, vec![])?;
        same(read(0, 9)?, vec![])
    }),
];
