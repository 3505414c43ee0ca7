//! Breaking modules: one to three small changes. Half of the time they are such that the module has a chance to stay
//! valid; most others lie inside a section whose size is put right again, so that what is broken is found late.

use wasmparser::{Parser, Payload};

/// A linear congruential generator (Knuth's MMIX constants); the high bits are used.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed ^ 0x5851_f42d_4c95_7f2d);
        random.next();
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u64::from(self.next()) * limit as u64) >> 32) as usize
    }

    pub(crate) fn byte(&mut self) -> u8 {
        (self.next() >> 24) as u8
    }
}

/// A section: its number and its contents.
pub(crate) type Section = (u8, Vec<u8>);

/// A broken copy of `module`, which is valid.
pub fn mutate(module: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(20) {
        0..10 => return mutate_gently(module, random),
        10 => return mutate_file(module, random),
        _ => {}
    }
    let mut sections = sections(module);
    for _ in 0..1 + random.below(3) {
        if sections.is_empty() {
            break;
        }
        match random.below(12) {
            0 => {
                let (a, b) = (random.below(sections.len()), random.below(sections.len()));
                sections.swap(a, b);
            }
            1 => {
                let copy = sections[random.below(sections.len())].clone();
                sections.insert(random.below(sections.len()), copy);
            }
            2 => drop(sections.remove(random.below(sections.len()))),
            _ => {
                let section = heavy_section(&sections, random);
                mutate_bytes(&mut sections[section].1, random);
            }
        }
    }
    assemble(&sections)
}

/// Opcodes of one byte that take and give the same types, from the
/// [binary format](https://webassembly.github.io/spec/core/binary/instructions.html).
const ALIKE: &[&[u8]] = &[
    &[0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f],
    &[0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a],
    &[0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60],
    &[0x61, 0x62, 0x63, 0x64, 0x65, 0x66],
    &[0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1],
    &[
        0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78,
    ],
    &[0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
    &[
        0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a,
    ],
    &[0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91],
    &[0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98],
    &[0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f],
    &[0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6],
    &[0x0f, 0x00, 0x01],
];

/// Changes instructions into others of the same type, and the immediates of instructions.
fn mutate_gently(module: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = module.to_vec();
    let operators = operators(module);
    if operators.is_empty() {
        return bytes;
    }
    for _ in 0..1 + random.below(3) {
        let (start, end) = operators[random.below(operators.len())];
        let alike = ALIKE.iter().find(|class| class.contains(&bytes[start]));
        match alike {
            Some(class) => bytes[start] = class[random.below(class.len())],
            // All but the top bit, which says that a number goes on.
            None if end > start + 1 => {
                let at = start + 1 + random.below(end - start - 1);
                bytes[at] = bytes[at] & 0x80 | random.byte() & 0x7f;
            }
            None => {}
        }
    }
    bytes
}

/// Where the instructions begin and end.
fn operators(module: &[u8]) -> Vec<(usize, usize)> {
    let mut operators = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Ok(Payload::CodeSectionEntry(body)) = payload else {
            continue;
        };
        let Ok(mut reader) = body.get_operators_reader() else {
            continue;
        };
        while !reader.eof() {
            let start = reader.original_position();
            if reader.read().is_err() {
                break;
            }
            operators.push((start, reader.original_position()));
        }
    }
    operators
}

/// Changes that respect nothing.
fn mutate_file(module: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = module.to_vec();
    match random.below(4) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        _ => mutate_bytes(&mut bytes, random),
    }
    bytes
}

fn mutate_bytes(bytes: &mut Vec<u8>, random: &mut Random) {
    if bytes.is_empty() {
        bytes.push(random.byte());
        return;
    }
    let at = random.below(bytes.len());
    match random.below(9) {
        0 | 1 => bytes[at] ^= 1 << random.below(8),
        2 | 3 => bytes[at] = random.byte(),
        4 => bytes.insert(at, random.byte()),
        5 => drop(bytes.remove(at)),
        // The largest number, and one that is too long.
        6 => drop(bytes.splice(at..at + 1, [0xff, 0xff, 0xff, 0xff, 0x0f])),
        7 => drop(bytes.splice(at..at, [0x80; 3])),
        _ => {
            let end = bytes.len().min(at + 1 + random.below(16));
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
        }
    }
}

/// Half of the changes go into code, the rest anywhere: data and names of a module are long and say little.
fn heavy_section(sections: &[Section], random: &mut Random) -> usize {
    const CODE: u8 = 10;
    let code = sections.iter().position(|section| section.0 == CODE);
    match code {
        Some(code) if random.below(2) == 0 => code,
        _ => random.below(sections.len()),
    }
}

pub(crate) fn sections(module: &[u8]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut at = 8;
    while let Some(&id) = module.get(at) {
        let (mut size, mut shift) = (0, 0);
        loop {
            at += 1;
            let byte = module[at];
            size |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        at += 1;
        sections.push((id, module[at..at + size].to_vec()));
        at += size;
    }
    sections
}

pub(crate) fn assemble(sections: &[Section]) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, content) in sections {
        module.push(*id);
        let mut size = content.len();
        while size >= 0x80 {
            module.push(size as u8 | 0x80);
            size >>= 7;
        }
        module.push(size as u8);
        module.extend_from_slice(content);
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_apart_and_putting_together_changes_nothing() {
        let module =
            wat::parse_str("(module (memory 1) (data (i32.const 0) \"x\") (func (export \"f\")))")
                .unwrap();
        assert_eq!(assemble(&sections(&module)), module);
    }

    #[test]
    fn the_same_seed_breaks_in_the_same_way() {
        let module = wat::parse_str("(module (func (result i32) i32.const 1))").unwrap();
        let broken = |seed| mutate(&module, &mut Random::new(seed));
        assert_eq!(broken(1), broken(1));
        assert!((0..20).any(|seed| broken(seed) != module));
    }
}
