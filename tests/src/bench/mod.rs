//! The programs of `bench/`, as elfin compiles them, in comparison with the same programs as native executables and in
//! other runtimes: how many times as much CPU time they take.
//!
//! ```text
//! bench/ --corpus--> Program --build--> Subject (module, executable) --measure--> seconds --table--> ratios
//! ```

pub mod build;
pub mod clang;
pub mod corpus;
pub mod debian;
pub mod measure;
pub mod table;
