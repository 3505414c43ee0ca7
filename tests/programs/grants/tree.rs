//! Reads the tree `/lib` and says what it finds; `/out` can be written.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Result, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::SystemTime;

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn poll_oneoff(subscriptions: *const u64, events: *mut u64, count: u32, stored: *mut u32) -> u32;
    fn fd_filestat_get(fd: i32, stat: *mut u64) -> u32;
    fn fd_fdstat_set_flags(fd: i32, flags: u32) -> u32;
    fn sock_shutdown(fd: i32, how: u32) -> u32;
}

fn main() {
    match std::env::args().nth(1) {
        None => {
            let mut inodes = BTreeSet::new();
            let nodes = walk(Path::new("/lib"), &mut inodes);
            println!("{nodes} nodes, {} inode numbers", inodes.len());
            probe();
        }
        Some(path) => wait_and_read(&path),
    }
}

/// Prints a directory and what is below it, and gives the number of files, links and directories.
fn walk(directory: &Path, inodes: &mut BTreeSet<u64>) -> usize {
    println!("{}/", directory.display());
    inodes.insert(inode(&File::open(directory).unwrap()));
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut nodes = 1;
    for path in paths {
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            nodes += walk(&path, inodes);
            continue;
        }
        if kind.is_symlink() {
            println!("{} -> {}", path.display(), fs::read_link(&path).unwrap().display());
            continue;
        }
        nodes += 1;
        let mut file = File::open(&path).unwrap();
        inodes.insert(inode(&file));
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert_eq!(file.metadata().unwrap().len(), bytes.len() as u64);
        let sum = bytes.iter().fold(0u32, |sum, &byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        println!("{} {} {sum}", path.display(), bytes.len());
    }
    nodes
}

fn inode(file: &File) -> u64 {
    let mut stat = [0; 8];
    assert_eq!(unsafe { fd_filestat_get(file.as_raw_fd(), stat.as_mut_ptr()) }, 0);
    stat[1]
}

fn say<T>(what: &str, result: Result<T>) {
    println!("{what}: {}", result.map_or_else(|error| error.to_string(), |_| "DONE".into()));
}

/// What can be done with a file, and what can't.
fn probe() {
    let path = "/lib/text";
    let mut file = File::open(path).unwrap();
    let mut text = String::new();
    file.seek(SeekFrom::End(-5)).unwrap();
    file.read_to_string(&mut text).unwrap();
    println!("the end: {text:?} at {}", file.stream_position().unwrap());
    println!("behind the end: {}", file.seek(SeekFrom::Current(1000)).unwrap());
    println!("there: {} bytes", file.read(&mut [0; 10]).unwrap());
    say("before the beginning", file.seek(SeekFrom::Current(-5000)));
    file.seek(SeekFrom::Start(3)).unwrap();
    ready(&file);
    println!("modified: {:?}", file.metadata().unwrap().modified().unwrap() == SystemTime::UNIX_EPOCH);

    say("write", file.write(b"x"));
    say("open to write", OpenOptions::new().write(true).open(path));
    say("create", File::create("/lib/new"));
    say("truncate", OpenOptions::new().write(true).truncate(true).open(path));
    say("remove", fs::remove_file(path));
    say("remove a directory", fs::remove_dir("/lib/empty"));
    say("create a directory", fs::create_dir("/lib/new"));
    say("rename", fs::rename(path, "/lib/new"));
    say("rename out", fs::rename(path, "/out/new"));
    say("link out", fs::hard_link(path, "/out/new"));
    say("rename in", fs::rename("/out/file", "/lib/new"));
    say("cut", file.set_len(0));
    say("set times", file.set_modified(SystemTime::now()));
    say("sync", file.sync_all());
    say("copy out", fs::copy(path, "/out/copy"));
    say("read a directory as a file", fs::read("/lib/empty"));
    say("a file as a directory", fs::read_dir(path).map(|_| ()));
    say("leave", fs::read("/lib/../out/file"));
    say("what is not there", fs::read("/lib/gone"));
    say("what a link leads to that is not there", fs::read("/lib/dangling"));
    say("a link to itself", fs::read("/lib/loop"));
    say("through a link", fs::read("/lib/through/n250"));
    println!("flags: {}", unsafe { fd_fdstat_set_flags(file.as_raw_fd(), 5) });
    println!("a socket's: {}", unsafe { sock_shutdown(file.as_raw_fd(), 1) });
}

/// Asks whether a file is ready.
fn ready(file: &File) {
    let subscription = [7, 1, file.as_raw_fd() as u64, 0, 0, 0];
    let mut event = [0; 4];
    let mut stored = 0;
    let errno = unsafe { poll_oneoff(subscription.as_ptr(), event.as_mut_ptr(), 1, &mut stored) };
    println!("poll: {errno}, {stored} event of {} with {} bytes", event[0], event[2]);
}

/// Says that it runs; once there is a line to read, reads a file and says how much that was; waits for the next line.
fn wait_and_read(path: &str) {
    let mut line = String::new();
    println!("started");
    std::io::stdin().read_line(&mut line).unwrap();
    let mut file = File::open(path).unwrap();
    let (mut buffer, mut sum) = ([0; 1 << 16], 0);
    while let len @ 1.. = file.read(&mut buffer).unwrap() {
        sum += len;
    }
    println!("{sum}");
    std::io::stdin().read_line(&mut line).unwrap();
}
