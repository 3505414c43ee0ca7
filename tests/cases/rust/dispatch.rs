//! Calls through vtables and function pointers.
//# also: --pie
//# also aarch64: --branch-protection pac-ret
//# stdout:
//| areas 10 6 12
//| pointers 24 -4 140 0
//| closures [0, 10, 40, 90]

trait Shape {
    fn area(&self) -> u32;
}

struct Square(u32);
struct Triangle(u32, u32);
struct Boxed(Box<dyn Shape>, u32);

impl Shape for Square {
    fn area(&self) -> u32 {
        self.0
    }
}

impl Shape for Triangle {
    fn area(&self) -> u32 {
        self.0 * self.1 / 2
    }
}

impl Shape for Boxed {
    fn area(&self) -> u32 {
        self.0.area() * self.1
    }
}

fn main() {
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Square(10)),
        Box::new(Triangle(3, 4)),
        Box::new(Boxed(Box::new(Triangle(3, 4)), 2)),
    ];
    let areas: Vec<String> = shapes.iter().map(|shape| shape.area().to_string()).collect();
    println!("areas {}", areas.join(" "));

    let operations: [fn(i32, i32) -> i32; 4] = [i32::wrapping_add, i32::wrapping_sub, |a, b| a * b, |a, b| a / b];
    let results: Vec<String> = operations.iter().map(|f| f(10, 14).to_string()).collect();
    println!("pointers {}", results.join(" "));

    let closures: Vec<Box<dyn Fn(usize) -> usize>> =
        (0..4usize).map(|n| Box::new(move |x| x * n) as Box<dyn Fn(usize) -> usize>).collect();
    let results: Vec<usize> = closures.iter().enumerate().map(|(n, f)| f(n * 10)).collect();
    println!("closures {results:?}");
}
