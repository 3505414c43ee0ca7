//! The lines of a report that name files and lines, and what was inlined. Only an executable with debug information
//! refers to this.
//!
//! ```text
//!    0: 0x1a2b  shape::divide
//!                 at src/shape.rs:3:5
//!               inlined into shape::area
//!                 at src/shape.rs:9:14
//! ```
//!
//! # Safety
//!
//! The compiler wrote the address of the [`Sources`].
#![allow(unsafe_code)]

use super::lookup::Frame;
use super::report::{function_name, position};
use crate::message::Message;
use crate::program::elements;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::Program;
use elfin_abi::pc_map::read_name;
use elfin_abi::sources::{FunctionRun, Place, Site, Sources};

/// What the program says of its sources.
pub(super) fn sources(program: &'static Program) -> Option<&'static Sources> {
    let sources = with_exposed_provenance::<Sources>(program.sources as usize);
    // SAFETY: null, or read-only data of this executable.
    unsafe { sources.as_ref() }
}

/// [`elfin_abi::host::intrinsic::REPORT_SOURCE`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(super) fn elfin_report_source(
    message: &mut Message,
    program: &'static Program,
    index: usize,
    frame: &Frame,
) {
    position(message, index, frame);
    let sources = sources(program);
    let found = sources.and_then(|sources| Some((sources, find(sources, frame)?)));
    let Some((sources, (run, site))) = found else {
        function_name(message, program, frame);
        message.byte(b'\n');
        return;
    };
    let (mut scope, mut place) = (site.scope, site.place);
    while let Some(inlined) = run.scope(scope) {
        message.foreign(string(sources, inlined.name));
        at(message, sources, place);
        message.text("              inlined into ");
        (scope, place) = (inlined.parent, inlined.call);
    }
    function_name(message, program, frame);
    at(message, sources, place);
}

/// The run of the frame's function, and its site there.
fn find(sources: &'static Sources, frame: &Frame) -> Option<(FunctionRun<'static>, Site)> {
    let functions = elements(&sources.functions);
    let next = functions.partition_point(|function| function.wasm_offset <= frame.start);
    let function = functions.get(next.checked_sub(1)?)?;
    if function.wasm_offset != frame.start {
        return None;
    }
    let runs = elements(&sources.runs);
    let end = functions
        .get(next)
        .map_or(runs.len(), |next| next.run as usize);
    let run = FunctionRun::new(function.wasm_offset, runs.get(function.run as usize..end)?)?;
    let site = run.find(frame.wasm_offset)?;
    Some((run, site))
}

/// Ends the line, and adds one with the place where it is known.
fn at(message: &mut Message, sources: &'static Sources, place: Place) {
    message.byte(b'\n');
    if place.line == 0 {
        return;
    }
    message.text("                at ");
    message.foreign(string(sources, place.file));
    message.byte(b':').decimal(place.line.into());
    if place.column != 0 {
        message.byte(b':').decimal(place.column.into());
    }
    message.byte(b'\n');
}

fn string(sources: &'static Sources, offset: u32) -> &'static [u8] {
    let strings = elements(&sources.strings);
    strings
        .get(offset as usize..)
        .and_then(read_name)
        .unwrap_or(&[])
}
