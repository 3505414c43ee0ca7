//! Standard input is a listening socket; the suite connects to it.

use crate::case::*;
use crate::pipe::{await_readable, is_quiet, peer};
use crate::wasi::*;

const LISTENER: Fd = 0;

/// A connection, which the suite knows by this number.
fn connected(number: u32) -> std::result::Result<Fd, Failure> {
    peer(&format!("connect {number}"));
    Ok(accept(LISTENER, 0)?)
}

/// Receives so many bytes, however they come.
fn recv_all(fd: Fd, len: usize) -> std::result::Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    while all.len() < len {
        let (some, _) = recv(fd, len - all.len(), 0)?;
        holds("it has not ended", !some.is_empty())?;
        all.extend(some);
    }
    Ok(all)
}

pub const CASES: &[Case] = &[
    case("a listening socket tells its kind and its rights", |_| {
        let found = fdstat(LISTENER)?;
        same(found.filetype, STREAM)?;
        same(
            found.base & (rights::ACCEPT | rights::POLL),
            rights::ACCEPT | rights::POLL,
        )
    }),
    case("nobody has connected", |_| is_quiet(LISTENER)),
    case("nobody has connected, and accept does not wait", |_| {
        set_flags(LISTENER, NONBLOCK)?;
        refused(accept(LISTENER, 0), AGAIN)?;
        Ok(set_flags(LISTENER, 0)?)
    }),
    case("a connection is ready and accepted", |_| {
        peer("connect 1");
        await_readable(LISTENER)?;
        let fd = accept(LISTENER, 0)?;
        let found = fdstat(fd)?;
        same((found.filetype, found.flags), (STREAM, 0))?;
        same(stat(fd)?.filetype, STREAM)?;
        Ok(close(fd)?)
    }),
    case("accept waits", |_| {
        peer("pause");
        Ok(close(connected(1)?)?)
    }),
    case("connections are accepted in their order", |_| {
        peer("connect 1");
        peer("connect 2");
        let (first, second) = (accept(LISTENER, 0)?, accept(LISTENER, 0)?);
        peer("send 2 two");
        peer("send 1 one");
        same(recv_all(first, 3)?, b"one".to_vec())?;
        same(recv_all(second, 3)?, b"two".to_vec())
    }),
    case("a connection that does not wait", |_| {
        peer("connect 1");
        let fd = accept(LISTENER, NONBLOCK)?;
        same(u32::from(fdstat(fd)?.flags), NONBLOCK)?;
        refused(recv(fd, 1, 0), AGAIN)?;
        refused(read(fd, 1), AGAIN)?;
        peer("send 1 x");
        await_readable(fd)?;
        same(recv(fd, 9, 0)?, (b"x".to_vec(), 0))
    }),
    case("accept with a flag that is none of a connection's", |_| {
        refused(accept(LISTENER, APPEND), INVAL)?;
        refused(accept(LISTENER, 1 << 20), INVAL)
    }),
    case("a connection accepts nobody", |_| {
        refused(accept(connected(1)?, 0), INVAL)
    }),
    case("a listening socket receives nothing", |_| {
        refused(recv(LISTENER, 1, 0), NOTCONN)
    }),
    case("recv waits for data", |_| {
        let fd = connected(1)?;
        peer("pause");
        peer("send 1 hello");
        same(recv(fd, 100, 0)?, (b"hello".to_vec(), 0))
    }),
    case(
        "recv takes what there is room for and leaves the rest",
        |_| {
            let fd = connected(1)?;
            peer("send 1 abcdef");
            await_readable(fd)?;
            same(recv(fd, 4, WAITALL)?, (b"abcd".to_vec(), 0))?;
            same(recv(fd, 100, 0)?, (b"ef".to_vec(), 0))
        },
    ),
    case("peek leaves the data", |_| {
        let fd = connected(1)?;
        peer("send 1 abc");
        same(recv(fd, 100, PEEK)?, (b"abc".to_vec(), 0))?;
        same(recv(fd, 2, PEEK)?, (b"ab".to_vec(), 0))?;
        same(recv(fd, 100, 0)?, (b"abc".to_vec(), 0))
    }),
    case("waitall waits until the buffer is full", |_| {
        let fd = connected(1)?;
        peer("send 1 abc");
        peer("pause");
        peer("send 1 def");
        same(recv(fd, 6, WAITALL)?, (b"abcdef".to_vec(), 0))
    }),
    case("waitall ends with the connection", |_| {
        let fd = connected(1)?;
        peer("send 1 abc");
        peer("close 1");
        same(recv(fd, 6, WAITALL)?, (b"abc".to_vec(), 0))
    }),
    case("peek and waitall together", |_| {
        let fd = connected(1)?;
        peer("send 1 abc");
        peer("pause");
        peer("send 1 def");
        same(recv(fd, 6, PEEK | WAITALL)?, (b"abcdef".to_vec(), 0))?;
        same(recv(fd, 6, 0)?, (b"abcdef".to_vec(), 0))
    }),
    case("recv with unknown flags", |_| {
        refused(recv(connected(1)?, 1, 4), INVAL)
    }),
    case("a connection with data is ready and says how much", |_| {
        let fd = connected(1)?;
        is_quiet(fd)?;
        peer("send 1 hello");
        let event = await_readable(fd)?;
        same((event.nbytes, event.flags), (5, 0))
    }),
    case("what is sent arrives", |_| {
        let fd = connected(1)?;
        same(send(fd, b"hello")?, 5)?;
        peer("echo 1 5");
        same(recv_all(fd, 5)?, b"hello".to_vec())
    }),
    case("fd_read and fd_write on a connection", |_| {
        let fd = connected(1)?;
        same(write(fd, b"hello")?, 5)?;
        peer("echo 1 5");
        same(read(fd, 5)?, b"hello".to_vec())
    }),
    case("send with flags", |_| {
        refused(send_flags(connected(1)?, b"x", 1), INVAL)
    }),
    case("a connection takes data", |_| {
        let events = poll(&[Subscription::writable(3, connected(1)?)])?;
        same(
            (
                events.len(),
                events[0].tag,
                events[0].error,
                events[0].flags,
            ),
            (1, 2, 0, 0),
        )
    }),
    case("a connection that takes no more and does not wait", |_| {
        let fd = connected(1)?;
        set_flags(fd, NONBLOCK)?;
        let (block, mut sent) = (vec![b's'; 65536], 0);
        let errno = loop {
            match send(fd, &block) {
                Ok(some) => sent += some,
                Err(errno) => break errno,
            }
            holds("it ends", sent < 1 << 30)?;
        };
        same(errno, AGAIN)?;
        let events = poll(&[
            Subscription::writable(1, fd),
            Subscription::after(2, MONOTONIC, 5_000_000),
        ])?;
        same(
            events
                .iter()
                .map(|event| event.userdata)
                .collect::<Vec<_>>(),
            vec![2],
        )
    }),
    case("a connection can't seek", |_| {
        let fd = connected(1)?;
        refused(seek(fd, 0, CUR), SPIPE)?;
        refused(pread(fd, 1, 0), SPIPE)
    }),
    case("shutdown of writing ends what the other side reads", |_| {
        let fd = connected(1)?;
        send(fd, b"abc")?;
        shutdown(fd, WR)?;
        peer("echo-all 1");
        same(recv_all(fd, 3)?, b"abc".to_vec())
    }),
    case("sending after shutdown is an error and no signal", |_| {
        let fd = connected(1)?;
        shutdown(fd, WR)?;
        refused(send(fd, b"x"), PIPE)?;
        refused(write(fd, b"x"), PIPE)
    }),
    case("receiving after shutdown ends", |_| {
        let fd = connected(1)?;
        shutdown(fd, RD)?;
        same(recv(fd, 9, 0)?, (vec![], 0))
    }),
    case("shutdown of both", |_| {
        let fd = connected(1)?;
        shutdown(fd, RD | WR)?;
        same(recv(fd, 9, 0)?, (vec![], 0))?;
        refused(send(fd, b"x"), PIPE)
    }),
    case("shutdown of neither or of something else", |_| {
        let fd = connected(1)?;
        refused(shutdown(fd, 0), INVAL)?;
        refused(shutdown(fd, 4), INVAL)
    }),
    case("the other side has closed", |_| {
        let fd = connected(1)?;
        peer("close 1");
        same(await_readable(fd)?.nbytes, 0)?;
        same(recv(fd, 9, 0)?, (vec![], 0))
    }),
    case("both sides have closed", |_| {
        let fd = connected(1)?;
        peer("close 1");
        await_readable(fd)?;
        shutdown(fd, WR)?;
        let event = await_readable(fd)?;
        same((event.error, event.flags), (0, 1))
    }),
    case("sending to nobody is an error and no signal", |_| {
        let fd = connected(1)?;
        peer("close 1");
        await_readable(fd)?;
        let mut result = Ok(0);
        for _ in 0..1000 {
            result = send(fd, b"x");
            if result.is_err() {
                break;
            }
            poll(&[Subscription::after(0, MONOTONIC, 1_000_000)])?;
        }
        let errno = result.err();
        holds(
            "the error is EPIPE or ECONNRESET",
            errno == Some(PIPE) || errno == Some(CONNRESET),
        )
    }),
    case("a closed connection is no descriptor", |_| {
        let fd = connected(1)?;
        close(fd)?;
        refused(recv(fd, 1, 0), BADF)
    }),
    case("rights that a connection gave up", |_| {
        let fd = connected(1)?;
        let had = fdstat(fd)?;
        set_rights(
            fd,
            had.base & !rights::SHUTDOWN & !rights::READ,
            had.inheriting,
        )?;
        refused(shutdown(fd, WR), NOTCAPABLE)?;
        refused(recv(fd, 1, 0), NOTCAPABLE)?;
        same(send(fd, b"x")?, 1)
    }),
];
