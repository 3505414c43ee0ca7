//! `poll_oneoff`.
//!
//! ```text
//! subscription, 48 bytes   0 userdata  8 tag  16 descriptor, or clock: 16 id  24 timeout  40 flags
//! event, 32 bytes          0 userdata  8 error  10 type  16 nbytes  24 flags
//! ```

use super::clock::clock_id;
use super::errno::{Result, number};
use super::layout::Record;
use super::rights;
use crate::guest::{Bytes, Guest};
use crate::host::Errno;
use crate::host::clock::Clock;
use crate::host::poll::{Event, Interest, wait};

/// How a `subscription` lies in memory: what differs between the versions of WASI.
pub(crate) struct Layout {
    /// Bytes, at most [`LARGEST`].
    pub(crate) size: usize,
    /// Where a clock begins: its `id`, and behind that `timeout` and `flags`.
    pub(crate) clock: usize,
}

const LAYOUT: Layout = Layout {
    size: 48,
    clock: 16,
};

/// Bytes of the largest `subscription`.
const LARGEST: usize = 56;

const EVENT: usize = 32;

/// `subclockflags`: the timeout is a point in time.
const ABSTIME: u16 = 1;

/// `eventrwflags`: the other side is gone.
const HANGUP: u16 = 1;

pub(super) fn poll_oneoff(
    guest: &Guest,
    subscriptions: u32,
    events: u32,
    count: u32,
    stored: u32,
) -> Result<()> {
    poll(&LAYOUT, guest, subscriptions, events, count, stored)
}

/// `poll_oneoff` with subscriptions of this layout.
pub(crate) fn poll(
    layout: &'static Layout,
    guest: &Guest,
    subscriptions: u32,
    events: u32,
    count: u32,
    stored: u32,
) -> Result<()> {
    let place = guest.place(stored)?;
    let subscriptions = guest.array(subscriptions, count, layout.size as u32)?;
    let mut events = guest.array(events, count, EVENT as u32)?;
    if count == 0 {
        return Err(Errno::INVAL);
    }
    let mut len = 0;
    wait(
        count as usize,
        |index| Subscription::read(layout, &subscriptions, index).interest(),
        |index, event| {
            let subscription = Subscription::read(layout, &subscriptions, index);
            len += events.write_at(len, &subscription.event(event));
        },
    )?;
    place.set(((len / EVENT) as u32).to_le_bytes());
    Ok(())
}

fn may_poll(fd: u32) -> Result<()> {
    rights::need(fd, rights::POLL_FD_READWRITE)
}

/// A `subscription`.
struct Subscription {
    layout: &'static Layout,
    bytes: [u8; LARGEST],
}

impl Subscription {
    fn read(layout: &'static Layout, array: &Bytes, index: usize) -> Subscription {
        let mut bytes = [0; LARGEST];
        array.read_at(index * layout.size, &mut bytes);
        Subscription { layout, bytes }
    }

    fn field<const N: usize>(&self, offset: usize) -> [u8; N] {
        let field = self.bytes.get(offset..).and_then(<[u8]>::first_chunk);
        *field.unwrap_or(&[0; N])
    }

    fn tag(&self) -> u8 {
        u8::from_le_bytes(self.field(8))
    }

    fn interest(&self) -> Result<Interest> {
        let fd = u32::from_le_bytes(self.field(16));
        match self.tag() {
            0 => self.time(),
            1 => may_poll(fd).map(|()| Interest::Readable(fd)),
            2 => may_poll(fd).map(|()| Interest::Writable(fd)),
            _ => Err(Errno::INVAL),
        }
    }

    /// A clock that stands still while a program waits can't be waited for.
    fn time(&self) -> Result<Interest> {
        let at = self.layout.clock;
        let clock = clock_id(u32::from_le_bytes(self.field(at)))?;
        let timeout = u64::from_le_bytes(self.field(at + 8));
        let flags = u16::from_le_bytes(self.field(at + 24));
        match clock {
            Clock::ProcessCPUTime | Clock::ThreadCPUTime => Err(Errno::INVAL),
            _ if flags & !ABSTIME != 0 => Err(Errno::INVAL),
            _ if flags == ABSTIME => Ok(Interest::Reached(clock, timeout)),
            _ => Ok(Interest::Elapsed(timeout)),
        }
    }

    fn event(&self, happened: Result<Event>) -> [u8; EVENT] {
        let mut record = Record::new();
        record.set(0, self.field::<8>(0));
        record.set(10, [self.tag()]);
        match happened {
            Err(errno) => {
                record.set(8, u16::from(number(errno)).to_le_bytes());
            }
            Ok(Event::Ready { bytes, hangup }) => {
                let flags = if hangup { HANGUP } else { 0 };
                record.set(16, bytes.to_le_bytes());
                record.set(24, flags.to_le_bytes());
            }
            Ok(Event::Time) => {}
        }
        record.bytes()
    }
}
