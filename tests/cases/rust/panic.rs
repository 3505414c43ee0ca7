//# trap: unreachable
//# stdout:
//| before
//# stderr-contains: panicked at
//# stderr-contains: index out of bounds: the len is 3 but the index is 7

fn main() {
    println!("before");
    let numbers = vec![1, 2, 3];
    let index = std::env::args().count() + 6;
    println!("{}", numbers[index]);
}
