//! Which instructions a function has: most passes have nothing to do in most functions, and this is known at once for all
//! of them.

use cranelift_codegen::ir::{Function, Opcode};

/// The opcodes of a function's instructions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opcodes([u64; 4]);

impl Opcodes {
    /// Those of the instructions that a function has now.
    pub fn of(func: &Function) -> Self {
        let mut opcodes = Self::default();
        for block in func.layout.blocks() {
            for inst in func.layout.block_insts(block) {
                let (word, bit) = place(func.dfg.insts[inst].opcode());
                opcodes.0[word] |= bit;
            }
        }
        opcodes
    }

    /// Whether one of these is among them.
    pub fn have(&self, any: &[Opcode]) -> bool {
        any.iter().any(|opcode| {
            let (word, bit) = place(*opcode);
            self.0[word] & bit != 0
        })
    }
}

/// Where an opcode's bit is.
fn place(opcode: Opcode) -> (usize, u64) {
    let number = opcode as u8;
    (usize::from(number / 64), 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cranelift_codegen::cursor::{Cursor, FuncCursor};
    use cranelift_codegen::ir::{InstBuilder, types};

    #[test]
    fn those_that_are_there() {
        let mut func = Function::new();
        let block = func.dfg.make_block();
        let mut cursor = FuncCursor::new(&mut func);
        cursor.insert_block(block);
        let number = cursor.ins().iconst(types::I32, 1);
        cursor.ins().return_(&[number]);
        let opcodes = Opcodes::of(&func);
        assert!(opcodes.have(&[Opcode::Return]) && opcodes.have(&[Opcode::Fdiv, Opcode::Iconst]));
        assert!(!opcodes.have(&[Opcode::Fdiv, Opcode::Sqrt]) && !opcodes.have(&[]));
    }
}
