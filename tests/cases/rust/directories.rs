//# dir: data::/data
//# given data/given/b.txt: b
//# given data/given/a.txt: a
//# given-dir: data/given/c
//# stdout:
//| a.txt file
//| b.txt file
//| c directory
//| nested true
//| again: AlreadyExists
//| not empty: Some(55)
//| 300 entries, the last n299
//| removed true
//| missing parent: NotFound
//| remove a file as a directory: NotADirectory
//# absent: data/new
//# absent: data/many

use std::fs;
use std::io::Result;

fn main() -> Result<()> {
    let mut entries = fs::read_dir("/data/given")?
        .map(|entry| {
            let entry = entry?;
            let kind = if entry.file_type()?.is_dir() { "directory" } else { "file" };
            Ok(format!("{} {kind}", entry.file_name().display()))
        })
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    println!("{}", entries.join("\n"));

    fs::create_dir("/data/new")?;
    fs::create_dir_all("/data/new/x/y/z")?;
    fs::write("/data/new/x/y/z/file", "deep")?;
    println!("nested {}", fs::metadata("/data/new/x/y/z")?.is_dir());
    println!("again: {:?}", fs::create_dir("/data/new").unwrap_err().kind());
    println!("not empty: {:?}", fs::remove_dir("/data/new").unwrap_err().raw_os_error());

    // More than one buffer of directory entries.
    fs::create_dir("/data/many")?;
    for n in 0..300 {
        fs::write(format!("/data/many/n{n}"), "")?;
    }
    let mut names: Vec<String> = fs::read_dir("/data/many")?
        .map(|entry| Ok(entry?.file_name().into_string().unwrap()))
        .collect::<Result<_>>()?;
    names.sort_by_key(|name| name[1..].parse::<u32>().unwrap());
    names.dedup();
    println!("{} entries, the last {}", names.len(), names[names.len() - 1]);
    fs::remove_dir_all("/data/many")?;
    fs::remove_dir_all("/data/new")?;
    println!("removed {}", !fs::exists("/data/new")?);

    println!("missing parent: {:?}", fs::create_dir("/data/none/new").unwrap_err().kind());
    let error = fs::remove_dir("/data/given/a.txt").unwrap_err();
    println!("remove a file as a directory: {:?}", error.kind());
    Ok(())
}
