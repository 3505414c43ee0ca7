//! What the guest may reach, as options of the commands that compile. One file a kind of grant says how it is written;
//! out come the [`Grants`] of a compilation, and the lines that tell the user of them.

mod directory;
pub(crate) mod embedded;
mod listener;
#[cfg(not(unix))]
mod portable;
mod report;
#[cfg(unix)]
mod unix;
mod variable;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use elfin_abi::grant::below_home;
use elfin_compiler::options::{Directory, Grants, Variable};
use std::net::SocketAddr;
use variable::{ALL, Inherited};

#[cfg(not(unix))]
use portable as system;
pub(crate) use report::lines;
#[cfg(unix)]
use unix as system;

/// What the guest may reach.
#[derive(Args)]
pub(crate) struct GrantArgs {
    /// Let the program use this directory and what is below it; it sees it as GUEST [default: as HOST]
    ///
    /// HOST is looked up when the executable starts, from the directory that it is started in; a leading `$HOME`, which
    /// needs single quotes to get past the shell, is the home directory of whoever starts it. With `::ro` the program
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

    /// Let the program see these environment variables as they are when the executable starts [default: all]
    ///
    /// What --env says of a variable goes before.
    #[arg(long = "inherit-env", value_name = "NAME,...", num_args = 0..=1, require_equals = true,
          value_delimiter = ',', default_missing_value = ALL,
          value_parser = OsStringValueParser::new().try_map(|text| variable::inherited(&text)))]
    inherited: Vec<Inherited>,

    /// Let the program accept TCP connections at this IP address and port
    ///
    /// The executable listens when it starts. The sockets are the program's descriptors from 3 on, in the order of the
    /// options; directories follow. May be repeated.
    #[arg(long = "tcp-listen", value_name = "IP:PORT", value_parser = listener::parse)]
    listeners: Vec<SocketAddr>,
}

impl GrantArgs {
    /// The grants of a compilation.
    pub(crate) fn grants(&self) -> Grants {
        let names = self
            .inherited
            .iter()
            .filter_map(|inherited| match inherited {
                Inherited::All => None,
                Inherited::One(variable) => Some(variable),
            });
        let variables = names.chain(&self.environment).cloned();
        let is_all = |inherited: &Inherited| matches!(inherited, Inherited::All);
        Grants {
            listeners: self.listeners.clone(),
            directories: self.directories.clone(),
            environment: variable::last_of_each(variables),
            inherit_environment: self.inherited.iter().any(is_all),
            ..Grants::default()
        }
    }
}
