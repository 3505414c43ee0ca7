//! `path_open`: its flags one by one and together, and what they may be applied to.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("a file that is there", |w| {
        w.put("f", "abc")?;
        same(read(w.open("f", 0)?, 9)?, b"abc".to_vec())
    }),
    case("a file that is not there", |w| {
        refused(w.open("f", 0), NOENT)
    }),
    case("creat makes an empty file", |w| {
        same(stat(w.open("f", CREAT)?)?.size, 0)?;
        same(w.kind("f")?, REGULAR)
    }),
    case("creat of what is there opens it as it is", |w| {
        w.put("f", "abc")?;
        same(read(w.open("f", CREAT)?, 9)?, b"abc".to_vec())
    }),
    case("creat and excl of what is not there", |w| {
        Ok(close(w.open("f", CREAT | EXCL)?)?)
    }),
    case("creat and excl of what is there", |w| {
        w.put("f", "abc")?;
        refused(w.open("f", CREAT | EXCL), EXIST)
    }),
    case("creat and excl of a directory", |w| {
        w.directory("d")?;
        refused(w.open("d", CREAT | EXCL), EXIST)
    }),
    case("creat and excl of a link to a file", |w| {
        w.put("f", "")?;
        w.symlink("l", "f")?;
        refused(w.open("l", CREAT | EXCL), EXIST)
    }),
    case("creat and excl of a dangling link", |w| {
        w.symlink("l", "nothing")?;
        refused(w.open("l", CREAT | EXCL), EXIST)?;
        refused(w.kind("nothing"), NOENT)
    }),
    case(
        "creat through a dangling link makes what it points to",
        |w| {
            w.symlink("l", "f")?;
            write(w.open("l", CREAT)?, b"x")?;
            same(w.text("f")?, "x".into())?;
            same(w.kind("l")?, SYMLINK)
        },
    ),
    case("creat in a directory that is not there", |w| {
        refused(w.open("d/f", CREAT), NOENT)
    }),
    case("creat below a file", |w| {
        w.put("f", "")?;
        refused(w.open("f/g", CREAT), NOTDIR)
    }),
    case("creat of a name with a slash behind it", |w| {
        refused(w.open("f/", CREAT), ISDIR)?;
        refused(w.kind("f"), NOENT)
    }),
    case("creat of a directory's name", |w| {
        w.directory("d")?;
        refused(w.open("d", CREAT), ISDIR)
    }),
    case("trunc empties", |w| {
        w.put("f", "abc")?;
        close(w.open("f", TRUNC)?)?;
        same(w.text("f")?, "".into())
    }),
    case("trunc of what is not there", |w| {
        refused(w.open("f", TRUNC), NOENT)
    }),
    case("creat and trunc of what is not there", |w| {
        same(stat(w.open("f", CREAT | TRUNC)?)?.size, 0)
    }),
    case("creat and trunc of what is there", |w| {
        w.put("f", "abc")?;
        same(stat(w.open("f", CREAT | TRUNC)?)?.size, 0)
    }),
    case("trunc through a link", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        close(w.open("l", TRUNC)?)?;
        same(w.text("f")?, "".into())
    }),
    case("trunc of a directory", |w| {
        w.directory("d")?;
        refused(w.open("d", TRUNC), ISDIR)
    }),
    case("a refused creat and excl does not trunc", |w| {
        w.put("f", "abc")?;
        refused(w.open("f", CREAT | EXCL | TRUNC), EXIST)?;
        same(w.text("f")?, "abc".into())
    }),
    case("directory of a directory", |w| {
        w.directory("d")?;
        same(fdstat(w.open_directory("d")?)?.filetype, A_DIRECTORY)
    }),
    case("directory of a file", |w| {
        w.put("f", "")?;
        refused(w.open_directory("f"), NOTDIR)
    }),
    case("directory of what is not there", |w| {
        refused(w.open_directory("d"), NOENT)
    }),
    case("directory through a link", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        same(fdstat(w.open_directory("l")?)?.filetype, A_DIRECTORY)
    }),
    case("directory of a link that is not followed", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        let errno = path_open(w.dir, NOFOLLOW, "l", DIRECTORY, rights::READDIR, 0, 0).err();
        holds(
            "the error is ENOTDIR or ELOOP",
            errno == Some(NOTDIR) || errno == Some(LOOP),
        )
    }),
    case("creat and directory together are refused", |w| {
        refused(w.open("d", CREAT | DIRECTORY), INVAL)?;
        refused(w.kind("d"), NOENT)
    }),
    case("a directory for reading", |w| {
        w.directory("d")?;
        let fd = w.open_as("d", 0, rights::READDIR, 0)?;
        same(fdstat(fd)?.filetype, A_DIRECTORY)
    }),
    case("a directory for writing", |w| {
        w.directory("d")?;
        refused(w.open_as("d", 0, rights::WRITE, 0), ISDIR)
    }),
    case("a link is followed if so asked", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        same(read(w.open("l", 0)?, 9)?, b"abc".to_vec())
    }),
    case("a link that is not followed is not opened", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        refused(path_open(w.dir, NOFOLLOW, "l", 0, rights::READ, 0, 0), LOOP)
    }),
    case("links before the last component are always followed", |w| {
        w.directory("d")?;
        w.put("d/f", "abc")?;
        w.symlink("l", "d")?;
        let fd = path_open(w.dir, NOFOLLOW, "l/f", 0, rights::READ, 0, 0)?;
        same(read(fd, 9)?, b"abc".to_vec())
    }),
    case("a dangling link", |w| {
        w.symlink("l", "nothing")?;
        refused(w.open("l", 0), NOENT)
    }),
    case("a link to itself", |w| {
        w.symlink("l", "l")?;
        refused(w.open("l", 0), LOOP)
    }),
    case("two links to each other", |w| {
        w.symlink("a", "b")?;
        w.symlink("b", "a")?;
        refused(w.open("a", 0), LOOP)
    }),
    case("a loop before the last component", |w| {
        w.symlink("l", "l")?;
        refused(w.open("l/f", 0), LOOP)
    }),
    case("thirty links one behind the other", |w| {
        w.put("l0", "abc")?;
        for n in 1..=30 {
            w.symlink(&format!("l{n}"), &format!("l{}", n - 1))?;
        }
        same(w.text("l30")?, "abc".into())
    }),
    case("a link with a slash behind it, to a file", |w| {
        w.put("f", "")?;
        w.symlink("l", "f")?;
        refused(w.open("l/", 0), NOTDIR)
    }),
    case("a link with a slash behind it, to a directory", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        Ok(close(w.open_directory("l/")?)?)
    }),
    case("a file with a slash behind it", |w| {
        w.put("f", "")?;
        refused(w.open("f/", 0), NOTDIR)
    }),
    case("a directory with slashes behind it", |w| {
        w.directory("d")?;
        Ok(close(w.open_directory("d//")?)?)
    }),
    case("a dot", |w| {
        same(stat(w.open_directory(".")?)?.ino, stat(w.dir)?.ino)
    }),
    case("dots and slashes within a path", |w| {
        w.directory("d")?;
        w.put("d/f", "abc")?;
        same(w.text("./d//./../d/f")?, "abc".into())
    }),
    case("two dots within the directory", |w| {
        w.directory("d")?;
        same(stat(w.open_directory("d/..")?)?.ino, stat(w.dir)?.ino)
    }),
    case("two dots behind what is not there", |w| {
        w.put("f", "")?;
        refused(w.open("nothing/../f", 0), NOENT)
    }),
    case("two dots out of the directory", |w| {
        refused(w.open("..", 0), PERM)
    }),
    case("an absolute path", |w| {
        refused(w.open("/etc/passwd", 0), PERM)
    }),
    case("a link out of the directory", |w| {
        w.symlink("l", "../..")?;
        refused(w.open("l", 0), PERM)
    }),
    case("an empty path", |w| refused(w.open("", 0), NOENT)),
    case("a path with a zero byte", |w| {
        refused(w.open("a\0b", CREAT), INVAL)
    }),
    case("a name of 255 bytes", |w| {
        let name = "n".repeat(255);
        w.put(&name, "abc")?;
        same(w.text(&name)?, "abc".into())
    }),
    case("a name of 256 bytes", |w| {
        refused(w.open(&"n".repeat(256), CREAT), NAMETOOLONG)
    }),
    case("a path of 5000 bytes", |w| {
        refused(w.open(&"n/".repeat(2500), 0), NAMETOOLONG)
    }),
    case("a name beyond ASCII", |w| {
        w.put("grün 😀", "abc")?;
        same(names(&read_all(w.dir, 4096)?), vec!["grün 😀".to_string()])
    }),
    case("append writes at the end, wherever the position is", |w| {
        w.put("f", "abc")?;
        let fd = w.open_as("f", 0, rights::FILE, APPEND)?;
        write(fd, b"d")?;
        seek(fd, 0, SET)?;
        write(fd, b"e")?;
        same(w.text("f")?, "abcde".into())?;
        same(tell(fd)?, 5)
    }),
    case("append reads from where the position is", |w| {
        w.put("f", "abc")?;
        let fd = w.open_as("f", 0, rights::FILE, APPEND)?;
        same(read(fd, 2)?, b"ab".to_vec())
    }),
    case("flags given when opening are told", |w| {
        w.put("f", "")?;
        let fd = w.open_as("f", 0, rights::FILE, APPEND | NONBLOCK | SYNC)?;
        let flags = u32::from(fdstat(fd)?.flags);
        same(flags & (APPEND | NONBLOCK | SYNC), APPEND | NONBLOCK | SYNC)
    }),
    case("dsync is not sync", |w| {
        w.put("f", "")?;
        let fd = w.open_as("f", 0, rights::FILE, DSYNC)?;
        same(u32::from(fdstat(fd)?.flags), DSYNC)?;
        write(fd, b"x").map(drop).map_err(Into::into)
    }),
    case("rsync is told as sync or rsync", |w| {
        w.put("f", "")?;
        let fd = w.open_as("f", 0, rights::FILE, RSYNC | SYNC)?;
        holds(
            "it is synchronous",
            u32::from(fdstat(fd)?.flags) & SYNC != 0,
        )
    }),
    case("unknown flags of each kind are refused", |w| {
        w.put("f", "")?;
        refused(w.open_as("f", 0, rights::READ, 32), INVAL)?;
        refused(w.open("f", 16), INVAL)?;
        refused(path_open(w.dir, 2, "f", 0, rights::READ, 0, 0), INVAL)
    }),
    case("the lowest free number is given", |w| {
        let first = w.file("f", "")?;
        let second = w.file("g", "")?;
        close(first)?;
        same(w.open("f", 0)?, first)?;
        holds("the numbers differ", first != second)
    }),
    case("relative to a file", |w| {
        let fd = w.file("f", "")?;
        refused(
            path_open(fd, FOLLOW, "g", CREAT, rights::READ, 0, 0),
            NOTDIR,
        )
    }),
    case("relative to a directory below", |w| {
        w.directory("d")?;
        let d = w.open_directory("d")?;
        close(path_open(d, FOLLOW, "f", CREAT, rights::FILE, 0, 0)?)?;
        same(w.kind("d/f")?, REGULAR)
    }),
    case("two dots from a directory below", |w| {
        w.directory("d")?;
        let d = w.open_directory("d")?;
        refused(
            path_open(d, FOLLOW, "../f", CREAT, rights::FILE, 0, 0),
            PERM,
        )
    }),
    case("relative to a directory that was moved", |w| {
        w.directory("d")?;
        let d = w.open_directory("d")?;
        rename(w.dir, "d", w.dir, "e")?;
        close(path_open(d, FOLLOW, "f", CREAT, rights::FILE, 0, 0)?)?;
        same(w.kind("e/f")?, REGULAR)
    }),
    case("relative to a directory that was removed", |w| {
        w.directory("d")?;
        let d = w.open_directory("d")?;
        remove_directory(w.dir, "d")?;
        refused(path_open(d, FOLLOW, "f", CREAT, rights::FILE, 0, 0), NOENT)
    }),
];
