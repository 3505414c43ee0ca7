//! The corpus of `bench/` against native code and other runtimes, see [`elfin_tests::bench`].

#![forbid(unsafe_code)]

use anyhow::{Context, Result, bail, ensure};
use elfin_tests::bench::build::{Builder, Subject, folder};
use elfin_tests::bench::clang::Clang;
use elfin_tests::bench::corpus;
use elfin_tests::bench::measure::{self, Settings, measure};
use elfin_tests::bench::table::{Row, Table};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo run --release -p elfin-tests --bin bench -- [OPTIONS] [-- OPTIONS OF ELFIN COMPILE]

  --against LIST    these runtimes alone: wasmtime,node=PATH (all that are installed); native code always
  --only NAME...    these programs and sets alone: matmul, fft-simd, real
  --runs N          rounds, in each of which everybody runs once (7)
  --quick           each program does a little only, once: do all print the same?
  --build           build, and say where everything lies
  --json FILE       write all figures
  --markdown FILE   write the table

Sets are coremark, arrays, simd, small, real.";

/// What the command line asks for.
struct Options {
    settings: Settings,
    only: Vec<String>,
    build: bool,
    json: Option<PathBuf>,
    markdown: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("bench: {error:#}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let subjects = subjects(&options.only)?;
    if options.build {
        for subject in subjects {
            let (module, native) = (subject.module.display(), subject.native.display());
            println!("{} {} {module} {native}", subject.name, subject.count);
        }
        return Ok(());
    }
    let mut table = Table::default();
    for subject in subjects {
        let samples = measure(&subject, &options.settings)?;
        let row = Row { subject, samples };
        if table.rows.is_empty() {
            println!("{}", row.head());
        }
        println!("{}", row.line());
        table.rows.push(row);
    }
    print!("{}", table.foot());
    if let Some(file) = &options.json {
        std::fs::write(file, format!("{:#}\n", table.json()))?;
    }
    if let Some(file) = &options.markdown {
        std::fs::write(file, table.markdown())?;
    }
    Ok(())
}

/// What is to be measured, built.
fn subjects(only: &[String]) -> Result<Vec<Subject>> {
    let builder = Builder::new(Clang::pinned(&folder()?)?)?;
    let mut subjects = Vec::new();
    for program in corpus::load()? {
        for variant in program.variants() {
            let names = [&program.name, &variant.name, variant.set.keyword()];
            if only.is_empty() || only.iter().any(|only| names.contains(&only.as_str())) {
                subjects.push(builder.build(&variant)?);
            }
        }
    }
    subjects.sort_by_key(|subject| subject.set);
    ensure!(
        !subjects.is_empty(),
        "no program and no set has such a name"
    );
    Ok(subjects)
}

/// What the command line asks for, or none where it asks for words only.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>> {
    let mut options = Options {
        settings: Settings {
            against: measure::installed(),
            runs: 7,
            short: false,
            options: Vec::new(),
        },
        only: Vec::new(),
        build: false,
        json: None,
        markdown: None,
    };
    while let Some(option) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.with_context(|| format!("`{option}` wants a value"))
        };
        match option.as_str() {
            "--against" => {
                let list = value()?;
                let names = list.split(',').filter(|name| *name != measure::NATIVE);
                options.settings.against = names.map(str::to_owned).collect();
            }
            "--only" => options.only.push(value()?),
            "--runs" => options.settings.runs = value()?.parse()?,
            "--quick" => {
                options.settings.short = true;
                options.settings.runs = 1;
            }
            "--build" => options.build = true,
            "--json" => options.json = Some(value()?.into()),
            "--markdown" => options.markdown = Some(value()?.into()),
            "--help" | "-h" => return Ok(None),
            "--" => {
                options.settings.options = arguments.by_ref().map(Into::into).collect();
            }
            other if !other.starts_with('-') && !options.only.is_empty() => {
                options.only.push(other.to_owned());
            }
            other => bail!("unknown option `{other}`"),
        }
    }
    Ok(Some(options))
}
