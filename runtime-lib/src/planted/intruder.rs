//! A guest that has taken the runtime over, for as much as that matters to the kernel: it makes any system call.
//!
//! # Safety
//!
//! There is none: the tests choose system calls that leave the process usable.
#![allow(unsafe_code)]

use core::arch::asm;

/// Makes the system call whose number and arguments these are, for x86-64; the result is negative for an error.
pub(crate) fn system_call([number, a, b, c, d, e, f]: [u64; 7]) -> i64 {
    let result;
    // SAFETY: see above; the kernel keeps all registers but rax, rcx and r11.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") a,
            in("rsi") b,
            in("rdx") c,
            in("r10") d,
            in("r8") e,
            in("r9") f,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    result
}
