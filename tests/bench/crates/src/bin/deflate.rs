//! `miniz_oxide`: deflate and inflate, on text and on numbers.
//# set: small
//# count: 39
//# short: 1

use bench::{Checksum, Random, count};
use miniz_oxide::{deflate::compress_to_vec_zlib, inflate::decompress_to_vec_zlib};

/// Sentences of a grammar, in which words return, and a table of numbers that grow slowly.
fn write_data(random: &mut Random) -> Vec<u8> {
    const SUBJECTS: [&str; 6] = [
        "the compiler",
        "a linker",
        "an engine",
        "she",
        "nobody",
        "the machine",
    ];
    const VERBS: [&str; 5] = ["reads", "translates", "throws away", "measures", "keeps"];
    const OBJECTS: [&str; 7] = [
        "functions",
        "a module",
        "memory",
        "tables",
        "the result",
        "bytes",
        "code",
    ];
    let mut data = String::new();
    let mut total = 0;
    for _ in 0..6_000 {
        data.push_str(SUBJECTS[random.below(6) as usize]);
        data.push(' ');
        data.push_str(VERBS[random.below(5) as usize]);
        data.push(' ');
        data.push_str(OBJECTS[random.below(7) as usize]);
        total += random.below(300);
        data.push_str(&format!(" {total};\n"));
    }
    data.into_bytes()
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for round in 0..count() {
        let data = write_data(&mut random);
        let small = compress_to_vec_zlib(&data, if round % 2 == 0 { 6 } else { 9 });
        let again = decompress_to_vec_zlib(&small).expect("it was just compressed");
        assert!(again == data, "what comes out is what went in");
        sum.add(small.len() as u64);
        sum.bytes(&small);
    }
    sum.print();
}
