//! Initial contents of linear memories become segments of an executable that a linker has made.
//!
//! They have no relocations, so no linker needs to see them; here each costs no more of the file than the alignment of
//! one page. The table of program headers moves to the end of the file, where it can grow.

use crate::object::MappedImage;
use crate::target::Target;
use object::elf::{self, FileHeader64, ProgramHeader64};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, U32, U64, pod};

/// Where the header keeps the offset of the program headers and their number.
const E_PHOFF: usize = std::mem::offset_of!(FileHeader64<Endianness>, e_phoff);
const E_PHNUM: usize = std::mem::offset_of!(FileHeader64<Endianness>, e_phnum);

/// Appends a segment for each image. Fails on what is no ELF file.
pub(super) fn append(
    executable: &mut Vec<u8>,
    images: &[MappedImage],
    target: Target,
) -> object::read::Result<()> {
    if images.is_empty() {
        return Ok(());
    }
    let page_size = target.page_size() as usize;
    let endian = Endianness::Little;
    let header = FileHeader64::<Endianness>::parse(&executable[..])?;
    let mut headers: Vec<ProgramHeader64<Endianness>> =
        header.program_headers(endian, &executable[..])?.to_vec();
    // The table leaves the segment that this entry says it lies in.
    headers.retain(|header| header.p_type(endian) != elf::PT_PHDR);
    let loads = headers
        .iter()
        .rposition(|header| header.p_type(endian) == elf::PT_LOAD)
        .map_or(0, |last| last + 1);
    let mut added = Vec::with_capacity(images.len());
    for image in images {
        let offset = executable.len().next_multiple_of(page_size);
        executable.resize(offset, 0);
        executable.extend_from_slice(&image.bytes);
        added.push(ProgramHeader64 {
            p_type: U32::new(endian, elf::PT_LOAD),
            p_flags: U32::new(endian, elf::PF_R | elf::PF_W),
            p_offset: U64::new(endian, offset as u64),
            p_vaddr: U64::new(endian, image.address),
            p_paddr: U64::new(endian, image.address),
            p_filesz: U64::new(endian, image.bytes.len() as u64),
            p_memsz: U64::new(endian, image.len),
            p_align: U64::new(endian, page_size as u64),
        });
    }
    headers.splice(loads..loads, added);
    let offset = executable.len().next_multiple_of(8);
    executable.resize(offset, 0);
    executable.extend_from_slice(pod::bytes_of_slice(&headers));
    executable[E_PHOFF..E_PHOFF + 8].copy_from_slice(&(offset as u64).to_le_bytes());
    executable[E_PHNUM..E_PHNUM + 2].copy_from_slice(&(headers.len() as u16).to_le_bytes());
    Ok(())
}
