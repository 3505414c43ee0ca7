//! Deep, but within 8 MiB of native stack and the guest's own megabyte.
//# also: --pie
//# also aarch64: --branch-protection pac-ret
//# stdout:
//| depth 8000, sum 32004000

#[inline(never)]
fn depth(n: u64, trail: &mut [u64; 4]) -> u64 {
    if n == 0 {
        return 0;
    }
    let mut own = [n, trail[0], trail[1], trail[2]];
    let below = depth(n - 1, &mut own);
    trail[3] = trail[3].wrapping_add(own[3]);
    n + below
}

fn main() {
    let n = 8000 * std::env::args().count() as u64;
    println!("depth {n}, sum {}", depth(n, &mut [0; 4]));
}
