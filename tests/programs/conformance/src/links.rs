//! Names: hard links, symbolic links, renaming, unlinking.

use crate::case::*;
use crate::wasi::*;

pub const CASES: &[Case] = &[
    case("a hard link is the same file", |w| {
        w.put("f", "abc")?;
        link(w.dir, NOFOLLOW, "f", w.dir, "g")?;
        let (f, g) = (
            path_stat(w.dir, NOFOLLOW, "f")?,
            path_stat(w.dir, NOFOLLOW, "g")?,
        );
        same(f, g)?;
        same(f.nlink, 2)?;
        write(w.open("g", TRUNC)?, b"x")?;
        same(w.text("f")?, "x".into())
    }),
    case("a hard link outlives the first name", |w| {
        w.put("f", "abc")?;
        link(w.dir, NOFOLLOW, "f", w.dir, "g")?;
        unlink(w.dir, "f")?;
        same(w.text("g")?, "abc".into())?;
        same(path_stat(w.dir, NOFOLLOW, "g")?.nlink, 1)
    }),
    case("a hard link into another directory", |w| {
        w.put("f", "abc")?;
        w.directory("d")?;
        link(w.dir, NOFOLLOW, "f", w.open_directory("d")?, "g")?;
        same(w.text("d/g")?, "abc".into())
    }),
    case("a hard link of what is not there", |w| {
        refused(link(w.dir, NOFOLLOW, "f", w.dir, "g"), NOENT)
    }),
    case("a hard link to a name that is taken", |w| {
        w.put("f", "abc")?;
        w.put("g", "other")?;
        refused(link(w.dir, NOFOLLOW, "f", w.dir, "g"), EXIST)?;
        same(w.text("g")?, "other".into())
    }),
    case("a hard link to itself", |w| {
        w.put("f", "abc")?;
        refused(link(w.dir, NOFOLLOW, "f", w.dir, "f"), EXIST)
    }),
    case("a hard link to a dangling link's name", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "nothing")?;
        refused(link(w.dir, NOFOLLOW, "f", w.dir, "l"), EXIST)
    }),
    case("a hard link of a directory", |w| {
        w.directory("d")?;
        refused(link(w.dir, NOFOLLOW, "d", w.dir, "e"), PERM)
    }),
    case("a hard link of a link is one of the link", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        link(w.dir, NOFOLLOW, "l", w.dir, "m")?;
        same(w.kind("m")?, SYMLINK)?;
        same(readlink(w.dir, "m", 100)?, "f".into())
    }),
    case("a hard link of what a link points to", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        link(w.dir, FOLLOW, "l", w.dir, "m")?;
        same(w.kind("m")?, REGULAR)?;
        same(path_stat(w.dir, NOFOLLOW, "f")?.nlink, 2)
    }),
    case("a hard link of a dangling link that is followed", |w| {
        w.symlink("l", "nothing")?;
        refused(link(w.dir, FOLLOW, "l", w.dir, "m"), NOENT)
    }),
    case("a hard link of a name with a slash behind it", |w| {
        w.put("f", "abc")?;
        refused(link(w.dir, NOFOLLOW, "f/", w.dir, "g"), NOTDIR)
    }),
    case("a hard link to a name with a slash behind it", |w| {
        w.put("f", "abc")?;
        let errno = link(w.dir, NOFOLLOW, "f", w.dir, "g/").err();
        // POSIX leaves open which of them: nothing of that name exists, and it can't be a directory.
        holds(
            "the error is ENOENT or ENOTDIR",
            errno == Some(NOENT) || errno == Some(NOTDIR),
        )?;
        refused(w.kind("g"), NOENT)
    }),
    case("a hard link of a file beyond the granted directory", |w| {
        refused(link(w.dir, NOFOLLOW, "../../f", w.dir, "g"), PERM)
    }),
    case("a symbolic link holds its text", |w| {
        w.symlink("l", "some/text")?;
        same(w.kind("l")?, SYMLINK)?;
        same(readlink(w.dir, "l", 100)?, "some/text".into())
    }),
    case("a symbolic link's size is that of its text", |w| {
        w.symlink("l", "some/text")?;
        same(path_stat(w.dir, NOFOLLOW, "l")?.size, 9)
    }),
    case("readlink cuts where the buffer ends", |w| {
        w.symlink("l", "some/text")?;
        same(readlink(w.dir, "l", 4)?, "some".into())?;
        same(readlink(w.dir, "l", 0)?, "".into())
    }),
    case("readlink of a file", |w| {
        w.put("f", "")?;
        refused(readlink(w.dir, "f", 9), INVAL)
    }),
    case("readlink of a directory", |w| {
        w.directory("d")?;
        refused(readlink(w.dir, "d", 9), INVAL)
    }),
    case("readlink of what is not there", |w| {
        refused(readlink(w.dir, "l", 9), NOENT)
    }),
    case("a symbolic link to an absolute path", |w| {
        refused(w.symlink("l", "/etc/passwd"), PERM)?;
        refused(w.kind("l"), NOENT)
    }),
    case("a symbolic link of no text", |w| {
        refused(w.symlink("l", ""), NOENT)
    }),
    case("a symbolic link of a name that is taken", |w| {
        w.put("f", "")?;
        refused(w.symlink("f", "x"), EXIST)
    }),
    case("a symbolic link of a name with a slash behind it", |w| {
        let errno = w.symlink("l/", "f").err();
        holds(
            "the error is ENOENT or ENOTDIR",
            errno == Some(NOENT) || errno == Some(NOTDIR),
        )
    }),
    case("a symbolic link of 4000 bytes", |w| {
        let text = "x/".repeat(2000);
        w.symlink("l", &text)?;
        same(readlink(w.dir, "l", 5000)?, text)
    }),
    case("links to links", |w| {
        w.put("f", "abc")?;
        w.symlink("a", "f")?;
        w.directory("d")?;
        w.symlink("d/b", "../a")?;
        same(w.text("d/b")?, "abc".into())
    }),
    case("a file is unlinked", |w| {
        w.put("f", "")?;
        unlink(w.dir, "f")?;
        refused(w.kind("f"), NOENT)
    }),
    case("a link is unlinked, not what it points to", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        unlink(w.dir, "l")?;
        refused(w.kind("l"), NOENT)?;
        same(w.text("f")?, "abc".into())
    }),
    case("a directory is not unlinked", |w| {
        w.directory("d")?;
        let errno = unlink(w.dir, "d").err();
        // POSIX: EPERM; Linux: EISDIR, which wasi-libc's remove() expects.
        holds(
            "the error is EISDIR or EPERM",
            errno == Some(ISDIR) || errno == Some(PERM),
        )?;
        same(w.kind("d")?, A_DIRECTORY)
    }),
    case("what is not there is not unlinked", |w| {
        refused(unlink(w.dir, "f"), NOENT)
    }),
    case(
        "a file is not unlinked by a name with a slash behind it",
        |w| {
            w.put("f", "")?;
            refused(unlink(w.dir, "f/"), NOTDIR)?;
            same(w.kind("f")?, REGULAR)
        },
    ),
    case(
        "a link to a directory is not unlinked with a slash behind it",
        |w| {
            w.directory("d")?;
            w.symlink("l", "d")?;
            let errno = unlink(w.dir, "l/").err();
            holds(
                "the error is ENOTDIR or EISDIR",
                errno == Some(NOTDIR) || errno == Some(ISDIR),
            )?;
            same(w.kind("d")?, A_DIRECTORY)?;
            same(w.kind("l")?, SYMLINK)
        },
    ),
    case("a dangling link is unlinked", |w| {
        w.symlink("l", "nothing")?;
        Ok(unlink(w.dir, "l")?)
    }),
    case("a file is renamed", |w| {
        w.put("f", "abc")?;
        rename(w.dir, "f", w.dir, "g")?;
        refused(w.kind("f"), NOENT)?;
        same(w.text("g")?, "abc".into())
    }),
    case(
        "an open file keeps its descriptor when it is renamed",
        |w| {
            let fd = w.file("f", "abc")?;
            rename(w.dir, "f", w.dir, "g")?;
            same(read(fd, 9)?, b"abc".to_vec())?;
            same(stat(fd)?.ino, path_stat(w.dir, NOFOLLOW, "g")?.ino)
        },
    ),
    case("rename into another directory", |w| {
        w.put("f", "abc")?;
        w.directory("d")?;
        rename(w.dir, "f", w.open_directory("d")?, "g")?;
        same(w.text("d/g")?, "abc".into())
    }),
    case("rename of what is not there", |w| {
        refused(rename(w.dir, "f", w.dir, "g"), NOENT)
    }),
    case("rename into what is not there", |w| {
        w.put("f", "")?;
        refused(rename(w.dir, "f", w.dir, "d/f"), NOENT)
    }),
    case("rename over a file replaces it", |w| {
        w.put("f", "new")?;
        w.put("g", "old")?;
        rename(w.dir, "f", w.dir, "g")?;
        same(w.text("g")?, "new".into())?;
        refused(w.kind("f"), NOENT)
    }),
    case("rename over itself", |w| {
        w.put("f", "abc")?;
        rename(w.dir, "f", w.dir, "f")?;
        same(w.text("f")?, "abc".into())
    }),
    case(
        "rename over another name of the same file does nothing",
        |w| {
            w.put("f", "abc")?;
            link(w.dir, NOFOLLOW, "f", w.dir, "g")?;
            rename(w.dir, "f", w.dir, "g")?;
            same(w.kind("f")?, REGULAR)?;
            same(w.kind("g")?, REGULAR)
        },
    ),
    case("rename of a file over a directory", |w| {
        w.put("f", "")?;
        w.directory("d")?;
        refused(rename(w.dir, "f", w.dir, "d"), ISDIR)
    }),
    case("rename of a directory", |w| {
        w.directory("d")?;
        w.put("d/f", "abc")?;
        rename(w.dir, "d", w.dir, "e")?;
        same(w.text("e/f")?, "abc".into())
    }),
    case("rename of a directory over a file", |w| {
        w.directory("d")?;
        w.put("f", "")?;
        refused(rename(w.dir, "d", w.dir, "f"), NOTDIR)
    }),
    case("rename of a directory over an empty one", |w| {
        w.directory("d")?;
        w.put("d/f", "abc")?;
        w.directory("e")?;
        rename(w.dir, "d", w.dir, "e")?;
        same(w.text("e/f")?, "abc".into())
    }),
    case("rename of a directory over one that is not empty", |w| {
        w.directory("d")?;
        w.directory("e")?;
        w.put("e/f", "")?;
        let errno = rename(w.dir, "d", w.dir, "e").err();
        holds(
            "the error is ENOTEMPTY or EEXIST",
            errno == Some(NOTEMPTY) || errno == Some(EXIST),
        )
    }),
    case("rename of a directory into itself", |w| {
        w.directory("d")?;
        refused(rename(w.dir, "d", w.dir, "d/e"), INVAL)
    }),
    case("rename of a directory with slashes behind the names", |w| {
        w.directory("d")?;
        rename(w.dir, "d/", w.dir, "e/")?;
        same(w.kind("e")?, A_DIRECTORY)
    }),
    case("rename of a file with a slash behind its name", |w| {
        w.put("f", "")?;
        refused(rename(w.dir, "f/", w.dir, "g"), NOTDIR)
    }),
    case("rename of a file to a name with a slash behind it", |w| {
        w.put("f", "")?;
        refused(rename(w.dir, "f", w.dir, "g/"), NOTDIR)?;
        same(w.kind("f")?, REGULAR)
    }),
    case("rename of a link moves the link", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        rename(w.dir, "l", w.dir, "m")?;
        same(w.kind("m")?, SYMLINK)?;
        same(w.kind("f")?, REGULAR)
    }),
    case("rename over a link replaces the link", |w| {
        w.put("f", "abc")?;
        w.put("g", "new")?;
        w.symlink("l", "f")?;
        rename(w.dir, "g", w.dir, "l")?;
        same(w.kind("l")?, REGULAR)?;
        same(w.text("f")?, "abc".into())
    }),
    case("rename out of the granted directory", |w| {
        w.put("f", "")?;
        refused(rename(w.dir, "f", w.dir, "../../f"), PERM)?;
        same(w.kind("f")?, REGULAR)
    }),
    case("rename by way of a link to a directory", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        w.put("f", "abc")?;
        rename(w.dir, "f", w.dir, "l/g")?;
        same(w.text("d/g")?, "abc".into())
    }),
    case("rename to an absolute path", |w| {
        w.put("f", "")?;
        refused(rename(w.dir, "f", w.dir, "/tmp/f"), PERM)
    }),
    case("attributes of a link and of what it points to", |w| {
        w.put("f", "abc")?;
        w.symlink("l", "f")?;
        same(path_stat(w.dir, NOFOLLOW, "l")?.filetype, SYMLINK)?;
        same(
            path_stat(w.dir, FOLLOW, "l")?,
            path_stat(w.dir, NOFOLLOW, "f")?,
        )
    }),
    case("attributes of a dangling link", |w| {
        w.symlink("l", "nothing")?;
        refused(path_stat(w.dir, FOLLOW, "l"), NOENT)?;
        same(path_stat(w.dir, NOFOLLOW, "l")?.filetype, SYMLINK)
    }),
    case("attributes of a looping link", |w| {
        w.symlink("l", "l")?;
        refused(path_stat(w.dir, FOLLOW, "l"), LOOP)
    }),
    case("attributes of a link with a slash behind it", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        same(path_stat(w.dir, NOFOLLOW, "l/")?.filetype, A_DIRECTORY)
    }),
    case("attributes of a file with a slash behind it", |w| {
        w.put("f", "")?;
        refused(path_stat(w.dir, FOLLOW, "f/"), NOTDIR)
    }),
    case("unknown lookup flags are refused", |w| {
        w.put("f", "")?;
        refused(path_stat(w.dir, 2, "f"), INVAL)?;
        refused(link(w.dir, 2, "f", w.dir, "g"), INVAL)
    }),
];
