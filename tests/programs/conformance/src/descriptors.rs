//! Descriptors: closing, renumbering, flags, rights, preopens.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("a closed descriptor is none", |w| {
        let fd = w.file("f", "")?;
        close(fd)?;
        refused(read(fd, 1), BADF)?;
        refused(close(fd), BADF)
    }),
    case("closing one of two leaves the other", |w| {
        let first = w.file("f", "abc")?;
        let second = w.open("f", 0)?;
        close(first)?;
        same(read(second, 9)?, b"abc".to_vec())
    }),
    case("renumber moves", |w| {
        let (from, to) = (w.file("f", "abc")?, w.file("g", "other")?);
        renumber(from, to)?;
        same(read(to, 9)?, b"abc".to_vec())?;
        refused(read(from, 1), BADF)
    }),
    case("renumber keeps the position", |w| {
        let (from, to) = (w.file("f", "abc")?, w.file("g", "other")?);
        read(from, 2)?;
        renumber(from, to)?;
        same(read(to, 9)?, b"c".to_vec())
    }),
    case("renumber to itself changes nothing", |w| {
        let fd = w.file("f", "abc")?;
        renumber(fd, fd)?;
        same(read(fd, 9)?, b"abc".to_vec())
    }),
    case("renumber of a closed descriptor", |w| {
        let (from, to) = (w.file("f", "abc")?, w.file("g", "other")?);
        close(from)?;
        refused(renumber(from, to), BADF)?;
        same(read(to, 9)?, b"other".to_vec())
    }),
    case("renumber to a closed descriptor", |w| {
        let (from, to) = (w.file("f", "abc")?, w.file("g", "other")?);
        close(to)?;
        refused(renumber(from, to), BADF)?;
        same(read(from, 9)?, b"abc".to_vec())
    }),
    case("renumber of a directory", |w| {
        w.directory("d")?;
        w.put("d/f", "")?;
        let (from, to) = (w.open_directory("d")?, w.file("g", "")?);
        renumber(from, to)?;
        same(names(&read_all(to, 1000)?), vec!["f".to_string()])
    }),
    case("a hundred descriptors at once", |w| {
        let mut fds = Vec::new();
        for n in 0..100 {
            fds.push(w.file(&format!("f{n}"), &n.to_string())?);
        }
        for (n, fd) in fds.into_iter().enumerate() {
            same(read(fd, 9)?, n.to_string().into_bytes())?;
            close(fd)?;
        }
        Ok(())
    }),
    case("what a file is", |w| {
        let found = fdstat(w.file("f", "")?)?;
        same((found.filetype, found.flags), (REGULAR, 0))
    }),
    case("what a directory is", |w| {
        let found = fdstat(w.dir)?;
        same((found.filetype, found.flags), (A_DIRECTORY, 0))
    }),
    case("append is switched on and off", |w| {
        let fd = w.file("f", "abc")?;
        set_flags(fd, APPEND)?;
        same(u32::from(fdstat(fd)?.flags), APPEND)?;
        write(fd, b"d")?;
        set_flags(fd, 0)?;
        same(fdstat(fd)?.flags, 0)?;
        seek(fd, 0, SET)?;
        write(fd, b"X")?;
        same(w.text("f")?, "Xbcd".into())
    }),
    case("nonblock is switched on and off", |w| {
        let fd = w.file("f", "")?;
        set_flags(fd, NONBLOCK)?;
        same(u32::from(fdstat(fd)?.flags), NONBLOCK)?;
        set_flags(fd, 0)?;
        same(fdstat(fd)?.flags, 0)
    }),
    case("flags belong to the descriptor, not to the file", |w| {
        let fd = w.file("f", "")?;
        let other = w.open("f", 0)?;
        set_flags(fd, APPEND)?;
        same(fdstat(other)?.flags, 0)
    }),
    case("sync is not switched on later", |w| {
        let fd = w.file("f", "")?;
        let errno = set_flags(fd, SYNC).err();
        holds(
            "the error is EINVAL or ENOTSUP",
            errno == Some(INVAL) || errno == Some(NOTSUP),
        )?;
        same(fdstat(fd)?.flags, 0)
    }),
    case("unknown flags are refused", |w| {
        refused(set_flags(w.file("f", "")?, 32), INVAL)
    }),
    case("a file for reading and writing has both rights", |w| {
        let base = fdstat(w.file("f", "")?)?.base;
        same(
            base & (rights::READ | rights::WRITE),
            rights::READ | rights::WRITE,
        )
    }),
    case("a file for reading has no right to write", |w| {
        w.put("f", "")?;
        let base = fdstat(w.open_as("f", 0, rights::READ, 0)?)?.base;
        same(base & (rights::READ | rights::WRITE), rights::READ)
    }),
    case("a file for writing has no right to read", |w| {
        w.put("f", "")?;
        let base = fdstat(w.open_as("f", 0, rights::WRITE, 0)?)?.base;
        same(base & (rights::READ | rights::WRITE), rights::WRITE)
    }),
    case("a directory has the rights of paths", |w| {
        let found = fdstat(w.dir)?;
        let of_paths = rights::OPEN
            | rights::READDIR
            | rights::CREATE_DIRECTORY
            | rights::UNLINK_FILE
            | rights::SYMLINK;
        same(found.base & of_paths, of_paths)?;
        same(found.base & (rights::SEEK | rights::TELL), 0)?;
        same(
            found.inheriting & (rights::READ | rights::WRITE),
            rights::READ | rights::WRITE,
        )
    }),
    case("rights are given up", |w| {
        let fd = w.file("f", "abc")?;
        let had = fdstat(fd)?;
        let left = had.base & !rights::WRITE;
        set_rights(fd, left, had.inheriting)?;
        same(fdstat(fd)?.base, left)?;
        refused(write(fd, b"x"), NOTCAPABLE)?;
        same(read(fd, 9)?, b"abc".to_vec())
    }),
    case("rights are not taken back", |w| {
        let fd = w.file("f", "abc")?;
        let had = fdstat(fd)?;
        set_rights(fd, had.base & !rights::WRITE, had.inheriting)?;
        refused(set_rights(fd, had.base, had.inheriting), NOTCAPABLE)?;
        refused(write(fd, b"x"), NOTCAPABLE)
    }),
    case("rights that never were are not taken", |w| {
        w.put("f", "")?;
        let fd = w.open_as("f", 0, rights::READ, 0)?;
        let had = fdstat(fd)?;
        refused(
            set_rights(fd, had.base | rights::WRITE, had.inheriting),
            NOTCAPABLE,
        )?;
        same(fdstat(fd)?, had)
    }),
    case("the same rights once more", |w| {
        let had = fdstat(w.dir)?;
        set_rights(w.dir, had.base, had.inheriting)?;
        same(fdstat(w.dir)?, had)
    }),
    case("each call needs its right", |w| {
        let fd = w.file("f", "abc")?;
        set_rights(fd, 0, 0)?;
        same(fdstat(fd)?.base, 0)?;
        refused(read(fd, 1), NOTCAPABLE)?;
        refused(write(fd, b"x"), NOTCAPABLE)?;
        refused(pread(fd, 1, 0), NOTCAPABLE)?;
        refused(pwrite(fd, b"x", 0), NOTCAPABLE)?;
        refused(seek(fd, 0, SET), NOTCAPABLE)?;
        refused(tell(fd), NOTCAPABLE)?;
        refused(sync(fd), NOTCAPABLE)?;
        refused(datasync(fd), NOTCAPABLE)?;
        refused(advise(fd, 0, 0, 0), NOTCAPABLE)?;
        refused(allocate(fd, 0, 1), NOTCAPABLE)?;
        refused(set_flags(fd, APPEND), NOTCAPABLE)?;
        refused(stat(fd), NOTCAPABLE)?;
        refused(set_size(fd, 0), NOTCAPABLE)?;
        refused(set_times(fd, 0, 0, 0), NOTCAPABLE)?;
        same(w.text("f")?, "abc".into())?;
        Ok(close(fd)?)
    }),
    case("each call with a path needs its right", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        w.directory("d")?;
        let none = w.open_directory(".")?;
        set_rights(none, 0, 0)?;
        refused(
            path_open(none, FOLLOW, "f", 0, rights::READ, 0, 0),
            NOTCAPABLE,
        )?;
        refused(create_directory(none, "e"), NOTCAPABLE)?;
        refused(readdir(none, 100, 0), NOTCAPABLE)?;
        refused(readlink(none, "l", 10), NOTCAPABLE)?;
        refused(path_stat(none, FOLLOW, "f"), NOTCAPABLE)?;
        refused(path_set_times(none, FOLLOW, "f", 0, 0, 0), NOTCAPABLE)?;
        refused(symlink("x", none, "m"), NOTCAPABLE)?;
        refused(remove_directory(none, "d"), NOTCAPABLE)?;
        refused(unlink(none, "f"), NOTCAPABLE)?;
        refused(rename(none, "f", w.dir, "g"), NOTCAPABLE)?;
        refused(rename(w.dir, "f", none, "g"), NOTCAPABLE)?;
        refused(link(none, NOFOLLOW, "f", w.dir, "g"), NOTCAPABLE)?;
        refused(link(w.dir, NOFOLLOW, "f", none, "g"), NOTCAPABLE)?;
        same(
            names(&read_all(w.dir, 1000)?),
            ["d", "f", "l"].map(String::from).to_vec(),
        )
    }),
    case(
        "what is opened has no right that the directory can't pass on",
        |w| {
            w.put("f", "abc")?;
            let dir = w.open_directory(".")?;
            let had = fdstat(dir)?;
            set_rights(dir, had.base, had.inheriting & !rights::WRITE)?;
            refused(
                path_open(dir, FOLLOW, "f", 0, rights::READ | rights::WRITE, 0, 0),
                NOTCAPABLE,
            )?;
            let fd = path_open(dir, FOLLOW, "f", 0, rights::READ, 0, 0)?;
            same(fdstat(fd)?.base & rights::WRITE, 0)?;
            same(read(fd, 9)?, b"abc".to_vec())
        },
    ),
    case("creating and cutting need their rights", |w| {
        w.put("f", "abc")?;
        let dir = w.open_directory(".")?;
        let had = fdstat(dir)?;
        set_rights(
            dir,
            had.base & !rights::CREATE_FILE & !rights::PATH_FILESTAT_SET_SIZE,
            had.inheriting,
        )?;
        refused(
            path_open(dir, FOLLOW, "g", CREAT, rights::FILE, 0, 0),
            NOTCAPABLE,
        )?;
        refused(
            path_open(dir, FOLLOW, "f", TRUNC, rights::FILE, 0, 0),
            NOTCAPABLE,
        )?;
        same(
            read(path_open(dir, FOLLOW, "f", 0, rights::FILE, 0, 0)?, 9)?,
            b"abc".to_vec(),
        )
    }),
    case(
        "a directory below passes on no more than the one above",
        |w| {
            w.directory("d")?;
            w.put("d/f", "abc")?;
            let dir = w.open_directory(".")?;
            let had = fdstat(dir)?;
            set_rights(dir, had.base, had.inheriting & !rights::WRITE)?;
            let base = had.inheriting & !rights::WRITE;
            let below = path_open(dir, FOLLOW, "d", DIRECTORY, base, base, 0)?;
            refused(
                path_open(below, FOLLOW, "f", 0, rights::WRITE, 0, 0),
                NOTCAPABLE,
            )
        },
    ),
    case("renumber takes the rights along", |w| {
        let (from, to) = (w.file("f", "abc")?, w.file("g", "other")?);
        let had = fdstat(from)?;
        set_rights(from, had.base & !rights::WRITE, had.inheriting)?;
        renumber(from, to)?;
        refused(write(to, b"x"), NOTCAPABLE)?;
        let fresh = w.open("f", 0)?;
        same(write(fresh, b"x")?, 1)
    }),
    case("a descriptor that polls needs the right to", |w| {
        let fd = w.file("f", "abc")?;
        let had = fdstat(fd)?;
        set_rights(fd, had.base & !rights::POLL, had.inheriting)?;
        let events = poll(&[Subscription::readable(7, fd)])?;
        same(events.len(), 1)?;
        same(
            (events[0].userdata, i32::from(events[0].error)),
            (7, NOTCAPABLE.number),
        )
    }),
    case("the granted directory tells its name", |_| {
        same(prestat(ROOT)?, (0, 1))?;
        same(prestat_name(ROOT, 1)?, "/".into())
    }),
    case("the second granted directory tells its name", |_| {
        let (tag, len) = prestat(4)?;
        same((tag, len), (0, 6))?;
        same(prestat_name(4, 6)?, "/other".into())
    }),
    case("a name for which there is no room", |_| {
        refused(prestat_name(4, 5), NAMETOOLONG)
    }),
    case("a name for which there is more room than it takes", |_| {
        same(prestat_name(4, 8)?, "/other\0\0".into())
    }),
    case("preopens end where granted directories end", |_| {
        refused(prestat(5), BADF)
    }),
    case("what is opened is no preopen", |w| {
        refused(prestat(w.dir), BADF)?;
        refused(prestat_name(w.dir, 10), BADF)
    }),
    case("a standard stream is no preopen", |_| {
        refused(prestat(0), BADF)
    }),
    case("granted directories do not share names", |w| {
        refused(path_stat(4, FOLLOW, &w.name), NOENT)
    }),
    case("rename from one granted directory into the other", |w| {
        w.put("f", "abc")?;
        let name = format!("{}-moved", w.name);
        rename(w.dir, "f", 4, &name)?;
        let fd = path_open(4, FOLLOW, &name, 0, rights::READ, 0, 0)?;
        same(read(fd, 9)?, b"abc".to_vec())
    }),
];
