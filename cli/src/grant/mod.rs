//! What the guest may reach, as options of the commands that compile. One file a kind of grant says how it is written;
//! out come the [`Grants`] of a compilation.

mod directory;
mod variable;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use elfin_compiler::options::{Directory, Grants, Variable};

/// What the guest may reach.
#[derive(Args)]
pub(crate) struct GrantArgs {
    /// Let the program use this directory and what is below it; it sees it as GUEST [default: as HOST]
    ///
    /// HOST is looked up when the executable starts, from the directory that it is started in. With `::ro` the program
    /// can change nothing there. May be repeated.
    #[arg(long = "dir", value_name = "HOST[::GUEST[::ro]]",
          value_parser = OsStringValueParser::new().try_map(|text| directory::parse(&text)))]
    directories: Vec<Directory>,

    /// Let the program see this environment variable: as it is when the executable starts, or with a fixed VALUE
    ///
    /// A VALUE is stored in the executable as plain text: whoever can read the file can read it. May be repeated.
    #[arg(long = "env", value_name = "NAME[=VALUE]",
          value_parser = OsStringValueParser::new().try_map(|text| variable::parse(&text)))]
    environment: Vec<Variable>,
}

impl GrantArgs {
    /// The grants of a compilation.
    pub(crate) fn grants(&self) -> Grants {
        Grants {
            directories: self.directories.clone(),
            environment: self.environment.clone(),
        }
    }
}
