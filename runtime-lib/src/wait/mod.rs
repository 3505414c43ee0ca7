//! `memory.atomic.wait32` and `memory.atomic.wait64`.
//!
//! A program has one thread, so nobody notifies it: it waits until the timeout, for ever if there is none. The kernel
//! compares and waits at once all the same, as threads will need it.
//!
//! # Safety
//!
//! Generated code has checked the address: it is aligned, and inside of a shared memory.
#![allow(unsafe_code)]

use crate::sys::clock::{ClockId, Timespec, clock_gettime};
use crate::sys::file::Errno;
use crate::sys::futex;
use core::sync::atomic::Ordering::SeqCst;
use core::sync::atomic::{AtomicU32, AtomicU64};

/// Somebody has notified.
const WOKEN: u32 = 0;
/// The word was another.
const NOT_EQUAL: u32 = 1;
/// Nobody has notified in time.
const TIMED_OUT: u32 = 2;

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// [`elfin_abi::host::intrinsic::MEMORY_WAIT32`].
///
/// # Safety
///
/// `word` is aligned and lies in a shared memory.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_memory_wait32(
    word: *const u32,
    expected: u32,
    timeout: i64,
) -> u32 {
    // SAFETY: as the caller promises; guest code accesses a shared memory by instructions of its own.
    wait(unsafe { &*word.cast::<AtomicU32>() }, expected, timeout)
}

/// [`elfin_abi::host::intrinsic::MEMORY_WAIT64`].
///
/// # Safety
///
/// `word` is aligned and lies in a shared memory.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn elfin_memory_wait64(
    word: *const u64,
    expected: u64,
    timeout: i64,
) -> u32 {
    // SAFETY: as above.
    if unsafe { &*word.cast::<AtomicU64>() }.load(SeqCst) != expected {
        return NOT_EQUAL;
    }
    // The kernel waits for 32 bits: the low half, which lies first.
    // SAFETY: likewise.
    let low = unsafe { &*word.cast::<AtomicU32>() };
    wait(low, expected as u32, timeout)
}

fn wait(word: &AtomicU32, expected: u32, timeout: i64) -> u32 {
    let deadline = deadline(timeout);
    loop {
        match futex::wait(word, expected, deadline.as_ref()) {
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return NOT_EQUAL,
            Err(Errno::TIMEDOUT) => return TIMED_OUT,
            // Where the kernel can't wait, a wake-up that nobody asked for, which every guest must expect.
            Ok(()) | Err(_) => return WOKEN,
        }
    }
}

/// What the monotonic clock shows after so many nanoseconds; `None` for never.
fn deadline(timeout: i64) -> Option<Timespec> {
    if timeout < 0 {
        return None;
    }
    let now = clock_gettime(ClockId::Monotonic);
    let nanoseconds = now.tv_nsec + timeout % SECOND;
    Some(Timespec {
        tv_sec: now.tv_sec + timeout / SECOND + nanoseconds / SECOND,
        tv_nsec: (nanoseconds % SECOND) as _,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_the_timeout() {
        let words = [5u64, 7];
        let before = clock_gettime(ClockId::Monotonic);
        // SAFETY: the words are aligned, and nobody writes them.
        unsafe {
            assert_eq!(elfin_memory_wait64(&words[0], 6, -1), NOT_EQUAL);
            assert_eq!(elfin_memory_wait64(&words[0], 5 | 1 << 40, -1), NOT_EQUAL);
            assert_eq!(elfin_memory_wait64(&words[0], 5, 20_000_000), TIMED_OUT);
            let word = words[1..].as_ptr().cast();
            assert_eq!(elfin_memory_wait32(word, 8, -1), NOT_EQUAL);
            assert_eq!(elfin_memory_wait32(word, 7, 0), TIMED_OUT);
        }
        let after = clock_gettime(ClockId::Monotonic);
        let passed = (after.tv_sec - before.tv_sec) * SECOND + after.tv_nsec - before.tv_nsec;
        assert!(passed >= 20_000_000);
    }

    #[test]
    fn the_longest_timeout_is_a_time() {
        let end = deadline(i64::MAX).unwrap();
        assert!(end.tv_sec >= i64::MAX / SECOND && end.tv_nsec < SECOND);
        assert!(deadline(-1).is_none());
    }
}
