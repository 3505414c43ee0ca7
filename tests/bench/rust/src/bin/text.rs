//! Text in UTF-8: characters, words, lines, cases, searches, numbers parsed and written.
//# set: small
//# count: 110
//# short: 1

use bench::{Checksum, Random, count};
use std::fmt::Write;

const WORDS: [&str; 16] = [
    "naïve",
    "the",
    "Grüße",
    "αβγδ",
    "quick",
    "brown",
    "слово",
    "日本語",
    "fox",
    "jumps",
    "1234",
    "over",
    "ÉTÉ",
    "-77",
    "lazy",
    "🦊dog",
];

fn write_text(random: &mut Random) -> String {
    let mut text = String::new();
    for i in 1..20_000 {
        text.push_str(WORDS[random.below(16) as usize]);
        text.push(if i % 12 == 0 { '\n' } else { ' ' });
    }
    text
}

/// The words of a line, from the last to the first, every other one in capitals.
fn turn(line: &str, into: &mut String) {
    for (i, word) in line.split_whitespace().rev().enumerate() {
        if i % 2 == 0 {
            into.push_str(&word.to_uppercase());
        } else {
            into.extend(word.chars().rev());
        }
        into.push(' ');
    }
    into.push('\n');
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    let mut text = write_text(&mut random);
    for round in 0..count() {
        let (mut letters, mut numbers) = (0u64, 0i64);
        for character in text.chars() {
            letters += u64::from(character.is_alphabetic()) + u64::from(character.is_lowercase());
        }
        for word in text.split(' ') {
            numbers = numbers.wrapping_add(word.trim().parse::<i64>().unwrap_or(1));
        }
        let foxes = text.matches("fox jumps").count() + text.matches("слово").count();
        let mut turned = String::new();
        for line in text.lines() {
            turn(line, &mut turned);
        }
        let mut table = String::new();
        for (place, character) in text.char_indices().step_by(50) {
            let part = place as f64 / text.len() as f64;
            writeln!(table, "{place:>8} {character:?} {part:.3} {round:#x}").expect("into memory");
        }
        sum.add(letters);
        sum.add(numbers as u64);
        sum.add(foxes as u64);
        sum.bytes(turned.as_bytes());
        sum.bytes(table.as_bytes());
        text = write_text(&mut random);
    }
    sum.print();
}
