//# stdin-generated: 5000000
//# stdout-is-stdin:

use std::io::{Result, copy, stdin, stdout};

fn main() -> Result<()> {
    assert_eq!(copy(&mut stdin().lock(), &mut stdout().lock())?, 5_000_000);
    Ok(())
}
