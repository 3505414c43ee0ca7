//# set: small
//# count: 150
//# short: 1
//! `lz4_flex`, without unsafe code: matches found by hashes, copied byte by byte or in blocks.

use bench::{Checksum, Random, count};

/// Records with fields that repeat, and bytes that don't.
fn write_data(random: &mut Random) -> Vec<u8> {
    let mut data = Vec::new();
    for record in 0u32..12_000 {
        data.extend_from_slice(b"record=");
        data.extend_from_slice(&record.to_le_bytes());
        data.extend_from_slice(&random.bits().to_le_bytes());
        data.extend(std::iter::repeat_n(record as u8, random.below(40) as usize));
    }
    data
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let data = write_data(&mut random);
        let small = lz4_flex::compress_prepend_size(&data);
        for _ in 0..3 {
            let again = lz4_flex::decompress_size_prepended(&small).expect("it was just compressed");
            assert!(again == data, "what comes out is what went in");
        }
        sum.add(small.len() as u64);
        sum.bytes(&small[..100]);
    }
    sum.print();
}
