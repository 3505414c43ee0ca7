//! What is not granted can't be reached.
//# dir: data::/data
//# given secret.txt: secret
//# given data/open.txt: open
//# given-dir: data/sub
//# given-link: data/up -> ../secret.txt
//# stdout:
//| inside open
//| back inside open
//| /data/../secret.txt: refused
//| /data/sub/../../secret.txt: refused
//| /data/up: refused
//| /etc/passwd: refused
//| secret.txt: refused
//| rename out: refused
//| link in: refused

use std::fs;

fn main() {
    print!("inside {}", fs::read_to_string("/data/open.txt").unwrap());
    print!("back inside {}", fs::read_to_string("/data/sub/../open.txt").unwrap());
    for path in
        ["/data/../secret.txt", "/data/sub/../../secret.txt", "/data/up", "/etc/passwd", "secret.txt"]
    {
        let result = fs::read_to_string(path);
        println!("{path}: {}", result.map_or("refused".into(), |text| format!("READ {text}")));
    }
    let renamed = fs::rename("/data/open.txt", "/data/../taken.txt");
    println!("rename out: {}", if renamed.is_err() { "refused" } else { "DONE" });
    let linked = fs::hard_link("/data/../secret.txt", "/data/taken.txt");
    println!("link in: {}", if linked.is_err() { "refused" } else { "DONE" });
}
