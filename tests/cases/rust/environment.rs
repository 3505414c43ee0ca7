//# env: ONE=1
//# env: EMPTY=
//# env: EQUALS=a=b
//# elfin: --env PASSED --env UNSET
//# host-env: PASSED=from the host
//# host-env: HIDDEN=x
//# args: a "" "b c" --help -o
//# stdout:
//| ["a", "", "b c", "--help", "-o"]
//| EMPTY=
//| EQUALS=a=b
//| ONE=1
//| PASSED=from the host
//# no-reference: `--env NAME` is elfin's own

fn main() {
    println!("{:?}", std::env::args().skip(1).collect::<Vec<_>>());
    let mut variables: Vec<_> = std::env::vars().collect();
    variables.sort();
    for (name, value) in variables {
        println!("{name}={value}");
    }
}
