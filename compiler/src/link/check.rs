//! What every executable must satisfy, whichever linker made it, so that the kernel maps it as the runtime expects and
//! nothing in it can be changed that need not be:
//!
//! - no segment is writable and executable, and the stack is not executable;
//! - each segment can be mapped by kernels with the target's largest pages, and no page is part of two segments;
//! - nothing asks for a dynamic linker, or is left for one to do.
//!
//! A position-independent executable also has its program headers in memory, where the runtime reads them, only
//! relocations that the runtime does, and read-only data that ends with a page.

use crate::error::{Error, ErrorKind, Result};
use crate::options::Options;
use crate::target::Target;
use object::Endianness;
use object::elf::{self, FileHeader64, ProgramHeader64, Rela64};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};

/// Bytes that a position-independent executable may span: distances between its parts are signed numbers of 32 bits.
const PIE_SPAN: u64 = 1 << 30;

/// A segment that the kernel maps.
pub(super) struct Segment {
    /// Its first address.
    pub start: u64,
    /// End of what comes from the file.
    pub file_end: u64,
    /// Its end.
    pub end: u64,
}

/// Checks an executable.
pub(super) fn check(executable: &[u8], options: &Options) -> Result<()> {
    let file = File::parse(executable)?;
    file.check_access()?;
    file.check_pages(options.target)?;
    file.check_linked(options)?;
    if options.pie {
        file.check_relocatable(options.target)?;
    }
    Ok(())
}

/// The segments that the kernel maps, in ascending order.
pub(super) fn loaded(executable: &[u8]) -> Result<Vec<Segment>> {
    let file = File::parse(executable)?;
    let segments = file.loads().map(|segment| {
        let start = segment.p_vaddr(file.endian);
        Segment {
            start,
            file_end: start + segment.p_filesz(file.endian),
            end: start + segment.p_memsz(file.endian),
        }
    });
    let mut segments: Vec<Segment> = segments.collect();
    segments.sort_by_key(|segment| segment.start);
    Ok(segments)
}

/// An error that says that a linker has done wrong.
pub(super) fn fail<T>(what: impl std::fmt::Display) -> Result<T> {
    Err(Error::new(
        ErrorKind::Internal,
        format!("the linker's layout is wrong: {what}"),
    ))
}

/// An executable's headers.
struct File<'d> {
    bytes: &'d [u8],
    endian: Endianness,
    header: &'d FileHeader64<Endianness>,
    segments: &'d [ProgramHeader64<Endianness>],
}

impl<'d> File<'d> {
    fn parse(bytes: &'d [u8]) -> Result<Self> {
        let read = || {
            let header = FileHeader64::<Endianness>::parse(bytes)?;
            let endian = header.endian()?;
            let segments = header.program_headers(endian, bytes)?;
            object::read::Result::Ok(Self {
                bytes,
                endian,
                header,
                segments,
            })
        };
        read().or_else(fail)
    }

    fn segment(&self, kind: elf::ProgramType) -> Option<&'d ProgramHeader64<Endianness>> {
        let mut segments = self.segments.iter();
        segments.find(|segment| segment.p_type(self.endian) == kind)
    }

    fn loads(&self) -> impl Iterator<Item = &'d ProgramHeader64<Endianness>> {
        let segments = self.segments.iter();
        segments.filter(|segment| segment.p_type(self.endian) == elf::PT_LOAD)
    }

    /// No memory is writable and executable.
    fn check_access(&self) -> Result<()> {
        let is_both = |segment: &ProgramHeader64<Endianness>| {
            let flags = segment.p_flags(self.endian);
            flags.contains(elf::PF_W) && flags.contains(elf::PF_X)
        };
        if let Some(segment) = self.loads().find(|segment| is_both(segment)) {
            let start = segment.p_vaddr(self.endian);
            return fail(format_args!(
                "the segment at {start:#x} is writable and executable"
            ));
        }
        match self.segment(elf::PT_GNU_STACK) {
            None => fail("nothing says that the stack is not executable"),
            Some(stack) if stack.p_flags(self.endian).contains(elf::PF_X) => {
                fail("the stack is executable")
            }
            Some(_) => Ok(()),
        }
    }

    /// Every kernel of the target can map each segment, and no page has the access of two.
    fn check_pages(&self, target: Target) -> Result<()> {
        let page_size = target.page_size();
        let mut end = 0;
        for segment in self.loads() {
            let start = segment.p_vaddr(self.endian);
            let offset = segment.p_offset(self.endian);
            if segment.p_align(self.endian) < page_size || start % page_size != offset % page_size {
                return fail(format_args!(
                    "the segment at {start:#x} is not aligned to {page_size} bytes"
                ));
            }
            if start / page_size * page_size < end {
                return fail(format_args!(
                    "the segment at {start:#x} shares a page of {page_size} bytes with the one before it"
                ));
            }
            end = (start + segment.p_memsz(self.endian)).next_multiple_of(page_size);
        }
        Ok(())
    }

    /// Nobody else is needed to start it.
    fn check_linked(&self, options: &Options) -> Result<()> {
        let expected = if options.pie {
            elf::ET_DYN
        } else {
            elf::ET_EXEC
        };
        if self.header.e_type(self.endian) != expected {
            return fail("the file's type is another one");
        }
        if self.segment(elf::PT_INTERP).is_some() {
            return fail("it asks for a dynamic linker");
        }
        match self.segment(elf::PT_DYNAMIC) {
            Some(_) if !options.pie => fail("it has dynamic relocations"),
            _ => Ok(()),
        }
    }

    /// The runtime can relocate it.
    fn check_relocatable(&self, target: Target) -> Result<()> {
        let endian = self.endian;
        let span = self
            .loads()
            .map(|segment| segment.p_vaddr(endian) + segment.p_memsz(endian));
        let span = span.max().unwrap_or(0);
        if span > PIE_SPAN {
            let message = format!(
                "the executable's code and data need {} MiB, more than the {} MiB that a position-independent one has",
                span >> 20,
                PIE_SPAN >> 20
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let Some(headers) = self.segment(elf::PT_PHDR) else {
            return fail("it does not say where its program headers are");
        };
        if !self.is_in_one_load(headers) {
            return fail("the program headers are not in memory");
        }
        let Some(constants) = self.segment(elf::PT_GNU_RELRO) else {
            return fail("nothing becomes read-only after relocation");
        };
        let end = constants.p_vaddr(endian) + constants.p_memsz(endian);
        if end % target.page_size() != 0 || !self.is_in_one_load(constants) {
            return fail("what becomes read-only after relocation does not end with a page");
        }
        self.check_relocations(target)
    }

    fn is_in_one_load(&self, inner: &ProgramHeader64<Endianness>) -> bool {
        let endian = self.endian;
        let start = inner.p_vaddr(endian);
        let end = start + inner.p_memsz(endian);
        self.loads().any(|segment| {
            let outer = segment.p_vaddr(endian);
            outer <= start && end <= outer + segment.p_memsz(endian)
        })
    }

    /// All relocations are relative ones with addends.
    fn check_relocations(&self, target: Target) -> Result<()> {
        let Some(dynamic) = self.segment(elf::PT_DYNAMIC) else {
            return fail("it has no relocations");
        };
        let Ok(Some(entries)) = dynamic.dynamic(self.endian, self.bytes) else {
            return fail("its relocations can't be read");
        };
        let (mut start, mut len) = (0, 0);
        for entry in entries {
            let value = entry.d_val(self.endian);
            match entry.d_tag(self.endian) {
                elf::DT_RELA => start = value,
                elf::DT_RELASZ => len = value,
                elf::DT_NEEDED | elf::DT_TEXTREL | elf::DT_REL | elf::DT_RELR | elf::DT_JMPREL => {
                    return fail("it has more than relative relocations");
                }
                _ => {}
            }
        }
        let mut loads = self.loads();
        let bytes = loads.find_map(|segment| {
            segment
                .data_range(self.endian, self.bytes, start, len)
                .ok()
                .flatten()
        });
        let count = len as usize / size_of::<Rela64<Endianness>>();
        let relocations = bytes.and_then(|bytes| {
            object::pod::slice_from_bytes::<Rela64<Endianness>>(bytes, count).ok()
        });
        let Some((relocations, _)) = relocations else {
            return fail("its relocations are not in the file");
        };
        let relative = match target {
            Target::X86_64 => elf::R_X86_64_RELATIVE,
            Target::Aarch64 => elf::R_AARCH64_RELATIVE,
            Target::Riscv64 => elf::R_RISCV_RELATIVE,
        };
        let is_relative = |relocation: &Rela64<Endianness>| {
            relocation.r_type(self.endian, false) == relative
                && relocation.r_sym(self.endian, false) == 0
        };
        match relocations.iter().all(is_relative) {
            true => Ok(()),
            false => fail("it has more than relative relocations"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use object::pod::bytes_of;
    use object::{U16, U32, U64};

    const PAGE: u64 = 0x1_0000;

    fn segment(
        kind: elf::ProgramType,
        flags: elf::ProgramFlags,
        start: u64,
        len: u64,
    ) -> ProgramHeader64<Endianness> {
        let endian = Endianness::Little;
        ProgramHeader64 {
            p_type: U32::new(endian, kind),
            p_flags: U32::new(endian, flags),
            p_offset: U64::new(endian, start % PAGE),
            p_vaddr: U64::new(endian, start),
            p_paddr: U64::new(endian, start),
            p_filesz: U64::new(endian, len),
            p_memsz: U64::new(endian, len),
            p_align: U64::new(endian, PAGE),
        }
    }

    /// A file that consists of headers alone.
    fn file(kind: elf::FileType, segments: &[ProgramHeader64<Endianness>]) -> Vec<u8> {
        let endian = Endianness::Little;
        let size = size_of::<FileHeader64<Endianness>>() as u16;
        let header = FileHeader64 {
            e_ident: elf::Ident {
                magic: elf::ELFMAG,
                class: elf::ELFCLASS64,
                data: elf::ELFDATA2LSB,
                version: elf::EV_CURRENT,
                os_abi: elf::ELFOSABI_NONE,
                abi_version: 0,
                padding: [0; 7],
            },
            e_type: U16::new(endian, kind),
            e_machine: U16::new(endian, elf::EM_AARCH64),
            e_version: U32::new(endian, 1),
            e_entry: U64::new(endian, 0),
            e_phoff: U64::new(endian, size.into()),
            e_shoff: U64::new(endian, 0),
            e_flags: U32::new(endian, elf::FileFlags(0)),
            e_ehsize: U16::new(endian, size),
            e_phentsize: U16::new(endian, size_of::<ProgramHeader64<Endianness>>() as u16),
            e_phnum: U16::new(endian, segments.len() as u16),
            e_shentsize: U16::new(endian, 0),
            e_shnum: U16::new(endian, 0),
            e_shstrndx: U16::new(endian, elf::SHN_UNDEF),
        };
        let segments = segments.iter().flat_map(bytes_of);
        bytes_of(&header).iter().chain(segments).copied().collect()
    }

    fn good() -> Vec<ProgramHeader64<Endianness>> {
        vec![
            segment(elf::PT_LOAD, elf::PF_R | elf::PF_X, 0x40_0000, 100),
            segment(elf::PT_LOAD, elf::PF_R | elf::PF_W, 0x41_0100, 100),
            segment(elf::PT_GNU_STACK, elf::PF_R | elf::PF_W, 0, 0),
        ]
    }

    /// The message about these segments; empty if there is nothing wrong with them.
    fn message(kind: elf::FileType, segments: &[ProgramHeader64<Endianness>], pie: bool) -> String {
        let options = Options {
            pie,
            ..Options::new(Target::Aarch64)
        };
        let checked = check(&file(kind, segments), &options);
        checked.err().map_or(String::new(), |error| error.message)
    }

    #[test]
    fn what_is_planted_is_refused() {
        assert_eq!(message(elf::ET_EXEC, &good(), false), "");
        let changed = |change: &dyn Fn(&mut Vec<ProgramHeader64<Endianness>>)| {
            let mut segments = good();
            change(&mut segments);
            message(elf::ET_EXEC, &segments, false)
        };
        let endian = Endianness::Little;
        let all = elf::PF_R | elf::PF_W | elf::PF_X;
        for (change, expected) in [
            (
                &(|list: &mut Vec<_>| list[1] = segment(elf::PT_LOAD, all, 0x41_0000, 1))
                    as &dyn Fn(&mut Vec<ProgramHeader64<Endianness>>),
                "the segment at 0x410000 is writable and executable",
            ),
            (
                &|list| list[2] = segment(elf::PT_GNU_STACK, all, 0, 0),
                "the stack is executable",
            ),
            (&|list| _ = list.pop(), "that the stack is not executable"),
            (
                &|list| list[1].p_align = U64::new(endian, 4096),
                "the segment at 0x410100 is not aligned to 65536 bytes",
            ),
            (
                &|list| list[1].p_offset = U64::new(endian, 0x200),
                "the segment at 0x410100 is not aligned to 65536 bytes",
            ),
            (
                &|list| list[0].p_memsz = U64::new(endian, PAGE + 1),
                "the segment at 0x410100 shares a page of 65536 bytes",
            ),
            (
                &|list| list.push(segment(elf::PT_INTERP, elf::PF_R, 0x40_0000, 8)),
                "it asks for a dynamic linker",
            ),
            (
                &|list| list.push(segment(elf::PT_DYNAMIC, elf::PF_R, 0x40_0000, 8)),
                "it has dynamic relocations",
            ),
        ] {
            let message = changed(change);
            assert!(message.contains(expected), "{expected}: {message}");
        }
        assert!(message(elf::ET_DYN, &good(), false).contains("type"));
    }

    #[test]
    fn what_a_position_independent_one_lacks_is_refused() {
        let mut segments = good();
        for (more, expected) in [
            (None, "where its program headers are"),
            (
                Some(segment(elf::PT_PHDR, elf::PF_R, 0x50_0000, 8)),
                "program headers are not in memory",
            ),
            (
                Some(segment(elf::PT_PHDR, elf::PF_R, 0x40_0000, 8)),
                "nothing becomes read-only",
            ),
            (
                Some(segment(elf::PT_GNU_RELRO, elf::PF_R, 0x41_0100, 10)),
                "does not end with a page",
            ),
        ] {
            // The first of a kind counts.
            segments.splice(0..0, more);
            let message = message(elf::ET_DYN, &segments, true);
            assert!(message.contains(expected), "{expected}: {message}");
        }
        let mut far = good();
        far.push(segment(elf::PT_LOAD, elf::PF_R, PIE_SPAN, 8));
        assert!(message(elf::ET_DYN, &far, true).contains("1024 MiB"));
    }
}
