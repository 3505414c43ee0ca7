//! Every case of cases/rust, cases/c, cases/cpp and cases/wat on every target.

fn main() -> anyhow::Result<()> {
    elfin_tests::suite::run(&["c", "cpp", "rust", "wat"])?.exit()
}
