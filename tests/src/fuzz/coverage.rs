//! Which instructions were generated and which were executed.
//!
//! The module that the reference runs has a probe at the first places of each instruction that has not been seen to
//! execute: a global that is set behind it, or before it where control may leave. So probes get fewer as a run goes
//! on, and what elfin compiles has none.

use super::features;
use super::rewrite::{self, Section};
use super::shape::Shape;
use super::variant;
use anyhow::Result;
use elfin_compiler::Target;
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::Instruction;
use wasmparser::Operator;

macro_rules! instruction_names {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// Proposal and name of every instruction that wasmparser knows.
        const INSTRUCTIONS: &[(&str, &str)] = &[$((stringify!($proposal), stringify!($op)),)*];

        /// An instruction's name and proposal in wasmparser's spelling.
        pub fn name_and_proposal(operator: &Operator<'_>) -> (&'static str, &'static str) {
            match operator {
                $(Operator::$op { .. } => (stringify!($op), stringify!($proposal)),)*
                _ => ("unknown", "unknown"),
            }
        }
    };
}

wasmparser::for_each_operator!(instruction_names);

/// An instruction's name in wasmparser's spelling.
pub fn name(operator: &Operator<'_>) -> &'static str {
    name_and_proposal(operator).0
}

/// What is in the list, but in no module that is valid today: a `select` of several values.
const NOT_VALID: [&str; 1] = ["TypedSelectMulti"];

/// The instructions of the proposals that are compared on a target.
pub fn instructions(target: Target) -> BTreeSet<&'static str> {
    let machines = variant::machines(target).iter();
    let on: BTreeSet<_> = machines
        .flat_map(features::enabled)
        .map(|feature| feature.name)
        .collect();
    INSTRUCTIONS
        .iter()
        .filter(|(proposal, name)| on.contains(proposal) && !NOT_VALID.contains(name))
        .map(|&(_, name)| name)
        .collect()
}

/// Names of instructions.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Those that stood in a module which was compared.
    pub generated: BTreeSet<&'static str>,
    /// Those that the reference executed.
    pub executed: BTreeSet<&'static str>,
}

/// A module with probes.
#[derive(Debug)]
pub struct Probed {
    /// The module.
    pub module: Vec<u8>,
    /// The name of each probe's instruction, and the export of its global.
    pub probes: BTreeMap<&'static str, String>,
    /// All instructions in it.
    pub present: BTreeSet<&'static str>,
}

/// How many probes an instruction gets in a module: a longer program would spend its time setting globals.
const PROBES: usize = 30;

impl Coverage {
    /// Adds what another run covered.
    pub fn merge(&mut self, other: &Self) {
        self.generated.extend(&other.generated);
        self.executed.extend(&other.executed);
    }

    /// Puts probes at instructions that were not executed yet, and at these.
    pub fn probe(&self, module: &[u8], always: &[&str]) -> Result<Probed> {
        let first = Shape::of(module)?.globals.len() as u32;
        let mut present = BTreeSet::new();
        let mut probes: BTreeMap<&'static str, (u32, usize)> = BTreeMap::new();
        let mut probed = rewrite::instructions(module, |site| {
            let name = name(site.operator);
            present.insert(name);
            if self.executed.contains(name) && !always.contains(&name) {
                site.keep();
                return Ok(());
            }
            let next = first + probes.len() as u32;
            let (global, count) = probes.entry(name).or_insert((next, 0));
            *count += 1;
            let (global, is_enough) = (*global, *count > PROBES);
            let leaves = leaves(site.operator);
            if !leaves {
                site.keep();
            }
            if !is_enough {
                site.emit(&Instruction::I32Const(1));
                site.emit(&Instruction::GlobalSet(global));
            }
            if leaves {
                site.keep();
            }
            Ok(())
        })?;
        let mut by_index: Vec<_> = probes
            .iter()
            .map(|(name, (global, _))| (*global, *name))
            .collect();
        by_index.sort_unstable();
        let mut exports = BTreeMap::new();
        for (global, name) in by_index {
            // i32, mutable, `i32.const 0`
            probed = rewrite::append(&probed, Section::Global, &[0x7f, 1, 0x41, 0, 0x0b])?;
            let export = format!("elfin-fuzz probe {name}");
            probed = rewrite::append_export(&probed, &export, 3, global)?;
            exports.insert(name, export);
        }
        Ok(Probed {
            module: probed,
            probes: exports,
            present,
        })
    }
}

/// Whether control may go elsewhere, so that what stands behind the instruction tells nothing.
fn leaves(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        Unreachable
            | Return
            | Br { .. }
            | BrIf { .. }
            | BrTable { .. }
            | BrOnNull { .. }
            | BrOnNonNull { .. }
            | ReturnCall { .. }
            | ReturnCallIndirect { .. }
            | ReturnCallRef { .. }
            | Throw { .. }
            | ThrowRef
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_put_at_what_is_not_covered_yet() {
        let module =
            wat::parse_str("(module (func (result i32) i32.const 1 i32.const 2 i32.add return))");
        let module = module.unwrap();
        let mut coverage = Coverage::default();
        coverage.executed.insert("I32Const");
        let probed = coverage.probe(&module, &[]).unwrap();
        wasmparser::validate(&probed.module).unwrap();
        let names: Vec<_> = probed.probes.keys().copied().collect();
        assert_eq!(names, ["I32Add", "Return"]);
        assert_eq!(probed.present.len(), 3);
    }

    #[test]
    fn the_list_of_instructions_follows_the_features() {
        assert!(instructions(Target::X86_64).contains("I8x16Add"));
        assert!(!instructions(Target::X86_64).contains("StructNew"));
    }
}
