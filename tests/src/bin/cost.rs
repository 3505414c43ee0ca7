//! What options of `elfin compile` cost: programs of `programs/cost` with and without them, in turns on this machine.
//!
//! ```text
//! cargo run --release -p elfin-tests --bin cost -- --pie
//! cargo run --release -p elfin-tests --bin cost -- --target aarch64-linux --branch-protection pac-ret
//! ```
//!
//! For each program: the ratio of the times, each the least of several runs, and of the bytes of code. On another target
//! than this machine's there are only the bytes, since an emulator's time says nothing.

use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use elfin_tests::guest::Build;
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, place};
use object::{Object, ObjectSection, SectionKind};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs of each executable.
const RUNS: usize = 15;

fn main() -> Result<()> {
    let mut target = Target::host().context("this machine is no target: name one with --target")?;
    let mut options: Vec<OsString> = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--target" {
            let name = arguments.next().context("--target wants a name")?;
            target = name.parse().map_err(anyhow::Error::msg)?;
        } else {
            options.push(argument.into());
        }
    }
    if options.is_empty() {
        bail!("which options? For instance: --pie");
    }
    let mut sources: Vec<_> = std::fs::read_dir(place::crate_root().join("programs/cost"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    sources.sort();
    let scratch = Scratch::new("cost")?;
    println!("{:<14} {:>8} {:>8} {:>10}", "", "time", "code", "without");
    let (mut product, mut count) = (1.0, 0);
    for source in sources {
        let name = source.file_stem().unwrap_or_default().to_string_lossy();
        let mut build = Build::new(&source);
        build.apply("flags", "-O2")?;
        let wasm = build.guest()?.path;
        let apps = [scratch.path().join("without"), scratch.path().join("with")];
        elfin::compile(&wasm, &apps[0], target, &[])?;
        elfin::compile(&wasm, &apps[1], target, &options)?;
        let code = code(&apps[1])? as f64 / code(&apps[0])? as f64;
        if Target::host() != Some(target) {
            println!("{name:<14} {:>8} {code:>8.3}", "");
            continue;
        }
        let mut least = [Duration::MAX; 2];
        for _ in 0..RUNS {
            for (least, app) in least.iter_mut().zip(&apps) {
                *least = run(app)?.min(*least);
            }
        }
        let ratio = least[1].as_secs_f64() / least[0].as_secs_f64();
        let without = least[0].as_secs_f64() * 1e3;
        println!("{name:<14} {ratio:>8.3} {code:>8.3} {without:>7.0} ms");
        product *= ratio;
        count += 1;
    }
    if count > 0 {
        println!(
            "{:<14} {:>8.3}",
            "geometric mean",
            product.powf(1.0 / f64::from(count))
        );
    }
    Ok(())
}

/// Bytes of an executable's code.
fn code(app: &Path) -> Result<u64> {
    let bytes = std::fs::read(app)?;
    let file = object::File::parse(&*bytes)?;
    let text = file
        .sections()
        .filter(|section| section.kind() == SectionKind::Text);
    Ok(text.map(|section| section.size()).sum())
}

fn run(app: &Path) -> Result<Duration> {
    let start = Instant::now();
    let output = Command::new(app).output()?;
    ensure!(
        output.status.success(),
        "{}: {}",
        app.display(),
        output.status
    );
    Ok(start.elapsed())
}
