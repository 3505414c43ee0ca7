//! Source packages of the distribution, fetched by apt from wherever this machine gets its packages.

use super::corpus::Package;
use crate::guest::finish;
use crate::machine::find_tool;
use crate::place::created;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the package's sources, prepared; fetched and unpacked below `folder` if it is not there yet.
pub fn source(package: &Package, folder: &Path) -> Result<PathBuf> {
    let place = folder.join(&package.name);
    if !place.exists() {
        if let Some((tool, from)) = &package.needs {
            ensure!(
                find_tool(tool).is_some(),
                "{} is built with `{tool}`; install it with: apt-get install {from}",
                package.name
            );
        }
        // Under another name until all of it is there.
        let unfinished = folder.join(format!("{}.part", package.name));
        let _ = std::fs::remove_dir_all(&unfinished);
        fetch(&package.name, &created(unfinished.clone())?, folder)?;
        let unpacked = only_folder(&unfinished)?;
        prepare(package, &unpacked)?;
        std::fs::rename(&unpacked, &place)?;
        std::fs::remove_dir_all(&unfinished)?;
    }
    Ok(place)
}

/// `apt-get source NAME` in `place`.
fn fetch(name: &str, place: &Path, folder: &Path) -> Result<()> {
    for (tool, package) in [("apt-get", "apt"), ("dpkg-source", "dpkg-dev")] {
        ensure!(
            find_tool(tool).is_some(),
            "source packages are fetched by `{tool}`: on Debian, apt-get install {package}"
        );
    }
    eprintln!("fetching the sources of {name}");
    let configuration = configuration(&created(folder.join("apt"))?)?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.current_dir(place).args(&configuration);
        command.args(["--quiet", "--quiet"]).args(arguments);
        command
    };
    finish(apt(&["update"]))?;
    finish(apt(&["source", name]))
}

/// Options that make apt look for sources where it looks for packages, and keep its lists in `folder`: the machine's own
/// configuration need not name source packages, and stays as it is.
fn configuration(folder: &Path) -> Result<Vec<String>> {
    let list = folder.join("sources.list");
    let mut query = Command::new("apt-get");
    query.args(["indextargets", "--format"]);
    query.arg("deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)");
    query.args(["Created-By: Packages", "Origin: Debian"]);
    let output = query.output().context("cannot run apt-get")?;
    ensure!(
        !output.stdout.is_empty(),
        "apt knows no Debian archive on this machine; if it has one, run: apt-get update"
    );
    std::fs::write(&list, output.stdout)?;
    created(folder.join("lists/partial"))?;
    Ok(vec![
        format!("-oDir::Etc::SourceList={}", list.display()),
        "-oDir::Etc::SourceParts=-".to_owned(),
        format!("-oDir::State::Lists={}", folder.join("lists").display()),
        format!("-oDir::Cache={}", folder.join("cache").display()),
        // Otherwise a notice when root's folders are not open to the user that apt downloads as.
        "-oAPT::Sandbox::User=".to_owned(),
    ])
}

fn prepare(package: &Package, place: &Path) -> Result<()> {
    let Some(line) = &package.prepare else {
        return Ok(());
    };
    let mut command = Command::new("sh");
    command.current_dir(place).args(["-c", line]);
    finish(command)
}

/// What `apt-get source` has unpacked: the only folder beside the archives.
fn only_folder(place: &Path) -> Result<PathBuf> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(place)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    ensure!(
        folders.len() == 1,
        "{} folders in {}",
        folders.len(),
        place.display()
    );
    Ok(folders.remove(0))
}
