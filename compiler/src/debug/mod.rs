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
    let offsets = Offsets::new(program, inlining, &pc_maps(text));
    let mut notes = Vec::new();
    let mut parts = Vec::new();
    let mut gatherer = sources::Gatherer::new();
    for instance in program.instances.keys() {
        let bodies = bodies(program, instance, functions);
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
            .map(|(unit, claimed)| natives(program, unit, &claimed, functions))
            .collect();
        let with_code = || {
            units
                .iter()
                .zip(&natives)
                .filter(|(_, natives)| !natives.is_empty())
        };
        let written: Vec<_> = with_code().collect();
        parts.par_extend(
            written
                .into_par_iter()
                .map(|(unit, natives)| unit::write(unit, natives)),
        );
        for (unit, natives) in with_code() {
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

/// Where the bodies of an instance's functions lie.
fn bodies(program: &Program<'_>, instance: InstanceId, functions: &[&Function]) -> Bodies {
    let module = program.instances[instance].module;
    let ranges = functions
        .iter()
        .enumerate()
        .filter_map(|(number, function)| {
            let Symbol::Function(id) = function.symbol else {
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

/// The machine code of a unit's functions.
fn natives<'u>(
    program: &Program<'_>,
    unit: &'u Unit<'_>,
    claimed: &[&'u guest::Function],
    functions: &[&Function],
) -> Vec<Native<'u>> {
    let natives = claimed.iter().filter_map(|&function| {
        let compiled = &functions[function.number];
        let Symbol::Function(id) = compiled.symbol else {
            return None;
        };
        let definition = &program.functions[id];
        let module = program.instances[definition.instance].module;
        let body = module.body(definition.index)?.code.range();
        let (start, end) = (body.start as u32, body.end as u32);
        Some(Native {
            function,
            start,
            runs: native::runs(compiled.debug.as_ref()?, start),
            len: compiled.len as u32,
            rows: unit.lines.of(start, end),
        })
    });
    natives.collect()
}
