//! Reading and writing: contents, positions, sizes, storage.

use crate::case::*;
use crate::wasi::*;

/// The largest offset that a file can have, as POSIX's `off_t` bounds it.
const MAX_OFFSET: u64 = i64::MAX as u64;

pub const CASES: &[Case] = &[
    case("what is written is read", |w| {
        let fd = w.open("f", CREAT)?;
        same(write(fd, b"hello")?, 5)?;
        seek(fd, 0, SET)?;
        same(read(fd, 10)?, b"hello".to_vec())
    }),
    case(
        "reading stops where the buffer ends and goes on from there",
        |w| {
            let fd = w.file("f", "abcdef")?;
            same(read(fd, 4)?, b"abcd".to_vec())?;
            same(read(fd, 4)?, b"ef".to_vec())
        },
    ),
    case("the end of a file is a read of nothing", |w| {
        let fd = w.file("f", "ab")?;
        read(fd, 2)?;
        same(read(fd, 2)?, vec![])?;
        same(read(fd, 2)?, vec![])
    }),
    case("a read of no bytes", |w| {
        let fd = w.file("f", "ab")?;
        same(read(fd, 0)?, vec![])?;
        same(tell(fd)?, 0)
    }),
    case("a write of no bytes", |w| {
        let fd = w.file("f", "ab")?;
        same(write(fd, b"")?, 0)?;
        same(w.text("f")?, "ab".into())
    }),
    case("a read without buffers", |w| {
        let fd = w.file("f", "ab")?;
        same(read_vectors(fd, &mut [])?, 0)
    }),
    case("a write without buffers", |w| {
        let fd = w.file("f", "ab")?;
        same(write_vectors(fd, &[])?, 0)
    }),
    case("buffers are written in their order", |w| {
        let fd = w.open("f", CREAT)?;
        same(
            write_vectors(fd, &[b"ab".as_slice(), b"", b"cde"].map(Vector::of))?,
            5,
        )?;
        same(w.text("f")?, "abcde".into())
    }),
    case("buffers are filled in their order", |w| {
        let fd = w.file("f", "abcde")?;
        let (mut first, mut second) = ([0u8; 2], [0u8; 8]);
        let mut vectors = [&mut first[..], &mut second[..]].map(|b| Vector {
            start: b.as_mut_ptr().expose_provenance(),
            len: b.len(),
        });
        same(read_vectors(fd, &mut vectors)?, 5)?;
        same(std::hint::black_box(first), *b"ab")?;
        same(std::hint::black_box(second), *b"cde\0\0\0\0\0")
    }),
    case(
        "a thousand buffers are written by as many calls as it takes",
        |w| {
            let fd = w.open("f", CREAT)?;
            let text: Vec<u8> = (0..1000u32).map(|n| b'a' + (n % 26) as u8).collect();
            let vectors: Vec<Vector> = text.chunks(1).map(Vector::of).collect();
            let mut done = 0;
            while done < vectors.len() {
                let written = write_vectors(fd, &vectors[done..])?;
                holds("each call makes progress", written > 0)?;
                done += written;
            }
            same(w.text("f")?.into_bytes(), text)
        },
    ),
    case(
        "a thousand buffers are read by as many calls as it takes",
        |w| {
            let text: String = (0..1000u32)
                .map(|n| char::from(b'a' + (n % 26) as u8))
                .collect();
            let fd = w.file("f", &text)?;
            let mut buffer = vec![0u8; 1000];
            let mut vectors: Vec<Vector> = buffer
                .chunks_mut(1)
                .map(|b| Vector {
                    start: b.as_mut_ptr().expose_provenance(),
                    len: 1,
                })
                .collect();
            let mut done = 0;
            while done < 1000 {
                let read = read_vectors(fd, &mut vectors[done..])?;
                holds("each call makes progress", read > 0)?;
                done += read;
            }
            same(std::hint::black_box(buffer), text.into_bytes())
        },
    ),
    case(
        "empty buffers beyond number do not hide the one that has room",
        |w| {
            let fd = w.open("f", CREAT)?;
            let mut vectors = vec![Vector::of(b""); 500];
            vectors.push(Vector::of(b"x"));
            same(write_vectors(fd, &vectors)?, 1)?;
            same(w.text("f")?, "x".into())
        },
    ),
    case("writing moves the position", |w| {
        let fd = w.open("f", CREAT)?;
        write(fd, b"abc")?;
        same(tell(fd)?, 3)
    }),
    case("writing in the middle replaces", |w| {
        let fd = w.file("f", "abcdef")?;
        seek(fd, 2, SET)?;
        write(fd, b"XY")?;
        same(w.text("f")?, "abXYef".into())
    }),
    case("seek from the beginning", |w| {
        same(seek(w.file("f", "abcdef")?, 4, SET)?, 4)
    }),
    case("seek from the position, forward and back", |w| {
        let fd = w.file("f", "abcdef")?;
        same(seek(fd, 4, CUR)?, 4)?;
        same(seek(fd, -3, CUR)?, 1)?;
        same(read(fd, 1)?, b"b".to_vec())
    }),
    case("seek from the end", |w| {
        let fd = w.file("f", "abcdef")?;
        same(seek(fd, -2, END)?, 4)?;
        same(read(fd, 9)?, b"ef".to_vec())
    }),
    case("seek behind the end is no error and reads nothing", |w| {
        let fd = w.file("f", "ab")?;
        same(seek(fd, 100, SET)?, 100)?;
        same(read(fd, 1)?, vec![])?;
        same(stat(fd)?.size, 2)
    }),
    case("writing behind the end leaves zeros", |w| {
        let fd = w.file("f", "ab")?;
        seek(fd, 4, SET)?;
        write(fd, b"c")?;
        same(w.text("f")?, "ab\0\0c".into())
    }),
    case(
        "seek before the beginning is refused and moves nothing",
        |w| {
            let fd = w.file("f", "abc")?;
            seek(fd, 2, SET)?;
            refused(seek(fd, -3, CUR), INVAL)?;
            refused(seek(fd, -1, SET), INVAL)?;
            same(tell(fd)?, 2)
        },
    ),
    case("an unknown whence is refused", |w| {
        refused(seek(w.file("f", "abc")?, 0, 3), INVAL)
    }),
    case("seek of a large file is 64 bits wide", |w| {
        let fd = w.open("f", CREAT)?;
        same(seek(fd, 1 << 40, SET)?, 1 << 40)?;
        same(tell(fd)?, 1 << 40)
    }),
    case("pread leaves the position", |w| {
        let fd = w.file("f", "abcdef")?;
        same(pread(fd, 3, 2)?, b"cde".to_vec())?;
        same(tell(fd)?, 0)
    }),
    case("pread behind the end reads nothing", |w| {
        same(pread(w.file("f", "ab")?, 3, 7)?, vec![])
    }),
    case("pwrite leaves the position", |w| {
        let fd = w.file("f", "abcdef")?;
        same(pwrite(fd, b"XY", 1)?, 2)?;
        same(tell(fd)?, 0)?;
        same(w.text("f")?, "aXYdef".into())
    }),
    case("pwrite behind the end leaves zeros", |w| {
        let fd = w.file("f", "a")?;
        pwrite(fd, b"b", 3)?;
        same(w.text("f")?, "a\0\0b".into())
    }),
    case("pread at an offset beyond files is refused", |w| {
        refused(pread(w.file("f", "ab")?, 1, u64::MAX), INVAL)
    }),
    case("pwrite at an offset beyond files is refused", |w| {
        let fd = w.file("f", "ab")?;
        refused(pwrite(fd, b"x", u64::MAX), INVAL)?;
        same(w.text("f")?, "ab".into())
    }),
    case("pwrite at the last offset is too big or invalid", |w| {
        let errno = pwrite(w.file("f", "ab")?, b"x", MAX_OFFSET).err();
        holds(
            "the error is EFBIG or EINVAL",
            errno == Some(FBIG) || errno == Some(INVAL),
        )
    }),
    case("writing by a descriptor for reading", |w| {
        w.put("f", "ab")?;
        let fd = w.open_as("f", 0, rights::READ, 0)?;
        refused(write(fd, b"x"), BADF)?;
        refused(pwrite(fd, b"x", 0), BADF)?;
        same(w.text("f")?, "ab".into())
    }),
    case("reading by a descriptor for writing", |w| {
        w.put("f", "ab")?;
        let fd = w.open_as("f", 0, rights::WRITE, 0)?;
        refused(read(fd, 1), BADF)?;
        refused(pread(fd, 1, 0), BADF)
    }),
    case("two descriptors of one file have a position each", |w| {
        let first = w.file("f", "abcdef")?;
        let second = w.open("f", 0)?;
        read(first, 3)?;
        same(read(second, 2)?, b"ab".to_vec())
    }),
    case("what one descriptor writes another reads", |w| {
        let first = w.file("f", "")?;
        let second = w.open("f", 0)?;
        write(first, b"new")?;
        same(read(second, 9)?, b"new".to_vec())
    }),
    case("set_size cuts", |w| {
        let fd = w.file("f", "abcdef")?;
        set_size(fd, 2)?;
        same(w.text("f")?, "ab".into())
    }),
    case("set_size extends with zeros", |w| {
        let fd = w.file("f", "ab")?;
        set_size(fd, 4)?;
        same(w.text("f")?, "ab\0\0".into())
    }),
    case("set_size leaves the position", |w| {
        let fd = w.file("f", "abcdef")?;
        seek(fd, 5, SET)?;
        set_size(fd, 1)?;
        same(tell(fd)?, 5)?;
        same(read(fd, 1)?, vec![])
    }),
    case("set_size of more than a file can have is refused", |w| {
        refused(set_size(w.file("f", "")?, u64::MAX), INVAL)
    }),
    case("set_size by a descriptor for reading", |w| {
        w.put("f", "ab")?;
        let fd = w.open_as("f", 0, rights::READ, 0)?;
        let errno = set_size(fd, 0).err();
        // POSIX: "EBADF or EINVAL: the file descriptor is not open for writing".
        holds(
            "the error is EBADF or EINVAL",
            errno == Some(BADF) || errno == Some(INVAL),
        )?;
        same(w.text("f")?, "ab".into())
    }),
    case("allocate extends", |w| {
        let fd = w.file("f", "ab")?;
        allocate(fd, 0, 100)?;
        same(stat(fd)?.size, 100)?;
        same(pread(fd, 4, 0)?, b"ab\0\0".to_vec())
    }),
    case("allocate within the file changes nothing", |w| {
        let fd = w.file("f", "abcdef")?;
        allocate(fd, 1, 2)?;
        same(stat(fd)?.size, 6)?;
        same(w.text("f")?, "abcdef".into())
    }),
    case("allocate of no bytes is refused", |w| {
        refused(allocate(w.file("f", "ab")?, 0, 0), INVAL)
    }),
    case("allocate beyond what a file can have is refused", |w| {
        let errno = allocate(w.file("f", "ab")?, MAX_OFFSET, MAX_OFFSET).err();
        holds(
            "the error is EFBIG or EINVAL",
            errno == Some(FBIG) || errno == Some(INVAL),
        )
    }),
    case("allocate by a descriptor for reading", |w| {
        w.put("f", "ab")?;
        let fd = w.open_as("f", 0, rights::READ, 0)?;
        refused(allocate(fd, 0, 10), BADF)
    }),
    case("each advice is taken", |w| {
        let fd = w.file("f", "abc")?;
        for advice in 0..=5 {
            advise(fd, 0, 3, advice)?;
        }
        same(w.text("f")?, "abc".into())
    }),
    case("advice on the rest of the file", |w| {
        Ok(advise(w.file("f", "abc")?, 1, 0, 1)?)
    }),
    case("an unknown advice is refused", |w| {
        refused(advise(w.file("f", "abc")?, 0, 3, 6), INVAL)
    }),
    case("advice on more than a file can have is refused", |w| {
        refused(advise(w.file("f", "abc")?, u64::MAX, 1, 0), INVAL)
    }),
    case("sync and datasync", |w| {
        let fd = w.file("f", "abc")?;
        sync(fd)?;
        Ok(datasync(fd)?)
    }),
    case("sync of a directory", |w| Ok(sync(w.dir)?)),
    case("the attributes of a file", |w| {
        let fd = w.file("f", "abcde")?;
        let found = stat(fd)?;
        same((found.filetype, found.size, found.nlink), (REGULAR, 5, 1))?;
        same(found, path_stat(w.dir, NOFOLLOW, "f")?)
    }),
    case("a file's number tells it from others", |w| {
        let (first, second) = (stat(w.file("f", "")?)?, stat(w.file("g", "")?)?);
        same(first.dev, second.dev)?;
        holds("the inodes differ", first.ino != second.ino)
    }),
    case("an unlinked file lives as long as it is open", |w| {
        let fd = w.file("f", "abc")?;
        unlink(w.dir, "f")?;
        same(stat(fd)?.nlink, 0)?;
        same(read(fd, 9)?, b"abc".to_vec())
    }),
    case("a megabyte there and back", |w| {
        let bytes: Vec<u8> = (0..1 << 20)
            .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let fd = w.open("f", CREAT)?;
        same(write(fd, &bytes)?, bytes.len())?;
        holds(
            "the bytes are the same",
            pread(fd, bytes.len(), 0)? == bytes,
        )
    }),
];
