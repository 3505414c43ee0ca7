//! Times of files.

use crate::case::*;
use crate::wasi::*;

const SECOND: u64 = 1_000_000_000;
/// Some moment of 2001, with nanoseconds.
const THEN: u64 = 1_000_000_000 * SECOND + 123_456_789;
const LATER: u64 = THEN + 1000 * SECOND;

/// Is a time within some seconds of now? Files may have a coarser clock than the one that is asked.
fn is_now(time: u64) -> std::result::Result<bool, Failure> {
    Ok(clock(REALTIME)?.abs_diff(time) < 30 * SECOND)
}

fn times(stat: Stat) -> (u64, u64) {
    (stat.atim, stat.mtim)
}

pub const CASES: &[Case] = &[
    case("a new file has the time of now", |w| {
        let found = stat(w.file("f", "")?)?;
        holds(
            "each time is now",
            is_now(found.atim)? && is_now(found.mtim)? && is_now(found.ctim)?,
        )
    }),
    case(
        "both times of a descriptor are set, to the nanosecond",
        |w| {
            let fd = w.file("f", "")?;
            set_times(fd, THEN, LATER, ATIM | MTIM)?;
            same(times(stat(fd)?), (THEN, LATER))
        },
    ),
    case("the access time alone", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, THEN, ATIM | MTIM)?;
        set_times(fd, LATER, LATER, ATIM)?;
        same(times(stat(fd)?), (LATER, THEN))
    }),
    case("the modification time alone", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, THEN, ATIM | MTIM)?;
        set_times(fd, LATER, LATER, MTIM)?;
        same(times(stat(fd)?), (THEN, LATER))
    }),
    case("no time", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, LATER, ATIM | MTIM)?;
        set_times(fd, 1, 1, 0)?;
        same(times(stat(fd)?), (THEN, LATER))
    }),
    case("now, for one and for both", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, THEN, ATIM | MTIM)?;
        set_times(fd, 0, 0, ATIM_NOW)?;
        let found = stat(fd)?;
        holds("the access time is now", is_now(found.atim)?)?;
        same(found.mtim, THEN)?;
        set_times(fd, 0, 0, ATIM_NOW | MTIM_NOW)?;
        holds("the modification time is now", is_now(stat(fd)?.mtim)?)
    }),
    case("one is given and the other is now", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, 0, ATIM | MTIM_NOW)?;
        let found = stat(fd)?;
        same(found.atim, THEN)?;
        holds("the modification time is now", is_now(found.mtim)?)
    }),
    case("given and now at once is refused", |w| {
        let fd = w.file("f", "")?;
        refused(set_times(fd, THEN, 0, ATIM | ATIM_NOW), INVAL)?;
        refused(set_times(fd, THEN, 0, MTIM | MTIM_NOW), INVAL)?;
        refused(
            path_set_times(w.dir, FOLLOW, "f", THEN, 0, ATIM | ATIM_NOW),
            INVAL,
        )
    }),
    case("unknown flags are refused", |w| {
        let fd = w.file("f", "")?;
        refused(set_times(fd, 0, 0, 16), INVAL)?;
        refused(path_set_times(w.dir, FOLLOW, "f", 0, 0, 16), INVAL)
    }),
    case("the year 1970", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, 0, 1, ATIM | MTIM)?;
        same(times(stat(fd)?), (0, 1))
    }),
    case("the year 2100", |w| {
        let fd = w.file("f", "")?;
        let year_2100 = 4_102_444_800 * SECOND;
        set_times(fd, year_2100, year_2100, ATIM | MTIM)?;
        same(times(stat(fd)?), (year_2100, year_2100))
    }),
    case("times of a path", |w| {
        w.put("f", "")?;
        path_set_times(w.dir, FOLLOW, "f", THEN, LATER, ATIM | MTIM)?;
        same(times(path_stat(w.dir, FOLLOW, "f")?), (THEN, LATER))
    }),
    case("times of a directory", |w| {
        w.directory("d")?;
        path_set_times(w.dir, FOLLOW, "d", THEN, LATER, ATIM | MTIM)?;
        same(times(path_stat(w.dir, FOLLOW, "d")?), (THEN, LATER))
    }),
    case("times of an open directory", |w| {
        set_times(w.dir, THEN, LATER, ATIM | MTIM)?;
        same(times(stat(w.dir)?), (THEN, LATER))
    }),
    case("times of what a link points to", |w| {
        w.put("f", "")?;
        w.symlink("l", "f")?;
        path_set_times(w.dir, FOLLOW, "l", THEN, LATER, ATIM | MTIM)?;
        same(times(path_stat(w.dir, NOFOLLOW, "f")?), (THEN, LATER))?;
        holds(
            "the link has another",
            path_stat(w.dir, NOFOLLOW, "l")?.mtim != LATER,
        )
    }),
    case("times of a link", |w| {
        w.put("f", "")?;
        w.symlink("l", "f")?;
        path_set_times(w.dir, NOFOLLOW, "l", THEN, LATER, ATIM | MTIM)?;
        same(path_stat(w.dir, NOFOLLOW, "l")?.mtim, LATER)?;
        holds(
            "the file has another",
            path_stat(w.dir, NOFOLLOW, "f")?.mtim != LATER,
        )
    }),
    case("times of a dangling link", |w| {
        w.symlink("l", "nothing")?;
        refused(
            path_set_times(w.dir, FOLLOW, "l", THEN, LATER, ATIM | MTIM),
            NOENT,
        )?;
        Ok(path_set_times(
            w.dir,
            NOFOLLOW,
            "l",
            THEN,
            LATER,
            ATIM | MTIM,
        )?)
    }),
    case("times of a looping link", |w| {
        w.symlink("l", "l")?;
        refused(
            path_set_times(w.dir, FOLLOW, "l", THEN, LATER, ATIM | MTIM),
            LOOP,
        )
    }),
    case("times of what is not there", |w| {
        refused(
            path_set_times(w.dir, FOLLOW, "f", THEN, LATER, ATIM | MTIM),
            NOENT,
        )
    }),
    case("times of a file with a slash behind it", |w| {
        w.put("f", "")?;
        refused(
            path_set_times(w.dir, FOLLOW, "f/", THEN, LATER, ATIM | MTIM),
            NOTDIR,
        )
    }),
    case("times of a path beyond the granted directory", |w| {
        refused(
            path_set_times(w.dir, FOLLOW, "../..", THEN, LATER, ATIM | MTIM),
            PERM,
        )
    }),
    case("times by a descriptor for reading", |w| {
        w.put("f", "")?;
        let fd = w.open_as("f", 0, rights::READ, 0)?;
        set_times(fd, THEN, LATER, ATIM | MTIM)?;
        same(times(stat(fd)?), (THEN, LATER))
    }),
    case("writing sets the modification time", |w| {
        let fd = w.file("f", "")?;
        set_times(fd, THEN, THEN, ATIM | MTIM)?;
        write(fd, b"x")?;
        let found = stat(fd)?;
        same(found.atim, THEN)?;
        holds("it is now", is_now(found.mtim)?)
    }),
    case(
        "an entry more sets the directory's modification time",
        |w| {
            set_times(w.dir, THEN, THEN, ATIM | MTIM)?;
            w.put("f", "")?;
            holds("it is now", is_now(stat(w.dir)?.mtim)?)
        },
    ),
    case("renaming keeps the modification time", |w| {
        w.put("f", "")?;
        path_set_times(w.dir, FOLLOW, "f", THEN, LATER, ATIM | MTIM)?;
        rename(w.dir, "f", w.dir, "g")?;
        same(path_stat(w.dir, FOLLOW, "g")?.mtim, LATER)
    }),
];
