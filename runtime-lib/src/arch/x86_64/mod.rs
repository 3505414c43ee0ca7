//! x86-64: System V calling convention, return addresses on the stack.
//!
//! # Safety
//!
//! The assembly keeps to the calling convention of its callers; `mcontext` offsets are those of the kernel's
//! `struct sigcontext_64`, which are its ABI.
#![allow(unsafe_code)]

use super::{Caller, Landing, Registers};
use core::arch::{asm, global_asm};
use linux_raw_sys::general as linux;

global_asm!(include_str!("memory.s"));
global_asm!(include_str!("stack.s"));
#[cfg(elfin_archive)]
global_asm!(include_str!("../names.s"));
global_asm!(
    include_str!("throw.s"),
    throw = sym crate::exception::throw,
    throw_ref = sym crate::exception::throw_ref,
);
#[cfg(elfin_archive)]
global_asm!(
    include_str!("start.s"),
    program = sym crate::elfin_program,
    start = sym crate::start::enter,
);

/// The signals that guest code can raise. `ud2` is SIGILL, a division by zero or its overflow SIGFPE.
pub(crate) const TRAP_SIGNALS: &[u32] =
    &[linux::SIGSEGV, linux::SIGBUS, linux::SIGILL, linux::SIGFPE];

unsafe extern "C" {
    /// Calls `entry` on the stack that ends at `top`, then `after` on the same stack.
    ///
    /// # Safety
    ///
    /// `top` is a multiple of 16 and the end of memory that nothing else uses.
    #[link_name = "elfin_run_on_stack"]
    pub(crate) fn run_on_stack(entry: u64, top: u64, after: extern "C" fn() -> !) -> !;

    /// Goes on at `pc` with these stack and frame pointers, and a reference to an exception where Cranelift expects it.
    ///
    /// # Safety
    ///
    /// `pc` is that of a handler in the function to which the frame belongs.
    #[link_name = "elfin_resume"]
    pub(crate) fn resume(pc: u64, sp: u64, fp: u64, exception: u64) -> !;

    /// `rt_sigreturn`; not to be called.
    fn elfin_sigreturn();
}

/// A return address as it lies on the stack.
pub(crate) fn code_address(word: u64) -> u64 {
    word
}

/// Makes a system call; the result is negative for an error.
///
/// # Safety
///
/// What the system call does is sound.
pub(crate) unsafe fn system_call(number: u32, arguments: [usize; 4]) -> isize {
    let [a, b, c, d] = arguments;
    let result;
    // SAFETY: the kernel keeps all registers but rax, rcx and r11; the rest is the caller's promise.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as usize => result,
            in("rdi") a,
            in("rsi") b,
            in("rdx") c,
            in("r10") d,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// The registers in a signal handler's `ucontext`.
///
/// ```text
/// 0 uc_flags  8 uc_link  16 uc_stack  40 r8 ... 104 rdi rsi rbp 128 rbx rdx rax rcx 160 rsp 168 rip
/// ```
///
/// # Safety
///
/// `context` is the third argument of a signal handler.
pub(crate) unsafe fn registers(context: *const u8) -> Registers {
    // SAFETY: the offsets lie inside the structure, which is aligned to 8 bytes.
    let word = |offset: usize| unsafe { context.add(offset).cast::<u64>().read() };
    Registers {
        pc: word(168),
        fp: word(120),
        caller: Caller::OnStack(word(160)),
    }
}

/// Lets a signal handler return to another place, with a result in the register of results (rax).
///
/// # Safety
///
/// `context` is the third argument of the signal handler; the place can be gone to.
pub(crate) unsafe fn set_registers(context: *mut u8, to: Landing, result: u32) {
    // SAFETY: as for `registers`.
    let set = |offset: usize, word: u64| unsafe { context.add(offset).cast::<u64>().write(word) };
    set(144, result.into());
    set(160, to.sp);
    set(168, to.pc);
}

/// Gives a signal action the function that its handler returns to; the kernel requires one here.
pub(crate) fn set_restorer(action: &mut linux::kernel_sigaction) {
    action.sa_flags |= u64::from(linux::SA_RESTORER);
    action.sa_restorer = Some(elfin_sigreturn);
}
