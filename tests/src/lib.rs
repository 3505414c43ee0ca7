//! The harness of elfin's suites: a case is a file whose header says how to build, compile and run it, and what must
//! come out. See README.md beside this crate for the directives.
//!
//! ```text
//! cases/ --directives--> Case --guest--> wasm --elfin--> executable --execute--> Outcome --check--> verdict
//! ```

#![forbid(unsafe_code)]

pub mod bench;
pub mod bless;
pub mod bpf;
pub mod calls;
pub mod case;
pub mod check;
pub mod conformance;
pub mod cpp;
pub mod directives;
pub mod elfin;
pub mod execute;
pub mod fuzz;
pub mod generated;
pub mod guest;
pub mod intruder;
pub mod machine;
pub mod mutate;
pub mod namespace;
pub mod place;
pub mod planted;
pub mod pointers;
pub mod reference;
pub mod spec;
pub mod suite;
pub mod terminal;
pub mod words;
