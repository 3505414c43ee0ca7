//! What every translation reads: the program, where its state lies, and the machine.

use crate::optimize::versions::Found;
use crate::optimize::{BulkFunctions, Inlining, Multiplications, OnlyMemory, Optimized, shuffle};
use crate::options::{OptLevel, Options, Pass};
use crate::parse::module::{FuncType, ValType};
use crate::program::{Entry, FuncId, FunctionKind, GlobalId, Layout, Program, SignatureId};
use crate::target::Target;
use cranelift_codegen::ir::{AbiParam, Signature, Type, types};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_entity::EntitySet;
use elfin_abi::host::{self, HostFunction};
use elfin_abi::layout;
use std::mem::offset_of;

/// Everything that a translation reads and none changes.
pub struct Environment<'p> {
    /// The closed world.
    pub program: &'p Program<'p>,
    /// Where its state lies.
    pub layout: &'p Layout,
    /// Which functions take the place of their calls.
    pub inlining: &'p Inlining,
    /// Which functions multiply 128-bit numbers.
    pub multiplications: &'p Multiplications,
    /// Which functions copy or fill bytes.
    pub bulk_functions: &'p BulkFunctions,
    /// Which globals always hold multiples of [`crate::optimize::ALIGNMENT`].
    pub aligned_globals: &'p EntitySet<GlobalId>,
    /// The reachable functions that have no code of their own, since all their calls are inlined.
    pub without_code: EntitySet<FuncId>,
    /// Whether indices that differ by a constant share a register.
    pub shares_addresses: bool,
    /// Whether words of 64 bits are added up as numbers of 128.
    pub carries: bool,
    /// Whether the program finds out when it starts whether the machine has an instruction that counts bits.
    pub finds_popcnt: bool,
    /// Whether swaps of bytes are recognised.
    pub swaps: bool,
    /// Whether branches through tables become others that are cheaper.
    pub switches: bool,
    /// Whether loads take the value that was stored just before.
    pub forwards: bool,
    /// Whether the bytes of vectors take the shortest way, and by what.
    pub gathers_bytes: Option<shuffle::Machine>,
    /// Whether counters of loops live in one register.
    pub joins_counters: bool,
    /// Whether loops over arrays do several iterations at once.
    pub vectorizes: bool,
    /// The memory that loops search by vectors.
    pub searches: Option<OnlyMemory>,
    /// Whether indices of memories are held in 64 bits.
    pub widens: bool,
    /// Whether lanes of vectors are loaded by themselves.
    pub loads_lanes: bool,
    /// Whether divisions by constants become products of 64 bits.
    pub divides: bool,
    /// Whether numbers are negated or not without a branch.
    pub chooses_signs: bool,
    /// Whether divisions and square roots are done two at a time.
    pub divides_pairs: bool,
    /// Whether masks that change nothing are left out.
    pub unmasks: bool,
    /// Whether loops are laid out in one piece.
    pub orders: bool,
    /// Whether machine code is made shorter.
    pub compacts: bool,
    /// Whether short code takes the place of jumps to it then.
    pub copies: bool,
    /// What a function looks at that is there twice, if functions may be.
    pub versions: Option<Found>,
    /// Whether these are the second versions of functions.
    pub are_second: bool,
    /// What the code runs on.
    pub target: Target,
    /// Cranelift's description of that.
    pub isa: &'p dyn TargetIsa,
    /// Whether the executable has no fixed addresses.
    pub is_pie: bool,
    /// Whether the machine has instructions for `ceil`, `floor`, `trunc` and `nearest`.
    pub rounds_in_one_instruction: bool,
    /// Whether the machine has an instruction that permutes the bytes of a vector.
    pub permutes_bytes: bool,
}

impl<'p> Environment<'p> {
    /// The environment of second versions, with the options for them.
    pub fn of_versions(
        program: &'p Program<'p>,
        layout: &'p Layout,
        optimized: &'p Optimized,
        options: &Options,
        isa: &'p dyn TargetIsa,
    ) -> Self {
        Self {
            are_second: true,
            ..Self::new(program, layout, optimized, options, isa)
        }
    }

    /// The environment of a program's translations.
    pub fn new(
        program: &'p Program<'p>,
        layout: &'p Layout,
        optimized: &'p Optimized,
        options: &Options,
        isa: &'p dyn TargetIsa,
    ) -> Self {
        let has = |name: &str| {
            isa.isa_flags()
                .iter()
                .any(|flag| flag.name == name && flag.as_bool() == Some(true))
        };
        let target = options.target;
        // riscv64 has no vectors here, and they take room.
        let has_vectors = options.opt_level == OptLevel::Speed && target != Target::Riscv64;
        // A script sees what a function has stored before it traps.
        let is_script = matches!(program.entry, Entry::Script(_));
        let searches = has_vectors && options.runs(Pass::Search) && !options.pie;
        Self {
            program,
            layout,
            inlining: &optimized.inlining,
            multiplications: &optimized.multiplications,
            bulk_functions: &optimized.bulk_functions,
            aligned_globals: &optimized.aligned_globals,
            without_code: optimized.inlining.without_code(program),
            shares_addresses: options.runs(Pass::Addresses),
            carries: options.runs(Pass::Carry),
            finds_popcnt: options.finds_popcnt(),
            switches: options.runs(Pass::Switch),
            swaps: options.runs(Pass::Swap) && (target != Target::Riscv64 || has("has_zbb")),
            forwards: options.runs(Pass::Forward),
            gathers_bytes: (options.runs(Pass::Shuffle) && target == Target::X86_64).then(|| {
                shuffle::Machine {
                    permutes: has("has_ssse3"),
                    inserts: has("has_sse41"),
                }
            }),
            joins_counters: options.runs(Pass::Counters),
            vectorizes: has_vectors && options.runs(Pass::Vectorize) && !is_script,
            searches: searches
                .then(|| only_memory(program, layout, target))
                .flatten(),
            // The others extend an index as part of an access or an addition.
            orders: options.runs(Pass::Order),
            versions: versions(layout, options),
            are_second: false,
            compacts: options.runs(Pass::Compact) && target == Target::X86_64,
            copies: options.runs(Pass::Copies) && options.opt_level == OptLevel::Speed,
            loads_lanes: options.runs(Pass::Lanes) && target == Target::X86_64,
            divides: options.runs(Pass::Divide) && target == Target::X86_64,
            chooses_signs: options.runs(Pass::Signs) && target == Target::X86_64,
            divides_pairs: options.runs(Pass::Superwords)
                && options.opt_level == OptLevel::Speed
                && target == Target::X86_64,
            unmasks: options.runs(Pass::Masks),
            widens: options.runs(Pass::Widen) && target == Target::X86_64,
            target,
            isa,
            is_pie: options.pie,
            rounds_in_one_instruction: target != Target::X86_64 || has("has_sse41"),
            permutes_bytes: target != Target::X86_64 || has("has_ssse3"),
        }
    }

    /// The signature of a wasm function of this type. All use the `tail` convention, which costs what the C convention
    /// costs and lets any of them be called by `return_call`.
    pub fn signature(&self, ty: &FuncType<SignatureId>) -> Signature {
        let mut signature = Signature::new(CallConv::Tail);
        signature
            .params
            .extend(ty.params.iter().map(|ty| AbiParam::new(clif_type(*ty))));
        signature
            .returns
            .extend(ty.results.iter().map(|ty| AbiParam::new(clif_type(*ty))));
        signature
    }

    /// The signature of a host function: the memory's address, then what the guest passes.
    pub fn host_signature(&self, function: &HostFunction) -> Signature {
        let list = |types: &'static [host::Type]| {
            types.iter().map(|ty| {
                AbiParam::new(if *ty == host::Type::I32 {
                    types::I32
                } else {
                    types::I64
                })
            })
        };
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params.push(AbiParam::new(types::I64));
        signature.params.extend(list(function.params));
        signature.returns.extend(list(function.results));
        signature
    }

    /// The host function that a function of the program is, with the address of the memory that it works on, if any.
    pub fn host_function(&self, function: FuncId) -> Option<(&'static HostFunction, Option<u64>)> {
        match self.program.functions[function].kind {
            FunctionKind::Host(host, memory) => {
                Some((host, memory.map(|memory| self.layout.memories[memory])))
            }
            FunctionKind::Wasm | FunctionKind::Unknown { .. } => None,
        }
    }
}

/// What functions look at that are there twice.
fn versions(layout: &Layout, options: &Options) -> Option<Found> {
    let features = options.version_features();
    (features != 0).then_some(Found {
        address: layout.cpu_features,
        features,
    })
}

/// The memory of a program that has one alone, where indices have 32 bits and what lies outside faults.
fn only_memory(program: &Program<'_>, layout: &Layout, target: Target) -> Option<OnlyMemory> {
    let mut memories = program.memories.iter();
    let (Some((id, memory)), None) = (memories.next(), memories.next()) else {
        return None;
    };
    (!memory.is_checked()).then_some(OnlyMemory {
        base: layout.memory_places[id].base,
        size: layout.memories[id] + offset_of!(layout::Memory, size) as u64,
        has_bits: target == Target::X86_64,
    })
}

/// How a value type is held: a reference is 64 bits, see [`elfin_abi::layout::ELEMENT_SIZE`]; a vector is bytes until an
/// instruction says what its lanes are, see [`super::simd`].
pub(super) fn clif_type<T>(ty: ValType<T>) -> Type {
    match ty {
        ValType::I32 => types::I32,
        ValType::I64 | ValType::Ref(_) => types::I64,
        ValType::F32 => types::F32,
        ValType::F64 => types::F64,
        ValType::V128 => types::I8X16,
    }
}
