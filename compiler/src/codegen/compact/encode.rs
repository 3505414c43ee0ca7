//! The instructions that are written anew.

use super::effect::Reg;
use super::flow::HalfCopy;
use iced_x86::Register;

/// The longest `nop` that is one instruction on every CPU.
const LONGEST_NOP: u32 = 9;

/// The instruction that copies all of a register to another one: `mov` of 64 bits, or `movaps`.
pub(super) fn copy(to: Register, from: Register) -> Vec<u8> {
    let [to_number, from_number] = [to, from].map(|register| register.number() as u8);
    let operands = 0xc0 | (to_number & 7) << 3 | from_number & 7;
    let extensions = (to_number >> 3) << 2 | from_number >> 3;
    if to.is_xmm() {
        let prefix = (extensions != 0).then_some(0x40 | extensions);
        prefix.into_iter().chain([0x0f, 0x28, operands]).collect()
    } else {
        vec![0x48 | extensions, 0x8b, operands]
    }
}

/// The condition of `jae`.
pub(super) const NOT_BELOW: u8 = 3;

/// A branch on a condition, by 8 bits or 32.
pub(super) fn branch(bytes: &mut Vec<u8>, condition: u8, distance: i32, is_short: bool) {
    if is_short {
        bytes.extend([0x70 | condition, distance as u8]);
    } else {
        bytes.extend([0x0f, 0x80 | condition]);
        bytes.extend(distance.to_le_bytes());
    }
}

/// `mov` of the lower half of a general register.
pub(super) fn copy_half(HalfCopy { to, from }: HalfCopy) -> Vec<u8> {
    let extensions = (to.0 >> 3) << 2 | from.0 >> 3;
    let prefix = (extensions != 0).then_some(0x40 | extensions);
    let operands = 0xc0 | (to.0 & 7) << 3 | from.0 & 7;
    prefix.into_iter().chain([0x8b, operands]).collect()
}

/// `cmp` of the lower half of a general register with a number.
pub(super) fn compare(register: Reg, number: u32) -> Vec<u8> {
    let prefix = (register.0 >= 8).then_some(0x41);
    let operands = 0xf8 | register.0 & 7;
    let mut bytes: Vec<u8> = prefix.into_iter().collect();
    match i8::try_from(number as i32) {
        Ok(short) => bytes.extend([0x83, operands, short as u8]),
        Err(_) => {
            bytes.extend([0x81, operands]);
            bytes.extend(number.to_le_bytes());
        }
    }
    bytes
}

/// `jmp *0(, %index, 8)`, with the address of a table to go in at the end.
pub(super) fn table_jump(index: Reg) -> Vec<u8> {
    let prefix = (index.0 >= 8).then_some(0x42);
    let operands = [0xff, 0x24, 0xc5 | (index.0 & 7) << 3, 0, 0, 0, 0];
    prefix.into_iter().chain(operands).collect()
}

/// Fills a gap between instructions.
pub(super) fn pad(bytes: &mut Vec<u8>, mut gap: u32) {
    // The forms that Intel's manual (volume 2, NOP) and AMD's recommend.
    const NOPS: [&[u8]; LONGEST_NOP as usize] = [
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
        &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    ];
    while gap > 0 {
        let len = gap.min(LONGEST_NOP);
        bytes.extend(NOPS[len as usize - 1]);
        gap -= len;
    }
}
