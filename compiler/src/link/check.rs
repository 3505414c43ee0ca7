//! What an executable must satisfy, whichever linker made it: pinned sections lie where code expects them, and
//! nothing else lies in the address space of the state, the growable tables or the memories.

use crate::error::{Error, ErrorKind, Result};
use crate::object::Pinned;
use elfin_abi::address::GROWABLE_TABLES_BASE;
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, elf::FileHeader64};

/// A linker may round a segment's length up to the alignment of what could follow.
const LINKER_PADDING: u64 = 64;

/// Checks where an executable's segments lie.
pub(super) fn layout(executable: &[u8], pinned: &[Pinned]) -> Result<()> {
    let fail = |what: String| {
        Err(Error::new(
            ErrorKind::Internal,
            format!("the linker's layout is wrong: {what}"),
        ))
    };
    let segments = match segments(executable) {
        Ok(segments) => segments,
        Err(error) => return fail(error.to_string()),
    };
    for section in pinned {
        let end = section.address + section.len;
        if !segments
            .iter()
            .any(|segment| segment.start <= section.address && end <= segment.file_end)
        {
            return fail(format!("{} is not at {:#x}", section.name, section.address));
        }
    }
    for segment in &segments {
        if segment.is_writable && segment.is_executable {
            return fail(format!(
                "the segment at {:#x} is writable and executable",
                segment.start
            ));
        }
        if segment.end <= GROWABLE_TABLES_BASE {
            continue;
        }
        let is_pinned = |section: &Pinned| {
            section.address == segment.start
                && (section.address + section.len).next_multiple_of(LINKER_PADDING) >= segment.end
        };
        if !pinned.iter().any(is_pinned) {
            return fail(format!(
                "the segment from {:#x} to {:#x} lies where only the program's state and memory may",
                segment.start, segment.end
            ));
        }
    }
    Ok(())
}

/// A segment that the kernel maps.
struct Segment {
    start: u64,
    /// End of what comes from the file.
    file_end: u64,
    end: u64,
    is_writable: bool,
    is_executable: bool,
}

fn segments(executable: &[u8]) -> object::read::Result<Vec<Segment>> {
    let header = FileHeader64::<Endianness>::parse(executable)?;
    let endian = header.endian()?;
    let segments = header.program_headers(endian, executable)?.iter();
    let segments = segments
        .filter(|segment| segment.p_type(endian) == elf::PT_LOAD)
        .map(|segment| {
            let start = segment.p_vaddr(endian);
            Segment {
                start,
                file_end: start + segment.p_filesz(endian),
                end: start + segment.p_memsz(endian),
                is_writable: segment.p_flags(endian).contains(elf::PF_W),
                is_executable: segment.p_flags(endian).contains(elf::PF_X),
            }
        });
    Ok(segments.collect())
}
