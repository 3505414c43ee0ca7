//! What debuggers are told of a function's machine code: where it comes from, and how to find its caller.

use crate::error::{Error, ErrorKind, Result};
use crate::translate::Locations;
use cranelift_codegen::CompiledCode;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::isa::unwind::{UnwindInfo, systemv};

/// What Cranelift knows of a function, besides its code.
#[derive(Debug)]
pub struct DebugInfo {
    /// Where the machine code of an instruction begins, in bytes from the start of the function, and the offset of the
    /// instruction in the module, or of the call in whose place a function was put; in ascending order of the first.
    pub locations: Vec<(u32, u32)>,
    /// How its frame is set up.
    pub unwind: Option<systemv::UnwindInfo>,
}

/// Gathers it, if the machine is asked for unwind information.
pub(super) fn info(
    isa: &dyn TargetIsa,
    code: &CompiledCode,
    locations: &Locations,
) -> Result<Option<DebugInfo>> {
    if !isa.flags().unwind_info() {
        return Ok(None);
    }
    let unwind = code.create_unwind_info(isa).map_err(|error| {
        let message = format!("Cranelift can't describe a frame: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    let runs = code.buffer.get_srclocs_sorted().iter();
    let located = runs.filter_map(|run| Some((run.start, locations.site(run.loc)?)));
    Ok(Some(DebugInfo {
        locations: located
            .map(|(start, site)| (start, locations.own_offset(site)))
            .collect(),
        unwind: match unwind {
            Some(UnwindInfo::SystemV(unwind)) => Some(unwind),
            _ => None,
        },
    }))
}
