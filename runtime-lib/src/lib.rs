//! The static archive that every executable made by elfin is linked with.
#![no_std]

#[cfg(test)]
extern crate std;

mod program;
mod start;
