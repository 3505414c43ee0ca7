//! The sun and its large planets, moved step by step: f64 in registers, square roots, divisions.
//# set: small
//# count: 1200
//# short: 1

use bench::{Checksum, count};

const SOLAR_MASS: f64 = 39.478_417_604_357_43;
const DAYS: f64 = 365.24;

#[derive(Clone, Copy)]
struct Body {
    place: [f64; 3],
    speed: [f64; 3],
    mass: f64,
}

fn body(place: [f64; 3], speed: [f64; 3], mass: f64) -> Body {
    Body {
        place,
        speed: speed.map(|x| x * DAYS),
        mass: mass * SOLAR_MASS,
    }
}

fn solar_system() -> [Body; 5] {
    let mut bodies = [
        body([0.0; 3], [0.0; 3], 1.0),
        body(
            [
                4.841_431_442_464_72,
                -1.160_320_044_027_428_4,
                -0.103_622_044_471_123_11,
            ],
            [
                0.001_660_076_642_744_037,
                0.007_699_011_184_197_404,
                -6.904_600_169_720_63e-5,
            ],
            9.547_919_384_243_266e-4,
        ),
        body(
            [
                8.343_366_718_244_58,
                4.124_798_564_124_305,
                -0.403_523_417_114_321_4,
            ],
            [
                -0.002_767_425_107_268_624,
                0.004_998_528_012_349_172,
                2.304_172_975_737_639_3e-5,
            ],
            2.858_859_806_661_308e-4,
        ),
        body(
            [
                12.894_369_562_139_13,
                -15.111_151_401_698_631,
                -0.223_307_578_892_655_73,
            ],
            [
                0.002_964_601_375_647_616,
                0.002_378_471_739_594_809_5,
                -2.965_895_685_402_375_6e-5,
            ],
            4.366_244_043_351_563e-5,
        ),
        body(
            [
                15.379_697_114_850_917,
                -25.919_314_609_987_964,
                0.179_258_772_950_371_18,
            ],
            [
                0.002_680_677_724_903_893_2,
                0.001_628_241_700_382_423,
                -9.515_922_545_197_159e-5,
            ],
            5.151_389_020_466_114_5e-5,
        ),
    ];
    let mut momentum = [0.0; 3];
    for body in &bodies {
        for i in 0..3 {
            momentum[i] += body.speed[i] * body.mass;
        }
    }
    bodies[0].speed = momentum.map(|x| -x / SOLAR_MASS);
    bodies
}

fn advance(bodies: &mut [Body; 5], time: f64) {
    for i in 0..5 {
        let (left, right) = bodies.split_at_mut(i + 1);
        let one = &mut left[i];
        for other in right {
            let apart: [f64; 3] = std::array::from_fn(|d| one.place[d] - other.place[d]);
            let square = apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2];
            let pull = time / (square * square.sqrt());
            for d in 0..3 {
                one.speed[d] -= apart[d] * other.mass * pull;
                other.speed[d] += apart[d] * one.mass * pull;
            }
        }
    }
    for body in bodies {
        for d in 0..3 {
            body.place[d] += time * body.speed[d];
        }
    }
}

fn main() {
    let mut bodies = solar_system();
    for _ in 0..count() {
        for _ in 0..10_000 {
            advance(&mut bodies, 0.01);
        }
    }
    let mut sum = Checksum::new();
    for body in &bodies {
        for d in 0..3 {
            sum.add(body.place[d].to_bits());
        }
    }
    sum.print();
}
