//! Lines that suites/debuggers.rs knows by their numbers.
mod shape {
    pub struct Rect {
        pub width: i32,
        pub height: i32,
    }
    impl Rect {
        #[inline(always)]
        pub fn ratio(&self) -> i32 {
            divide(1000, self.width * self.height)
        }
    }
    #[inline(always)]
    fn divide(a: i32, b: i32) -> i32 {
        if b == 0 {
            core::arch::wasm32::unreachable()
        }
        a / b
    }
}

#[inline(never)]
fn show(n: i32) {
    let rect = shape::Rect {
        width: n,
        height: n,
    };
    println!("ratio {}", rect.ratio());
}

fn main() {
    for n in (0..3).rev() {
        show(n);
    }
}
