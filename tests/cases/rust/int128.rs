//# args: 170141183460469231731687303715884105727 -12345678901234567890123
//# stdout:
//| add -12345678901234567890123
//| mul 340282366920938463463374607431768211454
//| div -13781435984330931
//| rem 7921590776543405811214
//| neg -170141183460469231731687303715884105727
//| shifts 10633823966279326983230456482242756607 -6028163525993441353
//| bits 127 54
//| overflow None
//| float 1.7014118346046923e38 -1.2345678901234568e22
//| hex 7fffffffffffffffffffffffffffffff

fn main() {
    let numbers: Vec<i128> = std::env::args().skip(1).map(|arg| arg.parse().unwrap()).collect();
    let (a, b) = (numbers[0], numbers[1]);
    println!("add {}", a.wrapping_add(b).wrapping_sub(a));
    println!("mul {}", (a as u128) * 2);
    println!("div {}", a / b);
    println!("rem {}", a % b);
    println!("neg {}", -a);
    println!("shifts {} {}", a >> 4, b >> 11);
    println!("bits {} {}", a.count_ones(), b.leading_ones());
    println!("overflow {:?}", a.checked_mul(b));
    println!("float {:e} {:e}", a as f64, b as f64);
    println!("hex {a:x}");
}
