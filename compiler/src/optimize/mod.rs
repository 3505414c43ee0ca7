//! What elfin does to the code besides what Cranelift does, one pass a file.
//!
//! `-Z no-NAME` switches a [`Pass`](crate::options::Pass) off. Its file says what makes it correct and what it gives. A
//! pass decides; [`crate::translate`] and [`crate::codegen`] act on it.

mod address;
mod addresses;
mod alignment;
mod bulk;
mod counters;
mod divide;
mod forward;
mod inline;
mod lanes;
mod masks;
mod multiply;
mod opcodes;
mod order;
mod search;
pub mod shuffle;
mod signs;
mod sum;
mod superwords;
mod vectorize;
pub mod versions;
mod widen;

use crate::options::Options;
use crate::program::{GlobalId, Program};
pub use addresses::Anchors;
pub use alignment::ALIGNMENT;
pub use bulk::{
    BulkFunction, BulkFunctions, COUNT_LIMIT as BULK_COUNT_LIMIT, Operation as BulkOperation,
};
pub use counters::compare_next_values;
use cranelift_codegen::ir::{DataFlowGraph, Function, InstructionData, Opcode, Value};
use cranelift_entity::{EntitySet, SecondaryMap};
pub use divide::divide;
pub use forward::{Contents, Halves, Place};
pub use inline::{Choice, Inlined, Inlining};
pub use lanes::load_lanes;
pub use masks::drop_masks;
pub use multiply::{Half, Multiplications, WideMultiplication};
pub use opcodes::Opcodes;
pub use order::keep_loops_together;
pub use search::{OnlyMemory, search};
pub use signs::choose_signs;
pub use superwords::pair;
pub use vectorize::vectorize;
pub use widen::widen;

/// What is decided for a whole program.
#[derive(Debug)]
pub struct Optimized {
    /// Which functions take the place of their calls.
    pub inlining: Inlining,
    /// Which functions multiply 128-bit numbers.
    pub multiplications: Multiplications,
    /// Which functions copy or fill bytes.
    pub bulk_functions: BulkFunctions,
    /// Which globals always hold multiples of [`ALIGNMENT`].
    pub aligned_globals: EntitySet<GlobalId>,
}

impl Optimized {
    /// Decides, with the passes of the options.
    pub fn new(program: &Program<'_>, options: &Options) -> Self {
        let multiplications = Multiplications::new(program, options);
        let bulk_functions = BulkFunctions::new(program, options);
        Self {
            inlining: Inlining::new(program, &multiplications, &bulk_functions, options),
            multiplications,
            bulk_functions,
            aligned_globals: alignment::aligned_globals(program, options),
        }
    }
}

/// How often each value of a function is used.
fn uses(func: &Function) -> SecondaryMap<Value, u32> {
    let mut uses = SecondaryMap::new();
    for block in func.layout.blocks() {
        for inst in func.layout.block_insts(block) {
            for value in func.dfg.inst_values(inst) {
                uses[func.dfg.resolve_aliases(value)] += 1;
            }
        }
    }
    uses
}

/// The number that an integer is known to be in CLIF.
pub fn constant(dfg: &DataFlowGraph, value: Value) -> Option<i64> {
    let inst = dfg.value_def(dfg.resolve_aliases(value)).inst()?;
    match dfg.insts[inst] {
        InstructionData::UnaryImm {
            opcode: Opcode::Iconst,
            imm,
        } => Some(imm.bits()),
        _ => None,
    }
}
