//! What an executable does not take over of the runtime's object: the debug information that Rust's core brings along,
//! and without debug information of its own also the frames, which only debuggers and profilers read.

use object::Endianness;
use object::elf::{FileHeader64, SectionHeader64};
use object::read::elf::FileHeader;
use std::mem::offset_of;

/// Empties those sections. Fails on what is no ELF file.
pub(super) fn trim(object: &mut [u8], keep_frames: bool) -> object::read::Result<()> {
    let endian = Endianness::Little;
    let header = FileHeader64::<Endianness>::parse(&*object)?;
    let sections = header.sections(endian, &*object)?;
    let headers = header.e_shoff(endian) as usize;
    let mut sizes = Vec::new();
    for (index, section) in sections.enumerate() {
        let name = sections.section_name(endian, section)?;
        let name = name.strip_prefix(b".rela").unwrap_or(name);
        if name.starts_with(b".debug_") || name == b".eh_frame" && !keep_frames {
            let section = headers + index.0 * size_of::<SectionHeader64<Endianness>>();
            sizes.push(section + offset_of!(SectionHeader64<Endianness>, sh_size));
        }
    }
    for at in sizes {
        object[at..at + 8].fill(0);
    }
    Ok(())
}
