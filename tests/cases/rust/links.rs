//# dir: data::/data
//# given data/a.txt: content of a
//# given-link: data/given -> a.txt
//# given-link: data/dangling -> none
//# given-link: data/outside -> /etc/passwd
//# given-link: data/loop -> loop
//# stdout:
//| hard link content of a
//| through the other name: changed
//| given -> a.txt, symlink true
//| follows: changed
//| dangling: NotFound
//| outside refused: true
//| loop refused: true
//| a link survives its removal: true

use std::fs;
use std::io::Result;

fn main() -> Result<()> {
    fs::hard_link("/data/a.txt", "/data/b.txt")?;
    print!("hard link {}", fs::read_to_string("/data/b.txt")?);
    fs::write("/data/b.txt", "changed\n")?;
    print!("through the other name: {}", fs::read_to_string("/data/a.txt")?);

    let target = fs::read_link("/data/given")?;
    let is_symlink = fs::symlink_metadata("/data/given")?.is_symlink();
    println!("given -> {}, symlink {is_symlink}", target.display());
    print!("follows: {}", fs::read_to_string("/data/given")?);

    println!("dangling: {:?}", fs::read("/data/dangling").unwrap_err().kind());
    println!("outside refused: {}", fs::read("/data/outside").is_err());
    println!("loop refused: {}", fs::read("/data/loop").is_err());
    fs::remove_file("/data/given")?;
    println!("a link survives its removal: {}", fs::exists("/data/a.txt")?);
    Ok(())
}
