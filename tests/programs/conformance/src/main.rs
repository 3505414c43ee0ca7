//! Runs the cases of one area: `conformance AREA`. Prints a line a case, `ok NAME` or `FAIL NAME -- WHY`, which the suite
//! compares with the names in the source. `conformance exit STATUS`, `conformance raise SIGNAL` and
//! `conformance trap` end at once.

mod arguments;
mod case;
mod clocks;
mod closed;
mod datagram;
mod descriptors;
mod directories;
mod disk;
mod errno;
mod files;
mod full;
mod input;
mod limited;
mod links;
mod open;
mod pipe;
mod planted;
mod poll;
mod raw;
mod read_only;
mod sockets;
mod terminal;
mod times;
mod unstable;
mod wasi;

use case::{Case, World};
use raw::Lie;

/// The areas; a file of the same name has the cases.
const AREAS: &[(&str, &[Case])] = &[
    ("arguments", arguments::CASES),
    ("clocks", clocks::CASES),
    ("closed", closed::CASES),
    ("datagram", datagram::CASES),
    ("descriptors", descriptors::CASES),
    ("directories", directories::CASES),
    ("disk", disk::CASES),
    ("errno", errno::CASES),
    ("files", files::CASES),
    ("full", full::CASES),
    ("input", input::CASES),
    ("limited", limited::CASES),
    ("links", links::CASES),
    ("open", open::CASES),
    ("pipe", pipe::CASES),
    ("planted", planted::CASES),
    ("poll", poll::CASES),
    ("read_only", read_only::CASES),
    ("sockets", sockets::CASES),
    ("terminal", terminal::CASES),
    ("times", times::CASES),
    ("unstable", unstable::CASES),
];

/// Written by the suite when a function is to lie: `idle FUNCTION` or `absent FUNCTION`.
const LIE: &str = "/other/lie";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let lie = std::fs::read_to_string(LIE).unwrap_or_default();
    match lie.split_once(' ') {
        Some(("idle", function)) => raw::tell(Lie::Idle(function.into())),
        Some((_, function)) => raw::tell(Lie::Absent(function.into())),
        None => {}
    }
    let number = || {
        arguments
            .get(1)
            .and_then(|number| number.parse().ok())
            .unwrap_or(99)
    };
    let area = arguments.first().map_or("", String::as_str);
    match area {
        "exit" => raw::proc_exit(number()),
        "trap" => std::arch::wasm32::unreachable(),
        "raise" => return println!("came back: {:?}", wasi::raise(number())),
        _ => {}
    }
    let Some((_, cases)) = AREAS.iter().find(|(name, _)| *name == area) else {
        println!("FAIL area -- there is none of the name `{area}`");
        std::process::exit(2);
    };
    for (number, case) in cases.iter().enumerate() {
        match World::new(format!("case-{number}")) {
            Ok(world) => report(case, (case.run)(&world)),
            Err(errno) => println!("FAIL {} -- no directory: {errno:?}", case.name),
        }
    }
}

fn report(case: &Case, outcome: case::Outcome) {
    match outcome {
        Ok(()) => println!("ok {}", case.name),
        Err(why) => println!("FAIL {} -- {}", case.name, why.0),
    }
}
