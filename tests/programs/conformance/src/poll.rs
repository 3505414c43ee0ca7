//! `poll_oneoff` on clocks and files. What is ready when on pipes, terminals and sockets is in their areas.

use crate::case::*;
use crate::wasi::*;

const MS: u64 = 1_000_000;

/// The event of a time that has come.
fn time(userdata: u64) -> Event {
    Event {
        userdata,
        ..Event::default()
    }
}

pub const CASES: &[Case] = &[
    case("a relative time passes", |_| {
        let before = clock(MONOTONIC)?;
        same(
            poll(&[Subscription::after(5, MONOTONIC, 20 * MS)])?,
            vec![time(5)],
        )?;
        holds("so long", clock(MONOTONIC)? >= before + 20 * MS)
    }),
    case("a relative time of the realtime clock passes", |_| {
        let before = clock(MONOTONIC)?;
        same(
            poll(&[Subscription::after(5, REALTIME, 20 * MS)])?,
            vec![time(5)],
        )?;
        holds("so long", clock(MONOTONIC)? >= before + 20 * MS)
    }),
    case("an absolute monotonic time comes", |_| {
        let then = clock(MONOTONIC)? + 20 * MS;
        same(
            poll(&[Subscription::when(6, MONOTONIC, then)])?,
            vec![time(6)],
        )?;
        holds("it has come", clock(MONOTONIC)? >= then)
    }),
    case("an absolute realtime time comes", |_| {
        let then = clock(REALTIME)? + 20 * MS;
        same(
            poll(&[Subscription::when(6, REALTIME, then)])?,
            vec![time(6)],
        )?;
        holds("it has come", clock(REALTIME)? >= then)
    }),
    case("a time that has been is now", |_| {
        same(poll(&[Subscription::when(7, MONOTONIC, 0)])?, vec![time(7)])?;
        same(poll(&[Subscription::when(7, REALTIME, 1)])?, vec![time(7)])
    }),
    case("no time passes at once", |_| {
        same(
            poll(&[Subscription::after(8, MONOTONIC, 0)])?,
            vec![time(8)],
        )
    }),
    case("the earliest of several times", |_| {
        let subscriptions = [
            Subscription::after(1, MONOTONIC, 10_000 * MS),
            Subscription::after(2, MONOTONIC, 5 * MS),
            Subscription::after(3, REALTIME, 10_000 * MS),
        ];
        same(poll(&subscriptions)?, vec![time(2)])
    }),
    case("several times that have come", |_| {
        let subscriptions = [
            Subscription::after(1, MONOTONIC, 0),
            Subscription::when(2, MONOTONIC, 0),
            Subscription::after(3, MONOTONIC, 10_000 * MS),
        ];
        same(poll(&subscriptions)?, vec![time(1), time(2)])
    }),
    case("an endless time among others", |_| {
        let subscriptions = [
            Subscription::after(1, MONOTONIC, u64::MAX),
            Subscription::when(2, REALTIME, u64::MAX),
            Subscription::after(3, MONOTONIC, MS),
        ];
        same(poll(&subscriptions)?, vec![time(3)])
    }),
    case("nothing to wait for is refused", |_| {
        refused(poll(&[]), INVAL)
    }),
    case("an unknown clock is an event with an error", |_| {
        let events = poll(&[Subscription::after(9, 77, MS)])?;
        same(
            (events.len(), events[0].userdata, i32::from(events[0].error)),
            (1, 9, INVAL.number),
        )
    }),
    case(
        "an unknown kind is refused or an event with an error",
        |_| match poll(&[Subscription {
            userdata: 9,
            tag: 3,
            ..Subscription::default()
        }]) {
            Ok(events) => same(
                (events.len(), i32::from(events[0].error)),
                (1, INVAL.number),
            ),
            Err(errno) => same(errno, INVAL),
        },
    ),
    case(
        "unknown flags of a clock are refused or an event with an error",
        |_| match poll(&[Subscription {
            flags: 2,
            ..Subscription::after(9, MONOTONIC, 0)
        }]) {
            Ok(events) => same(
                (events.len(), i32::from(events[0].error)),
                (1, INVAL.number),
            ),
            Err(errno) => same(errno, INVAL),
        },
    ),
    case(
        "a descriptor that is none is an event with an error",
        |_| {
            let events = poll(&[
                Subscription::readable(1, 999),
                Subscription::writable(2, 999),
            ])?;
            let found: Vec<_> = events
                .iter()
                .map(|event| (event.userdata, event.tag, i32::from(event.error)))
                .collect();
            same(found, vec![(1, 1, BADF.number), (2, 2, BADF.number)])
        },
    ),
    case("an error does not wait", |_| {
        let events = poll(&[
            Subscription::after(1, MONOTONIC, 10_000 * MS),
            Subscription::readable(2, 999),
        ])?;
        same((events.len(), events[0].userdata), (1, 2))
    }),
    case("a file can be read and written at once", |w| {
        let fd = w.file("f", "abc")?;
        let events = poll(&[Subscription::readable(1, fd), Subscription::writable(2, fd)])?;
        let found: Vec<_> = events
            .iter()
            .map(|event| (event.userdata, event.tag, event.error))
            .collect();
        same(found, vec![(1, 1, 0), (2, 2, 0)])
    }),
    case("a file tells the bytes before its end", |w| {
        let fd = w.file("f", "abcdef")?;
        same(poll(&[Subscription::readable(1, fd)])?[0].nbytes, 6)?;
        read(fd, 2)?;
        same(poll(&[Subscription::readable(1, fd)])?[0].nbytes, 4)
    }),
    case("a file at its end can be read", |w| {
        let events = poll(&[Subscription::readable(1, w.file("f", "")?)])?;
        same((events.len(), events[0].error, events[0].nbytes), (1, 0, 0))
    }),
    case("a file before a time", |w| {
        let events = poll(&[
            Subscription::after(1, MONOTONIC, 10_000 * MS),
            Subscription::readable(2, w.file("f", "abc")?),
        ])?;
        same((events.len(), events[0].userdata), (1, 2))
    }),
    case("one descriptor in several subscriptions", |w| {
        let fd = w.file("f", "abc")?;
        let events = poll(&[
            Subscription::readable(1, fd),
            Subscription::readable(2, fd),
            Subscription::writable(3, fd),
        ])?;
        same(
            events
                .iter()
                .map(|event| event.userdata)
                .collect::<Vec<_>>(),
            vec![1, 2, 3],
        )
    }),
    case("a hundred subscriptions", |w| {
        let fd = w.file("f", "abc")?;
        let subscriptions: Vec<_> = (0..100).map(|n| Subscription::readable(n, fd)).collect();
        let events = poll(&subscriptions)?;
        same(
            events
                .iter()
                .map(|event| event.userdata)
                .collect::<Vec<_>>(),
            (0..100).collect(),
        )
    }),
    case("userdata is passed on as it is", |_| {
        same(
            poll(&[Subscription::after(u64::MAX - 1, MONOTONIC, 0)])?,
            vec![time(u64::MAX - 1)],
        )
    }),
];
