//! Standard input is a file of `0123456789` for reading, standard error a file for appending that holds `abc`.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("standard input is a file", |_| {
        let found = fdstat(0)?;
        same((found.filetype, found.flags), (REGULAR, 0))?;
        let wanted = rights::READ | rights::SEEK | rights::TELL;
        same(found.base & (wanted | rights::WRITE), wanted)?;
        same(stat(0)?.size, 10)
    }),
    case("standard input has a position", |_| {
        same(read(0, 3)?, b"012".to_vec())?;
        same(tell(0)?, 3)?;
        same(seek(0, -2, END)?, 8)?;
        same(read(0, 9)?, b"89".to_vec())?;
        same(pread(0, 2, 1)?, b"12".to_vec())
    }),
    case("standard input is ready", |_| {
        seek(0, 4, SET)?;
        same(poll(&[Subscription::readable(1, 0)])?[0].nbytes, 6)
    }),
    case("standard input can't be written", |_| {
        refused(write(0, b"x"), BADF)?;
        same(stat(0)?.size, 10)
    }),
    case("standard error appends", |_| {
        same(u32::from(fdstat(2)?.flags), APPEND)?;
        write(2, b"d")?;
        seek(2, 0, SET)?;
        write(2, b"e")?;
        same(stat(2)?.size, 5)
    }),
    case("standard error can't be read", |_| {
        refused(read(2, 1), BADF)
    }),
    case("standard error is cut", |_| {
        set_size(2, 1)?;
        write(2, b"z")?;
        same(stat(2)?.size, 2)
    }),
    case(
        "what is opened takes the number of a standard stream that was closed",
        |w| {
            w.put("f", "abc")?;
            close(0)?;
            same(w.open("f", 0)?, 0)?;
            same(read(0, 9)?, b"abc".to_vec())
        },
    ),
    case("a file is renumbered to be a standard stream", |w| {
        let fd = w.file("g", "")?;
        renumber(fd, 2)?;
        write(2, b"message")?;
        same(w.text("g")?, "message".into())
    }),
];
