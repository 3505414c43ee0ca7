//! The Mandelbrot set: a short chain of f64 operations, repeated until a comparison ends it.
//# set: small
//# count: 5
//# short: 1

use bench::{Checksum, count};

/// Steps until the point escapes, at most 200.
fn steps(re: f64, im: f64) -> u8 {
    let (mut x, mut y) = (0.0, 0.0);
    for step in 0..200 {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            return step;
        }
        y = 2.0 * x * y + im;
        x = xx - yy + re;
    }
    200
}

fn main() {
    let mut sum = Checksum::new();
    for round in 0..count() {
        let scale = 1.0 / f64::from(1 + round);
        for row in 0..400 {
            for column in 0..600 {
                let re = -0.743 + (f64::from(column) / 200.0 - 1.5) * scale;
                let im = 0.11 + (f64::from(row) / 200.0 - 1.0) * scale;
                sum.bytes(&[steps(re, im)]);
            }
        }
    }
    sum.print();
}
