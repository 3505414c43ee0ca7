//! The functions as a guest calls them, against the real kernel.

use super::exports::symbols::*;
use crate::guest::testing::TestMemory;
use crate::host::descriptors;
use crate::host::path::force_walk;
use crate::host::testing::{Tree, alone};
use std::string::String;
use std::sync::MutexGuard;
use std::vec::Vec;

const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const EXIST: i32 = 20;
const FAULT: i32 = 21;
const INVAL: i32 = 28;
const ISDIR: i32 = 31;
const NOENT: i32 = 44;
const NOTDIR: i32 = 54;
const NOTEMPTY: i32 = 55;
const PERM: i32 = 63;
const ROFS: i32 = 69;
const SPIPE: i32 = 70;
const XDEV: i32 = 75;

const READ: i64 = 1 << 1;
const WRITE: i64 = 1 << 6;
const CREAT: i32 = 1;
const DIRECTORY: i32 = 2;
const EXCL: i32 = 4;
const TRUNC: i32 = 8;

/// Where results go.
const OUT: i32 = 0;
/// Where paths lie.
const PATH: i32 = 0x1000;
const SECOND_PATH: i32 = 0x1800;
/// Where iovecs lie.
const VECTORS: i32 = 0x2000;
/// Where data lies.
const DATA: i32 = 0x3000;

/// A guest with a directory.
struct World {
    memory: TestMemory,
    tree: Tree,
    directory: i32,
    _alone: MutexGuard<'static, ()>,
}

impl World {
    fn new() -> World {
        let alone = alone();
        let tree = Tree::new();
        let directory = descriptors::insert(tree.open(), false).unwrap() as i32;
        World {
            memory: TestMemory::new(0x10000),
            tree,
            directory,
            _alone: alone,
        }
    }

    fn mem(&self) -> *const elfin_abi::layout::Memory {
        self.memory.memory()
    }

    fn path(&mut self, path: &str) -> i32 {
        self.memory.put(PATH as u32, path.as_bytes());
        path.len() as i32
    }

    fn second_path(&mut self, path: &str) -> i32 {
        self.memory.put(SECOND_PATH as u32, path.as_bytes());
        path.len() as i32
    }

    fn open_with(
        &mut self,
        path: &str,
        oflags: i32,
        rights: i64,
        fdflags: i32,
    ) -> Result<i32, i32> {
        let (len, fd) = (self.path(path), self.directory);
        match path_open(
            self.mem(),
            fd,
            1,
            PATH,
            len,
            oflags,
            rights,
            0,
            fdflags,
            OUT,
        ) {
            SUCCESS => Ok(self.memory.get_u32(OUT as u32) as i32),
            errno => Err(errno),
        }
    }

    fn open(&mut self, path: &str, oflags: i32, rights: i64) -> Result<i32, i32> {
        self.open_with(path, oflags, rights, 0)
    }

    /// Two iovecs over the data at `DATA`: 3 bytes, then the rest.
    fn vectors(&mut self, len: u32) {
        let data = DATA as u32;
        for (index, word) in [data, 3, data + 3, len - 3].into_iter().enumerate() {
            self.memory
                .put(VECTORS as u32 + 4 * index as u32, &word.to_le_bytes());
        }
    }

    fn write(&mut self, fd: i32, text: &str) -> Result<u32, i32> {
        self.memory.put(DATA as u32, text.as_bytes());
        self.vectors(text.len() as u32);
        match fd_write(self.mem(), fd, VECTORS, 2, OUT) {
            SUCCESS => Ok(self.memory.get_u32(OUT as u32)),
            errno => Err(errno),
        }
    }

    fn read(&mut self, fd: i32) -> Result<String, i32> {
        self.vectors(100);
        match fd_read(self.mem(), fd, VECTORS, 2, OUT) {
            SUCCESS => {
                let len = self.memory.get_u32(OUT as u32) as usize;
                Ok(String::from_utf8(self.memory.get(DATA as u32, len)).unwrap())
            }
            errno => Err(errno),
        }
    }

    fn seek(&mut self, fd: i32, offset: i64, whence: i32) -> Result<u64, i32> {
        match fd_seek(self.mem(), fd, offset, whence, OUT) {
            SUCCESS => Ok(self.memory.get_u64(OUT as u32)),
            errno => Err(errno),
        }
    }

    fn close(&self, fd: i32) {
        assert_eq!(fd_close(self.mem(), fd), SUCCESS);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for fd in 0..100 {
            let _ = descriptors::close(fd);
        }
    }
}

/// Runs a test with the kernel's path resolution, then with the walk.
fn both_ways(test: impl Fn(&mut World)) {
    for walk in [false, true] {
        let mut world = World::new();
        force_walk(walk);
        test(&mut world);
        force_walk(false);
    }
}

#[test]
fn writes_and_reads_files() {
    let mut world = World::new();
    let file = world.open("file", CREAT | EXCL, READ | WRITE).unwrap();
    assert_eq!(world.write(file, "hello, world"), Ok(12));
    assert_eq!(world.seek(file, 7, 0), Ok(7));
    assert_eq!(world.read(file).as_deref(), Ok("world"));
    assert_eq!(world.read(file).as_deref(), Ok(""));
    assert_eq!(world.seek(file, -5, 2), Ok(7));
    assert_eq!(world.seek(file, -3, 1), Ok(4));
    assert_eq!(world.seek(file, -5, 1), Err(INVAL));
    assert_eq!(world.seek(file, 0, 3), Err(INVAL));
    assert_eq!(fd_tell(world.mem(), file, OUT), SUCCESS);
    assert_eq!(world.memory.get_u64(0), 4);
    world.vectors(5);
    assert_eq!(fd_pread(world.mem(), file, VECTORS, 2, 7, OUT), SUCCESS);
    assert_eq!(world.memory.get(DATA as u32, 5), b"world");
    assert_eq!(fd_pwrite(world.mem(), file, VECTORS, 2, 0, OUT), SUCCESS);
    assert_eq!(fd_pread(world.mem(), file, VECTORS, 2, -1, OUT), INVAL);
    assert_eq!(world.tree.text("file"), "world, world");
    assert_eq!(fd_filestat_set_size(world.mem(), file, 5), SUCCESS);
    assert_eq!(fd_filestat_set_size(world.mem(), file, -1), INVAL);
    assert_eq!(world.tree.text("file"), "world");
    assert_eq!(fd_allocate(world.mem(), file, 0, 100), SUCCESS);
    assert_eq!(world.tree.text("file").len(), 100);
    assert_eq!(fd_advise(world.mem(), file, 0, 0, 4), SUCCESS);
    assert_eq!(fd_advise(world.mem(), file, 0, 0, 6), INVAL);
    assert_eq!(fd_advise(world.mem(), file, -1, 2, 4), INVAL);
    assert_eq!(fd_sync(world.mem(), file), SUCCESS);
    assert_eq!(fd_datasync(world.mem(), file), SUCCESS);
    world.close(file);
    assert_eq!(fd_close(world.mem(), file), BADF);
    assert_eq!(world.read(file), Err(BADF));
}

#[test]
fn opens_as_asked() {
    both_ways(opens_as_asked_in);
}

fn opens_as_asked_in(world: &mut World) {
    world.tree.directory("dir").file("file", "text");
    assert_eq!(world.open("missing", 0, READ), Err(NOENT));
    assert_eq!(world.open("file", CREAT | EXCL, WRITE), Err(EXIST));
    assert_eq!(world.open("file", DIRECTORY, READ), Err(NOTDIR));
    assert_eq!(world.open("dir", 0, WRITE), Err(ISDIR));
    assert_eq!(world.open("dir", CREAT | DIRECTORY, READ), Err(INVAL));
    assert_eq!(world.open("new/", CREAT, WRITE), Err(ISDIR));
    assert_eq!(world.open("../file", 0, READ), Err(PERM));
    assert_eq!(world.open("file", 16, READ), Err(INVAL));
    let reader = world.open("file", 0, READ).unwrap();
    let writer = world.open("file", 0, WRITE).unwrap();
    assert_eq!(world.write(reader, "text"), Err(BADF));
    assert_eq!(world.read(writer), Err(BADF));
    let appender = world.open_with("file", 0, WRITE, 1).unwrap();
    assert_eq!(world.write(appender, " more"), Ok(5));
    assert_eq!(world.tree.text("file"), "text more");
    assert_eq!(fd_fdstat_set_flags(world.mem(), appender, 4), SUCCESS);
    assert_eq!(fd_fdstat_get(world.mem(), appender, OUT), SUCCESS);
    assert_eq!(world.memory.get(0, 4)[2..], [4, 0]);
    assert_eq!(fd_fdstat_set_flags(world.mem(), appender, 16), INVAL);
    world.open("file", TRUNC, WRITE).unwrap();
    assert_eq!(world.tree.text("file"), "");
}

#[test]
fn names_in_directories() {
    both_ways(names_in_directories_in);
}

fn names_in_directories_in(world: &mut World) {
    let (fd, dir) = (world.directory, "dir");
    world.tree.file("file", "text").directory("full/inner");
    let len = world.path(dir);
    assert_eq!(path_create_directory(world.mem(), fd, PATH, len), SUCCESS);
    assert_eq!(path_create_directory(world.mem(), fd, PATH, len), EXIST);
    assert_eq!(path_unlink_file(world.mem(), fd, PATH, len), ISDIR);
    let len = world.path("dir/link");
    let text = world.second_path("../file");
    let mem = world.mem();
    assert_eq!(path_symlink(mem, SECOND_PATH, text, fd, PATH, len), SUCCESS);
    assert_eq!(path_symlink(mem, SECOND_PATH, text, fd, PATH, len), EXIST);
    assert_eq!(path_readlink(mem, fd, PATH, len, DATA, 100, OUT), SUCCESS);
    assert_eq!(world.memory.get_u32(0), 7);
    assert_eq!(world.memory.get(DATA as u32, 7), b"../file");
    assert_eq!(path_readlink(mem, fd, PATH, len, DATA, 3, OUT), SUCCESS);
    assert_eq!(world.memory.get_u32(0), 3);
    assert_eq!(path_remove_directory(mem, fd, PATH, len), NOTDIR);
    let new = world.second_path("/etc/passwd");
    assert_eq!(path_symlink(mem, SECOND_PATH, new, fd, PATH, len), PERM);
    let new = world.second_path("hard");
    assert_eq!(
        path_link(mem, fd, 1, PATH, len, fd, SECOND_PATH, new),
        SUCCESS
    );
    assert_eq!(world.tree.text("hard"), "text");
    let len = world.path("hard");
    let new = world.second_path("dir/moved");
    assert_eq!(
        path_rename(mem, fd, PATH, len, fd, SECOND_PATH, new),
        SUCCESS
    );
    assert_eq!(path_rename(mem, fd, PATH, len, fd, SECOND_PATH, new), NOENT);
    let new = world.second_path("../moved");
    let len = world.path("file");
    assert_eq!(path_rename(mem, fd, PATH, len, fd, SECOND_PATH, new), PERM);
    assert_eq!(path_readlink(mem, fd, PATH, len, DATA, 3, OUT), INVAL);
    assert_eq!(path_unlink_file(mem, fd, PATH, len), SUCCESS);
    let len = world.path("full");
    assert_eq!(path_remove_directory(mem, fd, PATH, len), NOTEMPTY);
    let len = world.path("full/inner/");
    assert_eq!(path_remove_directory(mem, fd, PATH, len), SUCCESS);
}

#[test]
fn a_read_only_directory_refuses_every_change() {
    both_ways(a_read_only_directory_refuses_every_change_in);
}

fn a_read_only_directory_refuses_every_change_in(world: &mut World) {
    world.tree.directory("dir").file("dir/file", "text");
    world.tree.file("file", "text").link("link", "file");
    let free = world.directory;
    world.directory = descriptors::insert(world.tree.open(), true).unwrap() as i32;
    for (oflags, rights) in [
        (0, WRITE),
        (0, READ | WRITE),
        (TRUNC, READ),
        (CREAT, READ),
        (CREAT | EXCL, WRITE),
    ] {
        assert_eq!(world.open("file", oflags, rights), Err(ROFS));
        assert_eq!(world.open("dir/new", oflags, rights), Err(ROFS));
    }
    // What is opened below is read-only too, a directory at any depth.
    for base in [world.directory, world.open("dir", DIRECTORY, READ).unwrap()] {
        world.directory = base;
        assert_eq!(world.open("new", CREAT, WRITE), Err(ROFS));
        let (len, mem) = (world.path("file"), world.mem());
        let new = world.second_path("new");
        assert_eq!(path_create_directory(mem, base, SECOND_PATH, new), ROFS);
        assert_eq!(path_remove_directory(mem, base, PATH, len), ROFS);
        assert_eq!(path_unlink_file(mem, base, PATH, len), ROFS);
        assert_eq!(path_symlink(mem, PATH, len, base, SECOND_PATH, new), ROFS);
        assert_eq!(
            path_filestat_set_times(mem, base, 1, PATH, len, 0, 0, 4),
            ROFS
        );
        for (from, to, renamed, linked) in [
            (base, base, ROFS, ROFS),
            (free, base, XDEV, ROFS),
            (base, free, XDEV, XDEV),
        ] {
            assert_eq!(
                path_rename(mem, from, PATH, len, to, SECOND_PATH, new),
                renamed
            );
            assert_eq!(
                path_link(mem, from, 1, PATH, len, to, SECOND_PATH, new),
                linked
            );
        }
        let file = world.open("file", 0, READ).unwrap();
        assert_eq!(world.read(file).as_deref(), Ok("text"));
        assert_eq!(world.write(file, "more"), Err(BADF));
        assert_eq!(fd_filestat_set_size(mem, file, 0), ROFS);
        assert_eq!(fd_allocate(mem, file, 0, 9), ROFS);
        assert_eq!(fd_filestat_set_times(mem, file, 0, 0, 4), ROFS);
        assert_eq!(fd_filestat_set_times(mem, base, 0, 0, 4), ROFS);
        assert_eq!(world.tree.text("file"), "text");
    }
    // Where it was not granted so, the same is allowed.
    world.directory = free;
    assert!(world.open("dir/new", CREAT, WRITE).is_ok());
}

/// A trailing slash makes some system calls follow a link: it must not lead out.
#[test]
fn no_call_on_a_name_leads_out() {
    both_ways(no_call_on_a_name_leads_out_in);
}

fn no_call_on_a_name_leads_out_in(world: &mut World) {
    let fd = world.directory;
    world
        .tree
        .directory("../outside/dir")
        .file("../outside/file", "text");
    world
        .tree
        .link("out", "../outside")
        .link("dir_out", "../outside/dir");
    world
        .tree
        .link("file_out", "../outside/file")
        .link("new_out", "../outside/new");
    world.tree.directory("inside").file("file", "text");
    let mem = world.mem();
    for escape in [
        "out/dir",
        "out/file",
        "out/new",
        "inside/../../outside/dir",
        "../outside/dir",
        "out/dir/",
    ] {
        let len = world.path(escape);
        let second = world.second_path("file");
        assert_eq!(path_create_directory(mem, fd, PATH, len), PERM, "{escape}");
        assert_eq!(path_remove_directory(mem, fd, PATH, len), PERM, "{escape}");
        assert_eq!(path_unlink_file(mem, fd, PATH, len), PERM, "{escape}");
        assert_eq!(
            path_readlink(mem, fd, PATH, len, DATA, 100, OUT),
            PERM,
            "{escape}"
        );
        assert_eq!(
            path_filestat_get(mem, fd, 0, PATH, len, OUT),
            PERM,
            "{escape}"
        );
        assert_eq!(
            path_filestat_get(mem, fd, 1, PATH, len, OUT),
            PERM,
            "{escape}"
        );
        assert_eq!(
            path_filestat_set_times(mem, fd, 0, PATH, len, 0, 0, 5),
            PERM,
            "{escape}"
        );
        assert_eq!(
            path_filestat_set_times(mem, fd, 1, PATH, len, 0, 0, 5),
            PERM,
            "{escape}"
        );
        for (old, old_len, new, new_len) in [
            (PATH, len, SECOND_PATH, second),
            (SECOND_PATH, second, PATH, len),
        ] {
            assert_eq!(
                path_rename(mem, fd, old, old_len, fd, new, new_len),
                PERM,
                "{escape}"
            );
            assert_eq!(
                path_link(mem, fd, 0, old, old_len, fd, new, new_len),
                PERM,
                "{escape}"
            );
            assert_eq!(
                path_link(mem, fd, 1, old, old_len, fd, new, new_len),
                PERM,
                "{escape}"
            );
        }
        assert_eq!(
            path_symlink(mem, SECOND_PATH, second, fd, PATH, len),
            PERM,
            "{escape}"
        );
    }
    for link in ["out/", "dir_out/", "dir_out//"] {
        let len = world.path(link);
        let second = world.second_path("second");
        assert_eq!(path_create_directory(mem, fd, PATH, len), EXIST, "{link}");
        assert_eq!(path_remove_directory(mem, fd, PATH, len), NOTDIR, "{link}");
        assert_eq!(path_unlink_file(mem, fd, PATH, len), NOTDIR, "{link}");
        assert_eq!(
            path_readlink(mem, fd, PATH, len, DATA, 100, OUT),
            PERM,
            "{link}"
        );
        assert_eq!(
            path_filestat_get(mem, fd, 0, PATH, len, OUT),
            PERM,
            "{link}"
        );
        assert_eq!(
            path_filestat_set_times(mem, fd, 0, PATH, len, 0, 0, 5),
            PERM,
            "{link}"
        );
        assert_eq!(
            path_rename(mem, fd, PATH, len, fd, SECOND_PATH, second),
            NOTDIR,
            "{link}"
        );
        assert_eq!(
            path_link(mem, fd, 0, PATH, len, fd, SECOND_PATH, second),
            PERM,
            "{link}"
        );
    }
    let len = world.path("new_out/");
    assert_eq!(path_create_directory(mem, fd, PATH, len), EXIST);
    let len = world.path("file_out");
    let second = world.second_path("second");
    assert_eq!(
        path_link(mem, fd, 1, PATH, len, fd, SECOND_PATH, second),
        PERM
    );
    assert_eq!(
        path_filestat_set_times(mem, fd, 1, PATH, len, 0, 0, 5),
        PERM
    );
    assert_eq!(
        path_filestat_set_times(mem, fd, 0, PATH, len, 0, 0, 5),
        SUCCESS
    );
    assert_eq!(
        path_link(mem, fd, 0, PATH, len, fd, SECOND_PATH, second),
        SUCCESS
    );
    assert!(world.tree.at("second").is_symlink());
    assert_eq!(path_unlink_file(mem, fd, PATH, len), SUCCESS);
    let outside = std::fs::read_dir(world.tree.at("../outside")).unwrap();
    assert_eq!(outside.count(), 2);
    assert_eq!(world.tree.text("../outside/file"), "text");
}

#[test]
fn attributes_and_times() {
    both_ways(attributes_and_times_in);
}

fn attributes_and_times_in(world: &mut World) {
    let fd = world.directory;
    world.tree.file("file", "text").link("link", "file");
    world.tree.link("absolute", "/etc/passwd");
    let len = world.path("link");
    let mem = world.mem();
    assert_eq!(path_filestat_get(mem, fd, 0, PATH, len, OUT), SUCCESS);
    assert_eq!(
        (world.memory.get(16, 1)[0], world.memory.get_u64(32)),
        (7, 4)
    );
    let set =
        |flags, times| path_filestat_set_times(mem, fd, flags, PATH, len, 5, 1_000_000_007, times);
    assert_eq!(set(1, 5), SUCCESS);
    assert_eq!(path_filestat_get(mem, fd, 1, PATH, len, OUT), SUCCESS);
    assert_eq!(world.memory.get(16, 1)[0], 4);
    assert_eq!(
        (world.memory.get_u64(40), world.memory.get_u64(48)),
        (5, 1_000_000_007)
    );
    assert_eq!(set(1, 3), INVAL);
    assert_eq!(set(1, 2), SUCCESS);
    let file = world.open("file", 0, READ).unwrap();
    assert_eq!(fd_filestat_get(mem, file, OUT), SUCCESS);
    assert!(world.memory.get_u64(40) > 1_000_000_000_000_000_000);
    assert_eq!(world.memory.get_u64(48), 1_000_000_007);
    assert_eq!(fd_filestat_set_times(mem, file, 8, 9, 5), SUCCESS);
    assert_eq!(fd_filestat_get(mem, file, OUT), SUCCESS);
    assert_eq!((world.memory.get_u64(40), world.memory.get_u64(48)), (8, 9));
    let len = world.path("absolute");
    assert_eq!(path_filestat_get(mem, fd, 1, PATH, len, OUT), PERM);
    assert_eq!(path_readlink(mem, fd, PATH, len, DATA, 100, OUT), PERM);
}

/// The names from a cookie on that fit into the buffer, and the cookies behind them.
fn list(world: &mut World, fd: i32, buffer: u32, cookie: i64) -> Vec<(String, i64)> {
    let mem = world.mem();
    assert_eq!(
        fd_readdir(mem, fd, DATA, buffer as i32, cookie, OUT),
        SUCCESS
    );
    let (mut at, end) = (DATA as u32, DATA as u32 + world.memory.get_u32(0));
    let mut entries = Vec::new();
    while at + 24 <= end {
        let len = world.memory.get_u32(at + 16);
        if at + 24 + len > end {
            break;
        }
        let name = String::from_utf8(world.memory.get(at + 24, len as usize)).unwrap();
        entries.push((name, world.memory.get_u64(at) as i64));
        at += 24 + len;
    }
    entries
}

#[test]
fn reads_directories_in_pieces() {
    let mut world = World::new();
    for number in 0..300 {
        world.tree.file(&std::format!("file{number}"), "");
    }
    let fd = world.directory;
    let (mut names, mut cookie) = (Vec::new(), 0);
    loop {
        let entries = list(&mut world, fd, 100, cookie);
        let Some((_, last)) = entries.last() else {
            break;
        };
        cookie = *last;
        names.extend(entries.into_iter().map(|(name, _)| name));
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 302);
    let all = list(&mut world, fd, 0x8000, 0);
    assert_eq!(all.len(), 302);
    let (_, middle) = all[150];
    let rest = list(&mut world, fd, 0x8000, middle);
    assert_eq!(rest[..], all[151..]);
    assert_eq!(world.seek(fd, 0, 0), Err(BADF));
    world.tree.file("file", "");
    let file = world.open("file", 0, READ).unwrap();
    assert_eq!(fd_readdir(world.mem(), file, DATA, 100, 0, OUT), NOTDIR);
}

#[test]
fn renumbers() {
    let mut world = World::new();
    world.tree.file("one", "1").file("two", "2");
    let one = world.open("one", 0, READ).unwrap();
    let two = world.open("two", 0, READ).unwrap();
    assert_eq!(fd_renumber(world.mem(), one, 90), BADF);
    assert_eq!(fd_renumber(world.mem(), one, two), SUCCESS);
    assert_eq!(world.read(two).as_deref(), Ok("1"));
    assert_eq!(world.read(one), Err(BADF));
    assert_eq!(world.open("two", 0, READ), Ok(one));
}

fn subscribe(world: &mut World, index: u32, tag: u8, words: &[(u32, u64)]) {
    let at = DATA as u32 + index * 48;
    world.memory.put(at, &[0; 48]);
    world.memory.put(at, &u64::from(index + 100).to_le_bytes());
    world.memory.put(at + 8, &[tag]);
    for &(offset, word) in words {
        world.memory.put(at + offset, &word.to_le_bytes());
    }
}

/// User data, error and type of the events.
fn poll(world: &World, count: i32) -> Vec<(u64, u8, u8)> {
    assert_eq!(poll_oneoff(world.mem(), DATA, VECTORS, count, OUT), SUCCESS);
    let event = |index| {
        let at = VECTORS as u32 + index * 32;
        let bytes = world.memory.get(at + 8, 3);
        (world.memory.get_u64(at), bytes[0], bytes[2])
    };
    (0..world.memory.get_u32(0)).map(event).collect()
}

#[test]
fn polls_clocks_and_files() {
    let mut world = World::new();
    let start = std::time::Instant::now();
    subscribe(&mut world, 0, 0, &[(16, 1), (24, 20_000_000)]);
    assert_eq!(poll(&world, 1), [(100, 0, 0)]);
    assert!(start.elapsed().as_millis() >= 20);
    subscribe(&mut world, 1, 0, &[(16, 1), (24, u64::MAX)]);
    assert_eq!(poll(&world, 2), [(100, 0, 0)]);
    subscribe(&mut world, 1, 0, &[(16, 0), (24, 5), (40, 1)]);
    assert_eq!(poll(&world, 2), [(101, 0, 0)]);
    let (reader, writer) = std::io::pipe().unwrap();
    let reader = descriptors::insert(into_host(reader), false).unwrap();
    let writer = descriptors::insert(into_host(writer), false).unwrap();
    subscribe(&mut world, 1, 1, &[(16, reader.into())]);
    assert_eq!(poll(&world, 2), [(100, 0, 0)]);
    subscribe(&mut world, 2, 2, &[(16, writer.into())]);
    subscribe(&mut world, 3, 1, &[(16, 77)]);
    subscribe(&mut world, 4, 9, &[]);
    let events = poll(&world, 5);
    assert_eq!(events, [(102, 0, 2), (103, 8, 1), (104, 28, 9)]);
    assert_eq!(poll_oneoff(world.mem(), DATA, VECTORS, 0, OUT), INVAL);
    // The data for the pipe would lie on the subscriptions.
    world
        .memory
        .put(0x5000, &[VECTORS as u8, 0x70, 0, 0, 4, 0, 0, 0]);
    assert_eq!(
        fd_write(world.mem(), writer as i32, 0x5000, 1, OUT),
        SUCCESS
    );
    let events = poll(&world, 2);
    assert_eq!(events, [(101, 0, 1)]);
    assert_eq!(world.memory.get_u64(VECTORS as u32 + 16), 4);
    assert_eq!(world.seek(reader as i32, 0, 1), Err(SPIPE));
    let many = 100;
    for index in 0..many {
        subscribe(&mut world, index, 1, &[(16, reader.into())]);
    }
    assert_eq!(poll(&world, many as i32).len(), many as usize);
}

#[allow(unsafe_code)]
fn into_host(fd: impl Into<std::os::fd::OwnedFd>) -> crate::sys::file::OwnedFd {
    use crate::sys::file::FromRawFd;
    use std::os::fd::IntoRawFd;
    let raw = fd.into().into_raw_fd();
    // SAFETY: it was owned.
    unsafe { crate::sys::file::OwnedFd::from_raw_fd(raw) }
}

#[test]
fn accepts_receives_and_sends() {
    use std::io::{Read, Write};
    let mut world = World::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let listener = descriptors::insert(into_host(listener), false).unwrap() as i32;
    let mem = world.mem();
    assert_eq!(sock_accept(mem, listener, 0, OUT), SUCCESS);
    let socket = world.memory.get_u32(0) as i32;
    assert_eq!(fd_fdstat_get(mem, socket, OUT), SUCCESS);
    assert_eq!(world.memory.get(0, 1), [6]);
    peer.write_all(b"request").unwrap();
    world.vectors(7);
    assert_eq!(sock_recv(mem, socket, VECTORS, 2, 3, OUT, 8), SUCCESS);
    assert_eq!(sock_recv(mem, socket, VECTORS, 2, 2, OUT, 8), SUCCESS);
    assert_eq!(world.memory.get_u32(0), 7);
    assert_eq!(world.memory.get(DATA as u32, 7), b"request");
    assert_eq!(sock_send(mem, socket, VECTORS, 2, 0, OUT), SUCCESS);
    assert_eq!(sock_send(mem, socket, VECTORS, 2, 1, OUT), INVAL);
    assert_eq!(sock_shutdown(mem, socket, 0), INVAL);
    assert_eq!(sock_shutdown(mem, socket, 2), SUCCESS);
    let mut answer = String::new();
    peer.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "request");
    assert_eq!(sock_recv(mem, world.directory, VECTORS, 2, 0, OUT, 8), 57);
}

#[test]
fn clocks_random_and_nothing() {
    let world = World::new();
    let mem = world.mem();
    for clock in 0..4 {
        assert_eq!(clock_time_get(mem, clock, 0, OUT), SUCCESS);
        assert_eq!(clock_res_get(mem, clock, OUT), SUCCESS);
    }
    assert_eq!(clock_time_get(mem, 4, 0, OUT), INVAL);
    assert_eq!(random_get(mem, DATA, 0x1000), SUCCESS);
    assert_ne!(world.memory.get(DATA as u32, 0x1000), [0xaa; 0x1000]);
    assert_eq!(random_get(mem, -1, 2), FAULT);
    assert_eq!(sched_yield(mem), SUCCESS);
    assert_eq!(proc_raise(mem, 0), SUCCESS);
    assert_eq!(proc_raise(mem, 31), INVAL);
    assert_eq!(args_sizes_get(mem, OUT, 4), SUCCESS);
    assert_eq!(world.memory.get_u64(0), 0);
    assert_eq!(fd_prestat_get(mem, world.directory, OUT), BADF);
}

/// Calls every function but `proc_exit` and `proc_raise` with one number as each argument, or with a directory as its descriptor.
fn call_all(world: &World, with_directory: bool, number: i64) {
    macro_rules! argument {
        (fd, $fd:ident) => {
            $fd
        };
        ($name:ident, $fd:ident) => {
            number as _
        };
    }
    macro_rules! call_one {
        (proc_exit($($param:ident),*)) => {};
        (proc_raise($($param:ident),*) -> i32) => {};
        ($name:ident($($param:ident),*) -> i32) => {
            let directory = descriptors::insert(world.tree.open(), false).unwrap();
            let fd = if with_directory { directory as i32 } else { number as i32 };
            let outcome = $name(world.mem(), $(argument!($param, fd)),*);
            assert!((0..=76).contains(&outcome), "{}({fd}, {number}): {outcome}", stringify!($name));
            let _ = descriptors::close(directory);
        };
    }
    macro_rules! call {
        ($($name:ident($($param:ident: $type:ident),*) $(-> $result:ident)?;)*) => {
            $(call_one!($name($($param),*) $(-> $result)?);)*
        };
    }
    elfin_abi::preview1_functions!(call);
}

#[test]
fn wild_arguments_are_survived() {
    let world = World::new();
    let size = 0x10000;
    for number in [
        0,
        1,
        size - 1,
        size,
        size + 1,
        i64::from(i32::MAX),
        i64::from(u32::MAX),
        i64::from(u32::MAX) - 7,
        i64::MAX,
        i64::MIN,
    ] {
        call_all(&world, true, number);
        call_all(&world, false, number);
    }
}
