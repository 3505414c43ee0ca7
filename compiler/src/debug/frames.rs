//! `.eh_frame`: how debuggers and profilers find the caller of each function. Not `.debug_frame`, which costs no memory but
//! which perf does not read on x86-64.

use super::sections::{Fixup, FixupTarget, Form, Section};
use crate::codegen::Function;
use crate::codegen::unwind::{ADDRESS_AT, SHARED_AT, shared};
use cranelift_codegen::isa::TargetIsa;

/// The section, with an entry for each function.
pub(super) fn write(isa: &dyn TargetIsa, functions: &[&Function]) -> Option<Section> {
    let mut bytes = shared(isa)?;
    let mut fixups = Vec::new();
    for (number, function) in functions.iter().enumerate() {
        let frame = function.debug.as_ref().map(|debug| &debug.frame[..]);
        let Some(frame) = frame.filter(|frame| !frame.is_empty()) else {
            continue;
        };
        let start = bytes.len();
        bytes.extend_from_slice(frame);
        let distance = (start + SHARED_AT) as u32;
        bytes[start + SHARED_AT..][..4].copy_from_slice(&distance.to_le_bytes());
        fixups.push(Fixup {
            at: (start + ADDRESS_AT) as u64,
            form: Form::Relative,
            target: FixupTarget::Function(number),
            addend: 0,
        });
    }
    Some(Section {
        id: gimli::SectionId::EhFrame,
        bytes,
        fixups,
    })
}
