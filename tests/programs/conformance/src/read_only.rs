//! `/other` is a file system that is mounted read-only. In it are a file `f`, which holds `abc`, an empty directory `d`, and
//! a link `l` to the file.

use crate::case::*;
use crate::wasi::*;

/// The directory, which also lies below the other one that is granted.
const WAYS: [(Fd, &str); 2] = [(OTHER, ""), (ROOT, "other/")];

fn both(check: fn(Fd, &dyn Fn(&str) -> String) -> Outcome) -> Outcome {
    for (fd, prefix) in WAYS {
        check(fd, &|name| format!("{prefix}{name}"))?;
    }
    Ok(())
}

/// Opening a path was refused.
#[track_caller]
fn not_opened(dir: Fd, path: &str, oflags: u32, base: u64) -> Outcome {
    refused(path_open(dir, FOLLOW, path, oflags, base, 0, 0), ROFS)
}

pub const CASES: &[Case] = &[
    case("what is there can be read", |_| {
        both(|dir, at| {
            for name in ["f", "l"] {
                let fd = path_open(dir, FOLLOW, &at(name), 0, rights::READ, 0, 0)?;
                same(pread(fd, 100, 0)?, b"abc".to_vec())?;
                same(stat(fd)?.size, 3)?;
                close(fd)?;
            }
            same(readlink(dir, &at("l"), 100)?, "f".into())?;
            same(path_stat(dir, FOLLOW, &at("d"))?.filetype, A_DIRECTORY)
        })
    }),
    case("what else there is can be written", |w| {
        w.put("f", "text")?;
        same(w.text("f")?, "text".into())
    }),
    case("no file is created", |_| {
        both(|dir, at| {
            not_opened(dir, &at("new"), CREAT, rights::FILE)?;
            not_opened(dir, &at("new"), CREAT | EXCL, rights::READ)?;
            not_opened(dir, &at("d/new"), CREAT, rights::WRITE)
        })
    }),
    case("no file is opened for writing", |_| {
        both(|dir, at| {
            not_opened(dir, &at("f"), 0, rights::FILE)?;
            not_opened(dir, &at("f"), 0, rights::WRITE)?;
            not_opened(dir, &at("l"), 0, rights::WRITE)
        })
    }),
    case("no file is truncated", |_| {
        both(|dir, at| {
            not_opened(dir, &at("f"), TRUNC, rights::READ)?;
            not_opened(dir, &at("f"), TRUNC, rights::FILE)
        })
    }),
    case("no directory is created", |_| {
        both(|dir, at| refused(create_directory(dir, &at("e")), ROFS))
    }),
    case("no directory is removed", |_| {
        both(|dir, at| refused(remove_directory(dir, &at("d")), ROFS))
    }),
    case("no link is made", |_| {
        both(|dir, at| {
            refused(symlink("f", dir, &at("m")), ROFS)?;
            refused(link(dir, NOFOLLOW, &at("f"), dir, &at("m")), ROFS)
        })
    }),
    case("nothing is renamed", |_| {
        both(|dir, at| {
            refused(rename(dir, &at("f"), dir, &at("g")), ROFS)?;
            refused(rename(dir, &at("d"), dir, &at("e")), ROFS)
        })
    }),
    case("no times are set", |_| {
        both(|dir, at| {
            let fd = path_open(dir, FOLLOW, &at("f"), 0, rights::READ, 0, 0)?;
            refused(set_times(fd, 0, 0, ATIM | MTIM), ROFS)?;
            close(fd)?;
            refused(
                path_set_times(dir, NOFOLLOW, &at("l"), 0, 0, MTIM_NOW),
                ROFS,
            )
        })
    }),
    case("no file is removed", |_| {
        both(|dir, at| {
            refused(unlink(dir, &at("l")), ROFS)?;
            refused(unlink(dir, &at("f")), ROFS)
        })
    }),
    case("all is as it was", |_| {
        same(
            names(&read_all(OTHER, 4096)?),
            ["d", "f", "l"].map(String::from).into(),
        )?;
        let fd = path_open(OTHER, FOLLOW, "f", 0, rights::READ, 0, 0)?;
        same(read(fd, 100)?, b"abc".to_vec())?;
        holds("nobody set its time", stat(fd)?.mtim != 0)
    }),
];
