//! `/other` is a file system of four pages and eight entries, itself included.

use crate::case::*;
use crate::wasi::*;

/// More than there is room for.
const MUCH: usize = 100_000;

fn create(name: &str) -> Result<Fd> {
    path_open(OTHER, FOLLOW, name, CREAT | EXCL, rights::FILE, 0, 0)
}

/// Writes pieces until there is no room; gives what was written.
fn fill(fd: Fd) -> std::result::Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    for byte in 0..100 {
        match write(fd, &[byte; 1000]) {
            Ok(written) => all.extend(vec![byte; written]),
            Err(errno) => {
                refused(Err::<(), _>(errno), NOSPC)?;
                return Ok(all);
            }
        }
    }
    Err(Failure("there is no end".into()))
}

fn remove(fd: Fd, name: &str) -> Outcome {
    close(fd)?;
    Ok(unlink(OTHER, name)?)
}

pub const CASES: &[Case] = &[
    case(
        "a write is cut to what there is room for, then refused",
        |_| {
            let fd = create("cut")?;
            let written = write(fd, &[b'x'; MUCH])?;
            holds("it is less", written > 0 && written < MUCH)?;
            refused(write(fd, b"x"), NOSPC)?;
            refused(pwrite(fd, b"x", MUCH as u64), NOSPC)?;
            same(stat(fd)?.size, written as u64)?;
            same(pread(fd, MUCH, 0)?, vec![b'x'; written])?;
            remove(fd, "cut")
        },
    ),
    case(
        "what was written before is intact, and can be overwritten",
        |_| {
            let fd = create("intact")?;
            let mut all = fill(fd)?;
            holds("there was some room", all.len() > 2000)?;
            same(pread(fd, MUCH, 0)?, all.clone())?;
            same(pwrite(fd, b"over", 1000)?, 4)?;
            all[1000..1004].copy_from_slice(b"over");
            same(pread(fd, MUCH, 0)?, all)?;
            sync(fd)?;
            remove(fd, "intact")
        },
    ),
    case("what there is no room for is not allocated", |_| {
        let fd = create("allocated")?;
        write(fd, b"abc")?;
        refused(allocate(fd, 0, MUCH as u64), NOSPC)?;
        same(stat(fd)?.size, 3)?;
        allocate(fd, 0, 5000)?;
        refused(allocate(fd, 5000, MUCH as u64), NOSPC)?;
        same(stat(fd)?.size, 5000)?;
        same(pread(fd, 4, 0)?, b"abc\0".to_vec())?;
        remove(fd, "allocated")
    }),
    case("removing a file makes room once nobody has it open", |_| {
        let (first, second) = (create("first")?, create("second")?);
        let len = fill(first)?.len();
        refused(write(second, b"x"), NOSPC)?;
        unlink(OTHER, "first")?;
        refused(write(second, b"x"), NOSPC)?;
        close(first)?;
        same(fill(second)?.len(), len)?;
        remove(second, "second")
    }),
    case("cutting a file makes room", |_| {
        let (first, second) = (create("long")?, create("short")?);
        fill(first)?;
        refused(write(second, b"x"), NOSPC)?;
        set_size(first, 1)?;
        same(write(second, b"x")?, 1)?;
        remove(first, "long")?;
        remove(second, "short")
    }),
    case("entries run out as well", |_| {
        let mut count = 0;
        let errno = loop {
            match create(&format!("entry-{count}")) {
                Ok(fd) => close(fd)?,
                Err(errno) => break errno,
            }
            count += 1;
            holds("there is an end", count < 100)?;
        };
        same(errno, NOSPC)?;
        holds("there were some", count > 2)?;
        refused(create_directory(OTHER, "d"), NOSPC)?;
        refused(symlink("entry-0", OTHER, "l"), NOSPC)?;
        rename(OTHER, "entry-0", OTHER, "moved")?;
        unlink(OTHER, "moved")?;
        create_directory(OTHER, "d")?;
        remove_directory(OTHER, "d")?;
        for number in 1..count {
            unlink(OTHER, &format!("entry-{number}"))?;
        }
        same(names(&read_all(OTHER, 4096)?), vec![])
    }),
    case("elsewhere there is room", |w| {
        let fd = create("all")?;
        let _ = fill(fd);
        w.put("f", &"x".repeat(MUCH))?;
        same(path_stat(w.dir, FOLLOW, "f")?.size, MUCH as u64)?;
        remove(fd, "all")
    }),
];
