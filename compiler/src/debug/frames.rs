//! `.eh_frame`: how debuggers and profilers find the caller of each function, from what Cranelift says of its prologue.
//! Not `.debug_frame`, which costs no memory but which perf does not read on x86-64.

use super::sections::Part;
use crate::codegen::Function;
use cranelift_codegen::isa::TargetIsa;
use gimli::write::{Address, EhFrame, FrameTable, Sections};

/// The section, with an entry for each function.
pub(super) fn write(isa: &dyn TargetIsa, functions: &[&Function]) -> Sections<Part> {
    let mut sections = Sections::new(Part::new());
    let mut table = FrameTable::default();
    let Some(mut cie) = isa.create_systemv_cie() else {
        return sections;
    };
    // As other compilers have it: half as long, and the same wherever the executable lies.
    cie.fde_address_encoding = gimli::DW_EH_PE_pcrel | gimli::DW_EH_PE_sdata4;
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
    let mut frame = EhFrame(Part::new());
    table
        .write_eh_frame(&mut frame)
        .expect("Cranelift's frames can be written");
    sections.eh_frame = frame;
    sections
}
