//! What debuggers are told of a function's machine code: where it comes from, and how to find its caller.

use super::machine_code::MachineCode;
use cranelift_codegen::ir::SourceLoc;

/// What is known of a function, besides its code.
#[derive(Debug)]
pub struct DebugInfo {
    /// Where the machine code of an instruction begins, in bytes from the start of the function, and the offset of the
    /// instruction in the module; in ascending order of the first.
    pub locations: Vec<(u32, u32)>,
    /// How its frame is set up: an entry of `.eh_frame` as [`super::unwind`] makes it, empty if there is none.
    pub frame: Vec<u8>,
}

/// Gathers it for a function whose first source location is `base`, if its machine code comes with it.
pub(super) fn info(code: &mut MachineCode, base: SourceLoc) -> Option<DebugInfo> {
    let debug = code.debug.take()?;
    let locations = debug.locations.into_iter();
    Some(DebugInfo {
        locations: locations
            .map(|(start, location)| (start, location.absolute(base).bits()))
            .collect(),
        frame: debug.frame,
    })
}
