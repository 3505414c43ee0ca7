//! Cranelift's relocations, and addresses in data, as those of ELF.

use crate::target::Target;
use cranelift_codegen::binemit::Reloc;
use object::elf::{self, RelocationType};

/// The ELF type of a relocation that Cranelift emits for code of an executable; `None` for the kinds that such
/// code never has.
pub(super) fn of_code(target: Target, kind: Reloc) -> Option<RelocationType> {
    Some(match (target, kind) {
        (Target::X86_64, Reloc::X86PCRel4) => elf::R_X86_64_PC32,
        (Target::X86_64, Reloc::X86CallPCRel4) => elf::R_X86_64_PLT32,
        (Target::Aarch64, Reloc::Arm64Call) => elf::R_AARCH64_CALL26,
        (Target::Aarch64, Reloc::Aarch64AdrPrelPgHi21) => elf::R_AARCH64_ADR_PREL_PG_HI21,
        (Target::Aarch64, Reloc::Aarch64AddAbsLo12Nc) => elf::R_AARCH64_ADD_ABS_LO12_NC,
        (Target::Riscv64, Reloc::RiscvCallPlt) => elf::R_RISCV_CALL_PLT,
        (Target::Riscv64, Reloc::RiscvPCRelHi20) => elf::R_RISCV_PCREL_HI20,
        (Target::Riscv64, Reloc::RiscvPCRelLo12I) => elf::R_RISCV_PCREL_LO12_I,
        (Target::X86_64, Reloc::Abs4) => elf::R_X86_64_32S,
        (_, Reloc::Abs8) => of_address(target, false),
        _ => return None,
    })
}

/// The ELF type of the distance of an address from the place where it goes in, 4 bytes.
pub(super) fn of_distance(target: Target) -> RelocationType {
    match target {
        Target::X86_64 => elf::R_X86_64_PC32,
        Target::Aarch64 => elf::R_AARCH64_PREL32,
        Target::Riscv64 => elf::R_RISCV_32_PCREL,
    }
}

/// The ELF type of an absolute address of 8 bytes, or 4.
pub(super) fn of_address(target: Target, is_short: bool) -> RelocationType {
    match (target, is_short) {
        (Target::X86_64, false) => elf::R_X86_64_64,
        (Target::X86_64, true) => elf::R_X86_64_32,
        (Target::Aarch64, false) => elf::R_AARCH64_ABS64,
        (Target::Aarch64, true) => elf::R_AARCH64_ABS32,
        (Target::Riscv64, false) => elf::R_RISCV_64,
        (Target::Riscv64, true) => elf::R_RISCV_32,
    }
}
