//! WebAssembly's own test suite: each `.wast` script becomes a native executable that performs its assertions.
//!
//! ```text
//! sources --prepare--> Plan --native--> executable of a target --> a verdict a step
//!                       \---refuse--> `elfin compile` of each invalid module --> a verdict
//! ```
//!
//! Nothing is evaluated here: the executable compares, and the command refuses. This side translates the directives,
//! sees to it that each is performed or stands in the list of skips, and counts.

pub mod encode;
pub mod features;
pub mod flip;
pub mod form;
pub mod instances;
pub mod judge;
pub mod kind;
pub mod link;
pub mod native;
pub mod pattern;
pub mod plan;
pub mod planner;
pub mod refuse;
pub mod script;
pub mod skips;
pub mod sources;
pub mod spectest;
pub mod totals;
pub mod trap;
