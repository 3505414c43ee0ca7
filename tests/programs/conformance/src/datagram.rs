//! Standard input is a socket of messages; the suite has the other end.

use crate::case::*;
use crate::pipe::{await_readable, is_quiet, peer};
use crate::wasi::*;

/// The message was longer.
const TRUNCATED: u16 = 1;

pub const CASES: &[Case] = &[
    case("a socket of messages tells its kind", |_| {
        let found = fdstat(0)?;
        same(found.filetype, DATAGRAM)?;
        same(found.base & rights::SHUTDOWN, rights::SHUTDOWN)?;
        same(stat(0)?.filetype, DATAGRAM)
    }),
    case("no message is there", |_| is_quiet(0)),
    case("a message is received whole", |_| {
        peer("send 0 hello");
        same(await_readable(0)?.nbytes, 5)?;
        same(recv(0, 100, 0)?, (b"hello".to_vec(), 0))
    }),
    case("messages stay apart", |_| {
        peer("send 0 one");
        peer("send 0 two");
        same(recv(0, 100, 0)?, (b"one".to_vec(), 0))?;
        same(recv(0, 100, 0)?, (b"two".to_vec(), 0))
    }),
    case("a message that is cut says so", |_| {
        peer("send 0 abcdef");
        peer("send 0 next");
        same(recv(0, 3, 0)?, (b"abc".to_vec(), TRUNCATED))?;
        same(recv(0, 100, 0)?, (b"next".to_vec(), 0))
    }),
    case("peek leaves a message", |_| {
        peer("send 0 abc");
        same(recv(0, 100, PEEK)?, (b"abc".to_vec(), 0))?;
        same(recv(0, 2, PEEK)?, (b"ab".to_vec(), TRUNCATED))?;
        same(recv(0, 100, 0)?, (b"abc".to_vec(), 0))
    }),
    case("an empty message", |_| {
        peer("send 0 ");
        same(recv(0, 100, 0)?, (vec![], 0))
    }),
    case("fd_read receives", |_| {
        peer("send 0 abc");
        same(read(0, 100)?, b"abc".to_vec())
    }),
    case("a message is sent whole, from several buffers", |_| {
        write_vectors(0, &[b"ab".as_slice(), b"c"].map(Vector::of))?;
        peer("echo 0 3");
        same(recv(0, 100, 0)?, (b"abc".to_vec(), 0))
    }),
    case("a socket of messages accepts nobody", |_| {
        let errno = accept(0, 0).err();
        holds(
            "the error is ENOTSUP or EINVAL",
            errno == Some(NOTSUP) || errno == Some(INVAL),
        )
    }),
];
