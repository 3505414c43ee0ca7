//! Compares generated modules with the reference, see [`elfin_tests::fuzz`].

#![forbid(unsafe_code)]

use anyhow::{Context, Result, bail};
use elfin_compiler::Target;
use elfin_tests::fuzz::plant::{PLANTS, Plant};
use elfin_tests::fuzz::{self, Settings};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo run -p elfin-tests --bin fuzz -- [OPTIONS]

  --count N         how many modules (1000)
  --seed S          which ones (1)
  --target T        what elfin compiles them for (this machine)
  --only NUMBER     this module alone
  --first NUMBER    begin with this module
  --plant NAME      miscompile this instruction; `--plant list` lists them
  --no-reduce       leave modules that differ as they are

Exit status: 0 if nothing differs, 1 if something does, 2 on a wrong option.";

fn main() -> ExitCode {
    let settings = match settings(std::env::args().skip(1)) {
        Ok(Some(settings)) => settings,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fuzz: {error:#}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match fuzz::run(&settings) {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(!report.differences.is_empty()))
        }
        Err(error) => {
            eprintln!("fuzz: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The settings, or none where the options ask for words only.
fn settings(mut arguments: impl Iterator<Item = String>) -> Result<Option<Settings>> {
    let host = Target::host().unwrap_or(Target::X86_64);
    let mut settings = Settings::new(host, 1, 1000);
    while let Some(option) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.with_context(|| format!("`{option}` wants a value"))
        };
        match option.as_str() {
            "--count" => settings.count = number(&value()?)?,
            "--seed" => settings.seed = number(&value()?)?,
            "--target" => settings.target = value()?.parse()?,
            "--first" => settings.first = number(&value()?)?,
            "--only" => (settings.first, settings.count) = (number(&value()?)?, 1),
            "--no-reduce" => settings.reduce = false,
            "--plant" => match value()?.as_str() {
                "list" => {
                    PLANTS.iter().for_each(|plant| println!("{}", plant.name));
                    return Ok(None);
                }
                name => {
                    let plant = Plant::named(name);
                    settings.plant =
                        Some(plant.with_context(|| format!("no plant is called `{name}`"))?);
                }
            },
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(None);
            }
            other => bail!("unknown option `{other}`"),
        }
    }
    Ok(Some(settings))
}

fn number(text: &str) -> Result<u64> {
    text.parse().with_context(|| format!("no number: `{text}`"))
}
