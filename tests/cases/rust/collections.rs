//# stdout:
//| tree 50000 first 0 last 2147387986
//| sums equal true
//| sorted true stable true
//| heap 999983 999979 999961
//| words {"a": 3, "be": 2, "sea": 1}
//| text ÉÀÜ SS ß 3 6
//| deque [5, 6, 7, 0, 1]
//| checksum 52a9539f

use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet, VecDeque};

fn numbers(count: usize) -> impl Iterator<Item = u32> {
    let mut state = 1u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        state
    })
    .take(count)
}

fn main() {
    let mut tree = BTreeMap::new();
    let mut hash = HashMap::new();
    for (index, number) in numbers(50_000).enumerate() {
        tree.insert(number, index);
        *hash.entry(number % 1000).or_insert(0u64) += u64::from(number);
    }
    tree.insert(0, 0);
    tree.retain(|_, index| *index != 49_999);
    println!("tree {} first {} last {}", tree.len(), tree.keys().min().unwrap(), tree.keys().max().unwrap());
    let total: u64 = numbers(50_000).map(u64::from).sum();
    println!("sums equal {}", hash.values().sum::<u64>() == total);

    let mut pairs: Vec<(u32, usize)> = numbers(20_000).map(|n| n % 100).zip(0..).collect();
    pairs.sort_by_key(|pair| pair.0);
    let sorted = pairs.windows(2).all(|pair| pair[0].0 <= pair[1].0);
    let stable = pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 || pair[0].1 < pair[1].1);
    println!("sorted {sorted} stable {stable}");

    let mut composite = HashSet::new();
    for n in 2..1000u32 {
        for multiple in (n * n..1_000_000).step_by(n as usize) {
            composite.insert(multiple);
        }
    }
    let mut heap: BinaryHeap<u32> = (999_000..1_000_000).filter(|n| !composite.contains(n)).collect();
    let mut next = || heap.pop().unwrap();
    println!("heap {} {} {}", next(), next(), next());

    let mut words = BTreeMap::new();
    for word in "a be a sea be a".split(' ') {
        *words.entry(word).or_insert(0) += 1;
    }
    println!("words {words:?}");
    println!("text {} {} ß {} {}", "éàü".to_uppercase(), "ß".to_uppercase(), "éàü".chars().count(), "éàü".len());

    let mut deque: VecDeque<u32> = (0..8).collect();
    deque.rotate_left(5);
    deque.truncate(5);
    println!("deque {deque:?}");

    let sum = numbers(100_000).fold(1u32, |sum, n| sum.rotate_left(5) ^ n.wrapping_mul(0x9e37_79b9));
    println!("checksum {sum:08x}");
}
