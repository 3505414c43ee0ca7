//! Calls that an aarch64 branch may not reach: 128 MB to either side.
//!
//! Where a program's code is longer than that, every call that leaves its text section goes through a thunk at the
//! section's end: the address is made in x16, which procedure calls leave to linkers, and jumped to. libwild places
//! thunks of its own only between objects, for sections of the least alignment, and this program is one object.

use super::text::local_label;
use super::{Builder, internal};
use crate::codegen::Function;
use crate::error::Result;
use crate::translate::Symbol;
use object::RelocationFlags;
use object::elf::{self, RelocationType};
use object::write::{Relocation, SectionId, SymbolId};
use std::collections::{HashMap, HashSet};

/// adrp x16, target; add x16, x16, :lo12:target; br x16
const CODE: [u32; 3] = [0x9000_0010, 0x9100_0210, 0xd61f_0200];

/// The thunks of one text section.
pub(super) struct Thunks {
    section: SectionId,
    /// What the section itself defines.
    near: HashSet<Symbol>,
    thunks: HashMap<Symbol, SymbolId>,
}

impl Thunks {
    /// For a section that holds these functions.
    pub(super) fn new(section: SectionId, functions: &[Function]) -> Self {
        Self {
            section,
            near: functions.iter().map(|function| function.symbol).collect(),
            thunks: HashMap::new(),
        }
    }

    /// What a call of `symbol` branches to: itself, or a thunk, which is appended to the section's `code` if it is not
    /// there yet.
    pub(super) fn target(
        &mut self,
        builder: &mut Builder<'_>,
        code: &mut Vec<u8>,
        symbol: Symbol,
    ) -> Result<SymbolId> {
        let target = builder.symbol(symbol);
        if self.near.contains(&symbol) {
            return Ok(target);
        }
        if let Some(thunk) = self.thunks.get(&symbol) {
            return Ok(*thunk);
        }
        code.resize(code.len().next_multiple_of(4), 0);
        let start = code.len() as u64;
        code.extend(
            CODE.iter()
                .flat_map(|instruction| instruction.to_le_bytes()),
        );
        let halves = [
            elf::R_AARCH64_ADR_PREL_PG_HI21,
            elf::R_AARCH64_ADD_ABS_LO12_NC,
        ];
        for (offset, r_type) in [start, start + 4].into_iter().zip(halves) {
            self.relocate(builder, offset, target, r_type)?;
        }
        let thunk = local_label(builder, self.section, start);
        self.thunks.insert(symbol, thunk);
        Ok(thunk)
    }

    fn relocate(
        &self,
        builder: &mut Builder<'_>,
        offset: u64,
        symbol: SymbolId,
        r_type: RelocationType,
    ) -> Result<()> {
        let flags = RelocationFlags::Elf { r_type };
        let relocation = Relocation {
            offset,
            symbol,
            addend: 0,
            flags,
        };
        builder
            .object
            .add_relocation(self.section, relocation)
            .map_err(internal)
    }
}

/// Whether a relocation is that of a call.
pub(super) fn is_call(r_type: RelocationType) -> bool {
    r_type == elf::R_AARCH64_CALL26
}
