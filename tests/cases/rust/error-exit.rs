//! An error from main is status 1 and a line on standard error.
//# exit: 1
//# stderr: Error: "out of luck"

fn main() -> Result<(), &'static str> {
    Err("out of luck")
}
