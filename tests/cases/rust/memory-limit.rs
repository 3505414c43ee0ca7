//! `memory.grow` fails at the limit, and the program goes on.
//# elfin: --max-memory 32M
//# stdout:
//| 64 MB refused: true
//| 16 MB granted: true
//| blocks: true
//# no-reference: the limit is elfin's own

fn main() {
    println!("64 MB refused: {}", Vec::<u8>::new().try_reserve(64_000_000).is_err());
    println!("16 MB granted: {}", Vec::<u8>::new().try_reserve(16_000_000).is_ok());
    let mut blocks: Vec<Vec<u8>> = Vec::with_capacity(1000);
    for _ in 0..1000 {
        let mut block = Vec::new();
        if block.try_reserve_exact(100_000).is_err() {
            break;
        }
        block.resize(100_000, 1);
        blocks.push(block);
    }
    println!("blocks: {}", (100..330).contains(&blocks.len()));
}
