//! Cases that are wrong on purpose: the suite must find each of them to fail.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("wrong: a missing file is there", |w| {
        Ok(close(w.open("nothing", 0)?)?)
    }),
    case("wrong: another error", |w| {
        refused(w.open("nothing", 0), PERM)
    }),
    case("wrong: no error", |w| refused(w.open("f", CREAT), NOENT)),
    case("wrong: another text", |w| {
        w.put("f", "abc")?;
        same(w.text("f")?, "abd".into())
    }),
    case("wrong: another number", |w| {
        same(seek(w.file("f", "abc")?, 0, END)?, 4)
    }),
    case("wrong: a clock of the past", |_| {
        holds("it is", clock(REALTIME)? < 1)
    }),
];
