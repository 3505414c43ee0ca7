//! What the programs of `bench/` say of themselves: directives on top of each source, read into a [`Program`]. Adding a
//! program is adding a file.
//!
//! | directive | meaning |
//! | --- | --- |
//! | `set: small` | what it is counted among, see [`Set`] |
//! | `count: 300` | its argument: how often it does its work, which takes about 0.6 s natively |
//! | `short: 1` | the same for a run that only shows that it works |
//! | `package: lua5.4` | it is built from Debian's source package of this name |
//! | `needs: tclsh tcl` | a tool for that, and the package that has it |
//! | `prepare: COMMAND` | a shell command in the package's folder, before anything is compiled |
//! | `folder: src`, `sources: a.c b.c` | which of the package's files belong to it |
//! | `include: include` | a folder beside the source, whose headers are found before all others |
//! | `flags: -DNAME` | more flags for the compiler |

use crate::{directives, place};
use anyhow::{Context, Result, bail, ensure};
use std::fmt;
use std::path::{Path, PathBuf};

/// What a program is counted among.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// The jobs of an embedded processor.
    Coremark,
    /// Kernels on arrays. They are built a second time with SIMD.
    Arrays,
    /// Kernels on arrays, with SIMD. Those of elements narrower than 32 bits are here alone: natively they have 8 or 16
    /// lanes, so without SIMD they would compare instruction sets.
    Simd,
    /// One subject each: cryptography, strings, sorting, maps, calls, interpreters, parsers, simulation, allocation.
    Small,
    /// Programs that people use.
    Real,
}

impl Set {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [
        Self::Coremark,
        Self::Arrays,
        Self::Simd,
        Self::Small,
        Self::Real,
    ];

    /// The name in directives and on the command line.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Coremark => "coremark",
            Self::Arrays => "arrays",
            Self::Simd => "simd",
            Self::Small => "small",
            Self::Real => "real",
        }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Coremark => "CoreMark-like",
            Self::Arrays => "array kernels",
            Self::Simd => "array kernels, SIMD",
            Self::Small => "small programs",
            Self::Real => "real programs",
        })
    }
}

/// What a program is made from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// One C file.
    C,
    /// A C file and a source package.
    Debian(Package),
    /// A binary of the cargo project in this folder.
    Cargo(PathBuf),
}

/// What a program takes from a source package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// A tool that preparing needs, and the package that has it.
    pub needs: Option<(String, String)>,
    /// What is done in its folder first.
    pub prepare: Option<String>,
    /// The folder in it where the sources lie.
    pub folder: String,
    /// Files that are compiled.
    pub sources: Vec<String>,
    /// A folder of headers beside the program.
    pub include: Option<PathBuf>,
    /// More flags for the compiler.
    pub flags: Vec<String>,
}

/// A program of the corpus.
#[derive(Clone, Debug)]
pub struct Program {
    /// That of its source.
    pub name: String,
    /// What it is counted among.
    pub set: Set,
    /// Its argument.
    pub count: u32,
    /// Its argument where it shall only show that it works.
    pub short: u32,
    /// The file with the directives.
    pub source: PathBuf,
    /// What it is made from.
    pub origin: Origin,
}

/// A program as it is built: once, or without SIMD and with it.
#[derive(Clone, Debug)]
pub struct Variant<'a> {
    /// What it is built from.
    pub program: &'a Program,
    /// The program's, and `-simd`.
    pub name: String,
    /// What it is counted among; this one says whether there is SIMD.
    pub set: Set,
}

impl Program {
    /// The ways in which it is built.
    pub fn variants(&self) -> Vec<Variant<'_>> {
        let sets = match self.set {
            Set::Arrays => vec![Set::Arrays, Set::Simd],
            set => vec![set],
        };
        let variant = |set| Variant {
            program: self,
            name: match set {
                Set::Simd => format!("{}-simd", self.name),
                _ => self.name.clone(),
            },
            set,
        };
        sets.into_iter().map(variant).collect()
    }

    /// Whether it is made from files of this repository alone.
    pub fn is_own(&self) -> bool {
        match &self.origin {
            Origin::C => true,
            Origin::Debian(_) => false,
            Origin::Cargo(folder) => folder.ends_with("rust"),
        }
    }

    fn load(source: PathBuf, project: Option<&Path>) -> Result<Self> {
        let name = source.file_stem().context("a file has a name")?;
        let extension = source.extension().unwrap_or_default().to_string_lossy();
        let mut program = Self {
            name: name.to_string_lossy().into_owned(),
            set: Set::Small,
            count: 0,
            short: 0,
            origin: match project {
                Some(folder) => Origin::Cargo(folder.to_owned()),
                None => Origin::C,
            },
            source: source.clone(),
        };
        let mut package = Package::default();
        for directive in directives::parse(&std::fs::read_to_string(&source)?, &extension)? {
            let words = || directive.value.split_whitespace().map(str::to_owned);
            match directive.key.as_str() {
                "set" => {
                    let set = Set::ALL
                        .into_iter()
                        .find(|s| s.keyword() == directive.value);
                    program.set = set.with_context(|| format!("no set `{}`", directive.value))?;
                }
                "count" => program.count = directive.value.parse()?,
                "short" => program.short = directive.value.parse()?,
                "package" => package.name = directive.value,
                "needs" => {
                    let words = directive.value.split_once(' ');
                    let (tool, from) = words.context("`needs: TOOL PACKAGE`")?;
                    package.needs = Some((tool.to_owned(), from.to_owned()));
                }
                "prepare" => package.prepare = Some(directive.value),
                "folder" => package.folder = directive.value,
                "sources" => package.sources.extend(words()),
                "include" => package.include = Some(source.with_file_name(directive.value)),
                "flags" => package.flags.extend(words()),
                key => bail!("line {}: no directive `{key}`", directive.line),
            }
        }
        ensure!(
            program.count > 0 && program.short > 0,
            "it wants `count` and `short`"
        );
        if !package.name.is_empty() {
            program.origin = Origin::Debian(package);
        }
        Ok(program)
    }
}

/// The folder of the corpus.
pub fn root() -> PathBuf {
    place::crate_root().join("bench")
}

/// All programs, by set and name.
pub fn load() -> Result<Vec<Program>> {
    let root = root();
    let mut programs = Vec::new();
    for (folder, project) in [
        ("c", None),
        ("debian", None),
        ("rust/src/bin", Some("rust")),
        ("crates/src/bin", Some("crates")),
    ] {
        let project = project.map(|name| root.join(name));
        let extension = if project.is_some() { "rs" } else { "c" };
        for entry in std::fs::read_dir(root.join(folder))? {
            let source = entry?.path();
            if source.extension().is_some_and(|e| e == extension) {
                let shown = source.display().to_string();
                let program = Program::load(source, project.as_deref());
                programs.push(program.with_context(|| shown)?);
            }
        }
    }
    programs.sort_by(|a, b| (a.set, &a.name).cmp(&(b.set, &b.name)));
    Ok(programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_covers_what_it_should() {
        let programs = load().unwrap();
        let count = |set| programs.iter().filter(|p| p.set == set).count();
        assert!(programs.len() >= 28);
        assert!(count(Set::Arrays) >= 10 && count(Set::Small) >= 18 && count(Set::Real) >= 4);
        let mut names: Vec<&str> = programs.iter().map(|p| p.name.as_str()).collect();
        names.sort();
        names.dedup();
        assert_eq!(
            names.len(),
            programs.len(),
            "two programs have the same name"
        );
    }
}
