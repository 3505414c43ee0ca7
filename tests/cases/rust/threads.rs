//# stdout:
//| spawn: Unsupported

fn main() {
    let error = std::thread::Builder::new().spawn(|| ()).unwrap_err();
    println!("spawn: {:?}", error.kind());
}
