//! Clocks, random numbers, yielding.

use crate::case::*;
use crate::wasi::*;

const SECOND: u64 = 1_000_000_000;
const YEAR_2020: u64 = 1_577_836_800 * SECOND;

pub const CASES: &[Case] = &[
    case("the realtime clock shows a time after 2020", |_| {
        holds("it does", clock(REALTIME)? > YEAR_2020)
    }),
    case("the monotonic clock does not go back", |_| {
        let mut last = clock(MONOTONIC)?;
        for _ in 0..1000 {
            let now = clock(MONOTONIC)?;
            holds("it does not", now >= last)?;
            last = now;
        }
        Ok(())
    }),
    case("the clocks go on", |_| {
        let before = (clock(REALTIME)?, clock(MONOTONIC)?);
        poll(&[Subscription::after(0, MONOTONIC, 2_000_000)])?;
        holds(
            "they do",
            clock(REALTIME)? > before.0 && clock(MONOTONIC)? >= before.1 + 2_000_000,
        )
    }),
    case("the clocks of processor time go on with work", |_| {
        for id in [2, 3] {
            let before = clock(id)?;
            let mut sum = 0u64;
            while clock(id)? == before {
                sum = std::hint::black_box(sum + 1);
            }
            holds("it is later", clock(id)? > before)?;
        }
        Ok(())
    }),
    case("an unknown clock", |_| {
        refused(clock(4), INVAL)?;
        refused(clock(u32::MAX), INVAL)?;
        refused(clock_resolution(4), INVAL)
    }),
    case("resolutions are between a nanosecond and a second", |_| {
        for id in 0..4 {
            holds("it is", (1..=SECOND).contains(&clock_resolution(id)?))?;
        }
        Ok(())
    }),
    case("random bytes differ", |_| {
        let (first, second) = (random(32)?, random(32)?);
        holds("they do", first != second && first != vec![0; 32])
    }),
    case("no random bytes", |_| same(random(0)?, vec![])),
    case("a megabyte of random bytes", |_| {
        let bytes = random(1 << 20)?;
        let mut counts = [0u32; 256];
        bytes
            .iter()
            .for_each(|&byte| counts[usize::from(byte)] += 1);
        // Each comes 4096 times, give or take 64.
        holds(
            "each byte comes",
            counts.iter().all(|&count| (3500..4700).contains(&count)),
        )
    }),
    case("yielding", |_| Ok(sched_yield()?)),
    case("raising no signal", |_| Ok(raise(0)?)),
    case("raising signals that nobody minds", |_| {
        // chld, cont, urg, winch
        for signal in [16, 17, 22, 27] {
            raise(signal)?;
        }
        Ok(())
    }),
    case("raising an unknown signal", |_| {
        refused(raise(31), INVAL)?;
        refused(raise(255), INVAL)
    }),
];
