//! Standard error is a device that is always full.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("a full device takes nothing", |_| {
        refused(write(2, b"x"), NOSPC)?;
        refused(write(2, &[b'x'; 100_000]), NOSPC)
    }),
    case("a full device takes no bytes at all", |_| {
        same(write(2, b"")?, 0)
    }),
    case("what else there is works", |w| {
        refused(write(2, b"x"), NOSPC)?;
        w.put("f", "abc")?;
        same(w.text("f")?, "abc".into())
    }),
];
