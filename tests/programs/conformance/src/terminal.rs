//! Standard input, output and error are a terminal.

use crate::case::*;
use crate::pipe::{await_readable, is_quiet, peer};
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case(
        "a terminal is what wasi-libc's isatty takes for one",
        |_| {
            for fd in 0..3 {
                let found = fdstat(fd)?;
                same(found.filetype, CHARACTER_DEVICE)?;
                same(found.base & (rights::SEEK | rights::TELL), 0)?;
            }
            Ok(())
        },
    ),
    case("a terminal is what Rust's IsTerminal takes for one", |_| {
        use std::io::IsTerminal;
        holds(
            "it does",
            std::io::stdin().is_terminal() && std::io::stdout().is_terminal(),
        )
    }),
    case("a terminal's attributes", |_| {
        same(stat(0)?.filetype, CHARACTER_DEVICE)
    }),
    case("a terminal can be read and written", |_| {
        same(
            fdstat(0)?.base & (rights::READ | rights::WRITE),
            rights::READ | rights::WRITE,
        )
    }),
    case("a terminal can't seek", |_| {
        refused(seek(0, 0, CUR), SPIPE)?;
        refused(tell(1), SPIPE)?;
        refused(pread(0, 1, 0), SPIPE)
    }),
    case("nothing was typed", |_| {
        is_quiet(0)?;
        set_flags(0, NONBLOCK)?;
        refused(read(0, 1), AGAIN)?;
        Ok(set_flags(0, 0)?)
    }),
    case("a line that is typed is read as a line", |_| {
        peer("send-line 0 typed");
        let event = await_readable(0)?;
        same((event.error, event.nbytes, event.flags), (0, 6, 0))?;
        same(read(0, 100)?, b"typed\n".to_vec())
    }),
    case("a terminal takes output", |_| {
        let events = poll(&[Subscription::writable(3, 2)])?;
        same((events.len(), events[0].error), (1, 0))
    }),
];
