//# stdout:
//| monotone true
//| slept at least 30 ms true, less than 10 s true
//| this century true
//| clocks move together true

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() {
    let mut last = Instant::now();
    let monotone = (0..10_000).all(|_| {
        let now = Instant::now();
        let fine = now >= last;
        last = now;
        fine
    });
    println!("monotone {monotone}");

    let (start, wall) = (Instant::now(), SystemTime::now());
    sleep(Duration::from_millis(30));
    let slept = start.elapsed();
    let long = slept >= Duration::from_millis(30);
    println!("slept at least 30 ms {long}, less than 10 s {}", slept < Duration::from_secs(10));

    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    println!("this century {}", (1_700_000_000..4_102_444_800).contains(&seconds));
    let difference = wall.elapsed().unwrap().abs_diff(slept);
    println!("clocks move together {}", difference < Duration::from_secs(1));
}
