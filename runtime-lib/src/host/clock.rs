//! The clocks. Times are nanoseconds.

use super::{Errno, Result};
use crate::sys::clock::{ClockId, Timespec, clock_getres, clock_gettime};

pub(crate) use crate::sys::clock::ClockId as Clock;

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;

/// What the clock shows.
pub(crate) fn now(clock: Clock) -> Result<u64> {
    nanoseconds(clock_gettime(clock))
}

/// How fine the clock is.
pub(crate) fn resolution(clock: ClockId) -> Result<u64> {
    nanoseconds(clock_getres(clock))
}

/// A length of time, as the kernel takes it.
pub(crate) fn timespec(nanoseconds: u64) -> Timespec {
    Timespec {
        tv_sec: (nanoseconds / SECOND) as i64,
        tv_nsec: (nanoseconds % SECOND) as _,
    }
}

/// 64 bits of nanoseconds reach from 1970 to the year 2554.
fn nanoseconds(time: Timespec) -> Result<u64> {
    let seconds = u64::try_from(time.tv_sec).map_err(|_| Errno::OVERFLOW)?;
    let nanoseconds = seconds.checked_mul(SECOND);
    nanoseconds
        .and_then(|nanoseconds| nanoseconds.checked_add(time.tv_nsec as u64))
        .ok_or(Errno::OVERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_fit_or_overflow() {
        let time = |tv_sec, tv_nsec| Timespec { tv_sec, tv_nsec };
        assert_eq!(nanoseconds(time(2, 5)), Ok(2_000_000_005));
        assert_eq!(nanoseconds(time(-1, 0)), Err(Errno::OVERFLOW));
        assert_eq!(nanoseconds(time(i64::MAX, 0)), Err(Errno::OVERFLOW));
        assert_eq!(nanoseconds(timespec(u64::MAX)), Ok(u64::MAX));
    }

    #[test]
    fn the_monotonic_clock_does_not_go_back() {
        let first = now(Clock::Monotonic).unwrap();
        assert!(now(Clock::Monotonic).unwrap() >= first);
        assert!(resolution(Clock::Monotonic).unwrap() > 0);
    }
}
