//! Creating, reading and removing directories; cookies.

use crate::case::*;
use crate::wasi::*;
use std::collections::BTreeSet;

/// Makes so many files, `f0` and so on, and gives their names in order.
fn fill(w: &World, count: usize) -> std::result::Result<Vec<String>, Failure> {
    let mut made: Vec<String> = (0..count).map(|n| format!("f{n}")).collect();
    for name in &made {
        w.put(name, "")?;
    }
    made.sort();
    Ok(made)
}

pub const CASES: &[Case] = &[
    case("a directory is created", |w| {
        w.directory("d")?;
        same(w.kind("d")?, A_DIRECTORY)
    }),
    case("a directory is created where one is", |w| {
        w.directory("d")?;
        refused(w.directory("d"), EXIST)
    }),
    case("a directory is created where a file is", |w| {
        w.put("f", "")?;
        refused(w.directory("f"), EXIST)
    }),
    case("a directory is created where a dangling link is", |w| {
        w.symlink("l", "nothing")?;
        refused(w.directory("l"), EXIST)?;
        refused(w.kind("nothing"), NOENT)
    }),
    case("a directory is created with a slash behind its name", |w| {
        w.directory("d/")?;
        same(w.kind("d")?, A_DIRECTORY)
    }),
    case("a directory is created below what is not there", |w| {
        refused(w.directory("d/e"), NOENT)
    }),
    case("a directory is created below a file", |w| {
        w.put("f", "")?;
        refused(w.directory("f/d"), NOTDIR)
    }),
    case("a directory of no name", |w| {
        refused(w.directory(""), NOENT)
    }),
    case("a directory of the name dot", |w| {
        refused(w.directory("."), EXIST)
    }),
    case("a directory beyond the granted one", |w| {
        refused(w.directory("../../d"), PERM)
    }),
    case("directories, 40 deep", |w| {
        let mut path = String::from("d");
        for _ in 0..40 {
            w.directory(&path)?;
            path += "/d";
        }
        refused(w.kind(&path), NOENT)?;
        same(w.kind(&path[..path.len() - 2])?, A_DIRECTORY)
    }),
    case("a directory is removed", |w| {
        w.directory("d")?;
        remove_directory(w.dir, "d")?;
        refused(w.kind("d"), NOENT)
    }),
    case("a directory is removed with a slash behind its name", |w| {
        w.directory("d")?;
        remove_directory(w.dir, "d/")?;
        refused(w.kind("d"), NOENT)
    }),
    case("a directory that is not empty is not removed", |w| {
        w.directory("d")?;
        w.put("d/f", "")?;
        refused(remove_directory(w.dir, "d"), NOTEMPTY)?;
        same(w.kind("d/f")?, REGULAR)
    }),
    case("a file is not removed as a directory", |w| {
        w.put("f", "")?;
        refused(remove_directory(w.dir, "f"), NOTDIR)
    }),
    case("a link to a directory is not removed as one", |w| {
        w.directory("d")?;
        w.symlink("l", "d")?;
        refused(remove_directory(w.dir, "l"), NOTDIR)?;
        same(w.kind("d")?, A_DIRECTORY)
    }),
    case("what is not there is not removed", |w| {
        refused(remove_directory(w.dir, "d"), NOENT)
    }),
    case("a directory is not removed by the name dot", |w| {
        w.directory("d")?;
        refused(remove_directory(w.dir, "d/."), INVAL)?;
        same(w.kind("d")?, A_DIRECTORY)
    }),
    case("an empty directory has nothing but dots", |w| {
        same(names(&read_all(w.dir, 4096)?), Vec::new())
    }),
    case("the dots are entries", |w| {
        let entries = read_all(w.dir, 4096)?;
        let dots: BTreeSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        same(dots, BTreeSet::from([".".into(), "..".into()]))
    }),
    case("entries tell their kinds", |w| {
        w.put("f", "")?;
        w.directory("d")?;
        w.symlink("l", "f")?;
        let mut kinds: Vec<(String, u8)> = read_all(w.dir, 4096)?
            .into_iter()
            .map(|e| (e.name, e.filetype))
            .collect();
        kinds.retain(|(name, _)| !name.starts_with('.'));
        kinds.sort();
        same(
            kinds,
            vec![
                ("d".into(), A_DIRECTORY),
                ("f".into(), REGULAR),
                ("l".into(), SYMLINK),
            ],
        )
    }),
    case("entries tell their inodes", |w| {
        w.put("f", "")?;
        let entries = read_all(w.dir, 4096)?;
        let entry = entries.iter().find(|entry| entry.name == "f");
        same(
            entry.map(|entry| entry.ino),
            Some(path_stat(w.dir, NOFOLLOW, "f")?.ino),
        )
    }),
    case("a full buffer is cut where it ends", |w| {
        fill(w, 20)?;
        let all = readdir_bytes(w.dir, 4096, 0)?;
        for len in [0, 1, 23, 24, 25, 60, 100] {
            same(readdir_bytes(w.dir, len, 0)?, all[..len].to_vec())?;
        }
        Ok(())
    }),
    case("a buffer that is not full is the end", |w| {
        fill(w, 3)?;
        let bytes = readdir_bytes(w.dir, 4096, 0)?;
        holds("it is not full", bytes.len() < 4096)?;
        let last = readdir(w.dir, 4096, 0)?.pop().map_or(0, |entry| entry.next);
        same(readdir_bytes(w.dir, 4096, last)?, vec![])
    }),
    case("small buffers give the same as a large one", |w| {
        let made = fill(w, 30)?;
        same(names(&read_all(w.dir, 64)?), made.clone())?;
        same(names(&read_all(w.dir, 300)?), made)
    }),
    case("a thousand entries over many buffers, each once", |w| {
        let made = fill(w, 1000)?;
        same(names(&read_all(w.dir, 1000)?), made)
    }),
    case("each cookie goes on behind its entry", |w| {
        fill(w, 40)?;
        let all = readdir(w.dir, 8192, 0)?;
        for (at, entry) in all.iter().enumerate().rev() {
            same(
                names(&readdir(w.dir, 8192, entry.next)?),
                names(&all[at + 1..]),
            )?;
        }
        Ok(())
    }),
    case("a cookie fits the 32 bits of wasi-libc's telldir", |w| {
        fill(w, 300)?;
        let entries = read_all(w.dir, 500)?;
        let widest = entries.iter().map(|entry| entry.next).max();
        holds("no cookie is above 2^31", widest < Some(1 << 31))?;
        let cookies: BTreeSet<u64> = entries.iter().map(|entry| entry.next).collect();
        same(cookies.len(), entries.len())
    }),
    case("cookies survive that what was read is removed", |w| {
        let mut left: BTreeSet<String> = fill(w, 200)?.into_iter().collect();
        let mut cookie = 0;
        loop {
            let some = readdir(w.dir, 400, cookie)?;
            let Some(last) = some.last() else { break };
            cookie = last.next;
            for name in names(&some) {
                unlink(w.dir, &name)?;
                holds("each comes once", left.remove(&name))?;
            }
        }
        same(left, BTreeSet::new())
    }),
    case("cookies survive that others come and go", |w| {
        let made = fill(w, 100)?;
        let (mut seen, mut cookie, mut round) = (Vec::new(), 0, 0);
        loop {
            let some = readdir(w.dir, 300, cookie)?;
            let Some(last) = some.last() else { break };
            cookie = last.next;
            seen.extend(names(&some));
            w.put(&format!("x{round}"), "")?;
            if round > 0 {
                unlink(w.dir, &format!("x{}", round - 1))?;
            }
            round += 1;
        }
        seen.retain(|name| name.starts_with('f'));
        seen.sort();
        same(seen, made)
    }),
    case(
        "an old cookie is good after the directory was read again",
        |w| {
            fill(w, 100)?;
            let all = read_all(w.dir, 512)?;
            let middle = all[50].next;
            unlink(w.dir, &all[60].name)?;
            unlink(w.dir, &all[20].name)?;
            read_all(w.dir, 512)?;
            let rest: Vec<Entry> = all[51..]
                .iter()
                .filter(|entry| entry.name != all[60].name)
                .cloned()
                .collect();
            same(names(&readdir(w.dir, 8192, middle)?), names(&rest))
        },
    ),
    case(
        "two that read one directory do not disturb each other",
        |w| {
            let made = fill(w, 50)?;
            let (mut first, mut second) = (Vec::new(), Vec::new());
            let (mut at, mut to) = (0, 0);
            loop {
                let some = readdir(w.dir, 200, at)?;
                let others = readdir(w.dir, 200, to)?;
                if some.is_empty() && others.is_empty() {
                    break;
                }
                at = some.last().map_or(at, |entry| entry.next);
                to = others.last().map_or(to, |entry| entry.next);
                first.extend(some);
                second.extend(others);
            }
            same(names(&first), made.clone())?;
            same(names(&second), made)
        },
    ),
    case("from the beginning new entries are seen", |w| {
        fill(w, 5)?;
        read_all(w.dir, 4096)?;
        w.put("new", "")?;
        holds(
            "it is seen",
            names(&read_all(w.dir, 4096)?).contains(&"new".into()),
        )
    }),
    case("a directory that was removed has no entries", |w| {
        w.directory("d")?;
        let d = w.open_directory("d")?;
        remove_directory(w.dir, "d")?;
        match readdir(d, 4096, 0) {
            Ok(entries) => same(names(&entries), Vec::new()),
            Err(errno) => same(errno, NOENT),
        }
    }),
    case("a file has no entries", |w| {
        refused(readdir(w.file("f", "")?, 100, 0), NOTDIR)
    }),
    case("reading a directory as a file", |w| {
        w.directory("d")?;
        refused(read(w.open_directory("d")?, 10), ISDIR)
    }),
    case("writing to a directory as a file", |w| {
        refused(write(w.dir, b"x"), BADF)
    }),
    case("a directory has no position", |w| {
        refused(seek(w.dir, 0, SET), BADF)?;
        refused(tell(w.dir), BADF)
    }),
    case("the attributes of a directory", |w| {
        w.directory("d")?;
        let found = stat(w.open_directory("d")?)?;
        same(found.filetype, A_DIRECTORY)?;
        same(found, path_stat(w.dir, NOFOLLOW, "d")?)
    }),
];
