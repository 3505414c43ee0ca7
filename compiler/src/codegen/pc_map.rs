//! A function's run of the PC map, from its calls and the instructions that can trap.

use super::frame;
use super::machine_code::MachineCode;
use crate::target::Target;
use cranelift_codegen::ir::SourceLoc;
use elfin_abi::pc_map::{write_signed, write_unsigned};

/// The run of a function whose first source location is `base`; its format is that of [`elfin_abi::pc_map`].
pub(super) fn build(target: Target, code: &MachineCode, base: SourceLoc) -> Vec<u8> {
    let function_offset = if base.is_default() { 0 } else { base.bits() };
    let prologue = frame::prologue(target, &code.bytes);
    let mut run = Vec::new();
    write_unsigned(
        u64::from(prologue.unwrap_or(0)) << 1 | u64::from(prologue.is_none()),
        |byte| run.push(byte),
    );
    write_unsigned(u64::from(function_offset), |byte| run.push(byte));
    let (mut last_pc, mut last_offset) = (0, function_offset);
    for site in &code.sites {
        let offset = match site.location {
            Some(location) => location.absolute(base).bits(),
            None => last_offset,
        };
        write_unsigned(
            u64::from(site.pc - last_pc) << 1 | u64::from(site.trap != 0),
            |byte| run.push(byte),
        );
        if site.trap != 0 {
            run.push(site.trap);
        }
        write_signed(i64::from(offset) - i64::from(last_offset), |byte| {
            run.push(byte)
        });
        (last_pc, last_offset) = (site.pc, offset);
    }
    run
}
