//! The values that scripts pass and expect, as bits.

use anyhow::{Result, bail};
use elfin_compiler::script::{Bits, Pattern};
use wast::core::{NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// A NaN's exponent and the first bit of its payload.
const QUIET_F32: u32 = 0x7fc0_0000;
const QUIET_F64: u64 = 0x7ff8_0000_0000_0000;

/// The bits of an argument.
pub fn argument(argument: &WastArg<'_>) -> Result<Bits> {
    let WastArg::Core(argument) = argument else {
        bail!("an argument of the component model");
    };
    Ok(match argument {
        WastArgCore::I32(value) => (*value as u32).into(),
        WastArgCore::I64(value) => (*value as u64).into(),
        WastArgCore::F32(value) => value.bits.into(),
        WastArgCore::F64(value) => value.bits.into(),
        WastArgCore::V128(value) => Bits::from_le_bytes(value.to_le_bytes()),
        WastArgCore::RefNull(_) => 0,
        WastArgCore::RefExtern(number) | WastArgCore::RefHost(number) => reference(*number),
    })
}

/// What a result may be.
pub fn result(result: &WastRet<'_>) -> Result<Vec<Pattern>> {
    let WastRet::Core(result) = result else {
        bail!("a result of the component model");
    };
    if let WastRetCore::Either(alternatives) = result {
        return alternatives.iter().map(single).collect();
    }
    Ok(vec![single(result)?])
}

fn single(result: &WastRetCore<'_>) -> Result<Pattern> {
    let (mask, value) = match result {
        WastRetCore::I32(value) => (u32::MAX.into(), (*value as u32).into()),
        WastRetCore::I64(value) => (u64::MAX.into(), (*value as u64).into()),
        WastRetCore::F32(value) => f32(value),
        WastRetCore::F64(value) => f64(value),
        WastRetCore::V128(value) => v128(value),
        WastRetCore::RefNull(_) => (u64::MAX.into(), 0),
        WastRetCore::RefExtern(Some(number)) | WastRetCore::RefHost(number) => {
            (u64::MAX.into(), reference(*number))
        }
        WastRetCore::RefExtern(None) | WastRetCore::RefFunc(_) => return Ok(Pattern::NonZero),
        other => bail!("no pattern stands for {other:?}"),
    };
    Ok(Pattern::Masked { mask, value })
}

/// The reference that a host gives for a number, see [`Bits`].
fn reference(number: u32) -> Bits {
    Bits::from(number) + 1
}

/// The bits of a number that count, and what they must be. The sign of a NaN never counts.
fn f32(pattern: &NanPattern<F32>) -> (Bits, Bits) {
    let (mask, value) = match pattern {
        NanPattern::CanonicalNan => (u32::MAX >> 1, QUIET_F32),
        NanPattern::ArithmeticNan => (QUIET_F32, QUIET_F32),
        NanPattern::Value(value) => (u32::MAX, value.bits),
    };
    (mask.into(), value.into())
}

fn f64(pattern: &NanPattern<F64>) -> (Bits, Bits) {
    let (mask, value) = match pattern {
        NanPattern::CanonicalNan => (u64::MAX >> 1, QUIET_F64),
        NanPattern::ArithmeticNan => (QUIET_F64, QUIET_F64),
        NanPattern::Value(value) => (u64::MAX, value.bits),
    };
    (mask.into(), value.into())
}

fn v128(pattern: &V128Pattern) -> (Bits, Bits) {
    match pattern {
        V128Pattern::I8x16(values) => lanes(values, |v| (u8::MAX.into(), (*v as u8).into())),
        V128Pattern::I16x8(values) => lanes(values, |v| (u16::MAX.into(), (*v as u16).into())),
        V128Pattern::I32x4(values) => lanes(values, |v| (u32::MAX.into(), (*v as u32).into())),
        V128Pattern::I64x2(values) => lanes(values, |v| (u64::MAX.into(), (*v as u64).into())),
        V128Pattern::F32x4(values) => lanes(values, f32),
        V128Pattern::F64x2(values) => lanes(values, f64),
    }
}

/// Puts lanes together, the first one lowest.
fn lanes<T>(values: &[T], lane: impl Fn(&T) -> (Bits, Bits)) -> (Bits, Bits) {
    let width = 128 / values.len();
    let place = |(mask, value), (index, (lane_mask, lane_value))| {
        let shift = index * width;
        (mask | lane_mask << shift, value | lane_value << shift)
    };
    let lanes = values.iter().map(lane).enumerate();
    lanes.fold((0, 0), place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wast::parser::{ParseBuffer, parse};

    fn masked(text: &str) -> Vec<(Bits, Bits)> {
        let buffer = ParseBuffer::new(text).unwrap();
        let pattern = parse::<WastRet<'_>>(&buffer).unwrap();
        let bits = |pattern| match pattern {
            Pattern::Masked { mask, value } => (mask, value),
            Pattern::NonZero => (0, 0),
        };
        result(&pattern).unwrap().into_iter().map(bits).collect()
    }

    #[test]
    fn numbers_are_their_bits() {
        assert_eq!(masked("i32.const -1"), [(0xffff_ffff, 0xffff_ffff)]);
        assert_eq!(masked("f32.const -0"), [(0xffff_ffff, 0x8000_0000)]);
    }

    #[test]
    fn nans_leave_bits_open() {
        assert_eq!(
            masked("f32.const nan:canonical"),
            [(0x7fff_ffff, 0x7fc0_0000)]
        );
        assert_eq!(
            masked("f64.const nan:arithmetic"),
            [(0x7ff8_0000_0000_0000, 0x7ff8_0000_0000_0000)]
        );
    }

    #[test]
    fn lanes_lie_from_the_lowest_up() {
        let mask = 0xffff_ffff_7fff_ffff_7fc0_0000_ffff_ffff;
        let value = 0x4000_0000_7fc0_0000_7fc0_0000_3f80_0000;
        assert_eq!(
            masked("v128.const f32x4 1 nan:arithmetic nan:canonical 2"),
            [(mask, value)]
        );
        assert_eq!(masked("v128.const i64x2 1 -1")[0].1, Bits::MAX << 64 | 1);
    }

    #[test]
    fn references_count_from_one() {
        assert_eq!(masked("ref.extern 0"), [(u64::MAX.into(), 1)]);
        assert_eq!(masked("ref.null extern"), [(u64::MAX.into(), 0)]);
        assert_eq!(masked("ref.func"), [(0, 0)]);
        assert_eq!(masked("either (i32.const 1) (i32.const 2)").len(), 2);
    }
}
