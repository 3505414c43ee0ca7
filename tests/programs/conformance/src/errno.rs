//! Bad calls: each function with a descriptor that is none, or one of the wrong kind.

use crate::case::*;
use crate::wasi::*;

/// No descriptor.
const NONE: Fd = 999;

pub const CASES: &[Case] = &[
    case("fd_advise of none", |_| {
        refused(advise(NONE, 0, 0, 0), BADF)
    }),
    case("fd_allocate of none", |_| {
        refused(allocate(NONE, 0, 1), BADF)
    }),
    case("fd_close of none", |_| refused(close(NONE), BADF)),
    case("fd_datasync of none", |_| refused(datasync(NONE), BADF)),
    case("fd_fdstat_get of none", |_| refused(fdstat(NONE), BADF)),
    case("fd_fdstat_set_flags of none", |_| {
        refused(set_flags(NONE, 0), BADF)
    }),
    case("fd_fdstat_set_rights of none", |_| {
        refused(set_rights(NONE, 0, 0), BADF)
    }),
    case("fd_filestat_get of none", |_| refused(stat(NONE), BADF)),
    case("fd_filestat_set_size of none", |_| {
        refused(set_size(NONE, 0), BADF)
    }),
    case("fd_filestat_set_times of none", |_| {
        refused(set_times(NONE, 0, 0, 0), BADF)
    }),
    case("fd_pread of none", |_| refused(pread(NONE, 1, 0), BADF)),
    case("fd_prestat_get of none", |_| refused(prestat(NONE), BADF)),
    case("fd_prestat_dir_name of none", |_| {
        refused(prestat_name(NONE, 10), BADF)
    }),
    case("fd_pwrite of none", |_| {
        refused(pwrite(NONE, b"x", 0), BADF)
    }),
    case("fd_read of none", |_| refused(read(NONE, 1), BADF)),
    case("fd_readdir of none", |_| {
        refused(readdir(NONE, 100, 0), BADF)
    }),
    case("fd_renumber of none", |_| {
        refused(renumber(NONE, NONE), BADF)
    }),
    case("fd_seek of none", |_| refused(seek(NONE, 0, SET), BADF)),
    case("fd_sync of none", |_| refused(sync(NONE), BADF)),
    case("fd_tell of none", |_| refused(tell(NONE), BADF)),
    case("fd_write of none", |_| refused(write(NONE, b"x"), BADF)),
    case("path_create_directory in none", |_| {
        refused(create_directory(NONE, "d"), BADF)
    }),
    case("path_filestat_get in none", |_| {
        refused(path_stat(NONE, FOLLOW, "f"), BADF)
    }),
    case("path_filestat_set_times in none", |_| {
        refused(path_set_times(NONE, FOLLOW, "f", 0, 0, 0), BADF)
    }),
    case("path_link from none and to none", |w| {
        w.put("f", "")?;
        refused(link(NONE, NOFOLLOW, "f", w.dir, "g"), BADF)?;
        refused(link(w.dir, NOFOLLOW, "f", NONE, "g"), BADF)
    }),
    case("path_open in none", |_| {
        refused(
            path_open(NONE, FOLLOW, "f", CREAT, rights::READ, 0, 0),
            BADF,
        )
    }),
    case("path_readlink in none", |_| {
        refused(readlink(NONE, "l", 10), BADF)
    }),
    case("path_remove_directory in none", |_| {
        refused(remove_directory(NONE, "d"), BADF)
    }),
    case("path_rename from none and to none", |w| {
        w.put("f", "")?;
        refused(rename(NONE, "f", w.dir, "g"), BADF)?;
        refused(rename(w.dir, "f", NONE, "g"), BADF)
    }),
    case("path_symlink in none", |_| {
        refused(symlink("x", NONE, "l"), BADF)
    }),
    case("path_unlink_file in none", |_| {
        refused(unlink(NONE, "f"), BADF)
    }),
    case("sock_accept of none", |_| refused(accept(NONE, 0), BADF)),
    case("sock_recv of none", |_| refused(recv(NONE, 1, 0), BADF)),
    case("sock_send of none", |_| refused(send(NONE, b"x"), BADF)),
    case("sock_shutdown of none", |_| {
        refused(shutdown(NONE, RD), BADF)
    }),
    case("sockets' functions on a file", |w| {
        let fd = w.file("f", "abc")?;
        refused(accept(fd, 0), NOTSOCK)?;
        refused(recv(fd, 1, 0), NOTSOCK)?;
        refused(send(fd, b"x"), NOTSOCK)?;
        refused(shutdown(fd, RD), NOTSOCK)
    }),
    case("a path below a file, for each function with paths", |w| {
        let f = w.file("f", "")?;
        refused(create_directory(f, "d"), NOTDIR)?;
        refused(path_stat(f, FOLLOW, "g"), NOTDIR)?;
        refused(path_set_times(f, FOLLOW, "g", 0, 0, ATIM_NOW), NOTDIR)?;
        refused(link(f, NOFOLLOW, "g", w.dir, "h"), NOTDIR)?;
        refused(readlink(f, "l", 10), NOTDIR)?;
        refused(remove_directory(f, "d"), NOTDIR)?;
        refused(rename(f, "g", w.dir, "h"), NOTDIR)?;
        refused(symlink("x", f, "l"), NOTDIR)?;
        refused(unlink(f, "g"), NOTDIR)
    }),
    case("a path that is none, for each function with paths", |w| {
        w.put("f", "")?;
        refused(create_directory(w.dir, ""), NOENT)?;
        refused(path_stat(w.dir, FOLLOW, ""), NOENT)?;
        refused(path_set_times(w.dir, FOLLOW, "", 0, 0, ATIM_NOW), NOENT)?;
        refused(link(w.dir, NOFOLLOW, "", w.dir, "h"), NOENT)?;
        refused(link(w.dir, NOFOLLOW, "f", w.dir, ""), NOENT)?;
        refused(readlink(w.dir, "", 10), NOENT)?;
        refused(remove_directory(w.dir, ""), NOENT)?;
        refused(rename(w.dir, "f", w.dir, ""), NOENT)?;
        refused(symlink("x", w.dir, ""), NOENT)?;
        refused(unlink(w.dir, ""), NOENT)
    }),
    case("an absolute path, for each function with paths", |w| {
        w.put("f", "")?;
        refused(create_directory(w.dir, "/d"), PERM)?;
        refused(path_stat(w.dir, FOLLOW, "/"), PERM)?;
        refused(path_set_times(w.dir, FOLLOW, "/", 0, 0, 0), PERM)?;
        refused(link(w.dir, NOFOLLOW, "/etc/passwd", w.dir, "h"), PERM)?;
        refused(link(w.dir, NOFOLLOW, "f", w.dir, "/g"), PERM)?;
        refused(readlink(w.dir, "/l", 10), PERM)?;
        refused(remove_directory(w.dir, "/d"), PERM)?;
        refused(rename(w.dir, "/f", w.dir, "g"), PERM)?;
        refused(symlink("x", w.dir, "/l"), PERM)?;
        refused(unlink(w.dir, "/f"), PERM)
    }),
    case("a path too long, for each function with paths", |w| {
        let long = "n/".repeat(3000);
        refused(create_directory(w.dir, &long), NAMETOOLONG)?;
        refused(path_stat(w.dir, FOLLOW, &long), NAMETOOLONG)?;
        refused(path_set_times(w.dir, FOLLOW, &long, 0, 0, 0), NAMETOOLONG)?;
        refused(link(w.dir, NOFOLLOW, &long, w.dir, "h"), NAMETOOLONG)?;
        refused(readlink(w.dir, &long, 10), NAMETOOLONG)?;
        refused(remove_directory(w.dir, &long), NAMETOOLONG)?;
        refused(rename(w.dir, &long, w.dir, "g"), NAMETOOLONG)?;
        refused(symlink(&long, w.dir, "l"), NAMETOOLONG)?;
        refused(unlink(w.dir, &long), NAMETOOLONG)
    }),
];
