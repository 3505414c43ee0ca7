//# dir: data::/data
//# given data/there.txt: old
//# stdout:
//| written 11
//| read hello world
//| appended hello world, again
//| from 6: world, again
//| last 5: again
//| overwritten HELLO world, again
//| truncated HELLO
//| extended 8 [72, 69, 76, 76, 79, 0, 0, 0]
//| length 8 file true
//| create_new: AlreadyExists
//| missing: NotFound
//| renamed: old gone true, new there true
//| copied 8
//| removed: NotFound
//| a file is no directory: NotADirectory
//| write to a reader: true
//| given old
//| large 3000000 8
//# file data/kept.txt: kept
//# absent: data/a.txt
//# absent: data/there.txt

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Result, Seek, SeekFrom, Write};

fn main() -> Result<()> {
    let a = "/data/a.txt";
    println!("written {}", File::create(a)?.write(b"hello world")?);
    println!("read {}", fs::read_to_string(a)?);

    OpenOptions::new().append(true).open(a)?.write_all(b", again")?;
    println!("appended {}", fs::read_to_string(a)?);

    let mut file = OpenOptions::new().read(true).write(true).open(a)?;
    let mut text = String::new();
    file.seek(SeekFrom::Start(6))?;
    file.read_to_string(&mut text)?;
    println!("from {}: {text}", 6);
    text.clear();
    file.seek(SeekFrom::End(-5))?;
    file.read_to_string(&mut text)?;
    println!("last 5: {text}");
    file.rewind()?;
    file.write_all(b"HELLO")?;
    assert_eq!(file.stream_position()?, 5);
    file.sync_all()?;
    println!("overwritten {}", fs::read_to_string(a)?);

    file.set_len(5)?;
    println!("truncated {}", fs::read_to_string(a)?);
    file.set_len(8)?;
    println!("extended {} {:?}", fs::metadata(a)?.len(), fs::read(a)?);
    let metadata = file.metadata()?;
    println!("length {} file {}", metadata.len(), metadata.is_file());

    let error = OpenOptions::new().write(true).create_new(true).open(a).unwrap_err();
    println!("create_new: {:?}", error.kind());
    println!("missing: {:?}", File::open("/data/none").unwrap_err().kind());

    fs::rename(a, "/data/b.txt")?;
    let old_gone = !fs::exists(a)?;
    println!("renamed: old gone {old_gone}, new there {}", fs::exists("/data/b.txt")?);
    println!("copied {}", fs::copy("/data/b.txt", "/data/c.txt")?);
    fs::remove_file("/data/b.txt")?;
    fs::remove_file("/data/c.txt")?;
    println!("removed: {:?}", fs::metadata("/data/b.txt").unwrap_err().kind());

    fs::write("/data/kept.txt", "kept\n")?;
    println!("a file is no directory: {:?}", fs::read_dir("/data/kept.txt").unwrap_err().kind());
    println!("write to a reader: {}", File::open("/data/kept.txt")?.write(b"x").is_err());

    print!("given {}", fs::read_to_string("/data/there.txt")?);
    fs::remove_file("/data/there.txt")?;

    let mut large = File::create("/data/large")?;
    let line = [b'x'; 3000];
    for _ in 0..1000 {
        large.write_all(&line)?;
    }
    large.seek(SeekFrom::Start(1_500_000))?;
    large.write_all(b"12345678")?;
    drop(large);
    let bytes = fs::read("/data/large")?;
    println!("large {} {}", bytes.len(), bytes.iter().filter(|&&byte| byte != b'x').count());
    Ok(())
}
