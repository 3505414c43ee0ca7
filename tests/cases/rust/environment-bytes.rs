//! Arguments and variables are bytes.
//# args: \xff\xfe caf\xc3\xa9
//# env: BYTES=\x80x
//# stdout:
//| [ff, fe]
//| [63, 61, 66, c3, a9]
//| [80, 78]
//# no-reference: node takes arguments as UTF-8

use std::os::wasi::ffi::OsStrExt;

fn main() {
    for argument in std::env::args_os().skip(1) {
        println!("{:x?}", argument.as_bytes());
    }
    println!("{:x?}", std::env::var_os("BYTES").unwrap().as_bytes());
}
