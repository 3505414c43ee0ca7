//! A command in a mount namespace of its own, for file systems that only it sees, or with another root directory.
//!
//! Nothing that is done there is seen outside, and nothing of it is left.

use crate::machine::find_tool;
use crate::place;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// How to come to one: as root, or as a user who is root in a namespace of users.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];

/// That commands can be put into namespaces.
#[derive(Clone)]
pub struct Namespace {
    unshare: PathBuf,
    way: &'static [&'static str],
}

impl Namespace {
    /// Finds out how; where no way is allowed, the error says what to allow.
    pub fn new() -> Result<Namespace> {
        static WAY: LazyLock<Option<&[&str]>> =
            LazyLock::new(|| WAYS.into_iter().find(|way| is_allowed(way)));
        let unshare = find_tool("unshare")
            .context("unshare is missing: `apt-get install util-linux` installs it")?;
        let way = WAY.context(
            "this mounts file systems in a namespace of its own, which is refused here: be root, add `--cap-add SYS_ADMIN \
             --security-opt apparmor=unconfined` to a container's options, or `sysctl kernel.unprivileged_userns_clone=1`",
        )?;
        Ok(Namespace { unshare, way })
    }

    /// Runs a shell's line, which may mount, and has the command as `"$@"`.
    pub fn mounting(&self, line: &str, command: &Command) -> Command {
        let mut unshare = self.command();
        unshare.args(["sh", "-c", line, "sh"]);
        unshare.arg(command.get_program()).args(command.get_args());
        unshare
    }

    /// Runs the command in a root directory, made in `folder`, that holds the executable and the directory it is started
    /// in, with one named `other` in that, and nothing else.
    pub fn alone(&self, folder: &Path, command: &Command) -> Result<Command> {
        let root = folder.join("root");
        place::created(root.join("granted/other"))?;
        // No copy: as long as somebody had it open for writing it could not be run.
        std::fs::hard_link(command.get_program(), root.join("program"))?;
        let mut unshare = self.command();
        unshare.arg("--root").arg(root).arg("--wd=/granted");
        unshare.arg("/program").args(command.get_args());
        Ok(unshare)
    }

    fn command(&self) -> Command {
        let mut unshare = Command::new(&self.unshare);
        unshare.args(self.way).env_clear();
        unshare
    }
}

fn is_allowed(way: &[&str]) -> bool {
    let mut unshare = Command::new("unshare");
    unshare.args(way).args(["mount", "-t", "tmpfs", "none"]);
    unshare.arg(std::env::temp_dir()).stderr(Stdio::null());
    unshare.status().is_ok_and(|status| status.success())
}
