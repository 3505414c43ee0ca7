//! Modules whose functions are generated and leave their results in the memory.

use std::fmt::Write;
use std::ops::Range;

/// Where the module says what it writes, a `ciovec`, and gets to know how much was written: nothing else may lie there.
const WRITTEN: [usize; 3] = [128, 132, 136];

/// A module in the text format that calls the functions `$f0`, `$f1` and so on, `count` of them, and then writes the bytes
/// of its memory in `results` to its output. They are part of `definitions`, as are the data that they begin with; they can
/// call `$yield`, of which a compiler does not know that it changes nothing.
pub fn module(definitions: &str, count: usize, results: Range<usize>) -> String {
    let pages = results.end.div_ceil(65536);
    let mut calls = String::new();
    for number in 0..count {
        writeln!(calls, " (call $f{number})").expect("a string takes everything");
    }
    let (start, length) = (results.start, results.len());
    let [place, size, written] = WRITTEN;
    format!(
        "(module
(import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))
(import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))
(memory (export \"memory\") {pages})
{definitions}
(func (export \"_start\")
{calls} (i32.store (i32.const {place}) (i32.const {start}))
 (i32.store (i32.const {size}) (i32.const {length}))
 (drop (call $write (i32.const 1) (i32.const {place}) (i32.const 1) (i32.const {written})))))"
    )
}

/// A data segment in the text format, from this place on.
pub fn data(place: usize, bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes = bytes.into_iter();
    let bytes: String = bytes.map(|byte| format!("\\{byte:02x}")).collect();
    format!("(data (i32.const {place}) \"{bytes}\")\n")
}
