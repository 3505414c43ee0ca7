//! The bytes of an entry in a cache.
//!
//! ```text
//! checksum of what follows, which depends on the key   16 bytes
//! contents: numbers as LEB128, lists with their lengths in front
//! ```

use super::catching::CatchingCall;
use super::machine_code::{Debug, Location, MachineCode, Referent, Site};
use super::{Relocation, RelocationTarget};
use crate::cache::Key;
use crate::translate::Expansion;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::{UserExternalName, UserExternalNameRef};
use elfin_abi::exception::Handler;
use elfin_abi::pc_map::{read_signed, read_unsigned, write_signed, write_unsigned};

/// Bytes of a checksum.
const CHECKSUM: usize = 16;

/// What a function's source has become.
#[derive(Debug, PartialEq)]
pub(super) struct Translated {
    /// The key of its CLIF.
    pub(super) clif: Key,
    /// The first source location.
    pub(super) base: u32,
    /// What the names in the CLIF stand for, in their order.
    pub(super) names: Vec<Name>,
    /// The calls in whose place functions were put, in their order.
    pub(super) expansions: Vec<Expansion>,
}

/// What a name stands for.
#[derive(Debug, PartialEq)]
pub(super) enum Name {
    /// The function of this number among those that the source names.
    Function(u32),
    /// Something else, in Cranelift's form.
    Other(UserExternalName),
}

/// The entry for machine code; none if it has a relocation that no code has.
pub(super) fn seal_code(key: &Key, code: &MachineCode) -> Option<Vec<u8>> {
    let mut writer = Writer::new();
    writer.machine_code(code)?;
    Some(writer.seal(key))
}

/// The machine code of an entry, if it is one, whole, and that of this key.
pub(super) fn open_code(key: &Key, entry: &[u8]) -> Option<MachineCode> {
    open(key, entry, Reader::machine_code)
}

/// The entry for what a source has become.
pub(super) fn seal_translated(key: &Key, translated: &Translated) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.translated(translated);
    writer.seal(key)
}

/// What the source of an entry has become, if it is one, whole, and that of this key.
pub(super) fn open_translated(key: &Key, entry: &[u8]) -> Option<Translated> {
    open(key, entry, Reader::translated)
}

fn open<'e, T>(
    key: &Key,
    entry: &'e [u8],
    read: impl FnOnce(&mut Reader<'e>) -> Option<T>,
) -> Option<T> {
    let (expected, contents) = entry.split_at_checked(CHECKSUM)?;
    if checksum(key, contents) != *expected {
        return None;
    }
    let mut reader = Reader(contents);
    let found = read(&mut reader)?;
    reader.0.is_empty().then_some(found)
}

fn checksum(key: &Key, contents: &[u8]) -> [u8; CHECKSUM] {
    let hash = blake3::keyed_hash(key, contents);
    *hash.as_bytes().first_chunk().expect("a hash is longer")
}

/// The kinds of relocations in code, by their numbers in an entry.
const RELOCATIONS: [Reloc; 10] = [
    Reloc::Abs4,
    Reloc::Abs8,
    Reloc::X86PCRel4,
    Reloc::X86CallPCRel4,
    Reloc::Arm64Call,
    Reloc::Aarch64AdrPrelPgHi21,
    Reloc::Aarch64AddAbsLo12Nc,
    Reloc::RiscvCallPlt,
    Reloc::RiscvPCRelHi20,
    Reloc::RiscvPCRelLo12I,
];

/// An entry while it is written. Each function of it has its counterpart in [`Reader`].
struct Writer(Vec<u8>);

impl Writer {
    fn new() -> Self {
        Self(vec![0; CHECKSUM])
    }

    /// The entry with its checksum.
    fn seal(self, key: &Key) -> Vec<u8> {
        let mut entry = self.0;
        let checksum = checksum(key, &entry[CHECKSUM..]);
        entry[..CHECKSUM].copy_from_slice(&checksum);
        entry
    }

    fn translated(&mut self, translated: &Translated) {
        self.0.extend_from_slice(&translated.clif);
        self.number(translated.base);
        self.list(&translated.names, Self::name);
        self.list(&translated.expansions, Self::expansion);
    }

    fn expansion(&mut self, expansion: &Expansion) {
        self.number(expansion.function);
        self.number(expansion.call);
        self.number(expansion.operator);
    }

    fn name(&mut self, name: &Name) {
        // 0 for a function, or one more than the first number of another name.
        match name {
            Name::Function(number) => {
                self.number(0u32);
                self.number(*number);
            }
            Name::Other(name) => {
                self.number(u64::from(name.namespace) + 1);
                self.number(name.index);
            }
        }
    }

    fn machine_code(&mut self, code: &MachineCode) -> Option<()> {
        self.bytes(&code.bytes);
        self.number(code.alignment);
        self.number(code.relocations.len());
        for relocation in &code.relocations {
            self.relocation(relocation)?;
        }
        self.list(&code.sites, Self::site);
        self.list(&code.catching_calls, Self::catching_call);
        self.number(u32::from(code.debug.is_some()));
        if let Some(debug) = &code.debug {
            self.list(&debug.locations, |writer, (start, location)| {
                writer.number(*start);
                writer.number(location.0);
            });
            self.bytes(&debug.frame);
        }
        Some(())
    }

    fn relocation(&mut self, relocation: &Relocation<Referent>) -> Option<()> {
        let mut kinds = RELOCATIONS.iter();
        let kind = kinds.position(|kind| *kind == relocation.kind)?;
        let (target_kind, target) = match relocation.target {
            RelocationTarget::Symbol(Referent::Name(name)) => (0, name.as_u32()),
            RelocationTarget::Local(offset) => (1, offset),
            RelocationTarget::Symbol(Referent::Version) => (2, 0),
        };
        self.number(relocation.offset);
        self.number(kind << 2 | target_kind);
        self.number(target);
        write_signed(relocation.addend, |byte| self.0.push(byte));
        Some(())
    }

    fn site(&mut self, site: &Site) {
        self.number(site.pc);
        self.number(site.trap);
        // 0 for none.
        self.number(
            site.location
                .map_or(0, |location| u64::from(location.0) + 1),
        );
    }

    fn catching_call(&mut self, call: &CatchingCall) {
        self.number(call.returns_to);
        self.number(call.frame_size);
        self.list(&call.handlers, |writer, handler| {
            // 0 for any.
            writer.number(handler.tag.map_or(0, |tag| u64::from(tag) + 1));
            writer.number(handler.offset as u32);
        });
    }

    fn list<T>(&mut self, list: &[T], item: impl Fn(&mut Self, &T)) {
        self.number(list.len());
        for each in list {
            item(self, each);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, value: impl TryInto<u64>) {
        let value = value.try_into().ok().expect("no number is negative");
        write_unsigned(value, |byte| self.0.push(byte));
    }
}

/// What is left of an entry. Where it ends early, or says what no [`Writer`] writes, there is nothing.
struct Reader<'e>(&'e [u8]);

impl Reader<'_> {
    fn translated(&mut self) -> Option<Translated> {
        let (clif, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(Translated {
            clif: *clif,
            base: self.number()?,
            names: self.list(Self::name)?,
            expansions: self.list(Self::expansion)?,
        })
    }

    fn expansion(&mut self) -> Option<Expansion> {
        Some(Expansion {
            function: self.number()?,
            call: self.number()?,
            operator: self.number()?,
        })
    }

    fn name(&mut self) -> Option<Name> {
        Some(match self.optional()? {
            None => Name::Function(self.number()?),
            Some(namespace) => {
                let index = self.number()?;
                Name::Other(UserExternalName { namespace, index })
            }
        })
    }

    fn machine_code(&mut self) -> Option<MachineCode> {
        Some(MachineCode {
            bytes: self.bytes()?,
            alignment: self.number()?,
            relocations: self.list(Self::relocation)?,
            sites: self.list(Self::site)?,
            catching_calls: self.list(Self::catching_call)?,
            debug: match self.number()? {
                0 => None,
                1 => Some(Debug {
                    locations: self
                        .list(|reader| Some((reader.number()?, Location(reader.number()?))))?,
                    frame: self.bytes()?,
                }),
                _ => return None,
            },
        })
    }

    fn relocation(&mut self) -> Option<Relocation<Referent>> {
        let offset = self.number()?;
        let kind: usize = self.number()?;
        let target = self.number()?;
        Some(Relocation {
            offset,
            kind: *RELOCATIONS.get(kind >> 2)?,
            target: match kind & 3 {
                0 => {
                    RelocationTarget::Symbol(Referent::Name(UserExternalNameRef::from_u32(target)))
                }
                1 => RelocationTarget::Local(target),
                2 => RelocationTarget::Symbol(Referent::Version),
                _ => return None,
            },
            addend: read_signed(&mut self.0)?,
        })
    }

    fn site(&mut self) -> Option<Site> {
        Some(Site {
            pc: self.number()?,
            trap: self.number()?,
            location: self.optional()?.map(Location),
        })
    }

    fn catching_call(&mut self) -> Option<CatchingCall> {
        Some(CatchingCall {
            returns_to: self.number()?,
            frame_size: self.number()?,
            handlers: self.list(|reader| {
                Some(Handler {
                    tag: reader.optional()?,
                    offset: reader.number::<u32>()? as i32,
                })
            })?,
        })
    }

    /// What was written as 0 if there is none, or as one more than it is.
    fn optional(&mut self) -> Option<Option<u32>> {
        match read_unsigned(&mut self.0)? {
            0 => Some(None),
            value => Some(Some(u32::try_from(value - 1).ok()?)),
        }
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = self.number()?;
        (0..len).map(|_: usize| item(self)).collect()
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let len = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes.to_vec())
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(read_unsigned(&mut self.0)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];

    fn code() -> MachineCode {
        let relocation = |offset, kind, target, addend| Relocation {
            offset,
            kind,
            target,
            addend,
        };
        let name = RelocationTarget::Symbol(Referent::Name(UserExternalNameRef::from_u32(3)));
        let version = RelocationTarget::Symbol(Referent::Version);
        MachineCode {
            bytes: vec![0x90; 200],
            alignment: 16,
            relocations: vec![
                relocation(1, Reloc::X86CallPCRel4, name, -4),
                relocation(300, Reloc::RiscvPCRelLo12I, RelocationTarget::Local(9), 0),
                relocation(301, Reloc::X86CallPCRel4, version, 0),
            ],
            sites: vec![
                Site {
                    pc: 4,
                    trap: 0,
                    location: Some(Location(u32::MAX)),
                },
                Site {
                    pc: 199,
                    trap: 255,
                    location: None,
                },
            ],
            catching_calls: vec![CatchingCall {
                returns_to: 5,
                frame_size: 48,
                handlers: vec![
                    Handler {
                        tag: Some(2),
                        offset: -100,
                    },
                    Handler {
                        tag: None,
                        offset: 7,
                    },
                ],
            }],
            debug: Some(Debug {
                locations: vec![(0, Location(0)), (4, Location(17))],
                frame: vec![1, 2, 3],
            }),
        }
    }

    fn translated() -> Translated {
        Translated {
            clif: [9; 32],
            base: u32::MAX,
            names: vec![
                Name::Function(0),
                Name::Other(UserExternalName {
                    namespace: u32::MAX,
                    index: 3,
                }),
            ],
            expansions: vec![Expansion {
                function: 7,
                call: 0,
                operator: 300,
            }],
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let entry = seal_code(&KEY, &code()).unwrap();
        assert_eq!(open_code(&KEY, &entry), Some(code()));
        let bare = MachineCode {
            debug: None,
            relocations: Vec::new(),
            ..code()
        };
        let entry = seal_code(&KEY, &bare).unwrap();
        assert_eq!(open_code(&KEY, &entry), Some(bare));
        let entry = seal_translated(&KEY, &translated());
        assert_eq!(open_translated(&KEY, &entry), Some(translated()));
    }

    #[test]
    fn what_is_not_whole_is_not_used() {
        fn check<T>(entry: &[u8], open: impl Fn(&Key, &[u8]) -> Option<T>) {
            for at in 0..entry.len() {
                let mut wrong = entry.to_vec();
                wrong[at] ^= 0x10;
                assert!(open(&KEY, &wrong).is_none(), "byte {at}");
                assert!(open(&KEY, &entry[..at]).is_none(), "{at} bytes");
            }
            assert!(open(&KEY, entry).is_some());
            assert!(open(&[8; 32], entry).is_none(), "of another key");
        }
        check(&seal_code(&KEY, &code()).unwrap(), open_code);
        check(&seal_translated(&KEY, &translated()), open_translated);
    }

    /// A file may hold anything under a checksum that is right.
    #[test]
    fn what_nobody_writes_is_not_read() {
        let mut writer = Writer(Vec::new());
        writer.machine_code(&code()).unwrap();
        for at in 0..writer.0.len() {
            // Some of these are machine code, but none may panic.
            let mut wrong = writer.0.clone();
            wrong[at] = 0xff;
            Reader(&wrong).machine_code();
            assert!(Reader(&writer.0[..at]).machine_code().is_none());
        }
    }
}
