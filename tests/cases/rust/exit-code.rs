//# stdout:
//| only this
//# exit: 42

struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        println!("never dropped");
    }
}

fn main() {
    let _loud = Loud;
    println!("only this");
    std::process::exit(42);
}
