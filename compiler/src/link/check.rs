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
