//! `fstflags`: which times of a file to set, and to what.

use super::errno::Result;
use crate::host::Errno;
use crate::host::stat::NewTime;

const ATIM: u32 = 1;
const ATIM_NOW: u32 = 1 << 1;
const MTIM: u32 = 1 << 2;
const MTIM_NOW: u32 = 1 << 3;

/// The time of access and that of modification.
pub(super) fn new_times(atim: u64, mtim: u64, fstflags: u32) -> Result<(NewTime, NewTime)> {
    if fstflags >> 4 != 0 {
        return Err(Errno::INVAL);
    }
    let accessed = new_time(atim, fstflags & ATIM != 0, fstflags & ATIM_NOW != 0)?;
    let modified = new_time(mtim, fstflags & MTIM != 0, fstflags & MTIM_NOW != 0)?;
    Ok((accessed, modified))
}

fn new_time(time: u64, given: bool, now: bool) -> Result<NewTime> {
    match (given, now) {
        (false, false) => Ok(NewTime::Keep),
        (false, true) => Ok(NewTime::Now),
        (true, false) => Ok(NewTime::At(time)),
        (true, true) => Err(Errno::INVAL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination() {
        assert_eq!(new_times(1, 2, 0), Ok((NewTime::Keep, NewTime::Keep)));
        assert_eq!(new_times(1, 2, 1), Ok((NewTime::At(1), NewTime::Keep)));
        assert_eq!(new_times(1, 2, 6), Ok((NewTime::Now, NewTime::At(2))));
        assert_eq!(new_times(1, 2, 8), Ok((NewTime::Keep, NewTime::Now)));
        assert_eq!(new_times(1, 2, 3), Err(Errno::INVAL));
        assert_eq!(new_times(1, 2, 12), Err(Errno::INVAL));
        assert_eq!(new_times(1, 2, 16), Err(Errno::INVAL));
    }
}
