//! Errors of the host's file system reach the guest. (Root may write anywhere, so the case asks for a directory.)
//# dir: data::/data
//# given-dir: data/folder
//# stdout:
//| write a directory: IsADirectory
//| replace a directory by a file: IsADirectory
//| name too long: InvalidFilename

use std::fs::{self, File};

fn main() {
    println!("write a directory: {:?}", File::create("/data/folder").unwrap_err().kind());
    fs::write("/data/file", "").unwrap();
    let error = fs::rename("/data/file", "/data/folder").unwrap_err();
    println!("replace a directory by a file: {:?}", error.kind());
    let name = format!("/data/{}", "n".repeat(300));
    println!("name too long: {:?}", File::create(name).unwrap_err().kind());
}
