//! Machine code in a [`Cache`]: under which keys it is kept, and how it is found again.
//!
//! There are two ways to a function's code. The long one leads over its CLIF, whose key the code is kept under. The short
//! one leads over what its translation reads, see [`Source`]: under a hash of that, the key of the CLIF is kept, and what
//! the names in it mean.

use super::Meaning;
use super::entry::{self, Name, Translated};
use super::machine_code::MachineCode;
use crate::cache::{Cache, Key};
use crate::program::FuncId;
use crate::translate::{Environment, Source, Symbol, shared};
use cranelift_codegen::ir::{Function, SourceLoc};
use std::hash::{Hash, Hasher};

/// Changes with whatever is done to Cranelift's result before it is kept.
const FORMAT: u32 = 2;

/// The functions of a program in a cache.
pub(super) struct Kept<'c> {
    cache: &'c dyn Cache,
    /// What the keys of CLIF have in common.
    clif: blake3::Hasher,
    /// What the keys of sources have in common; none if no function of the program is known by its source.
    source: Option<blake3::Hasher>,
}

/// A function that can be found by its source.
pub(super) struct Recognised {
    key: Key,
    source: Source,
}

impl<'c> Kept<'c> {
    pub(super) fn new(cache: &'c dyn Cache, env: &Environment<'_>) -> Self {
        let machine = |kind: &str| {
            let mut hasher = KeyHasher::new(blake3::Hasher::new());
            let versions = (env!("CARGO_PKG_VERSION"), cranelift_codegen::VERSION);
            (kind, FORMAT, versions).hash(&mut hasher);
            let isa = env.isa;
            (isa.name(), isa.triple(), isa.flags()).hash(&mut hasher);
            isa.isa_flags_hash_key().hash(&mut hasher);
            hasher
        };
        let mut source = machine("source");
        let is_known = shared(env, &mut source).is_some();
        Self {
            cache,
            clif: machine("clif").into_inner(),
            source: is_known.then(|| source.into_inner()),
        }
    }

    /// The key of a function: all that its machine code depends on. Its name, those of others and its place in the module
    /// are not part of it.
    pub(super) fn key(&self, function: &Function) -> Key {
        let mut hasher = KeyHasher::new(self.clif.clone());
        function.stencil.hash(&mut hasher);
        hasher.into_key()
    }

    /// The machine code that is kept under a key.
    pub(super) fn get(&self, key: &Key) -> Option<MachineCode> {
        entry::open_code(key, &self.cache.get(key)?)
    }

    /// Keeps machine code under a key.
    pub(super) fn put(&self, key: &Key, code: &MachineCode) {
        if let Some(entry) = entry::seal_code(key, code) {
            self.cache.put(key, entry);
        }
    }

    /// What a function is recognised by; none if it takes its CLIF to know it.
    pub(super) fn recognise(&self, env: &Environment<'_>, function: FuncId) -> Option<Recognised> {
        let mut hasher = KeyHasher::new(self.source.clone()?);
        let source = Source::new(env, function, &mut hasher)?;
        Some(Recognised {
            key: hasher.into_key(),
            source,
        })
    }

    /// The key of the CLIF that a function's source becomes, and what its names and locations mean.
    pub(super) fn translated(&self, recognised: &Recognised) -> Option<(Key, Meaning)> {
        let Recognised { key, source } = recognised;
        let translated = entry::open_translated(key, &self.cache.get(key)?)?;
        let symbol = |name: &Name| match name {
            Name::Function(number) => {
                Some(Symbol::Function(*source.functions.get(*number as usize)?))
            }
            Name::Other(name) => Some(Symbol::from_external(name)),
        };
        let meaning = Meaning {
            base: SourceLoc::new(translated.base),
            names: translated.names.iter().map(symbol).collect::<Option<_>>()?,
            locations: source.locations.clone(),
        };
        Some((translated.clif, meaning))
    }

    /// Keeps what a function's source has become, unless its names say more than its source does.
    pub(super) fn put_translated(&self, recognised: &Recognised, clif: Key, meaning: &Meaning) {
        let Recognised { key, source } = recognised;
        let name = |symbol: &Symbol| match symbol {
            Symbol::Function(function) => {
                let mut functions = source.functions.iter();
                let number = functions.position(|known| known == function)?;
                Some(Name::Function(number as u32))
            }
            other => Some(Name::Other(other.to_external())),
        };
        let names: Option<Vec<Name>> = meaning.names.values().map(name).collect();
        if let Some(names) = names {
            let translated = Translated {
                clif,
                base: meaning.base.bits(),
                names,
            };
            self.cache
                .put(key, entry::seal_translated(key, &translated));
        }
    }
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

    fn into_key(self) -> Key {
        self.into_inner().finalize().into()
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
