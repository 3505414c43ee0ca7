//! Most of its time it spends in `mix`, which `outer` calls.

#[inline(never)]
fn mix(seed: u64, rounds: u64) -> u64 {
    let mut x = seed;
    for i in 0..rounds {
        x = x.wrapping_mul(6364136223846793005).rotate_left(17) ^ i;
    }
    x
}

#[inline(never)]
fn outer(n: u64) -> u64 {
    let mut sum = 0u64;
    for i in 0..n {
        sum = sum.wrapping_add(mix(i, 2_000_000));
    }
    sum
}

fn main() {
    println!("{}", outer(200));
}
