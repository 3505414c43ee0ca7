//! Waiting for the first of several things to happen.

use super::clock::{Clock, now, timespec};
use super::descriptors::{self, File};
use super::{Errno, Result, embedded};
use crate::sys::file::{BorrowedFd, readable};
use crate::sys::mapping::Mapping;
use crate::sys::poll::{PollFd, PollFlags, PollSet, Slot};
use core::mem::MaybeUninit;

/// The number of files without a mapping for them.
const INLINE: usize = 32;

/// Something to wait for.
#[derive(Clone, Copy)]
pub(crate) enum Interest {
    /// That so many nanoseconds have passed.
    Elapsed(u64),
    /// That the clock shows so many nanoseconds.
    Reached(Clock, u64),
    /// That a descriptor can be read.
    Readable(u32),
    /// That a descriptor can be written.
    Writable(u32),
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The time has come.
    Time,
    /// The descriptor is ready.
    Ready {
        /// Bytes that can be read without waiting, where that is known.
        bytes: u64,
        /// Whether the other side is gone.
        hangup: bool,
    },
}

/// Waits until at least one of the `count` interests has something to tell, and passes all that have to `report`, with
/// their numbers. What can't be waited for has an error to tell.
pub(crate) fn wait(
    count: usize,
    interest: impl Fn(usize) -> Result<Interest>,
    report: impl FnMut(usize, Result<Event>),
) -> Result<()> {
    if count > INLINE {
        let mut mapping = Mapping::<Slot>::new(count)?;
        return wait_in(mapping.elements(), count, interest, report);
    }
    let mut slots = [const { MaybeUninit::uninit() }; INLINE];
    wait_in(&mut slots, count, interest, report)
}

fn wait_in(
    slots: &mut [Slot],
    count: usize,
    interest: impl Fn(usize) -> Result<Interest>,
    mut report: impl FnMut(usize, Result<Event>),
) -> Result<()> {
    let started = now(Clock::Monotonic)?;
    let mut set = PollSet::new(slots);
    let mut at_once = false;
    for index in 0..count {
        at_once |= add(&mut set, interest(index)).unwrap_or(true);
    }
    let mut happened = false;
    while !happened {
        let mut timeout = at_once.then_some(0);
        for index in 0..count {
            let left = interest(index).ok().and_then(|it| left(it, started).ok()?);
            timeout = [timeout, left].into_iter().flatten().min();
        }
        set.wait(timeout.map(timespec).as_ref())?;
        let mut ready = set.files().iter().map(PollFd::revents);
        for index in 0..count {
            if let Some(event) = event(interest(index), &mut ready, started) {
                happened = true;
                report(index, event);
            }
        }
    }
    Ok(())
}

/// What an interest has to tell; `ready` goes through what the kernel tells of the files, in the order of the
/// interests in files.
fn event(
    interest: Result<Interest>,
    ready: &mut impl Iterator<Item = PollFlags>,
    started: u64,
) -> Option<Result<Event>> {
    let interest = match interest {
        Ok(interest) => interest,
        Err(errno) => return Some(Err(errno)),
    };
    match interest {
        Interest::Readable(fd) | Interest::Writable(fd) => match descriptors::file(fd) {
            Err(errno) => Some(Err(errno)),
            Ok(File::Embedded(node)) => Some(embedded_event(fd, node)),
            Ok(File::Host(file)) => {
                let to_read = matches!(interest, Interest::Readable(_)).then_some(file);
                file_event(ready.next()?, to_read)
            }
        },
        Interest::Elapsed(_) | Interest::Reached(..) => time_event(left(interest, started)),
    }
}

/// Adds the file of an interest, if it is one in a file of the host's. Says whether there is no need to wait for it.
fn add(set: &mut PollSet<'_>, interest: Result<Interest>) -> Result<bool> {
    let (fd, flags) = match interest? {
        Interest::Readable(fd) => (fd, PollFlags::IN),
        Interest::Writable(fd) => (fd, PollFlags::OUT),
        Interest::Elapsed(_) | Interest::Reached(..) => return Ok(false),
    };
    match descriptors::file(fd)? {
        File::Host(file) => set.push(file, flags).map(|()| false),
        File::Embedded(_) => Ok(true),
    }
}

/// A file inside the executable is always ready.
fn embedded_event(fd: u32, node: u32) -> Result<Event> {
    Ok(Event::Ready {
        bytes: embedded::remaining(fd, node)?,
        hangup: false,
    })
}

/// The nanoseconds until a time has come, if the interest is one in a time.
fn left(interest: Interest, started: u64) -> Result<Option<u64>> {
    let left = match interest {
        Interest::Elapsed(time) => {
            let passed = now(Clock::Monotonic)?.saturating_sub(started);
            time.saturating_sub(passed)
        }
        Interest::Reached(clock, time) => time.saturating_sub(now(clock)?),
        Interest::Readable(_) | Interest::Writable(_) => return Ok(None),
    };
    Ok(Some(left))
}

fn time_event(left: Result<Option<u64>>) -> Option<Result<Event>> {
    match left {
        Ok(Some(0)) => Some(Ok(Event::Time)),
        Ok(_) => None,
        Err(errno) => Some(Err(errno)),
    }
}

/// What the kernel tells of a file; `to_read` is the one whose readable bytes are of interest.
fn file_event(flags: PollFlags, to_read: Option<BorrowedFd<'_>>) -> Option<Result<Event>> {
    if flags.is_empty() {
        return None;
    }
    if flags.contains(PollFlags::NVAL) {
        return Some(Err(Errno::BADF));
    }
    let hangup = flags.contains(PollFlags::HUP);
    if flags.contains(PollFlags::ERR) && !hangup {
        let errno = if to_read.is_some() {
            Errno::IO
        } else {
            Errno::PIPE
        };
        return Some(Err(errno));
    }
    let bytes = match to_read {
        Some(file) => readable(file).unwrap_or(1),
        None => 1,
    };
    Some(Ok(Event::Ready { bytes, hangup }))
}
