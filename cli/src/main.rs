//! The command line of elfin: reads files, calls the compiler library, writes files and speaks to the user.
//!
//! The library neither prints nor exits; everything that a user sees is made here. One module a command; `code` has the flags that several share.

#[cfg(target_os = "linux")]
mod bench;
mod bug;
#[cfg_attr(not(target_os = "linux"), path = "cache/absent.rs")]
mod cache;
mod code;
mod compile;
mod completions;
mod failure;
mod grant;
mod input;
mod inspect;
mod man;
mod output;
mod plain;
mod progress;
#[cfg(target_os = "linux")]
mod run;
// Linux's commands alone make one.
#[cfg_attr(not(target_os = "linux"), expect(dead_code))]
mod scratch;
mod targets;
mod words;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Compile WASI WebAssembly programs into standalone native Linux executables.
#[derive(Parser)]
#[command(name = "elfin", version, arg_required_else_help = true, after_help = failure::STATUS_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Print errors only: no notes, no progress
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    Compile(Box<compile::Compile>),
    #[cfg(target_os = "linux")]
    Run(Box<run::Run>),
    Inspect(inspect::Inspect),
    #[cfg(target_os = "linux")]
    Bench(Box<bench::Bench>),
    Targets(targets::Targets),
    Completions(completions::Completions),
    Man(man::ManPages),
}

fn main() -> ExitCode {
    // First of all, while this process is small.
    #[cfg(target_os = "linux")]
    if let Some(status) = bench::run_as_meter() {
        return status;
    }
    bug::report_panics();
    let cli = Cli::parse();
    if cli.quiet {
        failure::be_quiet();
    }
    let result = bug::catch(|| match cli.command {
        Command::Compile(command) => command.run(),
        #[cfg(target_os = "linux")]
        Command::Run(command) => command.run(),
        Command::Inspect(command) => command.run(),
        #[cfg(target_os = "linux")]
        Command::Bench(command) => command.run(),
        Command::Targets(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
