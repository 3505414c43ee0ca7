//! The library's sorted maps: insertions, ranges, removals; and a heap, for the shortest paths in a graph.
//# set: small
//# count: 24
//# short: 1

use bench::{Checksum, Random, count};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

fn intervals(random: &mut Random, sum: &mut Checksum) {
    let mut map: BTreeMap<u32, u32> = BTreeMap::new();
    for _ in 0..120_000 {
        let start = random.below(1 << 24);
        match random.below(4) {
            0 => {
                let next = map.range(start..).next().map(|(key, _)| *key);
                if let Some(key) = next {
                    sum.add(u64::from(map.remove(&key).unwrap_or_default()));
                }
            }
            1 => {
                let near = map.range(start..start + 5_000).map(|(_, end)| *end);
                sum.add(near.fold(0, |all, end| all ^ u64::from(end)));
            }
            _ => {
                map.insert(start, start + random.below(1_000));
            }
        }
    }
    sum.add(map.values().map(|end| u64::from(*end)).sum());
}

fn shortest_paths(random: &mut Random, sum: &mut Checksum) {
    const NODES: u32 = 15_000;
    let edges: Vec<[(u32, u32); 5]> = (0..NODES)
        .map(|_| std::array::from_fn(|_| (random.below(NODES), 1 + random.below(1_000))))
        .collect();
    let mut distances = vec![u32::MAX; NODES as usize];
    let mut open = BinaryHeap::from([Reverse((0, 0))]);
    while let Some(Reverse((distance, node))) = open.pop() {
        if distance >= distances[node as usize] {
            continue;
        }
        distances[node as usize] = distance;
        for (to, length) in edges[node as usize] {
            if distance + length < distances[to as usize] {
                open.push(Reverse((distance + length, to)));
            }
        }
    }
    sum.add(distances.iter().map(|distance| u64::from(*distance)).sum());
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        intervals(&mut random, &mut sum);
        shortest_paths(&mut random, &mut sum);
    }
    sum.print();
}
