//! `elfin completions`: what a shell needs to complete elfin's command lines.

use crate::failure::{Result, STATUS_HELP};
use crate::output::{Destination, Kind};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::Path;

/// Print what a shell needs to complete the command line of elfin
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"))]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  source <(elfin completions bash)                                              in ~/.bashrc
  elfin completions zsh >\"${fpath[1]}/_elfin\"                                   zsh, for all sessions to come
  elfin completions fish >~/.config/fish/completions/elfin.fish                 fish";

impl Completions {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut crate::Cli::command(), "elfin", &mut text);
        let output = Path::new("-");
        Destination::resolve(output, output, Kind::Text)?.write(&text)
    }
}
