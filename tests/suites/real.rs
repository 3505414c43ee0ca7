//! Programs that people know, from the crate registry, on every target: cases/real.

fn main() -> anyhow::Result<()> {
    elfin_tests::suite::run(&["real"])?.exit()
}
