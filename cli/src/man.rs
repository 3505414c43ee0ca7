//! `elfin man`: the manual pages, made from the same descriptions as `--help`.

use crate::failure::{Failure, Result, STATUS_HELP};
use crate::output::{Destination, Kind};
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use std::path::PathBuf;

/// Write the manual pages, elfin.1 and one a command
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"))]
pub(crate) struct ManPages {
    /// The directory to write to, which must exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  elfin man /usr/local/share/man/man1     for all users: `man elfin-compile`
  elfin man . && man ./elfin.1            here";

impl ManPages {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let mut whole = crate::Cli::command().disable_help_subcommand(true);
        whole.build();
        let mut commands: Vec<&Command> = vec![&whole];
        commands.extend(whole.get_subcommands());
        for command in commands {
            let page = Man::new(command.clone());
            let path = self.directory.join(page.get_filename());
            let mut text = Vec::new();
            page.render(&mut text).map_err(|error| {
                Failure::Failed(format!("`{}` can't be made: {error}", path.display()))
            })?;
            // What stands below the options in the help is in columns.
            let text = String::from_utf8_lossy(&text);
            let text = text.replacen(".SH EXTRA\n", ".SH EXAMPLES\n.nf\n", 1);
            Destination::resolve(&path, &path, Kind::Text)?.write(text.as_bytes())?;
        }
        Ok(())
    }
}
