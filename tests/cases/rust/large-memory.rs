//! 700 MB of zeros cost nothing until they are touched.
//# no-reference: node throws a TypeError of its own
//# stdout:
//| 700000000 zeros: true
//| sum 342
//| smaller again 5000

fn main() {
    let mut large = vec![0u8; 700_000_000];
    println!("{} zeros: {}", large.len(), large.iter().step_by(1 << 20).all(|&byte| byte == 0));
    for index in (0..large.len()).step_by(2_050_000) {
        large[index] = 1;
    }
    println!("sum {}", large.iter().step_by(50_000).map(|&byte| u32::from(byte)).sum::<u32>());
    drop(large);
    let vectors: Vec<Vec<u8>> = (0..5000).map(|n| vec![n as u8; n]).collect();
    println!("smaller again {}", vectors.len());
}
