//! Expectations turned into their opposite: a step that does what the script says must then be reported.

use elfin_abi::trap::Trap;
use elfin_compiler::script::{Bits, Expected, Pattern, Script};

/// The script with every expectation flipped.
pub fn script(script: &Script) -> Script {
    let mut flipped = script.clone();
    for (number, step) in flipped.steps.iter_mut().enumerate() {
        step.expected = expected(&step.expected, number % 2 == 0);
    }
    flipped
}

/// What does not come of a step of which `expected` comes. A trap is turned into another one or into a return.
fn expected(expected: &Expected, into_trap: bool) -> Expected {
    match expected {
        Expected::Return(results) if !results.is_empty() => {
            Expected::Return(results.iter().map(|patterns| flip(patterns)).collect())
        }
        Expected::Return(_) | Expected::AnyReturn => Expected::Trap(Trap::Unreachable),
        Expected::Trap(Trap::Unreachable) if into_trap => Expected::Trap(Trap::StackOverflow),
        Expected::Trap(_) if into_trap => Expected::Trap(Trap::Unreachable),
        Expected::Trap(_) | Expected::Exception => Expected::AnyReturn,
    }
}

/// Patterns that no value fits which fits one of `patterns`.
fn flip(patterns: &[Pattern]) -> Vec<Pattern> {
    let with_bit = |bit| patterns.iter().map(move |pattern| flip_bit(pattern, bit));
    let excludes = |bit: &Bits| {
        with_bit(*bit).all(|flipped| patterns.iter().all(|pattern| !overlap(&flipped, pattern)))
    };
    // The lowest bit does, unless two alternatives differ in nothing else.
    let bit = (0..Bits::BITS).map(|bit| 1 << bit).find(excludes);
    with_bit(bit.expect("the alternatives leave a value out")).collect()
}

fn flip_bit(pattern: &Pattern, bit: Bits) -> Pattern {
    match *pattern {
        Pattern::Masked { mask, value } if mask & bit != 0 => Pattern::Masked {
            mask,
            value: value ^ bit,
        },
        Pattern::Masked { .. } => *pattern,
        Pattern::NonZero => Pattern::Masked {
            mask: Bits::MAX,
            value: 0,
        },
    }
}

/// Whether a value fits both patterns.
fn overlap(a: &Pattern, b: &Pattern) -> bool {
    match (a, b) {
        (Pattern::Masked { mask, value }, Pattern::Masked { mask: m, value: v }) => {
            (value ^ v) & mask & m == 0
        }
        (Pattern::Masked { mask, value }, Pattern::NonZero)
        | (Pattern::NonZero, Pattern::Masked { mask, value }) => *value != 0 || *mask != Bits::MAX,
        (Pattern::NonZero, Pattern::NonZero) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(value: Bits) -> Pattern {
        let mask = 0xff;
        Pattern::Masked { mask, value }
    }

    #[test]
    fn the_lowest_bit_of_the_mask_is_flipped() {
        assert_eq!(flip(&[exactly(4)]), [exactly(5)]);
        let (mask, value) = (0x7fc0_0000, 0x7fc0_0000);
        let flipped = Pattern::Masked {
            mask,
            value: 0x7f80_0000,
        };
        assert_eq!(flip(&[Pattern::Masked { mask, value }]), [flipped]);
    }

    #[test]
    fn no_alternative_fits_another_flipped() {
        assert_eq!(flip(&[exactly(0), exactly(1)]), [exactly(2), exactly(3)]);
    }

    #[test]
    fn a_reference_must_be_null() {
        let null = Pattern::Masked {
            mask: Bits::MAX,
            value: 0,
        };
        assert_eq!(flip(&[Pattern::NonZero]), [null]);
    }

    #[test]
    fn traps_and_returns_change_places() {
        let trap = Expected::Trap(Trap::Unreachable);
        assert_ne!(expected(&trap, true), trap);
        assert_eq!(expected(&trap, false), Expected::AnyReturn);
        assert_eq!(expected(&Expected::Exception, true), Expected::AnyReturn);
        assert_eq!(expected(&Expected::AnyReturn, true), trap);
        assert_eq!(expected(&Expected::Return(vec![]), true), trap);
    }
}
