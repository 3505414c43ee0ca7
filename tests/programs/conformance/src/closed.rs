//! Standard input and standard error were closed when the executable was started.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("a closed stream is no descriptor", |_| {
        refused(read(0, 1), BADF)?;
        refused(write(2, b"x"), BADF)?;
        refused(stat(0), BADF)?;
        refused(fdstat(2), BADF)
    }),
    case("nothing takes the place of a closed stream", |w| {
        let files = [
            w.file("f", "abc")?,
            w.file("g", "abc")?,
            w.file("h", "abc")?,
        ];
        refused(read(0, 1), BADF)?;
        refused(write(2, b"x"), BADF)?;
        for (fd, name) in files.into_iter().zip(["f", "g", "h"]) {
            same(w.text(name)?, "abc".into())?;
            close(fd)?;
        }
        Ok(())
    }),
    case("a closed stream can be waited for, with an error", |_| {
        let events = poll(&[Subscription::readable(1, 0)])?;
        same((events.len(), i32::from(events[0].error)), (1, BADF.number))
    }),
];
