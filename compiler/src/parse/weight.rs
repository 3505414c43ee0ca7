//! How much machine code an instruction is about: what inlining goes by.

use wasmparser::Operator;

/// About how many instructions of a machine `operator` becomes, one by one: what only names a value, or where control
/// goes, is none.
pub(super) fn of(operator: &Operator<'_>) -> u32 {
    use Operator as O;
    match operator {
        O::Nop
        | O::Drop
        | O::Block { .. }
        | O::Loop { .. }
        | O::Else
        | O::End
        | O::Return
        | O::LocalGet { .. }
        | O::LocalSet { .. }
        | O::LocalTee { .. }
        | O::I32Const { .. }
        | O::I64Const { .. }
        | O::F32Const { .. }
        | O::F64Const { .. } => 0,
        // Arguments, the call, and the registers that do not survive it.
        O::Call { .. } | O::ReturnCall { .. } => 4,
        O::CallIndirect { .. } | O::ReturnCallIndirect { .. } => 8,
        O::CallRef { .. } | O::ReturnCallRef { .. } => 6,
        O::MemoryCopy { .. } | O::MemoryFill { .. } | O::MemoryInit { .. } => 6,
        O::BrTable { targets } => 4 + targets.len() / 2,
        _ => 1,
    }
}
