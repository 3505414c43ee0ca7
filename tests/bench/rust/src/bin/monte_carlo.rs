//! Monte Carlo: π from random points, random walks with barriers, an Ising model; random numbers and branches.
//# set: small
//# count: 95
//# short: 1

use bench::{Checksum, Random, count};

fn circle(random: &mut Random) -> u64 {
    let inside = |_: &u32| {
        let (x, y) = (random.unit(), random.unit());
        x * x + y * y < 1.0
    };
    (0..300_000).filter(inside).count() as u64
}

/// The mean value of walks that end below, or above, or after a hundred steps.
fn walks(random: &mut Random) -> f64 {
    let mut total = 0.0;
    for _ in 0..4_000 {
        let mut value = 100.0;
        for _ in 0..100 {
            // The sum of uniform numbers is nearly normal.
            let normal = (0..4).map(|_| random.unit()).sum::<f64>() - 2.0;
            value *= 1.0 + 0.03 * normal;
            if !(80.0..=125.0).contains(&value) {
                break;
            }
        }
        total += value;
    }
    total / 4_000.0
}

const SIDE: usize = 128;

fn ising(spins: &mut [[i8; SIDE]; SIDE], random: &mut Random) -> i64 {
    // exp(-ΔE / T) for the five differences of energy there are.
    const ACCEPT: [f64; 5] = [1.0, 1.0, 1.0, 0.171_4, 0.029_4];
    for _ in 0..150_000 {
        let at = random.bits();
        let (x, y) = (at as usize % SIDE, (at >> 16) as usize % SIDE);
        let around = spins[(y + 1) % SIDE][x]
            + spins[(y + SIDE - 1) % SIDE][x]
            + spins[y][(x + 1) % SIDE]
            + spins[y][(x + SIDE - 1) % SIDE];
        let class = (around * spins[y][x] / 2 + 2) as usize;
        if random.unit() < ACCEPT[class] {
            spins[y][x] = -spins[y][x];
        }
    }
    spins.iter().flatten().map(|&spin| i64::from(spin)).sum()
}

fn main() {
    let mut random = Random::new(1);
    let mut spins = [[1; SIDE]; SIDE];
    let mut sum = Checksum::new();
    for _ in 0..count() {
        sum.add(circle(&mut random));
        sum.add(walks(&mut random).to_bits());
        sum.add(ising(&mut spins, &mut random) as u64);
    }
    sum.print();
}
