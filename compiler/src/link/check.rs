//! What an executable must satisfy, whichever linker made it: the state lies where code expects it, the images where
//! they belong, and nothing else lies in the address space of the state, the growable tables or the memories.

use crate::error::{Error, ErrorKind, Result};
use crate::object::MappedImage;
use elfin_abi::address::{GROWABLE_TABLES_BASE, IMAGE_BASE, STATE_BASE, STATE_END};
use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader};

/// Checks where an executable's segments lie. `state_len` is the number of bytes of state.
pub(super) fn layout(executable: &[u8], state_len: u64, images: &[MappedImage]) -> Result<()> {
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
    let mut rest = Vec::new();
    for segment in segments {
        if segment.is_writable && segment.is_executable {
            return fail(format!(
                "the segment at {:#x} is writable and executable",
                segment.start
            ));
        }
        if segment.start < GROWABLE_TABLES_BASE && segment.end > GROWABLE_TABLES_BASE {
            let message = format!(
                "the executable's code and data need {} MiB, more than the {} MiB that elfin has room for",
                (segment.end - IMAGE_BASE) >> 20,
                (GROWABLE_TABLES_BASE - IMAGE_BASE) >> 20
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        if segment.end > GROWABLE_TABLES_BASE {
            rest.push(segment);
        }
    }
    // The runtime's own zero-initialised data lies behind the state.
    let Some((state, rest)) = rest.split_first() else {
        return fail("there is no state".to_owned());
    };
    if state.start != STATE_BASE || state.file_end < STATE_BASE + state_len || state.end > STATE_END
    {
        return fail(format!(
            "the state lies from {:#x} to {:#x}",
            state.start, state.end
        ));
    }
    let fits = |(segment, image): (&Segment, &MappedImage)| {
        segment.start == image.address && segment.end == image.address + image.len
    };
    match rest.iter().zip(images).find(|pair| !fits(*pair)) {
        Some((segment, _)) => fail(format!("no memory image belongs to {:#x}", segment.start)),
        None if rest.len() == images.len() => Ok(()),
        None => fail(format!(
            "{} segments stand for {} memory images",
            rest.len(),
            images.len()
        )),
    }
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
    let mut segments: Vec<Segment> = segments.collect();
    segments.sort_by_key(|segment| segment.start);
    Ok(segments)
}
