//! Virtual calls: a scene of objects behind a trait through which rays are cast, and closures in boxes.
//# set: small
//# count: 120
//# short: 1

use bench::{Checksum, Random, count};

type Vector = [f64; 3];

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn along(from: Vector, direction: Vector, distance: f64) -> Vector {
    std::array::from_fn(|i| from[i] + direction[i] * distance)
}

fn minus(a: Vector, b: Vector) -> Vector {
    along(a, b, -1.0)
}

trait Body {
    /// How far away a ray meets it.
    fn distance(&self, from: Vector, direction: Vector) -> Option<f64>;
    /// How light it is there.
    fn shade(&self, at: Vector) -> f64;
}

struct Ball {
    centre: Vector,
    radius: f64,
}

impl Body for Ball {
    fn distance(&self, from: Vector, direction: Vector) -> Option<f64> {
        let to = minus(from, self.centre);
        let half = dot(to, direction);
        let under = half * half - dot(to, to) + self.radius * self.radius;
        let distance = -half - under.max(0.0).sqrt();
        (under > 0.0 && distance > 1e-6).then_some(distance)
    }

    fn shade(&self, at: Vector) -> f64 {
        (at[1] - self.centre[1]) / self.radius * 0.5 + 0.5
    }
}

struct Floor {
    height: f64,
}

impl Body for Floor {
    fn distance(&self, from: Vector, direction: Vector) -> Option<f64> {
        let distance = (self.height - from[1]) / direction[1];
        (distance > 1e-6).then_some(distance)
    }

    fn shade(&self, at: Vector) -> f64 {
        let odd = (at[0].floor() as i64 + at[2].floor() as i64) & 1;
        if odd == 0 { 0.9 } else { 0.2 }
    }
}

struct Slab {
    low: Vector,
    high: Vector,
}

impl Body for Slab {
    fn distance(&self, from: Vector, direction: Vector) -> Option<f64> {
        let (mut near, mut far) = (f64::MIN, f64::MAX);
        for i in 0..3 {
            let a = (self.low[i] - from[i]) / direction[i];
            let b = (self.high[i] - from[i]) / direction[i];
            near = near.max(a.min(b));
            far = far.min(a.max(b));
        }
        (near < far && near > 1e-6).then_some(near)
    }

    fn shade(&self, at: Vector) -> f64 {
        (at[0] - self.low[0]) / (self.high[0] - self.low[0])
    }
}

fn scene(random: &mut Random) -> Vec<Box<dyn Body>> {
    let mut bodies: Vec<Box<dyn Body>> = vec![Box::new(Floor { height: -2.0 })];
    for i in 0..24 {
        let centre: Vector = [
            random.unit() * 8.0 - 4.0,
            random.unit() * 4.0 - 2.0,
            6.0 + random.unit() * 6.0,
        ];
        if i % 3 == 0 {
            let high = centre.map(|x| x + 0.7);
            bodies.push(Box::new(Slab { low: centre, high }));
        } else {
            let radius = 0.3 + random.unit();
            bodies.push(Box::new(Ball { centre, radius }));
        }
    }
    bodies
}

fn look(bodies: &[Box<dyn Body>], direction: Vector) -> f64 {
    let mut nearest = f64::MAX;
    let mut shade = 0.0;
    for body in bodies {
        if let Some(distance) = body.distance([0.0; 3], direction)
            && distance < nearest
        {
            nearest = distance;
            shade = body.shade(along([0.0; 3], direction, distance));
        }
    }
    shade
}

fn filters(gain: f64) -> Vec<Box<dyn FnMut(f64) -> f64>> {
    let (mut last, mut seen) = (0.0, 0u32);
    vec![
        Box::new(move |x| x * gain),
        Box::new(move |x| {
            last = 0.75 * last + 0.25 * x;
            last
        }),
        Box::new(|x| x.clamp(0.0, 1.0)),
        Box::new(move |x| {
            seen += 1;
            x + f64::from(seen % 4) / 16.0
        }),
    ]
}

fn main() {
    let mut random = Random::new(1);
    let mut sum = Checksum::new();
    for _ in 0..count() {
        let bodies = scene(&mut random);
        let mut filters = filters(1.0 + random.unit());
        for y in 0..80 {
            for x in 0..120 {
                let ray = [f64::from(x) / 60.0 - 1.0, f64::from(y) / 60.0 - 0.66, 1.0];
                let length = dot(ray, ray).sqrt();
                let shade = look(&bodies, ray.map(|x| x / length));
                let shade = filters
                    .iter_mut()
                    .fold(shade, |shade, filter| filter(shade));
                sum.add((shade * 4096.0) as u64);
            }
        }
    }
    sum.print();
}
