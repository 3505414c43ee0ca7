//# stdout:
//| two states differ true
//| a map finds all its keys true

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

fn main() {
    // The keys come from random_get once a thread and count up from there, so compare with a fixed hash.
    let hashes: Vec<u64> = (0..4).map(|_| RandomState::new().hash_one(1)).collect();
    println!("two states differ {}", hashes.windows(2).all(|pair| pair[0] != pair[1]));
    let map: HashMap<u32, u32> = (0..100_000).map(|n| (n, n * 3)).collect();
    println!("a map finds all its keys {}", (0..100_000).all(|n| map[&n] == n * 3));
}
