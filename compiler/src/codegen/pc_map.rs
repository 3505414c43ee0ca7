//! A function's run of the PC map, from what Cranelift knows of its traps, calls and source locations.

use super::frame;
use crate::target::Target;
use crate::translate::{Locations, Site};
use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::TrapCode;
use elfin_abi::pc_map::{write_signed, write_unsigned};
use elfin_abi::trap::Trap;

/// The run of one function; its format is that of [`elfin_abi::pc_map`].
pub(super) fn build(target: Target, code: &CompiledCode, locations: &Locations) -> Vec<u8> {
    let prologue = frame::prologue(target, code.code_buffer());
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
    let runs = code.buffer.get_srclocs_sorted();
    let start = Site {
        offset: locations.start(),
        call: 0,
    };
    let (mut last_pc, mut last) = (0, start);
    for (pc, trap) in sites(code) {
        let at = runs.partition_point(|run| run.end <= pc);
        let found = runs.get(at).filter(|run| run.start <= pc);
        let site = found
            .and_then(|run| locations.site(run.loc))
            .unwrap_or(last);
        run.unsigned((pc - last_pc) << 1 | u32::from(trap != 0));
        if trap != 0 {
            run.bytes.push(trap);
        }
        run.offset(site.offset);
        if !locations.calls.is_empty() {
            run.unsigned(site.call);
        }
        (last_pc, last) = (pc, site);
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

/// PCs with their trap codes, 0 for none, in ascending order.
fn sites(code: &CompiledCode) -> Vec<(u32, u8)> {
    let traps = code
        .buffer
        .traps()
        .iter()
        .map(|trap| (trap.offset, code_of(trap.code)));
    let calls = code.buffer.call_sites().map(|site| (site.ret_addr - 1, 0));
    let mut sites: Vec<(u32, u8)> = traps.chain(calls).collect();
    sites.sort_unstable_by_key(|(pc, trap)| (*pc, std::cmp::Reverse(*trap)));
    sites.dedup_by_key(|(pc, _)| *pc);
    sites
}

/// The code that the runtime knows, 0 for accesses, whose meaning follows from the faulting address.
fn code_of(code: TrapCode) -> u8 {
    match code {
        TrapCode::HEAP_OUT_OF_BOUNDS | TrapCode::STACK_OVERFLOW => 0,
        TrapCode::INTEGER_OVERFLOW => Trap::IntegerOverflow as u8,
        TrapCode::INTEGER_DIVISION_BY_ZERO => Trap::IntegerDivideByZero as u8,
        TrapCode::BAD_CONVERSION_TO_INTEGER => Trap::InvalidConversionToInteger as u8,
        own => own.as_raw().get(),
    }
}
