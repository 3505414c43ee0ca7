//! The program exits with another status.
//# exit: 4
//# must-fail: exit status 3, expected 4

fn main() {
    std::process::exit(3);
}
