//! What a function has declared to Cranelift so far, so that nothing is declared twice.

use super::environment::Environment;
use super::symbol::{Intrinsic, Symbol};
use crate::program::{FuncId, SignatureId};
use cranelift_codegen::ir::{
    AliasRegion, AliasRegionData, ExtFuncData, ExternalName, FuncRef, Function, GlobalValue,
    GlobalValueData, MemFlagsData, SigRef, Signature,
};
use elfin_abi::address::STATE_BASE;
use std::borrow::Cow;
use std::collections::HashMap;

/// Globals from this word of the state on share an alias region: a function can name 65,535 kinds of access.
const WORDS_WITH_REGION: u64 = 4096;

/// Declared functions, signatures and data.
#[derive(Default)]
pub(super) struct Entities {
    functions: HashMap<Symbol, FuncRef>,
    signatures: HashMap<SignatureId, SigRef>,
    data: HashMap<(Symbol, i64), GlobalValue>,
}

/// State that no access of another region touches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    /// Linear memories.
    Memory,
    /// Elements of tables.
    Tables,
    /// Sizes of memories and tables, lengths of segments, features of the CPU.
    Sizes,
    /// The global at an address.
    Global(u64),
}

impl Entities {
    /// A function of the program, to call with its wasm signature.
    pub fn function(
        &mut self,
        env: &Environment<'_>,
        func: &mut Function,
        function: FuncId,
    ) -> FuncRef {
        self.declare(func, Symbol::Function(function), || {
            env.signature(env.program.type_of(function))
        })
    }

    /// A host function, by its number.
    pub fn host(&mut self, env: &Environment<'_>, func: &mut Function, index: u32) -> FuncRef {
        let host = &elfin_abi::host::FUNCTIONS[index as usize];
        self.declare(func, Symbol::Host(index), || env.host_signature(host))
    }

    /// A function of the runtime.
    pub fn intrinsic(&mut self, func: &mut Function, intrinsic: Intrinsic) -> FuncRef {
        self.declare(func, Symbol::Intrinsic(intrinsic), || intrinsic.signature())
    }

    /// Any function that lies in the executable.
    pub fn declare(
        &mut self,
        func: &mut Function,
        symbol: Symbol,
        signature: impl FnOnce() -> Signature,
    ) -> FuncRef {
        *self.functions.entry(symbol).or_insert_with(|| {
            let signature = func.import_signature(signature());
            let name = func.declare_imported_user_function(symbol.to_external());
            func.import_function(ExtFuncData {
                name: ExternalName::user(name),
                signature,
                colocated: true,
                patchable: false,
            })
        })
    }

    /// The signature of an indirect call.
    pub fn signature(
        &mut self,
        env: &Environment<'_>,
        func: &mut Function,
        signature: SignatureId,
    ) -> SigRef {
        *self.signatures.entry(signature).or_insert_with(|| {
            func.import_signature(env.signature(&env.program.signatures[signature]))
        })
    }

    /// Data of the executable.
    pub fn data(&mut self, func: &mut Function, symbol: Symbol) -> GlobalValue {
        self.data_at(func, symbol, 0)
    }

    /// A place among data of the executable, so many bytes from a symbol.
    pub fn data_at(&mut self, func: &mut Function, symbol: Symbol, offset: i64) -> GlobalValue {
        *self.data.entry((symbol, offset)).or_insert_with(|| {
            let name =
                ExternalName::user(func.declare_imported_user_function(symbol.to_external()));
            func.create_global_value(GlobalValueData::Symbol {
                name,
                offset: offset.into(),
                colocated: true,
                tls: false,
            })
        })
    }
}

/// Flags of an access to the program's state: aligned, and known to succeed.
pub(super) fn state_flags(func: &mut Function, region: Region) -> MemFlagsData {
    MemFlagsData::trusted().with_alias_region(Some(alias_region(func, region)))
}

/// Flags of an access to a linear memory: any alignment, and a fault is a trap.
pub(super) fn memory_flags(func: &mut Function) -> MemFlagsData {
    MemFlagsData::new().with_alias_region(Some(alias_region(func, Region::Memory)))
}

fn alias_region(func: &mut Function, region: Region) -> AliasRegion {
    let (user_id, description) = match region {
        Region::Memory => (0, "memory"),
        Region::Tables => (1, "tables"),
        Region::Sizes => (2, "sizes"),
        Region::Global(address) => {
            let word = (address - STATE_BASE) / 8;
            (3 + word.min(WORDS_WITH_REGION) as u32, "global")
        }
    };
    func.dfg.alias_regions.insert(AliasRegionData {
        user_id,
        description: Cow::Borrowed(description),
    })
}
