//! A directory that is granted read-only: everything can be read, nothing changed, and what is opened in it is no
//! exception.
//# dir: data::/data::ro
//# dir: data::/free
//# given data/sub/file.txt: text
//# given-link: data/link -> sub/file.txt
//# no-reference: node knows no read-only directory
//# stdout:
//| text by /data/sub/file.txt
//| text by /data/link
//| link -> sub/file.txt
//| [link, sub]
//| write: Read-only file system (os error 69)
//| append: Read-only file system (os error 69)
//| truncate: Read-only file system (os error 69)
//| create: Read-only file system (os error 69)
//| create_dir: Read-only file system (os error 69)
//| remove_file: Read-only file system (os error 69)
//| remove_dir: Read-only file system (os error 69)
//| rename: Read-only file system (os error 69)
//| rename out: Cross-device link (os error 75)
//| rename in: Cross-device link (os error 75)
//| link: Read-only file system (os error 69)
//| link out: Cross-device link (os error 75)
//| set_len: Read-only file system (os error 69)
//| set_times: Read-only file system (os error 69)
//| the same by the other grant: done
//# file data/sub/file.txt: text
//# file data/new.txt: text

use std::fs::{self, File, OpenOptions};
use std::io::{Result, Write};
use std::time::SystemTime;

fn say<T>(what: &str, result: Result<T>) {
    let text = result.map_or_else(|error| error.to_string(), |_| "DONE".into());
    println!("{what}: {text}");
}

fn main() {
    for path in ["/data/sub/file.txt", "/data/link"] {
        println!("{} by {path}", fs::read_to_string(path).unwrap().trim_end());
    }
    println!("link -> {}", fs::read_link("/data/link").unwrap().display());
    let names = fs::read_dir("/data").unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    println!("[{}]", names.join(", "));

    let file = "/data/sub/file.txt";
    say("write", OpenOptions::new().write(true).open(file));
    say("append", OpenOptions::new().append(true).open(file));
    say("truncate", OpenOptions::new().write(true).truncate(true).open(file));
    say("create", File::create("/data/new.txt"));
    say("create_dir", fs::create_dir("/data/new"));
    say("remove_file", fs::remove_file(file));
    say("remove_dir", fs::remove_dir("/data/sub"));
    say("rename", fs::rename(file, "/data/other.txt"));
    say("rename out", fs::rename(file, "/free/other.txt"));
    say("rename in", fs::rename("/free/sub/file.txt", "/data/other.txt"));
    say("link", fs::hard_link(file, "/data/other.txt"));
    say("link out", fs::hard_link(file, "/free/other.txt"));
    let open = File::open(file).unwrap();
    say("set_len", open.set_len(0));
    say("set_times", open.set_modified(SystemTime::UNIX_EPOCH));

    let mut new = File::create("/free/new.txt").unwrap();
    new.write_all(b"text\n").unwrap();
    println!("the same by the other grant: done");
}
