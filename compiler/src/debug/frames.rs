//! `.debug_frame`: how debuggers and profilers find the caller of each function, from what Cranelift says of its
//! prologue.

use super::sections::Part;
use crate::codegen::CompiledFunction;
use cranelift_codegen::isa::TargetIsa;
use gimli::write::{Address, DebugFrame, FrameTable, Sections};

/// The section, with an entry for each function.
pub(super) fn write(isa: &dyn TargetIsa, functions: &[CompiledFunction]) -> Sections<Part> {
    let mut sections = Sections::new(Part::new());
    let mut table = FrameTable::default();
    let Some(cie) = isa.create_systemv_cie() else {
        return sections;
    };
    let cie = table.add_cie(cie);
    for (symbol, function) in functions.iter().enumerate() {
        let unwind = function
            .debug
            .as_ref()
            .and_then(|debug| debug.unwind.as_ref());
        if let Some(unwind) = unwind {
            let start = Address::Symbol { symbol, addend: 0 };
            table.add_fde(cie, unwind.to_fde(start));
        }
    }
    let mut frame = DebugFrame(Part::new());
    table
        .write_debug_frame(&mut frame)
        .expect("Cranelift's frames can be written");
    sections.debug_frame = frame;
    sections
}
