//! The memory functions against the obvious ones: all lengths, alignments and overlaps that take another path.
//!
//! # Safety
//!
//! The ranges lie inside one buffer.
#![allow(unsafe_code)]

use std::vec::Vec;

unsafe extern "C" {
    fn elfin_memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8;
    fn elfin_memset(to: *mut u8, byte: i32, len: usize) -> *mut u8;
    fn elfin_memcmp(left: *const u8, right: *const u8, len: usize) -> i32;
    fn elfin_strlen(string: *const i8) -> usize;
}

fn lengths() -> impl Iterator<Item = usize> {
    (0..300).chain([511, 1000, 2047, 2048, 2049, 4095, 4096, 4097, 5000])
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len)
        .map(|index| (index * 7 + index / 251) as u8)
        .collect()
}

#[test]
fn moves() {
    let original = pattern(3 * 6000);
    for len in lengths() {
        for from in 6000..6016 {
            let near = from - 40..from + 40;
            let far = [
                100,
                from - len,
                from + len,
                from + len / 2,
                from - len / 2,
                11_500,
            ];
            for to in near.chain(far) {
                let mut expected = original.clone();
                expected.copy_within(from..from + len, to);
                let mut bytes = original.clone();
                let start = bytes.as_mut_ptr();
                // SAFETY: see above.
                let result = unsafe { elfin_memmove(start.add(to), start.add(from), len) };
                assert_eq!(result, start.wrapping_add(to));
                assert!(bytes == expected, "{len} bytes from {from} to {to}");
            }
        }
    }
}

#[test]
fn fills() {
    let original = pattern(6000);
    for len in lengths() {
        for to in 64..96 {
            let mut expected = original.clone();
            expected[to..to + len].fill(0xa5);
            let mut bytes = original.clone();
            let start = bytes.as_mut_ptr();
            // SAFETY: see above.
            let result = unsafe { elfin_memset(start.add(to), -0x5b, len) };
            assert_eq!(result, start.wrapping_add(to));
            assert!(bytes == expected, "{len} bytes to {to}");
        }
    }
}

#[test]
fn compares() {
    let original = pattern(200);
    for len in 0..70 {
        for left in 0..9 {
            for right in 0..9 {
                let mut other = original.clone();
                other.copy_within(left..left + len, right);
                let compare = |other: &[u8]| {
                    // SAFETY: both are longer.
                    unsafe {
                        elfin_memcmp(original.as_ptr().add(left), other.as_ptr().add(right), len)
                    }
                };
                assert_eq!(compare(&other), 0);
                for at in 0..len {
                    let byte = other[right + at];
                    other[right + at] = byte.wrapping_add(0x81);
                    let expected = byte.cmp(&byte.wrapping_add(0x81));
                    assert_eq!(
                        compare(&other).cmp(&0),
                        expected,
                        "{len} {left} {right} {at}"
                    );
                    other[right + at] = byte;
                }
            }
        }
    }
}

#[test]
fn measures() {
    for len in [0, 1, 7, 8, 100] {
        let mut bytes = Vec::from([1i8; 101]);
        bytes[len] = 0;
        // SAFETY: it has its zero.
        assert_eq!(unsafe { elfin_strlen(bytes.as_ptr()) }, len);
    }
}
