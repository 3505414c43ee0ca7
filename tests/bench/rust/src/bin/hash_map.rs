//! The library's hash maps, with a hasher without a random key: numbers, strings, a cache that forgets.
//# set: small
//# count: 10
//# short: 1

use bench::{Checksum, Random, count};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher};

type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
type Set<K> = HashSet<K, BuildHasherDefault<DefaultHasher>>;

fn frequencies(random: &mut Random, sum: &mut Checksum) {
    let mut seen: Map<u64, u32> = Map::default();
    for _ in 0..200_000 {
        let number = random.bits() % 50_021;
        *seen.entry(number * number).or_default() += 1;
    }
    let most = seen.iter().map(|(key, times)| (*times, *key)).max();
    let (times, key) = most.expect("it is not empty");
    sum.add(key ^ u64::from(times));
}

fn words(random: &mut Random, sum: &mut Checksum) {
    let mut places: Map<String, Vec<u32>> = Map::default();
    for place in 0..60_000 {
        let word = format!("w{}", random.below(4_000) * random.below(9));
        places.entry(word).or_default().push(place);
    }
    for number in 0..30_000 {
        if let Some(found) = places.get(format!("w{number}").as_str()) {
            sum.add(u64::from(found[found.len() / 2]));
        }
    }
}

fn cache(random: &mut Random, sum: &mut Checksum) {
    let mut kept: Set<(u32, u32)> = Set::default();
    let mut order = std::collections::VecDeque::new();
    let mut hits = 0;
    for _ in 0..150_000 {
        let pair = (random.below(200), random.below(100));
        if kept.contains(&pair) {
            hits += 1;
            continue;
        }
        kept.insert(pair);
        order.push_back(pair);
        if order.len() > 4_000 {
            kept.remove(&order.pop_front().expect("it is not empty"));
        }
    }
    sum.add(hits);
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        frequencies(&mut random, &mut sum);
        words(&mut random, &mut sum);
        cache(&mut random, &mut sum);
    }
    sum.print();
}
