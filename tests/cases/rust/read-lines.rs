//# stdin:
//| first
//|
//| third, ünïcode
//# stdout:
//| 1: "first"
//| 2: ""
//| 3: "third, ünïcode"
//| end

use std::io::{Result, stdin};

fn main() -> Result<()> {
    for (number, line) in stdin().lines().enumerate() {
        println!("{}: {:?}", number + 1, line?);
    }
    println!("end");
    Ok(())
}
