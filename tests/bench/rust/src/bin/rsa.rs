//! Powers modulo a number of 2048 bits: Montgomery products of 64-bit limbs with `u128`, carries through all of them.
//# set: small
//# count: 72
//# short: 1

use bench::{Checksum, Random, count};

const LIMBS: usize = 32;
type Number = [u64; LIMBS];

/// a + b c + carry: the low half, and what is carried on.
fn multiply_add(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let sum = u128::from(a) + u128::from(b) * u128::from(c) + u128::from(carry);
    (sum as u64, (sum >> 64) as u64)
}

fn subtract_if_larger(a: &mut Number, carry: bool, modulus: &Number) {
    let larger = carry || a.iter().rev().ge(modulus.iter().rev());
    if larger {
        let mut borrow = false;
        for (a, m) in a.iter_mut().zip(modulus) {
            let (difference, first) = a.overflowing_sub(*m);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            *a = difference;
            borrow = first || second;
        }
    }
}

/// A number modulo which it is calculated; it is odd.
struct Modulus {
    number: Number,
    /// -1 / number modulo 2^64.
    inverse: u64,
}

impl Modulus {
    fn new(number: Number) -> Self {
        let mut inverse = 1u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(number[0].wrapping_mul(inverse)));
        }
        Self {
            number,
            inverse: inverse.wrapping_neg(),
        }
    }

    /// a b / 2^2048.
    fn product(&self, a: &Number, b: &Number) -> Number {
        let mut sum = [0u64; LIMBS + 2];
        for &limb in a {
            let mut carry = 0;
            for j in 0..LIMBS {
                (sum[j], carry) = multiply_add(sum[j], limb, b[j], carry);
            }
            let (high, over) = sum[LIMBS].overflowing_add(carry);
            sum[LIMBS] = high;
            sum[LIMBS + 1] = u64::from(over);
            let factor = sum[0].wrapping_mul(self.inverse);
            (_, carry) = multiply_add(sum[0], factor, self.number[0], 0);
            for j in 1..LIMBS {
                (sum[j - 1], carry) = multiply_add(sum[j], factor, self.number[j], carry);
            }
            let (high, over) = sum[LIMBS].overflowing_add(carry);
            sum[LIMBS - 1] = high;
            sum[LIMBS] = sum[LIMBS + 1] + u64::from(over);
        }
        let mut result = [0; LIMBS];
        result.copy_from_slice(&sum[..LIMBS]);
        subtract_if_larger(&mut result, sum[LIMBS] != 0, &self.number);
        result
    }

    fn power(&self, base: &Number, exponent: &Number) -> Number {
        let mut result = *base;
        for bit in (0..LIMBS * 64 - 1).rev() {
            result = self.product(&result, &result);
            if exponent[bit / 64] >> (bit % 64) & 1 == 1 {
                result = self.product(&result, base);
            }
        }
        result
    }
}

fn main() {
    let mut random = Random::new(1);
    let mut number = || -> Number { std::array::from_fn(|_| random.bits()) };
    let mut modulus = number();
    modulus[0] |= 1;
    modulus[LIMBS - 1] |= 1 << 63;
    let modulus = Modulus::new(modulus);
    let exponent = number();
    let mut value = number();
    value[LIMBS - 1] >>= 1;
    let mut sum = Checksum::new();
    for _ in 0..count() {
        value = modulus.power(&value, &exponent);
        sum.add(value[0] ^ value[LIMBS - 1]);
    }
    sum.print();
}
