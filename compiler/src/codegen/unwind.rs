//! How debuggers and profilers find the caller of a function: an entry of `.eh_frame`, from what Cranelift says of the
//! function's prologue.

use crate::error::{Error, ErrorKind, Result};
use cranelift_codegen::CompiledCode;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::isa::unwind::UnwindInfo;
use gimli::LittleEndian;
use gimli::write::{Address, CommonInformationEntry, EhFrame, EndianVec, FrameTable};

/// Where an entry has the distance to what all entries share, and where the address of its function goes in.
pub const SHARED_AT: usize = 4;
pub const ADDRESS_AT: usize = 8;
/// Where it has the length of the function.
const LENGTH_AT: usize = 12;
/// Where it has what instructions do to the frame, behind an empty augmentation.
const INSTRUCTIONS_AT: usize = 17;

/// What all entries of a target share, which comes first in the section.
pub fn shared(isa: &dyn TargetIsa) -> Option<Vec<u8>> {
    let mut table = FrameTable::default();
    let shared = table.add_cie(entry_format(isa)?);
    // It is written with the first entry that refers to it.
    let empty = gimli::write::FrameDescriptionEntry::new(Address::Constant(0), 0);
    table.add_fde(shared, empty);
    let mut bytes = write(&table);
    bytes.truncate(first_len(&bytes));
    Some(bytes)
}

/// The entry of a function, without the function's address; nothing if Cranelift knows none.
pub(super) fn frame(isa: &dyn TargetIsa, code: &CompiledCode) -> Result<Vec<u8>> {
    let unwind = code.create_unwind_info(isa).map_err(|error| {
        let message = format!("Cranelift can't describe a frame: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    let (Some(UnwindInfo::SystemV(unwind)), Some(format)) = (unwind, entry_format(isa)) else {
        return Ok(Vec::new());
    };
    let mut table = FrameTable::default();
    let shared = table.add_cie(format);
    table.add_fde(shared, unwind.to_fde(Address::Constant(0)));
    let bytes = write(&table);
    Ok(bytes[first_len(&bytes)..].to_vec())
}

/// Has an entry be that of a function of this length, which sets up its frame in the same bytes.
pub(super) fn set_len(frame: &mut [u8], len: u32) {
    if let Some(place) = frame.get_mut(LENGTH_AT..INSTRUCTIONS_AT - 1) {
        place.copy_from_slice(&len.to_le_bytes());
    }
}

/// Has an entry be that of a function without a frame.
pub(super) fn drop_frame(frame: &mut [u8]) {
    if let Some(instructions) = frame.get_mut(INSTRUCTIONS_AT..) {
        instructions.fill(gimli::DW_CFA_nop.0);
    }
}

fn entry_format(isa: &dyn TargetIsa) -> Option<CommonInformationEntry> {
    let mut format = isa.create_systemv_cie()?;
    // As other compilers have it: half as long, and the same wherever the executable lies.
    format.fde_address_encoding = gimli::DW_EH_PE_pcrel | gimli::DW_EH_PE_sdata4;
    Some(format)
}

fn write(table: &FrameTable) -> Vec<u8> {
    let mut frames = EhFrame(EndianVec::new(LittleEndian));
    let written = table.write_eh_frame(&mut frames);
    written.expect("Cranelift's frames can be written");
    frames.0.into_vec()
}

/// Bytes of what comes first in the section: a length, and what it says.
fn first_len(section: &[u8]) -> usize {
    let len = section
        .first_chunk()
        .expect("a section begins with a length");
    4 + u32::from_le_bytes(*len) as usize
}
