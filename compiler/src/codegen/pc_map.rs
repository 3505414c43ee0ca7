//! A function's run of the PC map, from what Cranelift knows of its traps, calls and source locations.

use super::frame;
use crate::target::Target;
use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::{SourceLoc, TrapCode};
use elfin_abi::pc_map::{write_signed, write_unsigned};
use elfin_abi::trap::Trap;

/// The run of one function; its format is that of [`elfin_abi::pc_map`].
pub(super) fn build(target: Target, code: &CompiledCode) -> Vec<u8> {
    let locations = code.buffer.get_srclocs_sorted();
    let first = locations
        .iter()
        .map(|location| location.loc)
        .find(|location| !location.is_default());
    let function_offset = first.map_or(0, SourceLoc::bits);
    let prologue = frame::prologue(target, code.code_buffer());
    let mut run = Vec::new();
    write_unsigned(
        u64::from(prologue.unwrap_or(0)) << 1 | u64::from(prologue.is_none()),
        |byte| run.push(byte),
    );
    write_unsigned(u64::from(function_offset), |byte| run.push(byte));
    let (mut last_pc, mut last_offset) = (0, function_offset);
    for (pc, trap) in sites(code) {
        let at = locations.partition_point(|location| location.end <= pc);
        let location = locations
            .get(at)
            .filter(|location| location.start <= pc && !location.loc.is_default());
        let offset = location.map_or(last_offset, |location| location.loc.bits());
        write_unsigned(
            u64::from(pc - last_pc) << 1 | u64::from(trap != 0),
            |byte| run.push(byte),
        );
        if trap != 0 {
            run.push(trap);
        }
        write_signed(i64::from(offset) - i64::from(last_offset), |byte| {
            run.push(byte)
        });
        (last_pc, last_offset) = (pc, offset);
    }
    run
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
