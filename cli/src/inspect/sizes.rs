//! Where the bytes of an executable go: a tree of parts in which every byte of the file is counted once.
//!
//! What claims a part of the file is asked in turn: headers, functions, sections, segments. Each gets what nothing
//! before it has taken, so that a file that contradicts itself is divided as well.

use elfin_compiler::demangle;
use elfin_compiler::note::GUEST_FILE;
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader, SectionHeader, Sym};
use object::{Endianness, SymbolIndex, elf};
use std::collections::BTreeMap;
use std::ops::Range;

/// The part of the guest's functions: groups by crate or namespace, in each its functions.
pub(super) const PROGRAM: &str = "program";
const RUNTIME: &str = "runtime";
const UNNAMED: &str = "code without symbols";
const DATA: &str = "data";
const MEMORY: &str = "initial memory";
const DEBUG: &str = "debug information";
const SYMBOLS: &str = "symbol table";
const NOTES: &str = "notes";
const STRUCTURE: &str = "ELF headers";
const ALIGNMENT: &str = "alignment";

/// The kinds of parts, in a fixed order: a kind has the same colour in every picture.
pub(super) const KINDS: [&str; 10] = [
    PROGRAM, RUNTIME, UNNAMED, DATA, MEMORY, DEBUG, SYMBOLS, NOTES, STRUCTURE, ALIGNMENT,
];

/// A part of the file, and what it consists of, the largest first; a part without parts is a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) parts: Vec<Part>,
}

/// A range of the file, and the names of the parts that it belongs to, from the outermost in.
type Claim = (Range<u64>, Vec<String>);

/// Divides an ELF file. What can't be read of it claims nothing.
pub(super) fn divide(bytes: &[u8]) -> Part {
    let all = 0..bytes.len() as u64;
    let mut free = vec![all];
    let mut tree = Tree::default();
    if let Ok(file) = ElfFile64::<Endianness>::parse(bytes) {
        for claims in [
            headers(&file),
            functions(&file),
            sections(&file),
            segments(&file),
        ] {
            for (size, path) in take(&mut free, claims) {
                tree.add(size, path);
            }
        }
    }
    for rest in free {
        tree.add(rest.end - rest.start, vec![ALIGNMENT.into()]);
    }
    tree.into_part(String::new())
}

/// Takes what claims ask for and is free; gives the sizes that they got.
fn take(free: &mut Vec<Range<u64>>, mut claims: Vec<Claim>) -> Vec<(u64, Vec<String>)> {
    claims.sort_by_key(|(range, _)| (range.start, range.end));
    let mut taken = Vec::new();
    let mut left = Vec::new();
    let mut claims = claims.into_iter().peekable();
    for range in free.drain(..) {
        let mut at = range.start;
        while let Some((claim, path)) = claims.peek()
            && claim.start < range.end
        {
            let start = claim.start.max(at);
            let end = claim.end.min(range.end);
            if start < end {
                if at < start {
                    left.push(at..start);
                }
                taken.push((end - start, path.clone()));
                at = end;
            }
            if claim.end > range.end {
                // It goes on in the next range.
                break;
            }
            claims.next();
        }
        if at < range.end {
            left.push(at..range.end);
        }
    }
    *free = left;
    taken
}

fn claim(start: u64, size: u64, path: &[&str]) -> Claim {
    let path = path.iter().map(|&name| name.to_owned()).collect();
    (start..start.saturating_add(size), path)
}

fn headers(file: &ElfFile64<'_, Endianness>) -> Vec<Claim> {
    let (header, endian) = (file.elf_header(), file.endian());
    let table = |len: u16, size: u16| u64::from(len) * u64::from(size);
    let programs = table(header.e_phnum(endian), header.e_phentsize(endian));
    let sections = table(header.e_shnum(endian), header.e_shentsize(endian));
    vec![
        claim(
            0,
            header.e_ehsize(endian).into(),
            &[STRUCTURE, "file header"],
        ),
        claim(
            header.e_phoff(endian),
            programs,
            &[STRUCTURE, "program headers"],
        ),
        claim(
            header.e_shoff(endian),
            sections,
            &[STRUCTURE, "section headers"],
        ),
    ]
}

/// The functions that the symbol table has. Those between the file symbol of the guest and the next one are its own.
fn functions(file: &ElfFile64<'_, Endianness>) -> Vec<Claim> {
    let endian = file.endian();
    let symbols = file.elf_symbol_table();
    let mut claims = Vec::new();
    let mut is_guest = false;
    for (number, symbol) in symbols.symbols().iter().enumerate() {
        let name = symbols.symbol_name(endian, symbol).unwrap_or_default();
        if symbol.st_type() == elf::STT_FILE {
            is_guest = name == GUEST_FILE.as_bytes();
            continue;
        }
        is_guest &= symbol.is_local();
        if symbol.st_type() != elf::STT_FUNC {
            continue;
        }
        let section = symbols
            .symbol_section(endian, symbol, SymbolIndex(number))
            .ok()
            .flatten()
            .and_then(|index| file.elf_section_table().section(index).ok());
        let Some(section) = section else { continue };
        let offset = symbol
            .st_value(endian)
            .checked_sub(section.sh_addr(endian))
            .and_then(|offset| offset.checked_add(section.sh_offset(endian)));
        let (Some(offset), Some(_)) = (offset, section.file_range(endian)) else {
            continue;
        };
        let name = String::from_utf8_lossy(name);
        let name = demangle(&name);
        let kind = if is_guest { PROGRAM } else { RUNTIME };
        claims.push(claim(
            offset,
            symbol.st_size(endian),
            &[kind, group(&name), &name],
        ));
    }
    claims
}

fn sections(file: &ElfFile64<'_, Endianness>) -> Vec<Claim> {
    let endian = file.endian();
    let table = file.elf_section_table();
    let mut claims = Vec::new();
    for section in table.iter() {
        let Some((offset, size)) = section.file_range(endian) else {
            continue;
        };
        let name = table.section_name(endian, section).unwrap_or_default();
        let name = String::from_utf8_lossy(name);
        let flags = section.sh_flags(endian);
        let kind = match section.sh_type(endian) {
            elf::SHT_SYMTAB => SYMBOLS,
            elf::SHT_NOTE => NOTES,
            _ if flags.contains(elf::SHF_EXECINSTR) => UNNAMED,
            _ if flags.contains(elf::SHF_ALLOC) => DATA,
            _ if name == ".strtab" => SYMBOLS,
            _ if name == ".comment" => NOTES,
            _ if name.starts_with(".debug") => DEBUG,
            _ => STRUCTURE,
        };
        claims.push(claim(offset, size, &[kind, &name]));
    }
    claims
}

/// What is loaded and belongs to no section: the memory images, which are no linker's work.
fn segments(file: &ElfFile64<'_, Endianness>) -> Vec<Claim> {
    let endian = file.endian();
    let mut sections = Vec::new();
    for section in file.elf_section_table().iter() {
        sections.extend(section.file_range(endian).filter(|(_, size)| *size > 0));
    }
    let mut claims = Vec::new();
    for segment in file.elf_program_headers() {
        let (offset, size) = segment.file_range(endian);
        let has_section = sections
            .iter()
            .any(|(start, _)| (offset..offset.saturating_add(size)).contains(start));
        if segment.p_type(endian) == elf::PT_LOAD && !has_section {
            let address = format!("at {:#x}", segment.p_vaddr(endian));
            claims.push(claim(offset, size, &[MEMORY, &address]));
        }
    }
    claims
}

/// The crate or namespace of a demangled name: the first part of its path, or of the type's that it is implemented for.
fn group(name: &str) -> &str {
    const NONE: &str = "no namespace";
    // `void sort<int>(int*)`, `<&mut core::fmt::Formatter as core::fmt::Write>::write_str`, `shape::area(int)`
    let mut start = 0;
    let mut depth = 0;
    for (at, char) in name.char_indices() {
        match char {
            '<' | '[' | '{' => depth += 1,
            '>' | ']' | '}' => depth -= 1,
            '(' if depth == 0 && at > start => break,
            ' ' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    let mut path = name[start..].trim_start_matches(|char: char| !is_identifier(char));
    for word in ["mut ", "const ", "dyn "] {
        path = path.strip_prefix(word).unwrap_or(path);
    }
    let end = path.find(|char| !is_identifier(char)).unwrap_or(path.len());
    match path[end..].starts_with("::") || name[start..].starts_with('<') {
        true if end > 0 => &path[..end],
        _ => NONE,
    }
}

fn is_identifier(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Parts by name.
#[derive(Default)]
struct Tree {
    size: u64,
    parts: BTreeMap<String, Tree>,
}

impl Tree {
    /// Adds bytes to a part and to all that it belongs to.
    fn add(&mut self, size: u64, path: Vec<String>) {
        let mut part = self;
        part.size += size;
        for name in path {
            part = part.parts.entry(name).or_default();
            part.size += size;
        }
    }

    fn into_part(self, name: String) -> Part {
        let parts = self.parts.into_iter();
        let mut parts: Vec<Part> = parts.map(|(name, part)| part.into_part(name)).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.size));
        Part {
            name,
            size: self.size,
            parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_counted_once() {
        let all = 0..100;
        let mut free = vec![all];
        let claims = vec![
            claim(90, 20, &["end"]),
            claim(10, 30, &["a"]),
            claim(20, 10, &["inside of a"]),
            claim(35, 10, &["b"]),
            claim(200, u64::MAX, &["beyond"]),
        ];
        let taken = take(&mut free, claims);
        let sizes: Vec<u64> = taken.iter().map(|(size, _)| *size).collect();
        assert_eq!(sizes, [30, 5, 10]);
        assert_eq!(free, [0..10, 45..90]);
        let taken = take(&mut free, vec![claim(5, 60, &["whole"])]);
        assert_eq!(taken.iter().map(|(size, _)| *size).sum::<u64>(), 25);
    }

    #[test]
    fn groups() {
        for (name, expected) in [
            ("core::fmt::write", "core"),
            (
                "<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop",
                "alloc",
            ),
            (
                "<&mut core::fmt::Formatter as core::fmt::Write>::write_str",
                "core",
            ),
            ("<[T] as alloc::slice::Join>::join", "T"),
            ("shape::area(int)", "shape"),
            ("void std::sort<int*>(int*, int*)", "std"),
            ("printf", "no namespace"),
            ("operator new(unsigned long)", "no namespace"),
            ("", "no namespace"),
            ("<<", "no namespace"),
            ("ä::ö", "ä"),
        ] {
            assert_eq!(group(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_elf_file_is_alignment() {
        assert_eq!(divide(b"\x7fELF").parts[0].name, ALIGNMENT);
        assert_eq!(divide(b"").size, 0);
    }
}
