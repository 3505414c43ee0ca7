//! Without `--dir` and `--env` there is nothing to see.
//# host-env: SECRET=1
//# stdout:
//| open: true
//| variables 0

fn main() {
    println!("open: {}", std::fs::read("/etc/passwd").is_err());
    println!("variables {}", std::env::vars_os().count());
}
