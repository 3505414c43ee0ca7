//! Machine code in a [`Cache`]: the key of a function, and the bytes of an entry.
//!
//! ```text
//! checksum of what follows, which depends on the key   16 bytes
//! machine code: numbers as LEB128, lists with their lengths in front
//! ```

use super::catching::CatchingCall;
use super::machine_code::{Debug, Location, MachineCode, Site};
use super::{Relocation, RelocationTarget};
use crate::cache::{Cache, Key};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::{Function, UserExternalNameRef};
use cranelift_codegen::isa::TargetIsa;
use elfin_abi::exception::Handler;
use elfin_abi::pc_map::{read_signed, read_unsigned, write_signed, write_unsigned};
use std::hash::{Hash, Hasher};

/// Changes with whatever is done to Cranelift's result before it is kept.
const FORMAT: u32 = 1;

/// Bytes of a checksum.
const CHECKSUM: usize = 16;

/// The functions of a machine in a cache.
pub(super) struct Kept<'c> {
    cache: &'c dyn Cache,
    /// What all keys have in common.
    machine: blake3::Hasher,
}

impl<'c> Kept<'c> {
    pub(super) fn new(cache: &'c dyn Cache, isa: &dyn TargetIsa) -> Self {
        let mut hasher = KeyHasher::new(blake3::Hasher::new());
        (
            FORMAT,
            env!("CARGO_PKG_VERSION"),
            cranelift_codegen::VERSION,
        )
            .hash(&mut hasher);
        (isa.name(), isa.triple(), isa.flags()).hash(&mut hasher);
        isa.isa_flags_hash_key().hash(&mut hasher);
        Self {
            cache,
            machine: hasher.into_inner(),
        }
    }

    /// The key of a function: all that its machine code depends on. Its name, those of others and its place in the module
    /// are not part of it.
    pub(super) fn key(&self, function: &Function) -> Key {
        let mut hasher = KeyHasher::new(self.machine.clone());
        function.stencil.hash(&mut hasher);
        hasher.into_inner().finalize().into()
    }

    /// The machine code that is kept under a key.
    pub(super) fn get(&self, key: &Key) -> Option<MachineCode> {
        open(key, &self.cache.get(key)?)
    }

    /// Keeps machine code under a key.
    pub(super) fn put(&self, key: &Key, code: &MachineCode) {
        if let Some(entry) = seal(key, code) {
            self.cache.put(key, entry);
        }
    }
}

/// The entry for machine code; none if it has a relocation that no code has.
fn seal(key: &Key, code: &MachineCode) -> Option<Vec<u8>> {
    let mut writer = Writer(vec![0; CHECKSUM]);
    writer.machine_code(code)?;
    let mut entry = writer.0;
    let checksum = checksum(key, &entry[CHECKSUM..]);
    entry[..CHECKSUM].copy_from_slice(&checksum);
    Some(entry)
}

/// The machine code of an entry, if it is one, whole, and that of this key.
fn open(key: &Key, entry: &[u8]) -> Option<MachineCode> {
    let (expected, contents) = entry.split_at_checked(CHECKSUM)?;
    if checksum(key, contents) != *expected {
        return None;
    }
    let mut reader = Reader(contents);
    let code = reader.machine_code()?;
    reader.0.is_empty().then_some(code)
}

fn checksum(key: &Key, contents: &[u8]) -> [u8; CHECKSUM] {
    let hash = blake3::keyed_hash(key, contents);
    *hash.as_bytes().first_chunk().expect("a hash is longer")
}

/// What derived implementations of `Hash` write, in pieces that are hashed well.
struct KeyHasher {
    inner: blake3::Hasher,
    pending: Vec<u8>,
}

impl KeyHasher {
    /// Bytes that are hashed at a time.
    const PIECE: usize = 16 << 10;

    fn new(inner: blake3::Hasher) -> Self {
        Self {
            inner,
            pending: Vec::with_capacity(Self::PIECE),
        }
    }

    fn into_inner(mut self) -> blake3::Hasher {
        self.inner.update(&self.pending);
        self.inner
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > Self::PIECE {
            self.inner.update(&self.pending);
            self.pending.clear();
        }
        if bytes.len() > Self::PIECE {
            self.inner.update(bytes);
        } else {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn finish(&self) -> u64 {
        unreachable!("a key is longer")
    }
}

/// The kinds of relocations in code, by their numbers in an entry.
const RELOCATIONS: [Reloc; 9] = [
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

    fn relocation(&mut self, relocation: &Relocation<UserExternalNameRef>) -> Option<()> {
        let mut kinds = RELOCATIONS.iter();
        let kind = kinds.position(|kind| *kind == relocation.kind)?;
        let (is_local, target) = match relocation.target {
            RelocationTarget::Symbol(name) => (0, name.as_u32()),
            RelocationTarget::Local(offset) => (1, offset),
        };
        self.number(relocation.offset);
        self.number(kind << 1 | is_local);
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

    fn relocation(&mut self) -> Option<Relocation<UserExternalNameRef>> {
        let offset = self.number()?;
        let kind: usize = self.number()?;
        let target = self.number()?;
        Some(Relocation {
            offset,
            kind: *RELOCATIONS.get(kind >> 1)?,
            target: match kind & 1 {
                0 => RelocationTarget::Symbol(UserExternalNameRef::from_u32(target)),
                _ => RelocationTarget::Local(target),
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
        let name = RelocationTarget::Symbol(UserExternalNameRef::from_u32(3));
        MachineCode {
            bytes: vec![0x90; 200],
            alignment: 16,
            relocations: vec![
                relocation(1, Reloc::X86CallPCRel4, name, -4),
                relocation(300, Reloc::RiscvPCRelLo12I, RelocationTarget::Local(9), 0),
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

    #[test]
    fn what_is_kept_comes_back() {
        let entry = seal(&KEY, &code()).unwrap();
        assert_eq!(open(&KEY, &entry), Some(code()));
        let bare = MachineCode {
            debug: None,
            relocations: Vec::new(),
            ..code()
        };
        let entry = seal(&KEY, &bare).unwrap();
        assert_eq!(open(&KEY, &entry), Some(bare));
    }

    #[test]
    fn what_is_not_whole_is_not_used() {
        let entry = seal(&KEY, &code()).unwrap();
        for at in 0..entry.len() {
            let mut wrong = entry.clone();
            wrong[at] ^= 0x10;
            assert_eq!(open(&KEY, &wrong), None, "byte {at}");
            assert_eq!(open(&KEY, &entry[..at]), None, "{at} bytes");
        }
        assert_eq!(open(&[8; 32], &entry), None, "of another key");
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
