//! A plan's steps as an executable: compiled, run, and its report read.

use super::flip;
use super::plan::Plan;
use crate::execute::{self, Outcome, Stdout};
use crate::machine;
use crate::place::Scratch;
use anyhow::{Context, Result, anyhow, bail, ensure};
use elfin_compiler::cpu::Cpu;
use elfin_compiler::options::{OptLevel, Pass};
use elfin_compiler::{Options, Target, compile_script};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// No script takes a tenth of it, but for those that fill the stack under an emulator.
const TIMEOUT: Duration = Duration::from_secs(120);

/// How a script is compiled and run.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// The machine.
    pub target: Target,
    /// How hard the compiler tries.
    pub opt_level: OptLevel,
    /// Whether the executable is position-independent.
    pub pie: bool,
}

impl Configuration {
    /// Its name among the trials.
    pub fn name(self) -> String {
        let target = machine::short_name(self.target);
        let pie = if self.pie { "-pie" } else { "" };
        match self.opt_level {
            OptLevel::Speed => format!("{target}{pie}"),
            OptLevel::None => format!("{target}-O0{pie}"),
            level => format!("{target}-{level:?}{pie}"),
        }
    }

    /// What the compiler is asked for.
    fn options(self, plan: &Plan) -> Result<Options> {
        let mut options = Options::new(self.target);
        options.opt_level = self.opt_level;
        options.pie = self.pie;
        options.features = plan.features;
        options.jobs = 1;
        // This machine would run the second versions, which are those of a CPU with more.
        options.without.insert(Pass::Versions);
        if let Some(level) = self.level(plan) {
            options.cpu = Cpu::parse(self.target, level).map_err(|error| anyhow!("{error}"))?;
        }
        Ok(options)
    }

    /// What runs the executable.
    fn command(self, plan: &Plan, executable: &Path) -> Result<Command> {
        machine::command_on(self.target, self.level(plan), executable)
    }

    /// The CPU level where the plain one does not do, which also names a machine that has it.
    fn level(self, plan: &Plan) -> Option<&'static str> {
        (plan.uses_vectors && self.target == Target::Riscv64).then_some("rv64gcv")
    }
}

/// The steps that differ from what is expected, each with what the executable said of it. With `flipped`, nothing is
/// expected that the script expects.
pub fn run(
    plan: &Plan,
    name: &str,
    configuration: Configuration,
    flipped: bool,
) -> Result<BTreeMap<u32, String>> {
    let bytes = compile(plan, configuration, flipped)?;
    let scratch = Scratch::new(name)?;
    let executable = scratch.path().join("script");
    std::fs::write(&executable, bytes)?;
    std::fs::set_permissions(&executable, PermissionsExt::from_mode(0o755))?;
    let mut command = configuration.command(plan, &executable)?;
    command.env_clear().current_dir(scratch.path());
    let outcome = execute::run(command, None, Stdout::Collected, TIMEOUT)?;
    read(&outcome, plan.steps)
}

fn compile(plan: &Plan, configuration: Configuration, flipped: bool) -> Result<Vec<u8>> {
    let Configuration { target, pie, .. } = configuration;
    let runtime = elfin_runtimes::get(target, pie).map_err(anyhow::Error::msg)?;
    let options = configuration.options(plan)?;
    let modules: Vec<&[u8]> = plan.modules.iter().map(Vec::as_slice).collect();
    let flipped = flipped.then(|| flip::script(&plan.script));
    let script = flipped.as_ref().unwrap_or(&plan.script);
    // A panic is one script's failure, and can be one that is expected.
    let result = catch_unwind(AssertUnwindSafe(|| {
        compile_script(&modules, script, &options, runtime)
    }));
    match result {
        Ok(output) => Ok(output.context("it does not compile")?.bytes),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or(panic.downcast_ref::<&str>().copied());
            bail!("the compiler panics: {}", message.unwrap_or_default())
        }
    }
}

/// Reads `line 17: step 3: ...` for each step that failed, and `steps N, failed M` at the end.
fn read(outcome: &Outcome, steps: u32) -> Result<BTreeMap<u32, String>> {
    let text = String::from_utf8_lossy(&outcome.stdout);
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop().unwrap_or_default();
    let failed: BTreeMap<u32, String> = lines
        .iter()
        .map(|line| read_line(line).with_context(|| format!("what does `{line}` mean?")))
        .collect::<Result<_>>()?;
    let context = || {
        let error = outcome.stderr_text();
        format!("{}, after `{last}`: {error}", outcome.ending())
    };
    ensure!(
        last == format!("steps {steps}, failed {}", failed.len()),
        "of {steps} steps the executable counts others: {}",
        context()
    );
    let status = i32::from(!failed.is_empty());
    ensure!(outcome.code() == Some(status), context());
    Ok(failed)
}

fn read_line(line: &str) -> Option<(u32, String)> {
    let (_, rest) = line.split_once(": step ")?;
    let (step, message) = rest.split_once(": ")?;
    Some((step.parse().ok()?, message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    fn outcome(stdout: &str, code: i32) -> Outcome {
        Outcome {
            status: Some(ExitStatus::from_raw(code << 8)),
            stdout: stdout.as_bytes().to_vec(),
            stderr: Vec::new(),
            reply: Vec::new(),
        }
    }

    #[test]
    fn failed_steps_are_read() {
        let report = "line 17: step 3: expected a return 1, got a return 2\nsteps 4, failed 1\n";
        let failed = read(&outcome(report, 1), 4).unwrap();
        assert_eq!(failed[&3], "expected a return 1, got a return 2");
        assert!(
            read(&outcome("steps 4, failed 0\n", 0), 4)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_report_that_does_not_add_up_is_an_error() {
        for (report, code) in [
            ("steps 3, failed 0\n", 0),
            ("steps 4, failed 1\n", 1),
            ("steps 4, failed 0\n", 1),
            ("", 0),
        ] {
            assert!(read(&outcome(report, code), 4).is_err(), "{report}");
        }
    }
}
