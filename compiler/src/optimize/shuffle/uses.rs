//! How often each value is used by instructions that are needed.

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Function, Inst, Value, ValueDef};

/// The number of uses of every value, aliases resolved. What only instructions use that nobody needs has none.
pub(super) struct Uses {
    counts: SecondaryMap<Value, u32>,
}

impl Uses {
    /// The uses in a function.
    pub(super) fn of(func: &Function) -> Self {
        let mut uses = Self {
            counts: SecondaryMap::new(),
        };
        for block in func.layout.blocks() {
            for inst in func.layout.block_insts(block) {
                if !is_pure(func, inst) {
                    uses.add_operands(func, inst);
                }
            }
        }
        uses
    }

    /// How many uses the value has.
    pub(super) fn count(&self, func: &Function, value: Value) -> u32 {
        self.counts[func.dfg.resolve_aliases(value)]
    }

    /// Another use; the first one makes that needed which the value is made of.
    pub(super) fn add(&mut self, func: &Function, value: Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            let value = func.dfg.resolve_aliases(value);
            self.counts[value] += 1;
            if self.counts[value] == 1
                && let Some(inst) = pure_definition(func, value)
            {
                pending.extend(func.dfg.inst_values(inst));
            }
        }
    }

    /// A use less; with the last one goes what the value is made of.
    pub(super) fn remove(&mut self, func: &Function, value: Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            let value = func.dfg.resolve_aliases(value);
            self.counts[value] -= 1;
            if self.counts[value] == 0
                && let Some(inst) = pure_definition(func, value)
            {
                pending.extend(func.dfg.inst_values(inst));
            }
        }
    }

    fn add_operands(&mut self, func: &Function, inst: Inst) {
        for value in func.dfg.inst_values(inst) {
            self.add(func, value);
        }
    }

    /// Whether somebody needs the instruction.
    pub(super) fn is_needed(&self, func: &Function, inst: Inst) -> bool {
        !is_pure(func, inst) || self.count(func, func.dfg.first_result(inst)) > 0
    }
}

/// The instruction that computes the value, if it does nothing else.
fn pure_definition(func: &Function, value: Value) -> Option<Inst> {
    match func.dfg.value_def(value) {
        ValueDef::Result(inst, _) if is_pure(func, inst) => Some(inst),
        _ => None,
    }
}

/// Whether an instruction does nothing but compute one value.
fn is_pure(func: &Function, inst: Inst) -> bool {
    let opcode = func.dfg.insts[inst].opcode();
    let has_effect = opcode.is_call()
        || opcode.is_branch()
        || opcode.is_terminator()
        || opcode.is_return()
        || opcode.can_trap()
        || opcode.can_load()
        || opcode.can_store()
        || opcode.other_side_effects();
    !has_effect && func.dfg.inst_results(inst).len() == 1
}
