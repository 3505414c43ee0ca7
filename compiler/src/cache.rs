//! Machine code from one compilation to the next.
//!
//! A function's code is kept under a hash of everything that decides it: its CLIF and the machine's settings. Functions
//! that it calls are known by their order among the names that it uses, and places in the module by their distance from
//! its own first one; so a function whose code did not change is found again where others became longer, or were added or
//! removed. What its CLIF is made from leads there as well, without making it.
//!
//! An entry carries a checksum that depends on its key. What a [`Cache`] gives back of a broken file, or for another key,
//! is not used. But keys don't say which build of this crate made an entry: another one may make other code of the same
//! function, so each needs entries of its own.

/// What an entry is kept under.
pub type Key = [u8; 32];

/// A place for entries. Several threads use it at a time.
pub trait Cache: Sync {
    /// The entry that was put there under this key, if it is still there. It may be anything: it is checked.
    fn get(&self, key: &Key) -> Option<Vec<u8>>;

    /// Keeps an entry, or does not: no compilation fails for that.
    fn put(&self, key: &Key, entry: Vec<u8>);
}
