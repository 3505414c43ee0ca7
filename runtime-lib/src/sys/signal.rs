//! Signal handlers and their stack.
//!
//! # Safety
//!
//! The structures are the kernel's and live until the system call returns. The kernel copies them.
#![allow(unsafe_code)]

use crate::arch::{TRAP_SIGNALS, set_restorer, system_call};
use core::ffi::c_void;
use core::mem::{size_of, transmute, zeroed};
use core::ptr::{from_ref, with_exposed_provenance_mut};
use linux_raw_sys::general as linux;
pub(crate) use rustix::process::Signal;
use rustix::process::{getpid, kill_process};

/// A handler: the signal, and pointers to its `siginfo` and to its `ucontext`.
pub(crate) type Handler = unsafe extern "C" fn(i32, *const u8, *const u8);

/// Installs a handler that runs on the alternate stack with the signals in `blocked` (bit n - 1: signal n) blocked.
pub(crate) fn handle(signal: u32, handler: Handler, blocked: u64) {
    // SAFETY: all its fields are integers and optional function pointers.
    let mut action: linux::kernel_sigaction = unsafe { zeroed() };
    // SAFETY: with SA_SIGINFO the kernel passes all three arguments.
    action.sa_handler_kernel =
        unsafe { transmute::<Option<Handler>, linux::__kernel_sighandler_t>(Some(handler)) };
    action.sa_flags = u64::from(linux::SA_SIGINFO | linux::SA_ONSTACK);
    action.sa_mask.sig[0] = blocked;
    set_restorer(&mut action);
    set(signal, &action);
}

/// Blocks signals: those in this set (bit n - 1: signal n) stay pending when they come.
pub(crate) fn block(signals: u64) {
    mask(linux::SIG_BLOCK, signals);
}

/// Lets a signal through, which the process may have been started with as a blocked one.
pub(crate) fn unblock(signal: u32) {
    mask(linux::SIG_UNBLOCK, 1 << (signal - 1));
}

/// Sends SIGALRM to this process once so many milliseconds have passed, at least one.
pub(crate) fn alarm(milliseconds: u64) {
    // `struct itimerval`: the interval, of zero, and the time until then, each in seconds and microseconds.
    let seconds = (milliseconds / 1000).min(i64::MAX.cast_unsigned());
    let timer: [u64; 4] = [0, 0, seconds, milliseconds % 1000 * 1000];
    let arguments = [
        linux::ITIMER_REAL as usize,
        timer.as_ptr().expose_provenance(),
        0,
        0,
    ];
    // SAFETY: see above.
    unsafe { system_call(linux::__NR_setitimer, arguments) };
}

/// Restores a signal's default action.
pub(crate) fn reset(signal: u32) {
    // SAFETY: as above; SIG_DFL is 0.
    set(signal, &unsafe { zeroed() });
}

/// Restores a signal's default action and sends it to this process; once it is not blocked, the process dies of it.
pub(crate) fn die_of(signal: i32) {
    reset(signal as u32);
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(getpid(), signal);
    }
}

/// Sends a signal to this process, which does what every process does that has no handler for it: most end.
pub(crate) fn raise(signal: Signal) {
    let number = signal.as_raw() as u32;
    if TRAP_SIGNALS.contains(&number) {
        reset(number);
    }
    let _ = kill_process(getpid(), signal);
    unblock(number);
}

/// Makes these bytes the stack of signal handlers.
pub(crate) fn set_stack(start: u64, len: u64) {
    let stack = linux::sigaltstack {
        ss_sp: with_exposed_provenance_mut::<c_void>(start as usize),
        ss_flags: 0,
        ss_size: len as _,
    };
    let stack = from_ref(&stack).expose_provenance();
    // SAFETY: see above.
    unsafe { system_call(linux::__NR_sigaltstack, [stack, 0, 0, 0]) };
}

/// `rt_sigprocmask` can't fail for a valid operation.
fn mask(how: u32, signals: u64) {
    let set = from_ref(&signals).expose_provenance();
    let arguments = [how as usize, set, 0, size_of::<u64>()];
    // SAFETY: see above.
    unsafe { system_call(linux::__NR_rt_sigprocmask, arguments) };
}

/// `rt_sigaction` can't fail for a valid signal.
fn set(signal: u32, action: &linux::kernel_sigaction) {
    let action = from_ref(action).expose_provenance();
    let arguments = [signal as usize, action, 0, size_of::<u64>()];
    // SAFETY: see above.
    unsafe { system_call(linux::__NR_rt_sigaction, arguments) };
}
