//! What may be generated: a line for each proposal says who can do it. Switching a proposal on is changing its line.

use super::variant::Machine;
use crate::mutate::Random;
use wasm_smith::{Config, InstructionKind, InstructionKinds};

/// A proposal of WebAssembly.
#[derive(Debug)]
pub struct Feature {
    /// Its name, as wasmparser's list of instructions has it where it brings instructions.
    pub name: &'static str,
    /// How the reference runs it.
    pub reference: Reference,
    /// What elfin compiles it for.
    pub elfin: Support,
    /// Lets wasm-smith generate it.
    enable: fn(&mut Config),
}

/// How the reference runs a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// wasmi knows it.
    Wasmi,
    /// It becomes instructions that wasmi knows, see [`super::lower`].
    Lowered,
    /// elfin gets it in place of instructions that wasmi knows, see [`super::reword::Rewording`].
    Reworded,
    /// It can't.
    No,
}

/// What elfin compiles a proposal for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Every CPU.
    Everywhere,
    /// CPUs with vectors.
    WithVectors,
    /// None.
    Nowhere,
}

/// Bytes that a memory may grow to. Each of its bytes is read after each module's last call.
const MEMORY_BYTES: u64 = 256 << 10;

macro_rules! features {
    ($($name:literal, $reference:ident, $elfin:ident, $enable:expr;)*) => {
        /// All proposals. Those that bring nothing to run (branch hints, names) are not among them.
        pub const FEATURES: &[Feature] = &[$(Feature {
            name: $name,
            reference: Reference::$reference,
            elfin: Support::$elfin,
            enable: $enable,
        },)*];
    };
}

features! {
    "mvp",                     Wasmi,   Everywhere,     |_| {};
    "multi_value",             Wasmi,   Everywhere,     |config| config.multi_value_enabled = true;
    "sign_extension",          Wasmi,   Everywhere,     |config| config.sign_extension_ops_enabled = true;
    "saturating_float_to_int", Wasmi,   Everywhere,     |config| config.saturating_float_to_int_enabled = true;
    "bulk_memory",             Wasmi,   Everywhere,     |config| config.bulk_memory_enabled = true;
    "reference_types",         Wasmi,   Everywhere,     reference_types;
    "extended_const",          Wasmi,   Everywhere,     |config| config.extended_const_enabled = true;
    "tail_call",               Wasmi,   Everywhere,     |config| config.tail_call_enabled = true;
    "simd",                    Wasmi,   WithVectors, |config| config.simd_enabled = true;
    "relaxed_simd",            Lowered, WithVectors, relaxed_simd;
    "multi_memory",            Wasmi,   Everywhere,   |config| config.max_memories = 4;
    "memory64",                Wasmi,   Everywhere,   |config| config.memory64_enabled = true;
    "custom_page_sizes",       Wasmi,   Everywhere,   |config| config.custom_page_sizes_enabled = true;
    "wide_arithmetic",         Wasmi,   Everywhere,   |config| config.wide_arithmetic_enabled = true;
    "threads",                 Lowered,     Everywhere,   |config| config.threads_enabled = true;
    "exceptions",              Reworded, Everywhere, |_| {};
    "function_references",     Reworded, Everywhere,    |_| {};
}

fn reference_types(config: &mut Config) {
    config.reference_types_enabled = true;
    config.max_tables = 3;
}

fn relaxed_simd(config: &mut Config) {
    config.simd_enabled = true;
    config.relaxed_simd_enabled = true;
}

impl Feature {
    /// Whether modules with this proposal can be compared on a machine.
    pub fn is_on(&self, machine: &Machine) -> bool {
        let compiles = match self.elfin {
            Support::Everywhere => true,
            Support::WithVectors => machine.vectors,
            Support::Nowhere => false,
        };
        self.reference != Reference::No && compiles
    }
}

/// The proposals that are compared on a machine.
pub fn enabled(machine: &Machine) -> impl Iterator<Item = &'static Feature> {
    FEATURES
        .iter()
        .filter(move |feature| feature.is_on(machine))
}

/// Whether a proposal is compared on a machine.
pub fn is_enabled(name: &str, machine: &Machine) -> bool {
    enabled(machine).any(|feature| feature.name == name)
}

/// What wasm-smith may generate for a module. Each module has its own choice of the proposals, since those with many
/// instructions leave little room for the rest.
/// (<https://www.cs.utah.edu/~regehr/papers/swarm12.pdf>)
pub fn config(machine: &Machine, random: &mut Random) -> Config {
    let mut config = Config {
        export_everything: random.below(2) == 0,
        // Most modules guard what may trap, so that they get further.
        disallow_traps: random.below(4) != 0,
        min_exports: 4,
        min_funcs: 1,
        max_funcs: 12,
        min_types: 1,
        max_types: 12,
        max_instructions: [60, 200, 600][random.below(3)],
        max_imports: 0,
        max_globals: 12,
        max_tags: 4,
        max_data_segments: 1 + random.below(4),
        max_element_segments: 1 + random.below(6),
        max_elements: 12,
        min_memories: (random.below(8) != 0).into(),
        memory_max_size_required: true,
        max_memory32_bytes: MEMORY_BYTES,
        max_memory64_bytes: MEMORY_BYTES.into(),
        min_tables: (random.below(4) != 0).into(),
        table_max_size_required: true,
        max_table_elements: 40,
        allow_start_export: random.below(4) == 0,
        ..off()
    };
    for feature in enabled(machine) {
        if random.below(4) != 0 {
            (feature.enable)(&mut config);
        }
    }
    config.allowed_instructions = instructions(machine, random);
    config
}

/// The kinds of instructions in a module. Behind a jump nothing executes, so a third goes straight on, and another
/// third computes with vectors alone, of whose many instructions others would leave few.
fn instructions(machine: &Machine, random: &mut Random) -> InstructionKinds {
    use InstructionKind::*;
    let straight = [
        Reference, Parametric, Variable, Table, Memory, Numeric, Vector,
    ];
    match random.below(3) {
        0 => InstructionKinds::all(),
        1 => InstructionKinds::new(&straight),
        _ if machine.vectors => InstructionKinds::new(&[Parametric, Variable, Memory, Vector]),
        _ => InstructionKinds::new(&[Parametric, Variable, Memory, Numeric]),
    }
}

/// No proposal at all.
fn off() -> Config {
    Config {
        bulk_memory_enabled: false,
        custom_descriptors_enabled: false,
        custom_page_sizes_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        max_memories: 1,
        memory64_enabled: false,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        shared_everything_threads_enabled: false,
        sign_extension_ops_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::variant::machines;
    use super::*;
    use elfin_compiler::Target;

    #[test]
    fn the_plainest_module_is_always_on() {
        for machine in Target::ALL.into_iter().flat_map(machines) {
            assert!(enabled(machine).any(|feature| feature.name == "mvp"));
        }
    }
}
