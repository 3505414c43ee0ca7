//! The `regex` crate on a log: literals, alternatives, classes, captures, replacements.
//# set: small
//# count: 20
//# short: 1

use bench::{Checksum, Random, count};
use regex::Regex;
use std::fmt::Write;

fn write_log(random: &mut Random) -> String {
    const LEVELS: [&str; 4] = ["INFO", "WARN", "ERROR", "DEBUG"];
    const NAMES: [&str; 5] = ["sherlock", "watson", "moriarty", "irene.adler", "mycroft"];
    let mut log = String::new();
    for _ in 0..2_000 {
        let (a, b, c) = (random.below(256), random.below(256), random.below(60));
        let level = LEVELS[random.below(4) as usize];
        let name = NAMES[random.below(5) as usize];
        let took = random.below(90_000);
        writeln!(
            log,
            "2031-{:02}-{:02}T12:{c:02}:07 {level} 10.0.{a}.{b} {name}@baker{a}.example.org \
             GET /street/221b/{name}?page={b} took {took} µs",
            1 + c % 12,
            1 + a % 28,
        )
        .expect("into memory");
    }
    log
}

fn main() {
    let pattern = |source| Regex::new(source).expect("it is a regular expression");
    let counted = [
        pattern(r"ERROR|WARN"),
        pattern(r"(?i)\bSHERLOCK\b"),
        pattern(r"[a-z.]+@[a-z0-9.-]+\.org"),
        pattern(r"\d{1,3}(?:\.\d{1,3}){3}"),
        pattern(r"took [1-9]\d{4} µs$"),
        pattern(r"(?m)^.*moriarty.*page=\d\b.*$"),
    ];
    let date = pattern(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})T");
    let split = pattern(r"[ /?=@]+");
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let log = write_log(&mut random);
        for pattern in &counted {
            sum.add(
                pattern
                    .find_iter(&log)
                    .map(|found| found.len() as u64)
                    .sum(),
            );
        }
        let days: u64 = date
            .captures_iter(&log)
            .filter_map(|found| found["day"].parse::<u64>().ok())
            .sum();
        sum.add(days);
        sum.bytes(date.replace_all(&log, "$day.$month.$year ").as_bytes());
        sum.add(
            log.lines()
                .map(|line| split.split(line).count() as u64)
                .sum(),
        );
    }
    sum.print();
}
