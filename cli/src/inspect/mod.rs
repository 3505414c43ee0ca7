//! `elfin inspect`: what a module needs and has, and what an executable of elfin was made from and may do.
//!
//! A file is read and nothing of it taken for granted; facts of it become text, JSON, or a picture of its sizes.

mod executable;
mod module;
mod print;
mod sizes;
mod svg;
mod treemap;

use crate::failure::{Failure, Result, STATUS_HELP};
use crate::input;
use crate::output::{Destination, Kind};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Show what a module needs, or what an executable was made from and may reach
#[derive(Args)]
#[command(
    after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"),
    after_long_help = format!("{EXAMPLES}\n\n{SCHEMA}\n\n{STATUS_HELP}"),
    long_about = "Show what a WebAssembly module needs and has: imports, exports, proposals, limits, sizes, and whether \
                  elfin compiles it. Or what an executable that elfin made was made from and for, and what it may \
                  reach.\n\nThe executable's own word on that is plain text in a note, which `readelf -p .note.elfin \
                  FILE` prints as well."
)]
pub(crate) struct Inspect {
    /// A module, in binary or text form, or an executable that elfin made; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print JSON; `elfin inspect --help` has its keys
    #[arg(long)]
    json: bool,

    /// Draw where the bytes of an executable go, as a tree map that any browser shows; `-` is standard output
    #[arg(long, value_name = "OUT.svg", conflicts_with = "json")]
    sizes: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  elfin inspect app.wasm                  what the module needs and has
  elfin inspect app                       what the executable was made from, and what it may reach
  elfin inspect app --json                the same for programs: `| jq -r '.grants.dir[]'`
  elfin inspect app --sizes app.svg       a tree map of the executable: each area is as large as its share of the file";

/// What [`module::Facts`] and [`executable::Facts`] become.
const SCHEMA: &str = "\
JSON (later versions add keys; another meaning of one would be another \"schema\"):
  of both:
    schema (1), kind (\"module\", \"executable\", \"object\"), size
  of a module:
    format (\"binary\", \"text\"), digest, proposals[], compiles, error (null if it compiles),
    imports[] {module, name, kind, type}, exports[] {name, kind, type},
    memories[] {minimum, maximum, page_size, is_64, is_shared, is_imported}, in pages,
    tables[] {element, minimum, maximum, is_64, is_imported}, start {index, name} or null,
    sections[] {name, size}, functions {imported, defined, largest[] {index, name, size}},
    producers[] {field, name, version}
  of an executable:
    elfin (the version that made it), inputs[] (digests of what it was made from),
    options{}, grants{}, limits{}: from the name of an option of `elfin compile` to its values[], as they are
      written there; a backslash is `\\\\`, and a byte that is not printable ASCII `\\x` with two digits,
    sizes[] {name, size}, which add up to the file, sections[] {name, size},
    functions[] {name, size}, the largest, or null if it was stripped";

/// How many of the largest functions are shown.
const LARGEST: usize = 10;

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// Something with a size.
#[derive(Serialize)]
struct Sized {
    name: String,
    size: u64,
}

impl Inspect {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let bytes = input::read(&self.file)?;
        let name = self.file.display().to_string();
        let text = if bytes.starts_with(b"\x7fELF") {
            let facts = executable::Facts::read(&bytes).map_err(|error| self.failed(error))?;
            match &self.sizes {
                Some(_) => svg::draw(&name, &sizes::divide(&bytes)),
                None if self.json => json(&facts),
                None => print::executable(&name, &facts),
            }
        } else {
            if self.sizes.is_some() {
                let message = "is no executable, whose bytes --sizes draws: compile it first";
                return Err(self.failed(message));
            }
            let facts = module::Facts::read(&bytes)
                .map_err(|error| Failure::Failed(format!("`{name}`: {error}")))?;
            if self.json {
                json(&facts)
            } else {
                print::module(&name, &facts)
            }
        };
        let output = self.sizes.as_deref().unwrap_or(Path::new("-"));
        Destination::resolve(output, &self.file, Kind::Text)?.write(text.as_bytes())
    }

    fn failed(&self, message: &str) -> Failure {
        Failure::Failed(format!("`{}` {message}", self.file.display()))
    }
}

fn json(facts: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(facts).expect("facts are text and numbers");
    text.push('\n');
    text
}

/// The `LARGEST` largest of `all`.
fn largest<T>(mut all: Vec<T>, size: impl Fn(&T) -> u64) -> Vec<T> {
    all.sort_by_key(|item| std::cmp::Reverse(size(item)));
    all.truncate(LARGEST);
    all
}
