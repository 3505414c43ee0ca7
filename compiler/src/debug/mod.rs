//! The debug information of a module becomes that of its executable.
//!
//! In go the DWARF sections of the module, whose addresses are offsets in its code, and Cranelift's word on which
//! instructions of the machine come from where. Out come DWARF sections for debuggers and profilers, with lines and
//! functions, and a table for the report of a trap. Types, variables and expressions are left out.
//!
//! Debug information is no part of a module's meaning: what can't be read is left out, with a note.

mod budget;
mod entries;
mod frames;
mod guest;
mod lines;
mod native;
mod sections;
mod sources;
mod unit;

pub use sections::{FixupTarget, Form, Section};
use sources::Offsets;
pub use sources::Sources;

use crate::codegen::{Function, Text};
use crate::optimize::Inlining;
use crate::program::{FunctionKind, InstanceId, Program};
use crate::translate::Symbol;
use budget::Trouble;
use cranelift_codegen::isa::TargetIsa;
use guest::{Bodies, Unit};
use rayon::prelude::*;
use std::collections::HashSet;
use unit::Native;

/// What an executable gets.
#[derive(Debug)]
pub struct Information {
    /// Sections that debuggers and profilers read.
    pub sections: Vec<Section>,
    /// What the report of a trap reads.
    pub sources: Option<Sources>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// The debug information of an executable with this code.
pub fn build(
    program: &Program<'_>,
    inlining: &Inlining,
    isa: &dyn TargetIsa,
    text: &Text,
) -> Information {
    let functions: &[&Function] = &text.functions().collect::<Vec<_>>();
    let symbols = &symbols(inlining, functions);
    let offsets = Offsets::new(program, inlining, &pc_maps(text));
    let mut notes = Vec::new();
    let mut parts = Vec::new();
    let mut gatherer = sources::Gatherer::new();
    for instance in program.instances.keys() {
        let bodies = bodies(program, instance, symbols);
        let module = program.instances[instance].module;
        if !module.debug.contains_key(".debug_info") {
            notes.push(
                "the module carries no debug information (DWARF): debuggers get names and frames, but no lines; \
                 build it with -g (clang) or -C debuginfo=2 (rustc)"
                    .to_owned(),
            );
            continue;
        }
        let (units, trouble) = guest::read(module, &bodies);
        notes.extend(trouble.map(note));
        let claimed = claim(&units);
        let natives: Vec<Vec<Native<'_>>> = units
            .par_iter()
            .zip(claimed)
            .map(|(unit, claimed)| natives(program, unit, &claimed, symbols, functions))
            .collect();
        let described = || units.iter().zip(&natives);
        let with_code = described().map(|(unit, natives)| (unit, with_code(natives)));
        let with_code: Vec<_> = with_code
            .filter(|(_, natives)| !natives.is_empty())
            .collect();
        parts.par_extend(
            with_code
                .into_par_iter()
                .map(|(unit, natives)| unit::write(unit, natives)),
        );
        for (unit, natives) in described() {
            gatherer.add(unit, natives, &offsets);
        }
    }
    let mut sections = sections::join(parts);
    sections.extend(frames::write(isa, functions));
    Information {
        sections,
        sources: gatherer.finish(),
        notes,
    }
}

/// The runs of all functions, see [`elfin_abi::pc_map`].
fn pc_maps(text: &Text) -> Vec<&[u8]> {
    let chunks = text.chunks.iter();
    let maps = chunks.flat_map(|chunk| {
        let functions = chunk.functions.iter();
        functions.map(|function| &chunk.pc_map[function.pc_map.clone()])
    });
    maps.collect()
}

fn note(trouble: Trouble) -> String {
    match trouble {
        Trouble::Malformed(error) => {
            format!("parts of the module's debug information are malformed, and left out: {error}")
        }
        Trouble::Stale => {
            "the module's debug information does not fit its code, and is left out: a tool has changed one without the \
             other (wasm-opt needs -g too)"
                .to_owned()
        }
        Trouble::OutOfMeasure => {
            "the module's debug information refers to itself out of all proportion, and is left out"
                .to_owned()
        }
    }
}

/// What has a number here: the functions with code, then those that are only part of others.
fn symbols(inlining: &Inlining, functions: &[&Function]) -> Vec<Symbol> {
    let mut symbols: Vec<Symbol> = functions.iter().map(|function| function.symbol).collect();
    let with_code: HashSet<Symbol> = symbols.iter().copied().collect();
    let inlined = inlining.functions.values();
    let inlined = inlined.map(|function| Symbol::Function(*function));
    symbols.extend(inlined.filter(|symbol| !with_code.contains(symbol)));
    symbols
}

/// Where the bodies of an instance's functions lie.
fn bodies(program: &Program<'_>, instance: InstanceId, symbols: &[Symbol]) -> Bodies {
    let module = program.instances[instance].module;
    let ranges = symbols.iter().enumerate().filter_map(|(number, symbol)| {
        let Symbol::Function(id) = *symbol else {
            return None;
        };
        let definition = &program.functions[id];
        let is_own = definition.instance == instance;
        if !is_own || !matches!(definition.kind, FunctionKind::Wasm) {
            return None;
        }
        let range = module.body(definition.index)?.code.range();
        Some((range.start as u32, range.end as u32, number))
    });
    Bodies::new(ranges.collect())
}

/// The functions that each unit describes, in the order of their code; of several that describe one the first counts.
fn claim<'u>(units: &'u [Unit<'_>]) -> Vec<Vec<&'u guest::Function>> {
    let mut taken = HashSet::new();
    let claimed = units.iter().map(|unit| {
        let functions = unit.functions.iter();
        let mut own: Vec<_> = functions
            .filter(|function| taken.insert(function.number))
            .collect();
        own.sort_by_key(|function| function.number);
        own
    });
    claimed.collect()
}

/// The functions with code: those without come behind them, since they have the last numbers.
fn with_code<'n, 'u>(natives: &'n [Native<'u>]) -> &'n [Native<'u>] {
    &natives[..natives.partition_point(|native| native.len != 0)]
}

/// The machine code of a unit's functions; empty where a function is only part of others.
fn natives<'u>(
    program: &Program<'_>,
    unit: &'u Unit<'_>,
    claimed: &[&'u guest::Function],
    symbols: &[Symbol],
    functions: &[&Function],
) -> Vec<Native<'u>> {
    let natives = claimed.iter().filter_map(|&function| {
        let Symbol::Function(id) = symbols[function.number] else {
            return None;
        };
        let compiled = functions.get(function.number);
        let definition = &program.functions[id];
        let module = program.instances[definition.instance].module;
        let body = module.body(definition.index)?.code.range();
        let (start, end) = (body.start as u32, body.end as u32);
        Some(Native {
            function,
            start,
            runs: match compiled {
                Some(compiled) => native::runs(compiled.debug.as_ref()?, start),
                None => Vec::new(),
            },
            len: compiled.map_or(0, |compiled| compiled.len as u32),
            rows: unit.lines.of(start, end),
        })
    });
    natives.collect()
}
