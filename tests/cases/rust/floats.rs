//# args: 0.1 1e300 -2.5 1e-310 nan inf
//# stdout:
//| 0.1 1e-1 sqrt 0.31622776601683794 floor 0 round 0 as u8 0 as i64 0
//| 1e300 1e300 sqrt 1e150 floor 1e300 round 1e300 as u8 255 as i64 9223372036854775807
//| -2.5 -2.5e0 sqrt NaN floor -3 round -3 as u8 0 as i64 -2
//| 1e-310 1e-310 sqrt 9.999999999999986e-156 floor 0 round 0 as u8 0 as i64 0
//| NaN NaN sqrt NaN floor NaN round NaN as u8 0 as i64 0
//| inf inf sqrt inf floor inf round inf as u8 255 as i64 9223372036854775807
//| f32 0.1 16777216 3.4028235e38
//| fixed 3.142 0.50 -0.0
//| sin 0.8414709848078965 exp 2.718281828459045 ln 0.6931471805599453 pow 1024 atan2 0.7853981633974483
//| fma 7 min -1 max 2 nan 1

use std::hint::black_box;

fn main() {
    for arg in std::env::args().skip(1) {
        let x: f64 = arg.parse().unwrap();
        println!(
            "{x:?} {x:e} sqrt {:?} floor {} round {} as u8 {} as i64 {}",
            x.sqrt(),
            if x.abs() < 1e17 { format!("{}", x.floor()) } else { format!("{:?}", x.floor()) },
            if x.abs() < 1e17 { format!("{}", x.round()) } else { format!("{:?}", x.round()) },
            x as u8,
            x as i64
        );
    }
    println!("f32 {:?} {} {:?}", black_box(0.1f32), 16_777_217i32 as f32, f32::MAX);
    println!("fixed {:.3} {:.2} {:?}", black_box(3.14159), black_box(0.5), black_box(-0.0));
    let one = black_box(1.0f64);
    println!(
        "sin {} exp {} ln {} pow {} atan2 {}",
        one.sin(),
        one.exp(),
        black_box(2.0f64).ln(),
        black_box(2.0f64).powi(10),
        one.atan2(one)
    );
    let two = black_box(2.0f64);
    println!(
        "fma {} min {} max {} nan {}",
        two.mul_add(3.0, 1.0),
        two.min(-1.0),
        two.max(-1.0),
        one.min(f64::NAN)
    );
}
