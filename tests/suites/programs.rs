//! Every case of cases/rust, cases/c and cases/wat on every target.

fn main() -> anyhow::Result<()> {
    elfin_tests::suite::run(&["c", "rust", "wat"])?.exit()
}
