//! A function's run of the PC map, from its calls and the instructions that can trap.

use super::frame;
use super::machine_code::MachineCode;
use crate::target::Target;
use crate::translate::{Locations, Site};
use cranelift_codegen::ir::SourceLoc;
use elfin_abi::pc_map::{write_signed, write_unsigned};

/// The run of a function with these locations, the first of which is `base`; its format is that of
/// [`elfin_abi::pc_map`].
pub(super) fn build(
    target: Target,
    code: &MachineCode,
    base: SourceLoc,
    locations: &Locations,
) -> Vec<u8> {
    let prologue = frame::prologue(target, &code.bytes);
    let mut run = Run {
        bytes: Vec::new(),
        offset: locations.start(),
    };
    run.unsigned(prologue.unwrap_or(0) << 1 | u32::from(prologue.is_none()));
    run.unsigned(locations.start());
    run.unsigned(locations.calls.len() as u32);
    for call in &locations.calls {
        run.unsigned(call.callee.as_u32());
        run.unsigned(call.site.call);
        run.offset(call.site.offset);
    }
    let start = Site {
        offset: locations.start(),
        call: 0,
    };
    let (mut last_pc, mut last) = (0, start);
    for site in &code.sites {
        let location = site.location.map(|location| location.absolute(base));
        let from = location.and_then(|location| locations.site(location));
        let from = from.unwrap_or(last);
        run.unsigned((site.pc - last_pc) << 1 | u32::from(site.trap != 0));
        if site.trap != 0 {
            run.bytes.push(site.trap);
        }
        run.offset(from.offset);
        if !locations.calls.is_empty() {
            run.unsigned(from.call);
        }
        (last_pc, last) = (site.pc, from);
    }
    run.bytes
}

/// A run while it is written.
struct Run {
    bytes: Vec<u8>,
    /// The offset of the module that was written last.
    offset: u32,
}

impl Run {
    fn unsigned(&mut self, value: u32) {
        write_unsigned(value.into(), |byte| self.bytes.push(byte));
    }

    /// An offset of the module, as its difference from the one before.
    fn offset(&mut self, offset: u32) {
        let difference = i64::from(offset) - i64::from(self.offset);
        write_signed(difference, |byte| self.bytes.push(byte));
        self.offset = offset;
    }
}
