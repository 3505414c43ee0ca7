//! (seed, number, target) -> a module that terminates and whose results have one value each, and the calls to make.

use super::digest;
use super::features;
use super::reword::Rewording;
use super::rewrite;
use super::shape::Shape;
use super::straight;
use super::variant;
use crate::mutate::Random;
use anyhow::{Context, Result};
use arbitrary::Unstructured;
use elfin_compiler::Target;
use elfin_compiler::script::Bits;
use wasm_encoder::{Instruction, ValType};
use wasmparser::Operator;

/// How many loop iterations and calls a call may make. Recursion is as deep at most, which fits every stack.
pub const FUEL: u32 = 1000;

/// How many argument vectors each function gets.
const VECTORS: usize = 3;

/// A module, and what is called.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The module.
    pub module: Vec<u8>,
    /// The calls, in this order.
    pub calls: Vec<Call>,
    /// How elfin gets it in other words.
    pub reworded: Rewording,
}

/// A call of an export.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name of the function.
    pub export: String,
    /// A value for each parameter.
    pub arguments: Vec<Bits>,
}

/// The module of this number.
pub fn generate(seed: u64, number: u64, target: Target) -> Result<Generated> {
    let mut random = Random::new(seed << 32 ^ number);
    let machine = variant::machine_of(number, target);
    let config = features::config(machine, &mut random);
    let len = [300, 1500, 6000][random.below(3)];
    let bytes: Vec<u8> = std::iter::repeat_with(|| random.byte()).take(len).collect();
    let smith = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes));
    let mut smith = smith.context("wasm-smith gives no module")?;
    let fuel = smith.ensure_termination(FUEL)?;
    let module = straight::append(&smith.to_bytes(), machine, &mut random)?;
    let module = settle(&module)?;
    let module = digest::append(&module, fuel, FUEL)?;
    let calls = calls(&Shape::of(&module)?, &mut random);
    let reworded = match random.below(6) {
        0 if features::is_enabled("function_references", machine) => Rewording::References,
        1 if features::is_enabled("exceptions", machine) => Rewording::Exceptions,
        _ => Rewording::None,
    };
    Ok(Generated {
        module,
        calls,
        reworded,
    })
}

/// Every exported function with a few argument vectors; between them, new fuel.
fn calls(shape: &Shape, random: &mut Random) -> Vec<Call> {
    let call = |export: &str, arguments| Call {
        export: export.to_owned(),
        arguments,
    };
    let mut calls = Vec::new();
    for (export, index) in shape.exported_functions() {
        if export == digest::REFUEL || export == digest::DIGEST {
            continue;
        }
        let parameters = shape.function_type(index).params();
        let vectors = if parameters.is_empty() { 1 } else { VECTORS };
        for _ in 0..vectors {
            let arguments = parameters.iter().map(|&ty| argument(ty, random)).collect();
            calls.push(call(digest::REFUEL, Vec::new()));
            calls.push(call(export, arguments));
        }
    }
    calls.push(call(digest::DIGEST, Vec::new()));
    calls
}

/// Bits that are near an edge of some type more often than not.
fn argument(ty: wasmparser::ValType, random: &mut Random) -> Bits {
    let wide = |random: &mut Random| u64::from(random.next()) << 32 | u64::from(random.next());
    let i64 = |random: &mut Random| match random.below(4) {
        0 => INTERESTING[random.below(INTERESTING.len())],
        1 => random.below(300) as u64,
        2 => wide(random) >> random.below(64),
        _ => wide(random),
    };
    match ty {
        wasmparser::ValType::I32 => i64(random) as u32 as Bits,
        wasmparser::ValType::I64 => i64(random).into(),
        wasmparser::ValType::F32 => f32(random).into(),
        wasmparser::ValType::F64 => f64(random).into(),
        wasmparser::ValType::V128 => Bits::from(i64(random)) << 64 | Bits::from(i64(random)),
        // A null reference; other ones only where the host has some to give.
        wasmparser::ValType::Ref(ty) if ty.is_extern_ref() => random.below(3) as Bits,
        wasmparser::ValType::Ref(_) => 0,
    }
}

const INTERESTING: &[u64] = &[
    0,
    1,
    u64::MAX,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x0001_0203_0405_0607,
    0x80ff_7f00_ff80_017f,
    65536,
];

fn f32(random: &mut Random) -> u32 {
    const VALUES: &[f32] = &[
        0.0,
        -0.0,
        1.0,
        -1.5,
        2.5,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
        f32::MIN_POSITIVE,
        f32::MAX,
        2_147_483_648.0,
        9_223_372_036_854_775_808.0,
    ];
    match random.below(3) {
        0 => VALUES[random.below(VALUES.len())].to_bits(),
        1 => (random.below(2000) as f32 / 8.0 - 100.0).to_bits(),
        _ => random.next(),
    }
}

fn f64(random: &mut Random) -> u64 {
    const VALUES: &[f64] = &[
        0.0,
        -0.0,
        1.0,
        -1.5,
        2.5,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        f64::MIN_POSITIVE,
        f64::MAX,
        2_147_483_647.5,
        -9_223_372_036_854_775_808.0,
    ];
    match random.below(3) {
        0 => VALUES[random.below(VALUES.len())].to_bits(),
        1 => (random.below(2000) as f64 / 8.0 - 100.0).to_bits(),
        _ => u64::from(random.next()) << 32 | u64::from(random.next()),
    }
}

/// Replaces NaNs by the canonical one after each instruction that may give any NaN (wasm-smith's own pass leaves out
/// conversions and relaxed instructions), and lets nothing wait for a wake-up that does not come.
/// <https://webassembly.github.io/spec/core/exec/numerics.html#nan-propagation>
pub fn settle(module: &[u8]) -> Result<Vec<u8>> {
    rewrite::instructions(module, |site| {
        if matches!(
            site.operator,
            Operator::MemoryAtomicWait32 { .. } | Operator::MemoryAtomicWait64 { .. }
        ) {
            site.emit(&Instruction::Drop);
            site.emit(&Instruction::I64Const(0));
        }
        site.keep();
        let Some(lanes) = gives_any_nan(site.operator) else {
            return Ok(());
        };
        let (ty, nan, equal, choose) = match lanes {
            Lanes::F32 => (
                ValType::F32,
                Instruction::F32Const(f32::from_bits(NAN32).into()),
                Instruction::F32Eq,
                Instruction::Select,
            ),
            Lanes::F64 => (
                ValType::F64,
                Instruction::F64Const(f64::from_bits(NAN64).into()),
                Instruction::F64Eq,
                Instruction::Select,
            ),
            Lanes::F32x4 => (
                ValType::V128,
                Instruction::V128Const(NAN32 as i128 * 0x1_0000_0001_0000_0001_0000_0001),
                Instruction::F32x4Eq,
                Instruction::V128Bitselect,
            ),
            Lanes::F64x2 => (
                ValType::V128,
                Instruction::V128Const(NAN64 as i128 | (NAN64 as i128) << 64),
                Instruction::F64x2Eq,
                Instruction::V128Bitselect,
            ),
        };
        let local = site.scratch(ty, 0);
        site.emit(&Instruction::LocalTee(local));
        site.emit(&nan);
        site.emit(&Instruction::LocalGet(local));
        site.emit(&Instruction::LocalGet(local));
        site.emit(&equal);
        site.emit(&choose);
        Ok(())
    })
}

const NAN32: u32 = 0x7fc0_0000;
const NAN64: u64 = 0x7ff8_0000_0000_0000;

enum Lanes {
    F32,
    F64,
    F32x4,
    F64x2,
}

/// The floating-point type of an instruction's result, if that may be one of several NaNs.
fn gives_any_nan(operator: &Operator<'_>) -> Option<Lanes> {
    use Operator::*;
    Some(match operator {
        F32Ceil | F32Floor | F32Trunc | F32Nearest | F32Sqrt | F32Add | F32Sub | F32Mul
        | F32Div | F32Min | F32Max | F32DemoteF64 => Lanes::F32,
        F64Ceil | F64Floor | F64Trunc | F64Nearest | F64Sqrt | F64Add | F64Sub | F64Mul
        | F64Div | F64Min | F64Max | F64PromoteF32 => Lanes::F64,
        F32x4Ceil | F32x4Floor | F32x4Trunc | F32x4Nearest | F32x4Sqrt | F32x4Add | F32x4Sub
        | F32x4Mul | F32x4Div | F32x4Min | F32x4Max | F32x4DemoteF64x2Zero | F32x4RelaxedMadd
        | F32x4RelaxedNmadd | F32x4RelaxedMin | F32x4RelaxedMax => Lanes::F32x4,
        F64x2Ceil | F64x2Floor | F64x2Trunc | F64x2Nearest | F64x2Sqrt | F64x2Add | F64x2Sub
        | F64x2Mul | F64x2Div | F64x2Min | F64x2Max | F64x2PromoteLowF32x4 | F64x2RelaxedMadd
        | F64x2RelaxedNmadd | F64x2RelaxedMin | F64x2RelaxedMax => Lanes::F64x2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_valid_and_the_same_each_time() {
        for number in 0..200 {
            for target in Target::ALL {
                let generated = generate(3, number, target).unwrap();
                let again = generate(3, number, target).unwrap();
                assert_eq!(generated.module, again.module);
                let features = wasmparser::WasmFeatures::all();
                let mut validator = wasmparser::Validator::new_with_features(features);
                validator.validate_all(&generated.module).unwrap();
                assert!(generated.calls.len() >= 3, "module {number}");
            }
        }
    }
}
