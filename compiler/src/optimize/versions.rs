//! Functions that are there twice: for any CPU of the target, and for one that has more.
//!
//! Code for x86-64 of 2003 lacks what nearly all machines have: products, comparisons and conversions of more kinds of
//! lanes (SSE4.1), operations on vectors that keep their operands (AVX), rotations that do (BMI2). Most functions are
//! hardly faster with it. One that is gets a second version, and the first one begins with a test of what the program has
//! found when it started, and goes on there: [`branch`]. Both do the same, whatever the machine: no instruction of
//! WebAssembly is lowered to one whose result differs, fused products among them.
//!
//! Which functions these are shows in the finished CLIF: [`gains`] adds up the instructions that the second version saves
//! of each loop.
//!
//! CPU time over native code's (for x86-64 of 2003), minima of 2 to 4 runs on a virtual AMD EPYC:
//!
//! | | once | twice |
//! | --- | --- | --- |
//! | CoreMark-like: products of lanes | 0.85 | 0.77 |
//! | `keccak`: rotations, complements | 1.23 | 1.05 |
//! | SHA-512 (not in the tree) | 1.35 | 1.27 |
//! | `matmul` with SIMD: copies of operands | 1.16 | 1.02 |
//! | `histogram`, `blend` with SIMD: bytes that are permuted | 1.14, 0.85 | 0.95, 0.59 |
//! | a loop of `rintf`, `truncf` and `ceilf` (not in the tree; native code calls a library) | 0.77 | 0.21 |
//! | `lanes` with SIMD: AVX is slower there | 0.95 | 1.03 |
//!
//! Of the 70 programs of `tests/bench` 31 have such a function; their executables grow by a page or two, the CoreMark-like by
//! 33 KB of 120. Compiling SQLite, which has one, takes 0.7 % more instructions.

use super::{constant, uses};
use cranelift_codegen::Context;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{
    BlockArg, DataFlowGraph, ExtFuncData, ExternalName, Function, Inst, InstBuilder,
    InstructionData, MemFlagsData, Opcode, UserExternalName, UserExternalNameRef, Value, types,
};
use cranelift_codegen::loop_analysis::Loop;
use cranelift_entity::SecondaryMap;
use std::cell::LazyCell;
use std::ops::Deref;

/// Where a program keeps what it has found of the CPU, and what a second version needs of it.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Found {
    /// The address of the features, of 64 bits.
    pub address: u64,
    /// Those that are needed, as bits of [`elfin_abi::cpu`].
    pub features: u64,
}

/// The part of a loop's instructions, in percent, that a second version has to save.
const SHARE: u32 = 14;

/// How many it has to save there in any case: what saves fewer is short, and half of a small program consists of it.
const LEAST: u32 = 4;

/// How many it has to save in code of no loop.
const LEAST_OUTSIDE: u32 = 32;

/// The part of the function's instructions, in percent, that it has to save in such loops together: a large function with a
/// short loop would be much room for little.
const SHARE_OF_ALL: u32 = 1;

/// [`saved`] counts in parts of an instruction.
const PARTS: u32 = 4;

/// Whether a second version of a function would be faster, whose loops are known: one of its loops would be much shorter.
/// So would be what permutes bytes in a way that takes several instructions; `permutes` says whether it does.
pub fn gains(context: &Context, permutes: bool) -> bool {
    let Context {
        func,
        loop_analysis,
        ..
    } = context;
    if permutes {
        return true;
    }
    // Few functions rotate.
    let uses = LazyCell::new(|| uses(func));
    // Instructions of each loop and of none, and what the second version saves of them.
    let mut loops: SecondaryMap<Loop, (u32, u32)> = SecondaryMap::new();
    let mut outside = (0, 0);
    for block in func.layout.blocks() {
        if func.layout.is_cold(block) {
            continue;
        }
        let (count, less) = match loop_analysis.innermost_loop(block) {
            Some(innermost) => &mut loops[innermost],
            None => &mut outside,
        };
        for inst in func.layout.block_insts(block) {
            *count += PARTS;
            *less += saved(func, &uses, inst);
        }
    }
    let loops = loops.values().map(|parts| (*parts, LEAST));
    let parts = loops.chain([(outside, LEAST_OUTSIDE)]);
    let all: u32 = parts.clone().map(|((count, _), _)| count).sum();
    let shorter = parts
        .filter(|((count, less), least)| *less >= least * PARTS && less * 100 >= count * SHARE);
    let less: u32 = shorter.map(|((_, less), _)| less).sum();
    less > 0 && less * 100 >= all * SHARE_OF_ALL
}

/// Whether an address lies in the function's frame.
fn is_of_stack(func: &Function, address: Value) -> bool {
    let definition = func.dfg.value_def(func.dfg.resolve_aliases(address)).inst();
    definition.is_some_and(|inst| func.dfg.insts[inst].opcode() == Opcode::StackAddr)
}

/// Whether a value is the number from which on a type has no fractions. Where the machine does not round by itself, the
/// code that does (`translate::rounding`) compares with it.
fn has_no_fraction(dfg: &DataFlowGraph, value: Value) -> bool {
    let inst = dfg.value_def(dfg.resolve_aliases(value)).inst();
    inst.is_some_and(|inst| match dfg.insts[inst] {
        InstructionData::UnaryIeee32 { imm, .. } => imm.as_f32() == 8_388_608.0,
        InstructionData::UnaryIeee64 { imm, .. } => imm.as_f64() == 4_503_599_627_370_496.0,
        _ => false,
    })
}

/// How much of the machine's instructions the second version saves, in parts of one.
fn saved(func: &Function, uses: &impl Deref<Target = SecondaryMap<Value, u32>>, inst: Inst) -> u32 {
    let dfg = &func.dfg;
    let args = dfg.inst_args(inst);
    let ty = || dfg.ctrl_typevar(inst);
    let lane = || ty().lane_type();
    let is_word = || matches!(ty(), I32 | I64);
    let is_vector = || ty().is_vector();
    let parts = |is_saved: bool, parts: u32| if is_saved { parts } else { 0 };
    match dfg.insts[inst].opcode() {
        // `rorx` leaves its operand alone.
        Opcode::Rotl | Opcode::Rotr => {
            let by_constant = constant(dfg, args[1]).is_some();
            let lives_on = || uses[dfg.resolve_aliases(args[0])] > 1;
            parts(is_word() && by_constant && lives_on(), PARTS)
        }
        // `andn`
        Opcode::Bnot => parts(is_word(), PARTS),
        // Where bytes are permuted in memory, they are loaded one by one.
        Opcode::Load if ty() == I8 => parts(is_of_stack(func, args[0]), PARTS * 3),
        // A number is rounded by additions.
        Opcode::Fcmp => parts(has_no_fraction(dfg, args[1]), PARTS * 10),
        // Copies of operands, and loads that are no operands where they may not be aligned.
        Opcode::Fadd | Opcode::Fsub | Opcode::Fmul | Opcode::Load => parts(is_vector(), PARTS / 2),
        Opcode::Imul => parts(is_vector() && lane() == I32, PARTS * 5),
        Opcode::Smin | Opcode::Smax => parts(is_vector() && lane() != I16, PARTS * 3),
        Opcode::Umin | Opcode::Umax => parts(is_vector() && lane() != I8, PARTS * 3),
        Opcode::Insertlane if lane() == I8 => PARTS * 5,
        Opcode::Insertlane => parts(lane() == I32 || lane() == I64, PARTS * 2),
        Opcode::Extractlane => parts(lane() != I16 && lane().is_int(), PARTS),
        Opcode::Unarrow => parts(lane() == I32, PARTS * 10),
        Opcode::SwidenLow | Opcode::SwidenHigh | Opcode::UwidenLow => PARTS,
        Opcode::Iabs => parts(is_vector(), PARTS),
        Opcode::Icmp => parts(is_vector() && lane() == I64, PARTS * 4),
        _ => 0,
    }
}

/// Has a function go on in its second version, which has this name, where the features were found. The control-flow graph
/// and the dominator tree are those of the result.
pub fn branch(
    context: &mut Context,
    found: Found,
    version: UserExternalName,
) -> UserExternalNameRef {
    let func = &mut context.func;
    let name = func.declare_imported_user_function(version);
    let signature = func.signature.clone();
    let signature = func.import_signature(signature);
    let callee = func.import_function(ExtFuncData {
        name: ExternalName::user(name),
        signature,
        colocated: true,
        patchable: false,
    });
    let first = func.layout.entry_block().expect("a function has a block");
    let [entry, lacks, has] = [(); 3].map(|()| func.dfg.make_block());
    let types: Vec<_> = func.dfg.block_param_types(first).collect();
    let params = types.into_iter();
    let params: Vec<Value> = params
        .map(|ty| func.dfg.append_block_param(entry, ty))
        .collect();
    for block in [entry, lacks, has] {
        func.layout.insert_block(block, first);
    }
    let mut cursor = FuncCursor::new(func).at_bottom(entry);
    let address = cursor.ins().iconst(I64, found.address as i64);
    let flags = MemFlagsData::trusted().with_readonly();
    // The features that functions may be there twice for have bits in the low half.
    let features = cursor.ins().load(types::I32, flags, address, 0);
    let needed = cursor.ins().band_imm_u(features, found.features as i64);
    let has_all = cursor
        .ins()
        .icmp_imm_u(IntCC::Equal, needed, found.features as i64);
    cursor.ins().brif(has_all, has, &[], lacks, &[]);
    let mut cursor = cursor.at_bottom(lacks);
    let args: Vec<BlockArg> = params.iter().map(|param| BlockArg::Value(*param)).collect();
    cursor.ins().jump(first, &args);
    let mut cursor = cursor.at_bottom(has);
    cursor.ins().return_call(callee, &params);
    context.flowgraph();
    name
}
