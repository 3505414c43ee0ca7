//! elfin's side: a module and what the reference saw become a test script, which is compiled into an executable that
//! says which steps differ.

use super::generate::Generated;
use super::reference::{Observed, Outcome, Value};
use super::variant;
use crate::execute::{self, Stdout};
use crate::machine;
use crate::place::Scratch;
use anyhow::{Context, Result};
use elfin_abi::trap::Trap;
use elfin_compiler::script::{Action, Bits, Expected, Pattern, Script, Step};
use elfin_compiler::{ErrorKind, Target};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

/// elfin for a target.
#[derive(Debug)]
pub struct Subject {
    target: Target,
    runtime: &'static [u8],
}

/// What comparing a module came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing differs.
    Same,
    /// elfin says that it does not compile this, or the emulator can't run it: why.
    Refused(String),
    /// A line for each thing that differs.
    Differs(Vec<String>),
}

/// Bytes of guest stack: the reference's recursion ends for want of fuel, so this one's must too.
const STACK: u64 = 256 << 20;
const TIME: Duration = Duration::from_secs(60);

impl Subject {
    /// elfin for this target.
    pub fn new(target: Target) -> Result<Self> {
        machine::emulator(target)?;
        let runtime = elfin_runtimes::get(target, false).map_err(anyhow::Error::msg)?;
        Ok(Self { target, runtime })
    }

    /// Compiles and runs the module of this number, and compares with what the reference saw.
    pub fn compare(
        &self,
        module: &[u8],
        generated: &Generated,
        observed: &Observed,
        number: u64,
    ) -> Result<Verdict> {
        let script = script(generated, observed);
        let mut options = variant::options(number, self.target);
        options.stack_size = STACK;
        options.jobs = 1;
        let compile = || elfin_compiler::compile_script(&[module], &script, &options, self.runtime);
        let output = match panic::catch_unwind(AssertUnwindSafe(compile)) {
            Ok(Ok(output)) => output,
            Ok(Err(error)) if error.kind == ErrorKind::Unsupported => {
                return Ok(Verdict::Refused(error.message));
            }
            Ok(Err(error)) => return Ok(Verdict::Differs(vec![format!("elfin: {error}")])),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or(panic.downcast_ref::<&str>().copied());
                let line = format!("elfin panics: {}", text.unwrap_or_default());
                return Ok(Verdict::Differs(vec![line]));
            }
        };
        self.run(&output.bytes, &script, generated, number)
    }

    fn run(
        &self,
        executable: &[u8],
        script: &Script,
        generated: &Generated,
        number: u64,
    ) -> Result<Verdict> {
        let scratch = Scratch::new("fuzz")?;
        let path = scratch.path().join("script");
        fs::write(&path, executable).context("cannot write the executable")?;
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755))?;
        let mut command = variant::command(number, self.target, &path)?;
        command.env_clear().current_dir(scratch.path());
        let outcome = execute::run(command, None, Stdout::Collected, TIME)?;
        let stderr = outcome.stderr_text();
        // qemu 7.2 does so at a `vfcvt.rtz` before which a translated block has nothing else that rounds.
        if stderr.starts_with("qemu-") && stderr.contains("Assertion") {
            return Ok(Verdict::Refused("the emulator breaks down".to_owned()));
        }
        let stdout = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let steps = script.steps.len();
        let mut differences = Vec::new();
        for line in stdout.lines().filter(|line| line.starts_with("line ")) {
            if !is_forgiven(line, script) {
                differences.push(described(line, generated));
            }
        }
        let last = stdout.lines().last().unwrap_or_default();
        if !last.starts_with(&format!("steps {steps}, failed ")) {
            let ending = outcome.ending();
            differences.push(format!("no end of the report: {ending}: {stderr}{last}"));
        } else if outcome.code() != Some(i32::from(!last.ends_with(" failed 0"))) {
            differences.push(format!("{last}, but {}", outcome.ending()));
        }
        Ok(if differences.is_empty() {
            Verdict::Same
        } else {
            Verdict::Differs(differences)
        })
    }
}

/// The script that performs the calls and expects what the reference saw. The lines are the numbers of the steps.
fn script(generated: &Generated, observed: &Observed) -> Script {
    let mut steps = vec![Step {
        line: 0,
        action: Action::Instantiate(0),
        expected: expected(&observed.instantiation),
    }];
    for (call, outcome) in generated.calls.iter().zip(&observed.calls) {
        steps.push(Step {
            line: steps.len() as u32,
            action: Action::Invoke {
                instance: 0,
                export: call.export.clone(),
                arguments: call.arguments.clone(),
            },
            expected: expected(outcome),
        });
    }
    Script { steps }
}

fn expected(outcome: &Outcome) -> Expected {
    let pattern = |value: &Value| match *value {
        Value::Bits(value) => vec![Pattern::Masked {
            mask: Bits::MAX,
            value,
        }],
        Value::Reference => vec![Pattern::NonZero],
    };
    match outcome {
        Outcome::Return(values) => Expected::Return(values.iter().map(pattern).collect()),
        Outcome::Trap(trap) => Expected::Trap(*trap),
    }
}

/// The number of the step that a line is about.
fn step_of(line: &str) -> Option<usize> {
    let number = line.strip_prefix("line ")?.split(':').next()?;
    number.parse().ok()
}

/// Traps of elfin's that are another one in the reference: wasmi does not tell an indirect call outside its table from an
/// access outside it; the reference's atomic instructions are put together from others; and the specification does not
/// say what an atomic access is first that is neither aligned nor within its memory.
const EQUAL: [(Trap, Trap); 4] = [
    (Trap::UndefinedElement, Trap::TableOutOfBounds),
    (Trap::UnalignedAtomic, Trap::Unreachable),
    (Trap::UnalignedAtomic, Trap::MemoryOutOfBounds),
    (Trap::ExpectedSharedMemory, Trap::Unreachable),
];

fn is_forgiven(line: &str, script: &Script) -> bool {
    let step = step_of(line).and_then(|number| script.steps.get(number));
    EQUAL.iter().any(|(got, expected)| {
        step.is_some_and(|step| step.expected == Expected::Trap(*expected))
            && line.ends_with(&format!("got trap: {}", got.message()))
    })
}

/// A line of the report with the call that it is about.
fn described(line: &str, generated: &Generated) -> String {
    let call = step_of(line).and_then(|number| number.checked_sub(1));
    match call.and_then(|number| generated.calls.get(number)) {
        Some(call) => {
            let arguments: Vec<String> = call
                .arguments
                .iter()
                .map(|bits| format!("{bits:#x}"))
                .collect();
            format!("{line}, in {:?}({})", call.export, arguments.join(", "))
        }
        None => format!("{line}, while instantiating"),
    }
}
