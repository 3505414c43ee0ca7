//! Numbers as text: the arguments and results of an invoked function.

use crate::message::Message;
use core::fmt::{self, Write};
use core::str::FromStr;
use elfin_abi::layout::ValueType;

const I32: u8 = ValueType::I32 as u8;
const I64: u8 = ValueType::I64 as u8;
const F32: u8 = ValueType::F32 as u8;
const F64: u8 = ValueType::F64 as u8;

/// The bits of a value of the [`ValueType`] `code`. Integers are decimal or, after `0x`, hexadecimal, from the smallest
/// signed to the largest unsigned one; floats are decimal, `inf` or `nan`.
pub(super) fn parse(code: u8, text: &[u8]) -> Option<u64> {
    match code {
        I32 => parse_integer(text, 32).map(|value| value & 0xffff_ffff),
        I64 => parse_integer(text, 64),
        F32 => parse_float(text).map(|value: f32| value.to_bits().into()),
        F64 => parse_float(text).map(f64::to_bits),
        _ => None,
    }
}

/// Prints a value as `wasmtime run --invoke` does: integers signed, floats with the digits that identify them.
pub(super) fn print(message: &mut Message, code: u8, bits: u64) {
    match code {
        I32 => _ = message.signed((bits as i32).into()),
        I64 => _ = message.signed(bits as i64),
        F32 => print_float(message, f32::from_bits(bits as u32)),
        _ => print_float(message, f64::from_bits(bits)),
    }
}

fn parse_integer(text: &[u8], width: u32) -> Option<u64> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix(b"+").unwrap_or(text)),
    };
    let (radix, digits) = match text.strip_prefix(b"0x") {
        Some(rest) => (16, rest),
        None => (10, text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix)?;
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    let most = if negative {
        1 << (width - 1)
    } else {
        u64::MAX >> (64 - width)
    };
    let signed = if negative {
        value.wrapping_neg()
    } else {
        value
    };
    (value <= most).then_some(signed)
}

fn parse_float<F: FromStr>(text: &[u8]) -> Option<F> {
    core::str::from_utf8(text).ok()?.parse().ok()
}

fn print_float(message: &mut Message, value: impl fmt::Display) {
    // Writing to a message does not fail.
    let _ = write!(Text(message), "{value}");
}

struct Text<'a>(&'a mut Message);

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.text(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        assert_eq!(parse(I32, b"-1"), Some(0xffff_ffff));
        assert_eq!(parse(I32, b"4294967295"), Some(0xffff_ffff));
        assert_eq!(parse(I32, b"4294967296"), None);
        assert_eq!(parse(I32, b"-2147483648"), Some(0x8000_0000));
        assert_eq!(parse(I32, b"-2147483649"), None);
        assert_eq!(parse(I64, b"0xffffFFFFffffFFFF"), Some(u64::MAX));
        assert_eq!(parse(I64, b"-9223372036854775808"), Some(1 << 63));
        assert_eq!(parse(I64, b"18446744073709551616"), None);
        for wrong in [
            &b""[..],
            b"-",
            b"0x",
            b"1.0",
            b"ten",
            b" 1",
            b"--1",
            b"\xff",
        ] {
            assert_eq!(parse(I64, wrong), None);
        }
    }

    #[test]
    fn floats() {
        assert_eq!(parse(F64, b"-0.5"), Some((-0.5f64).to_bits()));
        assert_eq!(parse(F32, b"1e-3"), Some(1e-3f32.to_bits().into()));
        assert_eq!(
            parse(F32, b"-inf"),
            Some(f32::NEG_INFINITY.to_bits().into())
        );
        assert!(parse(F64, b"nan").is_some_and(|bits| f64::from_bits(bits).is_nan()));
        assert_eq!(parse(F64, b"0x1p3"), None);
        assert_eq!(parse(F64, b"one"), None);
    }
}
