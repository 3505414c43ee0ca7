//! How many instructions Cranelift makes of what moves bytes.

use super::Machine;
use super::bytes::ALL;
use super::gather::{Gathered, gather};
use super::search::Plans;
use cranelift_codegen::ir::types::{I8, I16, I32, I32X4};
use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode};

/// Those of what has been followed; a shuffle is a call without an instruction that permutes bytes.
pub(super) fn cost_before(
    func: &Function,
    plans: &mut Plans,
    machine: Machine,
    gathered: &Gathered,
) -> u32 {
    let mut cost = |inst: &Inst| {
        let lane = func.dfg.ctrl_typevar(*inst).lane_type();
        match func.dfg.insts[*inst].opcode() {
            Opcode::Shuffle if machine.permutes => shuffle_cost(func, plans, machine, *inst),
            Opcode::Shuffle => 1000,
            Opcode::Insertlane if machine.inserts => 1,
            Opcode::Insertlane if lane == I8 => 6,
            Opcode::Insertlane if lane == I32 => 3,
            Opcode::Insertlane if lane == I16 => 1,
            Opcode::Splat if lane == I8 && machine.permutes => 3,
            Opcode::Splat if lane == I8 => 4,
            Opcode::Splat if lane == I16 => 3,
            Opcode::Splat if lane.is_float() => 1,
            Opcode::Splat => 2,
            Opcode::UwidenLow if machine.inserts => 1,
            Opcode::Insertlane | Opcode::UwidenLow | Opcode::UwidenHigh => 2,
            Opcode::Unarrow if func.dfg.ctrl_typevar(*inst) == I32X4 && !machine.inserts => 20,
            Opcode::Unarrow | Opcode::Snarrow | Opcode::Extractlane => 1,
            _ => 0,
        }
    };
    gathered.through.iter().map(&mut cost).sum()
}

/// The instructions and constants of a shuffle where there is `pshufb`.
fn shuffle_cost(func: &Function, plans: &mut Plans, machine: Machine, inst: Inst) -> u32 {
    let InstructionData::Shuffle { imm, args, .. } = func.dfg.insts[inst] else {
        unreachable!("a shuffle is asked for")
    };
    let lanes = func.dfg.immediates[imm].as_slice();
    let is_window = || lanes.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let keeps_words = || {
        let mut words = lanes.chunks(2).zip(0..);
        words.all(|(word, number)| word[0] % 16 == number * 2 && word[1] == word[0] + 1)
    };
    let is_one_of_sse2 = |plans: &mut Plans| {
        let gathered = gather(func, None, inst, ALL).expect("a shuffle only moves bytes");
        let zeros = vec![0; gathered.sources.len()];
        plans.find(&gathered.bytes, zeros).cost <= 1
    };
    if is_window() || machine.inserts && keeps_words() || is_one_of_sse2(plans) {
        return 1;
    }
    let [first, second] = args.map(|arg| func.dfg.resolve_aliases(arg));
    if first == second {
        ONE_PERMUTED
    } else {
        2 * ONE_PERMUTED + 1
    }
}

/// `pshufb`, and its constant.
const ONE_PERMUTED: u32 = 2;

/// Those of [`emit_permuted`](super::emit::emit_permuted) and its constants.
pub(super) fn cost_permuted(gathered: &Gathered) -> u32 {
    let count = gathered.sources.len() as u32;
    // Each is permuted, and all are joined.
    (count * (ONE_PERMUTED + 1)).saturating_sub(1)
}
