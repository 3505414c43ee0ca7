//! Files may have 512 or 1024 bytes, as the shell counts, and 12 descriptors may be open.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case(
        "a file that would be too large is cut, then refused, without a signal",
        |w| {
            let fd = w.open("f", CREAT)?;
            let written = write(fd, &[b'x'; 5000])?;
            holds("it is what may be", written == 512 || written == 1024)?;
            refused(write(fd, b"x"), FBIG)?;
            refused(set_size(fd, 5000), FBIG)?;
            refused(pwrite(fd, b"x", 10_000), FBIG)?;
            refused(allocate(fd, 0, 5000), FBIG)?;
            same(stat(fd)?.size, written as u64)?;
            Ok(close(fd)?)
        },
    ),
    case(
        "descriptors run out, and are there again once one is closed",
        |w| {
            let mut open = Vec::new();
            let errno = loop {
                match w.open("f", CREAT) {
                    Ok(fd) => open.push(fd),
                    Err(errno) => break errno,
                }
                holds("there is an end", open.len() < 100)?;
            };
            same(errno, MFILE)?;
            holds("there were some", open.len() > 2)?;
            refused(w.open("d/e/f", 0), NOENT).or_else(|_| refused(w.open("d/e/f", 0), MFILE))?;
            close(open[0])?;
            let again = w.open("f", 0)?;
            same(again, open[0])?;
            for fd in open {
                close(fd)?;
            }
            Ok(())
        },
    ),
];
