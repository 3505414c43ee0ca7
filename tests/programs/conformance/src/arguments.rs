//! Arguments and environment: sizes, layout. The suite gives the arguments `arguments`, `two words`, ``, `ü` behind the
//! program's name, and grants `EMPTY=`, `NAME=a=b`.

use crate::case::*;
use crate::raw;
use crate::wasi::*;

/// The strings, which must lie one behind the other with a zero after each.
fn all(
    sizes: (u32, u32),
    of: fn(usize, usize) -> i32,
) -> std::result::Result<Vec<String>, Failure> {
    let (pointers, buffer, start) = strings(of, sizes)?;
    let mut found = Vec::new();
    let mut next = start;
    for pointer in pointers {
        same(pointer, next)?;
        let bytes = &buffer[(pointer - start) as usize..];
        let len = bytes
            .iter()
            .position(|&byte| byte == 0)
            .unwrap_or(bytes.len());
        found.push(String::from_utf8_lossy(&bytes[..len]).into_owned());
        next += len as u32 + 1;
    }
    same(next, start + sizes.1)?;
    Ok(found)
}

pub const CASES: &[Case] = &[
    case("the number of arguments", |_| {
        same(sizes(raw::args_sizes_get)?.0, 5)
    }),
    case("the bytes of arguments", |_| {
        let (_, size) = sizes(raw::args_sizes_get)?;
        let name = std::env::args().next().map_or(0, |name| name.len()) as u32;
        same(size, name + 1 + 10 + 10 + 1 + 3)
    }),
    case("the arguments", |_| {
        let found = all(sizes(raw::args_sizes_get)?, raw::args_get)?;
        same(
            found[1..].to_vec(),
            ["arguments", "two words", "", "ü"]
                .map(String::from)
                .to_vec(),
        )?;
        holds("the first is a name", !found[0].is_empty())
    }),
    case("the number of variables", |_| {
        same(sizes(raw::environ_sizes_get)?, (2, 7 + 9))
    }),
    case("the variables", |_| {
        let found = all(sizes(raw::environ_sizes_get)?, raw::environ_get)?;
        same(found, ["EMPTY=", "NAME=a=b"].map(String::from).to_vec())
    }),
];
