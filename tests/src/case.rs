//! A case: what its directives mean, and running it.

use crate::bless;
use crate::check;
use crate::directives::{self, Directive};
use crate::elfin;
use crate::execute::{Client, Execution, Outcome, Stdin, Stdout};
use crate::guest::{Build, Guest};
use crate::place::Scratch;
use crate::reference;
use crate::words;
use anyhow::{Context, Result, bail, ensure};
use elfin_compiler::Target;
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// Folder and stem: `rust/files`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// How its guest is built.
    pub build: Build,
    /// What is run, in this order. Each starts in a fresh directory.
    pub runs: Vec<Run>,
    /// For a planted fault: words that the report of its failure must hold.
    pub must_fail: Vec<String>,
    /// The targets that it runs on, where not all, and why.
    pub only: Option<(Vec<Target>, String)>,
    /// Why the reference engine can't run it.
    pub no_reference: Option<String>,
}

/// One run of a case's guest, and what is expected of it.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// How it is called in a report.
    pub name: String,
    /// Options of `elfin compile`.
    pub options: Vec<OsString>,
    /// Options with which it is compiled and run once more, each list by itself; on one target, or on all.
    pub also: Vec<(Option<Target>, Vec<OsString>)>,
    /// Grants among the options, for the reference engine.
    pub directories: Vec<String>,
    /// Variables among the options, for the reference engine.
    pub variables: Vec<String>,
    /// The CPUs that it is compiled for, one after the other, for each target that has any.
    pub cpus: Vec<(Target, Vec<String>)>,
    /// The machines that run it, one after the other, for each target that has any.
    pub machines: Vec<(Target, Vec<String>)>,
    /// What a client sends to it; each run gets an address to listen at.
    pub client: Option<Vec<u8>>,
    /// The export that it calls instead of `_start`.
    pub invoke: Option<String>,
    /// How the executable is run.
    pub execution: Execution,
    /// What must come out.
    pub expected: Expected,
}

/// What must come out of a run.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The exit status.
    pub exit: i32,
    /// Standard output, byte for byte. Without this and `stdout_contains` it must be empty.
    pub stdout: Option<Vec<u8>>,
    /// The line of the directive that gives `stdout`.
    pub stdout_line: usize,
    /// Standard output repeats standard input.
    pub stdout_is_stdin: bool,
    /// Standard output is not looked at.
    pub stdout_ignored: bool,
    /// Texts in standard output.
    pub stdout_contains: Vec<Vec<u8>>,
    /// Standard error, byte for byte. Without this and `stderr_contains` it must be empty when `exit` is 0.
    pub stderr: Option<Vec<u8>>,
    /// Texts in standard error.
    pub stderr_contains: Vec<Vec<u8>>,
    /// The message of a trap report.
    pub trap: Option<String>,
    /// The innermost frames of the report: a function name and the operator that its offset points at.
    pub frames: Vec<(String, String)>,
    /// What the client gets.
    pub reply: Option<Vec<u8>>,
    /// Files and their contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Paths that must not exist.
    pub absent: Vec<String>,
    /// `elfin compile` refuses, with exit status 1, no output file and these texts on standard error.
    pub compile_error: Vec<Vec<u8>>,
}

impl Case {
    /// Reads a case file below `root`.
    pub fn load(root: &Path, path: &Path) -> Result<Case> {
        let source = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        let name = path.strip_prefix(root)?.with_extension("");
        let mut case = Case {
            name: name.to_string_lossy().into_owned(),
            path: path.to_owned(),
            build: Build::new(path),
            runs: Vec::new(),
            must_fail: Vec::new(),
            only: None,
            no_reference: None,
        };
        let mut common = Run {
            execution: Execution {
                timeout: Duration::from_secs(60),
                ..Execution::default()
            },
            ..Run::default()
        };
        for directive in
            directives::parse(&source, extension).with_context(|| path.display().to_string())?
        {
            case.apply(&directive, &mut common).with_context(|| {
                format!("{}:{}: `{}`", path.display(), directive.line, directive.key)
            })?;
        }
        if case.runs.is_empty() {
            case.runs.push(common);
        }
        Ok(case)
    }

    fn apply(&mut self, directive: &Directive, common: &mut Run) -> Result<()> {
        let value = directive.value.as_str();
        match directive.key.as_str() {
            "run" => self.runs.push(Run {
                name: value.to_owned(),
                ..common.clone()
            }),
            "invoke" => self.runs.push(invocation(value, common)?),
            "must-fail" => self.must_fail.push(value.to_owned()),
            "only" => self.only = Some(restriction(value)?),
            "no-reference" => self.no_reference = Some(value.to_owned()),
            "flags" | "crate" | "version" | "features" | "project" | "input" | "exceptions" => {
                self.build.apply(&directive.key, value)?;
            }
            _ => self.runs.last_mut().unwrap_or(common).apply(directive)?,
        }
        Ok(())
    }

    /// Whether this case runs on `target`.
    pub fn covers(&self, target: Target) -> bool {
        self.only
            .as_ref()
            .is_none_or(|(targets, _)| targets.contains(&target))
    }

    /// Builds the guest, compiles it for `target`, does every run and says what differs from what is expected.
    pub fn check(&self, target: Target) -> Result<()> {
        let guest = self.build.guest()?;
        let binaries = Scratch::new(&self.name)?;
        let mut compiled: HashMap<Vec<OsString>, PathBuf> = HashMap::new();
        let mut failures = String::new();
        for (run, machine) in self.runs.iter().flat_map(|run| run.on(target)) {
            let run = &run.with_client()?;
            let differences = if run.expected.compile_error.is_empty() {
                let number = compiled.len();
                let executable = match compiled.get(run.options.as_slice()) {
                    Some(executable) => executable.clone(),
                    None => {
                        let output = binaries.path().join(format!("program{number}"));
                        elfin::compile(&guest.path, &output, target, &run.options)?;
                        compiled.insert(run.options.clone(), output.clone());
                        output
                    }
                };
                run.check(&self.name, &guest, |execution, directory| {
                    let command = crate::machine::command_on(target, machine, &executable)?;
                    execution.run(command, directory)
                })?
            } else {
                let output = binaries.path().join("refused");
                let outcome = elfin::try_compile(&guest.path, &output, target, &run.options)?;
                check::refusal(&run.expected, &outcome, &output)
            };
            run.report(&differences, &mut failures);
        }
        ensure!(failures.is_empty(), "{failures}");
        Ok(())
    }

    /// The same through the reference engine, which knows no trap reports.
    pub fn check_reference(&self) -> Result<()> {
        let guest = self.build.guest()?;
        let mut failures = String::new();
        // From the last one on, since blessing moves the lines below.
        for run in self
            .runs
            .iter()
            .rev()
            .filter(|run| run.expected.compile_error.is_empty())
        {
            let mut run = run.clone();
            run.expected.forget_reports();
            let differences = run.check(&self.name, &guest, |execution, directory| {
                let outcome =
                    execution.run(reference::command(&guest.path, &run, directory)?, directory)?;
                if bless::is_wanted()
                    && run.expected.stdout_line > 0
                    && run.expected.stdout.as_deref() != Some(&outcome.stdout)
                {
                    bless::stdout(&self.path, run.expected.stdout_line, &outcome.stdout)?;
                }
                Ok(outcome)
            })?;
            run.report(&differences, &mut failures);
        }
        ensure!(failures.is_empty(), "{failures}");
        Ok(())
    }
}

impl Run {
    /// The run for each CPU that it is compiled for on this target, on each machine that it wants.
    fn on(&self, target: Target) -> Vec<(Run, Option<&str>)> {
        let cpus = or_none(find(&self.cpus, target));
        let machines = or_none(find(&self.machines, target));
        let mut runs = Vec::new();
        let once = [Vec::new()];
        let also = self.also.iter();
        let also = also.filter(|(only, _)| only.is_none_or(|only| only == target));
        let ways = once.iter().chain(also.map(|(_, options)| options));
        let ways = ways.flat_map(|also| cpus.iter().map(move |cpu| (also, cpu)));
        for ((also, cpu), machine) in
            ways.flat_map(|way| machines.iter().map(move |machine| (way, machine)))
        {
            let mut run = self.clone();
            run.options.extend_from_slice(also);
            let also: Vec<_> = also.iter().map(|word| word.to_string_lossy()).collect();
            let also = also.join(" ");
            if let Some(cpu) = cpu {
                run.options.extend(["--cpu".into(), cpu.into()]);
            }
            let names = [
                Some(self.name.as_str()),
                *cpu,
                *machine,
                Some(also.as_str()),
            ];
            let names = names.into_iter().flatten().filter(|name| !name.is_empty());
            run.name = names.collect::<Vec<_>>().join(", ");
            runs.push((run, *machine));
        }
        runs
    }

    /// The run with an address for its client, if it has one.
    fn with_client(mut self) -> Result<Run> {
        if let Some(text) = self.client.take() {
            let address = Client::free_address()?;
            self.options
                .extend(["--tcp-listen".into(), address.to_string().into()]);
            self.execution.client = Some(Client { address, text });
        }
        Ok(self)
    }

    fn apply(&mut self, directive: &Directive) -> Result<()> {
        let value = directive.value.as_str();
        let execution = &mut self.execution;
        let expected = &mut self.expected;
        match directive.key.as_str() {
            // How it is compiled.
            "elfin" => self.options.extend(os_words(value)?),
            "also" => {
                let only = match directive.subject.as_str() {
                    "" => None,
                    target => Some(target.parse()?),
                };
                self.also.push((only, os_words(value)?));
            }
            "dir" => {
                self.options.extend(["--dir".into(), value.into()]);
                self.directories.push(value.to_owned());
            }
            "env" => {
                self.options.push("--env".into());
                self.options
                    .push(OsString::from_vec(words::unescape(value)?));
                self.variables.push(value.to_owned());
            }
            "cpu" => {
                let cpus = value.split(' ').map(str::to_owned).collect();
                self.cpus.push((directive.subject.parse()?, cpus));
            }
            // How it is run.
            "machine" => {
                let machines = value.split(' ').map(str::to_owned).collect();
                self.machines.push((directive.subject.parse()?, machines));
            }
            "args" => execution.args.extend(os_words(value)?),
            "host-env" => {
                let (name, value) = value.split_once('=').context("NAME=VALUE is wanted")?;
                let value = OsString::from_vec(words::unescape(value)?);
                execution.environment.push((name.into(), value));
            }
            "stdin" => execution.stdin = Stdin::Bytes(directive.text()?),
            "stdin-exact" => execution.stdin = Stdin::Bytes(words::unescape(value)?),
            "stdin-generated" => execution.stdin = Stdin::Generated(value.parse()?),
            "stdin-closed" => execution.stdin = Stdin::Closed,
            "stdout-closed" => execution.stdout = Stdout::BrokenPipe,
            "client" => self.client = Some(words::unescape(value)?),
            "timeout" => execution.timeout = Duration::from_secs(value.parse()?),
            "given" => execution
                .files
                .push((directive.subject.clone(), directive.text()?)),
            "given-dir" => execution.directories.push(value.to_owned()),
            "given-link" => {
                let (link, to) = value
                    .split_once(" -> ")
                    .context("LINK -> TARGET is wanted")?;
                execution.links.push((link.to_owned(), to.to_owned()));
            }
            "given-read-only" => execution.read_only.push(value.to_owned()),
            // What must come out.
            "exit" => expected.exit = value.parse()?,
            "stdout" => {
                expected.stdout = Some(directive.text()?);
                expected.stdout_line = directive.line;
            }
            "stdout-exact" => expected.stdout = Some(words::unescape(value)?),
            "stdout-is-stdin" => expected.stdout_is_stdin = true,
            "stdout-ignored" => expected.stdout_ignored = true,
            "stdout-contains" => expected.stdout_contains.push(words::unescape(value)?),
            "stderr" => expected.stderr = Some(directive.text()?),
            "stderr-contains" => expected.stderr_contains.push(words::unescape(value)?),
            "trap" => expected.trap(value),
            "frames" => expected.frames = frames(value)?,
            "reply-exact" => expected.reply = Some(words::unescape(value)?),
            "file" => expected
                .files
                .push((directive.subject.clone(), directive.text()?)),
            "file-hex" => {
                let content = hexadecimal(&directive.text()?)?;
                expected.files.push((directive.subject.clone(), content));
            }
            "absent" => expected.absent.push(value.to_owned()),
            "compile-error" => expected.compile_error.push(words::unescape(value)?),
            _ => bail!("unknown directive"),
        }
        Ok(())
    }

    fn check(
        &self,
        name: &str,
        guest: &Guest,
        execute: impl FnOnce(&Execution, &Path) -> Result<Outcome>,
    ) -> Result<Vec<String>> {
        let scratch = Scratch::new(name)?;
        self.execution.prepare(scratch.path())?;
        let outcome = execute(&self.execution, scratch.path())?;
        check::outcome(self, &outcome, scratch.path(), &guest.path)
    }

    fn report(&self, differences: &[String], failures: &mut String) {
        for difference in differences {
            if !self.name.is_empty() {
                failures.push_str(&format!("[{}] ", self.name));
            }
            failures.push_str(difference);
            failures.push('\n');
        }
    }
}

impl Expected {
    fn trap(&mut self, message: &str) {
        self.exit = i32::from(elfin::TRAP_EXIT_STATUS);
        self.trap = Some(message.to_owned());
    }

    fn forget_reports(&mut self) {
        if self.trap.take().is_some() {
            self.frames.clear();
            self.stderr = None;
            self.stderr_contains.clear();
        }
    }
}

/// What the last directive says about a target.
fn find(list: &[(Target, Vec<String>)], target: Target) -> Option<&[String]> {
    let last = list.iter().rfind(|(of, _)| *of == target);
    last.map(|(_, words)| words.as_slice())
}

/// The words, or nothing once.
fn or_none(words: Option<&[String]>) -> Vec<Option<&str>> {
    match words {
        Some(words) => words.iter().map(|word| Some(word.as_str())).collect(),
        None => vec![None],
    }
}

/// `NAME ARGUMENTS = RESULTS`, or `= trap MESSAGE`.
fn invocation(value: &str, common: &Run) -> Result<Run> {
    let (call, results) = value
        .split_once('=')
        .context("NAME ARGUMENTS = RESULTS is wanted")?;
    let mut run = Run {
        name: value.to_owned(),
        ..common.clone()
    };
    let mut call = os_words(call.trim())?.into_iter();
    let name = call.next().context("no function is named")?;
    run.options.extend(["--invoke".into(), name.clone()]);
    run.invoke = name.into_string().ok();
    run.execution.args.extend(call);
    match results.trim().strip_prefix("trap ") {
        Some(message) => run.expected.trap(message),
        None => {
            let results = words::split(results.trim())?;
            let lines = results
                .into_iter()
                .flat_map(|result| [result, b"\n".into()].concat());
            run.expected.stdout = Some(lines.collect());
        }
    }
    Ok(run)
}

/// `TARGET... because REASON`.
fn restriction(value: &str) -> Result<(Vec<Target>, String)> {
    let (targets, reason) = value
        .split_once(" because ")
        .context("TARGETS because REASON is wanted")?;
    let targets: Result<Vec<Target>, _> = targets.split(' ').map(str::parse).collect();
    Ok((targets?, reason.to_owned()))
}

/// Bytes from their hexadecimal digits; blanks between them don't count.
fn hexadecimal(text: &[u8]) -> Result<Vec<u8>> {
    let digits: String = std::str::from_utf8(text)?.split_whitespace().collect();
    ensure!(digits.len().is_multiple_of(2), "a byte has two digits");
    (0..digits.len())
        .step_by(2)
        .map(|at| {
            Ok(u8::from_str_radix(
                digits.get(at..at + 2).context("digits are ASCII")?,
                16,
            )?)
        })
        .collect()
}

/// `FUNCTION@OPERATOR ...`, the innermost first.
fn frames(value: &str) -> Result<Vec<(String, String)>> {
    let frame = |frame: &str| {
        let (function, operator) = frame
            .rsplit_once('@')
            .context("FUNCTION@OPERATOR is wanted")?;
        Ok((function.to_owned(), operator.to_owned()))
    };
    value.split(' ').map(frame).collect()
}

fn os_words(text: &str) -> Result<Vec<OsString>> {
    Ok(words::split(text)?
        .into_iter()
        .map(OsString::from_vec)
        .collect())
}

/// All cases below `cases/FOLDER`, by name.
pub fn load_folder(folder: &str) -> Result<Vec<Case>> {
    let root = crate::place::crate_root().join("cases");
    let mut cases = Vec::new();
    walk(&root, &root.join(folder), &mut cases)?;
    ensure!(!cases.is_empty(), "no case lies in cases/{folder}");
    Ok(cases)
}

fn walk(root: &Path, folder: &Path, cases: &mut Vec<Case>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            walk(root, &path, cases)?;
        } else if directives::markers(extension).is_some() {
            cases.push(Case::load(root, &path)?);
        }
    }
    Ok(())
}
