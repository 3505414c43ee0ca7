//! Planted miscompiles: one instruction becomes another of the same type in what elfin compiles, but not in what the
//! reference runs. A fuzzer that does not see that would not see a wrong lowering either.

use super::coverage;
use super::rewrite::{self, Site};
use super::shape::Shape;
use anyhow::Result;
use wasm_encoder::Instruction;

/// A miscompile to plant.
#[derive(Debug)]
pub struct Plant {
    /// The instruction that goes wrong, in wasmparser's spelling.
    pub name: &'static str,
    wrong: Wrong,
}

/// How an instruction goes wrong.
#[derive(Debug)]
enum Wrong {
    /// It does what another one does.
    Becomes(Instruction<'static>),
    /// The condition on top of the stack counts the other way round.
    Inverted,
    /// Its opcode, in the first byte, is another one; the immediates stay.
    Opcode(u8),
    /// It takes so many operands and does nothing.
    Omitted(usize),
}

/// What can be planted, some of each family.
pub static PLANTS: &[Plant] = &[
    plant("I32Add", Wrong::Becomes(Instruction::I32Sub)),
    plant("I32Mul", Wrong::Becomes(Instruction::I32Or)),
    plant("I32ShrU", Wrong::Becomes(Instruction::I32ShrS)),
    plant("I64RemS", Wrong::Becomes(Instruction::I64RemU)),
    plant("I64ExtendI32S", Wrong::Becomes(Instruction::I64ExtendI32U)),
    plant("F32Mul", Wrong::Becomes(Instruction::F32Div)),
    plant("F64Min", Wrong::Becomes(Instruction::F64Max)),
    plant("F64Nearest", Wrong::Becomes(Instruction::F64Trunc)),
    // i32.load8_u -> i32.load8_s, i64.store32 -> i64.store16
    plant("I32Load8U", Wrong::Opcode(0x2c)),
    plant("I64Store32", Wrong::Opcode(0x3d)),
    plant("MemoryFill", Wrong::Omitted(3)),
    plant("TableSet", Wrong::Omitted(2)),
    plant("I8x16AddSatS", Wrong::Becomes(Instruction::I8x16Add)),
    plant(
        "I64x2ExtMulHighI32x4U",
        Wrong::Becomes(Instruction::I64x2ExtMulLowI32x4U),
    ),
    plant("F32x4PMin", Wrong::Becomes(Instruction::F32x4PMax)),
    plant("BrIf", Wrong::Inverted),
    plant("If", Wrong::Inverted),
    plant("Select", Wrong::Inverted),
];

const fn plant(name: &'static str, wrong: Wrong) -> Plant {
    Plant { name, wrong }
}

impl Plant {
    /// The plant of this instruction.
    pub fn named(name: &str) -> Option<&'static Plant> {
        PLANTS.iter().find(|plant| plant.name == name)
    }

    /// The module as the miscompiling compiler would see it. What the harness appended, the last two functions, stays.
    pub fn apply(&self, module: &[u8]) -> Result<Vec<u8>> {
        let functions = Shape::of(module)?.functions.len() as u32;
        rewrite::instructions(module, |site| {
            if coverage::name(site.operator) == self.name && site.function + 2 < functions {
                self.wrong.put(site);
            } else {
                site.keep();
            }
            Ok(())
        })
    }
}

impl Wrong {
    fn put(&self, site: &mut Site<'_, '_>) {
        match self {
            Wrong::Becomes(other) => site.emit(other),
            Wrong::Inverted => {
                site.emit(&Instruction::I32Eqz);
                site.keep();
            }
            Wrong::Opcode(opcode) => {
                site.emit_bytes(&[*opcode]);
                site.emit_bytes(&site.bytes[1..]);
            }
            Wrong::Omitted(operands) => {
                (0..*operands).for_each(|_| site.emit(&Instruction::Drop));
            }
        }
    }
}
