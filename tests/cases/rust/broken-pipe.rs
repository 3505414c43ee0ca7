//! SIGPIPE does not kill the program: it gets EPIPE.
//# no-reference: node does not return from the write
//# stdout-closed:
//# stdin: go
//# stderr: write failed: BrokenPipe
//# exit: 5

use std::io::{Write, stdin, stdout};

fn main() {
    // By the time there is input, the reader is gone.
    stdin().read_line(&mut String::new()).unwrap();
    let result = (0..1000).try_for_each(|_| stdout().write_all(&[b'x'; 4096]));
    if let Err(error) = result {
        eprintln!("write failed: {:?}", error.kind());
        std::process::exit(5);
    }
}
