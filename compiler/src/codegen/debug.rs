//! What debuggers are told of a function's machine code: where it comes from, and how to find its caller.

use super::machine_code::MachineCode;
use crate::translate::Locations;
use cranelift_codegen::ir::SourceLoc;

/// What is known of a function, besides its code.
#[derive(Debug)]
pub struct DebugInfo {
    /// Where the machine code of an instruction begins, in bytes from the start of the function, and the offset of the
    /// instruction in the module, or of the call in whose place a function was put; in ascending order of the first.
    pub locations: Vec<(u32, u32)>,
    /// How its frame is set up: an entry of `.eh_frame` as [`super::unwind`] makes it, empty if there is none.
    pub frame: Vec<u8>,
}

/// Gathers it for a function with these locations, the first of which is `base`, if its machine code comes with it.
pub(super) fn info(
    code: &mut MachineCode,
    base: SourceLoc,
    locations: &Locations,
) -> Option<DebugInfo> {
    let debug = code.debug.take()?;
    let runs = debug.locations.into_iter();
    let located = runs.filter_map(|(start, location)| {
        let site = locations.site(location.absolute(base))?;
        Some((start, locations.own_offset(site)))
    });
    Some(DebugInfo {
        locations: located.collect(),
        frame: debug.frame,
    })
}
