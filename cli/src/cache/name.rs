//! The names of files in the folder: `app-` and a hash is an executable, whose name `top` shows; `.functions-`, the elfin
//! that made it and a number of its own is a pack of functions. No executable begins with a point.

use std::hash::{BuildHasher, RandomState};

/// Begins the name of a pack.
const PACK: &str = ".functions-";

/// Digits of each of the two numbers in the name of a pack.
const DIGITS: usize = 16;

/// Whether elfin keeps a file of this name in the folder.
pub(crate) fn is_kept(name: &str) -> bool {
    is_executable(name) || name.strip_prefix(PACK).is_some_and(is_pair)
}

/// Whether this is the name of an executable: something, and a hash of 32 bytes.
pub(crate) fn is_executable(name: &str) -> bool {
    let hash = name.rsplit_once('-').map(|(_, hash)| hash);
    !name.starts_with('.') && hash.is_some_and(|hash| is_number(hash, 64))
}

/// Whether this is the name of a pack that the elfin of this hash has made.
pub(crate) fn is_pack_of(name: &str, family: &str) -> bool {
    let numbers = name.strip_prefix(PACK).filter(|numbers| is_pair(numbers));
    numbers.is_some_and(|numbers| numbers.starts_with(family))
}

/// The name of a new pack.
pub(crate) fn new_pack(family: &str) -> String {
    let number = RandomState::new().hash_one(family);
    format!("{PACK}{family}-{number:016x}")
}

/// The hash of an elfin in the names of its packs.
pub(crate) fn family(build: &str) -> String {
    let hash = blake3::hash(build.as_bytes()).to_hex();
    hash[..DIGITS].to_owned()
}

fn is_pair(numbers: &str) -> bool {
    numbers
        .split_once('-')
        .is_some_and(|(family, number)| is_number(family, DIGITS) && is_number(number, DIGITS))
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let family = family("elfin 1");
        let pack = new_pack(&family);
        assert!(is_kept(&pack) && is_pack_of(&pack, &family) && !is_executable(&pack));
        assert!(!is_pack_of(&pack, &super::family("elfin 2")));
        assert_ne!(pack, new_pack(&family));
        let executable = format!("functions-{}", "0".repeat(64));
        assert!(is_kept(&executable) && is_executable(&executable));
        for other in [".new-0123456789abcdef", "README", "app-123", ".functions-x"] {
            assert!(!is_kept(other), "{other}");
        }
    }
}
