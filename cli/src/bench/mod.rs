//! `elfin bench`: a program as elfin compiles it, in comparison with runtimes that are installed. Linux alone.
//!
//! Everybody who takes part is prepared as its users would; all must do the same; then they run in turns, each run in a
//! process of its own that a small one measures.

mod contest;
mod contestant;
mod csv;
mod html;
mod line;
mod machine;
mod meter;
mod output;
mod plot;
mod program;
mod report;
mod runtime;
mod statistics;
mod text;
mod unit;

use crate::code::CodeArgs;
use crate::failure::{Failure, Result, STATUS_HELP, say};
use crate::grant::GrantArgs;
use crate::output::{Destination, Kind};
use crate::progress::{self, Steps};
use crate::scratch::Scratch;
use crate::{input, words};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, CommandFactory};
use contest::{Contest, Counts, EMPTY, Outcome, PROGRAM};
use contestant::Contestant;
use elfin_compiler::options::Options;
use elfin_compiler::{Target, note};
use line::Setting;
use machine::Machine;
use meter::Ending;
pub(crate) use meter::run_as_meter;
use program::Program;
use report::Report;
use runtime::Wanted;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use unit::Unit;

/// A run that takes longer says that the program is too large to be run ten times in each of five runtimes.
const LIMIT: Duration = Duration::from_secs(120);

/// Compare a program's speed, start-up, memory and size with those of installed runtimes
#[derive(Args)]
#[command(
    override_usage = "elfin bench [OPTIONS] INPUT [-- ARGS...]",
    after_help = format!("{EXAMPLES}\n\n{STATUS_HELP}"),
    after_long_help = format!("{EXAMPLES}\n\n{SCHEMA}\n\n{STATUS_HELP}"),
    long_about = "Compare a program as elfin compiles it with the same program in the runtimes that are installed, or as a \
                  native executable: time of execution, start-up, memory, time of compilation, size.\n\nEach is prepared \
                  as its users would, ahead of time where it can. All must print the same and end with the same status. \
                  After that first run they run in turns. docs/bench.md in elfin's sources says how to read the result.",
    mut_arg("target", |arg| arg.hide(true)),
    mut_arg("invoke", |arg| arg.hide(true)),
    mut_arg("listeners", |arg| arg.hide(true)),
    mut_arg("cpu", |arg| arg.help("One more row of elfin, for this CPU; `elfin targets` lists what there is").long_help(None)),
    mut_arg("timeout", |arg| arg.help("How long a run may take, at most; ms, s, m and h are understood [default: 2m]")),
)]
pub(crate) struct Bench {
    /// The module, in binary (.wasm) or text form (.wat), `-` for standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// What the program gets as its arguments
    #[arg(value_name = "ARGS", last = true)]
    arguments: Vec<OsString>,

    /// Whom to compare with: names of runtimes, with a path if they are not in PATH [default: all in PATH]
    ///
    /// wasmtime, wasmer, wasmedge, iwasm, node; and `native=PATH`, an executable made from the same source. A runtime that
    /// is named must be there and run the program. May be repeated.
    #[arg(long, value_name = "NAME[=PATH],...", value_delimiter = ',',
          value_parser = OsStringValueParser::new().try_map(|text| runtime::parse(&text)))]
    against: Vec<Wanted>,

    /// Rounds, in each of which everybody runs once; 6 are needed to tell anything apart
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    runs: u16,

    /// Rounds, in each of which everybody compiles once; 0 leaves compile times out
    #[arg(long, value_name = "N", default_value = "6", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    compile_runs: u16,

    /// What the program reads from standard input, in each run [default: nothing]
    #[arg(long, value_name = "FILE")]
    stdin: Option<PathBuf>,

    /// Print JSON; `elfin bench --help` has its keys
    #[arg(long)]
    json: bool,

    /// Print comma-separated values, a line a figure
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Write a page with tables and plots, one file that any browser shows; `-` is standard output
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,

    #[command(flatten)]
    code: CodeArgs,

    #[command(flatten)]
    grants: GrantArgs,
}

const EXAMPLES: &str = "\
Examples:
  elfin bench app.wasm                                     against all runtimes in PATH
  elfin bench app.wasm --dir . -- --count 1000 data.txt    with arguments, and a directory that it may use
  elfin bench app.wasm --against wasmtime,native=./app     against these alone
  elfin bench app.wasm --stdin text --runs 30              it reads a file; more rounds tell smaller differences apart
  elfin bench app.wasm --html report.html                  a page with plots, beside the tables on standard output
  elfin bench app.wasm --json >app.json                    for programs: `| jq '.rows[] | {name, cpu: .run.cpu.median}'`";

/// What [`Report`] becomes.
const SCHEMA: &str = "\
JSON (later versions add keys; another meaning of one would be another \"schema\"):
  schema (1), kind (\"bench\"), elfin (its version),
  input {name, size, digest, arguments[], stdin (the file or null)},
  machine {cpu, cores, kernel, architecture, load, governor (or null)},
  runs, compile_runs, timeout, options[] (those of `elfin compile` that were given),
  output {size, ending: {status}}: what everybody did,
  rows[], of which the first is elfin's `generic`, {
    name, version, how,
    compile_command[] (or null), command[],
    compile, start, run: {wall, cpu, memory} or null: of compiling, of a module that does nothing, of
      the program; wall and cpu in seconds, memory in bytes; each
      {median, iqr, samples[] (one a round), ratio: {median, low, high, is_clear} or null},
    size {bytes, ratio} of the artefact, or null if it takes the module as it is
  },
  left_out[] {name, reason}, notes[]
A ratio is that of the row to the first row: the median of the ratios of the rounds. From low to high is the
interval that holds the true median at 95 % confidence or more; is_clear is whether it has that and leaves out 1.";

impl Bench {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        // Everything that the command line alone decides comes first.
        let options = self.options()?;
        let (text, page) = self.destinations()?;
        self.check_stdin()?;
        let module = self.module()?;
        let machine = Machine::here();
        let scratch = Scratch::new()?;
        let setting = Setting {
            scratch: &scratch,
            input: self.stdin.as_deref(),
            limit: options.timeout.unwrap_or(LIMIT),
        };
        let program = Program::new(self.name(), &self.arguments, &options);
        write_files(scratch.path(), &program, &module)?;
        let contestants = self.contestants(&setting)?;
        let outcome = self.hold(contestants, &program, &setting)?;
        let report = self.report(&module, machine, outcome, setting.limit);
        // A result that can't be written must not leave the folder behind.
        drop(scratch);
        if let Some(page) = page {
            page.write(html::print(&report).as_bytes())?;
        }
        match text {
            Some(text) => text.write(self.format(&report).as_bytes()),
            None => Ok(()),
        }
    }

    /// Where text and page go. Standard output is for one of them.
    fn destinations(&self) -> Result<(Option<Destination>, Option<Destination>)> {
        let resolve = |path: &Path| Destination::resolve(path, &self.input, Kind::Text);
        let Some(html) = &self.html else {
            return Ok((Some(resolve(Path::new("-"))?), None));
        };
        let is_standard = html.as_os_str() == "-";
        if is_standard && (self.json || self.csv) {
            return Err(Failure::Usage(
                "standard output can't be both: name a file with --html".into(),
            ));
        }
        let text = match is_standard {
            true => None,
            false => Some(resolve(Path::new("-"))?),
        };
        Ok((text, Some(resolve(html)?)))
    }

    /// Whether each run can read what `--stdin` names.
    fn check_stdin(&self) -> Result<()> {
        let Some(path) = &self.stdin else {
            return Ok(());
        };
        let wrong = |why: &str| Failure::Failed(format!("--stdin: `{}` {why}", path.display()));
        let file = fs::File::open(path).and_then(|file| file.metadata());
        match file {
            Ok(metadata) if metadata.is_file() => Ok(()),
            Ok(_) => Err(wrong("is no file, which each run could read anew")),
            Err(error) => Err(wrong(&format!("can't be read: {error}"))),
        }
    }

    fn format(&self, report: &Report) -> String {
        if self.json {
            report.json()
        } else if self.csv {
            csv::print(report)
        } else {
            text::print(report)
        }
    }

    /// The compiler's options, of which only some are of interest here: elfin's rows get them as words.
    fn options(&self) -> Result<Options> {
        let wrong = |message: &str| Err(Failure::Usage(message.to_owned()));
        let options = self.code.options()?;
        if Target::host() != Some(options.target) {
            return wrong("programs are run here: leave out --target");
        }
        if options.invoke.is_some() {
            return wrong(
                "programs are compared, and runtimes print the results of a function each in its own way: leave out \
                 --invoke",
            );
        }
        let grants = self.grants.grants();
        if !grants.listeners.is_empty() {
            return wrong("nobody would connect: leave out --tcp-listen");
        }
        Ok(Options { grants, ..options })
    }

    /// The module in binary form, which is what runtimes take.
    fn module(&self) -> Result<Vec<u8>> {
        let bytes = input::read(&self.input)?;
        let binary = wat::parse_bytes(&bytes)
            .map_err(|error| Failure::Failed(format!("`{}`: {error}", self.input.display())))?;
        Ok(binary.into_owned())
    }

    /// What the program is called.
    fn name(&self) -> OsString {
        match input::is_standard(&self.input) {
            true => "program.wasm".into(),
            false => Path::new(self.input.file_name().unwrap_or_default())
                .with_extension("wasm")
                .into(),
        }
    }

    /// elfin at its levels, and the others.
    fn contestants(&self, setting: &Setting) -> Result<Vec<Contestant>> {
        let words = self.compile_words();
        let mut cpus = vec!["generic", "native"];
        cpus.extend(
            self.code
                .cpu()
                .filter(|cpu| !["generic", "native"].contains(cpu)),
        );
        let elfins = cpus.into_iter().map(|cpu| Contestant::elfin(cpu, &words));
        let mut all: Vec<Contestant> = elfins.collect();
        all.extend(contestant::runtimes(&self.against, setting)?);
        if all.iter().all(Contestant::is_elfin) {
            say(
                "note",
                "no runtime is in PATH, so elfin is compared with itself: --against names others",
            );
        }
        Ok(all)
    }

    /// The options that `elfin compile` has too, as they were written.
    fn compile_words(&self) -> Vec<OsString> {
        let command = crate::Cli::command();
        let find = |name| command.find_subcommand(name).expect("it is a command");
        let (bench, compile) = (find("bench"), find("compile"));
        let given = words::following("bench");
        let mut passed = Vec::new();
        for (argument, group) in words::groups(bench, &given) {
            let is_passed = match argument.map(|argument| argument.get_id().as_str()) {
                // What follows is the program's.
                None if group[0] == "--" => break,
                None => true,
                Some("input" | "target" | "cpu" | "timeout") => false,
                Some(id) => compile.get_arguments().any(|known| known.get_id() == id),
            };
            if is_passed {
                passed.extend(group.iter().cloned());
            }
        }
        passed
    }

    fn hold(
        &self,
        contestants: Vec<Contestant>,
        program: &Program,
        setting: &Setting,
    ) -> Result<Outcome> {
        let module = self.input.display().to_string();
        let counts = Counts {
            runs: self.runs.into(),
            compile_runs: self.compile_runs.into(),
        };
        progress::show(|steps: &Steps| {
            Contest::new(contestants, program, &module, setting, steps)?.hold(counts)
        })
    }

    fn report(&self, module: &[u8], machine: Machine, outcome: Outcome, limit: Duration) -> Report {
        let text = |word: &OsString| word.to_string_lossy().into_owned();
        let mut notes = machine.notes();
        for entry in &outcome.entries {
            let note = entry.contestant.note();
            notes.extend(note.map(|note| format!("{} {note}", entry.contestant.name)));
        }
        let start = outcome.entries[0].start.as_ref();
        let floor = start.and_then(|start| start.run.memory.iter().copied().reduce(f64::min));
        if let Some(floor) = floor {
            notes.push(format!(
                "peak memory can't be told below about {}, which a process has before it becomes the program",
                Unit::Bytes.show(floor)
            ));
        }
        if outcome.output.ending != Ending::Status(0) {
            let ending = outcome.output.ending.describe();
            notes.push(format!("the program ends with {ending}, everywhere"));
        }
        Report {
            elfin: env!("CARGO_PKG_VERSION"),
            input: report::Input {
                name: self.input.display().to_string(),
                size: module.len() as u64,
                digest: note::digest(module),
                arguments: self.arguments.iter().map(text).collect(),
                stdin: self.stdin.as_ref().map(|path| path.display().to_string()),
            },
            machine,
            runs: self.runs.into(),
            compile_runs: self.compile_runs.into(),
            timeout: limit.as_secs_f64(),
            options: self.compile_words().iter().map(text).collect(),
            output: report::Output {
                size: outcome.output.size(),
                ending: outcome.output.ending,
            },
            rows: report::rows(&outcome.entries),
            left_out: outcome.left_out,
            notes,
        }
    }
}

/// The modules, in a folder each, and what node runs.
fn write_files(folder: &Path, program: &Program, module: &[u8]) -> Result<()> {
    let empty =
        wat::parse_str("(module (memory (export \"memory\") 1) (func (export \"_start\")))")
            .expect("it is well-formed");
    let write = || {
        for (name, bytes) in [(PROGRAM, module), (EMPTY, &empty)] {
            fs::create_dir(folder.join(name))?;
            fs::write(folder.join(name).join(&program.name), bytes)?;
        }
        fs::write(folder.join(contestant::SCRIPT), include_str!("node.mjs"))
    };
    write().map_err(|error| {
        Failure::Failed(format!(
            "`{}` can't be written: {error}. Name another place with TMPDIR",
            folder.display()
        ))
    })
}
