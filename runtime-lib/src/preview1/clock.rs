//! Clocks.

use super::errno::Result;
use crate::guest::Guest;
use crate::host::Errno;
use crate::host::clock::{self, Clock};

pub(super) fn clock_res_get(guest: &Guest, id: u32, resolution: u32) -> Result<()> {
    let place = guest.place(resolution)?;
    place.set(clock::resolution(clock_id(id)?)?.to_le_bytes());
    Ok(())
}

/// The precision is a wish for less than the clock can do: there is no cheaper clock to read.
pub(super) fn clock_time_get(guest: &Guest, id: u32, _precision: u64, time: u32) -> Result<()> {
    let place = guest.place(time)?;
    place.set(clock::now(clock_id(id)?)?.to_le_bytes());
    Ok(())
}

/// `clockid`.
pub(super) fn clock_id(id: u32) -> Result<Clock> {
    match id {
        0 => Ok(Clock::Realtime),
        1 => Ok(Clock::Monotonic),
        2 => Ok(Clock::ProcessCPUTime),
        3 => Ok(Clock::ThreadCPUTime),
        _ => Err(Errno::INVAL),
    }
}
