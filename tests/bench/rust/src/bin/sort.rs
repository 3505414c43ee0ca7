//! The library's sorts, stable and unstable: numbers, strings, records by a key, then a search for each.
//# set: small
//# count: 20
//# short: 1

use bench::{Checksum, Random, count};

#[derive(Clone)]
struct Record {
    name: String,
    score: f64,
    group: u32,
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let mut numbers: Vec<u64> = (0..200_000).map(|_| random.bits()).collect();
        numbers.sort_unstable();
        let mut nearly: Vec<u32> = (0..200_000).collect();
        for _ in 0..500 {
            nearly.swap(
                random.below(200_000) as usize,
                random.below(200_000) as usize,
            );
        }
        nearly.sort();
        let mut records: Vec<Record> = (0..30_000)
            .map(|_| Record {
                name: format!("{:x}", random.below(1 << 24)),
                score: random.unit(),
                group: random.below(100),
            })
            .collect();
        records.sort_by(|a, b| a.score.total_cmp(&b.score));
        records.sort_by_key(|record| record.group);
        sum.bytes(records[1234].name.as_bytes());
        records.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        for _ in 0..50_000 {
            let wanted = random.bits();
            let place = numbers.binary_search(&wanted).unwrap_or_else(|place| place);
            sum.add(place as u64);
        }
        sum.bytes(records[4321].name.as_bytes());
        sum.add(u64::from(nearly[77]));
    }
    sum.print();
}
