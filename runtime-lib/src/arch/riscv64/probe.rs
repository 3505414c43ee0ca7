//! Which extensions the CPU has: what the kernel says, and instructions that are tried.
//!
//! # Safety
//!
//! The instructions that are tried write no memory and no register that their caller keeps; `mcontext` offsets are those
//! of [`super::registers`].
#![allow(unsafe_code)]

use core::arch::{asm, global_asm};
use linux_raw_sys::general::__NR_riscv_hwprobe;

global_asm!(include_str!("probe.s"));

unsafe extern "C" {
    /// Executes an instruction of an extension.
    ///
    /// # Safety
    ///
    /// The number is one of the table, and [`leave_probe`] handles SIGILL.
    fn elfin_probe(number: usize) -> usize;
}

/// A key and its value: `struct riscv_hwprobe`.
#[repr(C)]
struct Pair {
    key: i64,
    value: u64,
}

/// `RISCV_HWPROBE_KEY_IMA_EXT_0`
const EXTENSIONS: i64 = 4;

/// The extensions that the kernel says all CPUs have; no bits where it does not know the question.
pub(crate) fn hwprobe() -> u64 {
    let mut pair = Pair {
        key: EXTENSIONS,
        value: 0,
    };
    let result: isize;
    // SAFETY: one pair lies there; without a set of CPUs all are meant.
    unsafe {
        asm!(
            "ecall",
            in("a7") __NR_riscv_hwprobe as usize,
            inlateout("a0") &raw mut pair => result,
            in("a1") 1_usize,
            in("a2") 0_usize,
            in("a3") 0_usize,
            in("a4") 0_usize,
            options(nostack),
        );
    }
    // An unknown key becomes -1.
    if result == 0 && pair.key == EXTENSIONS {
        pair.value
    } else {
        0
    }
}

/// Whether the CPU executes an instruction of the extension with this number in [`elfin_abi::cpu::riscv64`], while
/// [`leave_probe`] handles SIGILL.
pub(crate) fn try_instruction(number: usize) -> bool {
    // SAFETY: as the caller promises.
    unsafe { elfin_probe(number) != 0 }
}

/// The handler of SIGILL: makes the function that was interrupted return 0.
///
/// # Safety
///
/// `context` is that of a signal which interrupted `elfin_probe`.
pub(crate) unsafe extern "C" fn leave_probe(_signal: i32, _info: *const u8, context: *const u8) {
    const PC: usize = 176;
    const RA: usize = 184;
    const A0: usize = 256;
    let word = |offset: usize| context.cast_mut().wrapping_add(offset).cast::<u64>();
    // SAFETY: the offsets lie inside the structure, which the kernel reads back when the handler returns.
    unsafe {
        word(PC).write(word(RA).read());
        word(A0).write(0);
    }
}
