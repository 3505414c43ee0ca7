//! The steps of a test script, with names resolved to entities of the program.

use super::link::Linker;
use super::{FuncId, GlobalId, Instance, InstanceId};
use crate::error::{Error, ErrorKind, Result};
use crate::options::Options;
use crate::parse::module::{ExportItem, Module};
use crate::script::{self, Bits, Expected, Script};

/// A step whose names are resolved.
#[derive(Debug)]
pub struct Step {
    /// Where the script says so.
    pub line: u32,
    /// What to do.
    pub action: Action,
    /// What must come of it.
    pub expected: Expected,
}

/// What a step does.
#[derive(Debug)]
pub enum Action {
    /// Does what instantiation leaves to run time.
    Instantiate(InstanceId),
    /// Calls a function.
    Call(FuncId, Vec<Bits>),
    /// Reads a global.
    Get(GlobalId),
}

/// The functions that steps call.
pub(super) fn called(steps: &[Step]) -> impl Iterator<Item = FuncId> + '_ {
    steps.iter().filter_map(|step| match step.action {
        Action::Call(function, _) => Some(function),
        Action::Instantiate(_) | Action::Get(_) => None,
    })
}

/// Adds the instances of a script to the program; gives its steps.
pub(super) fn link<'a>(
    linker: &mut Linker<'a>,
    modules: &'a [Module<'a>],
    script: &Script,
    options: &Options,
) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut instances = Vec::new();
    for step in &script.steps {
        let instance = |number: usize| -> Result<InstanceId> {
            let missing = || error(step, &format!("there is no instance {number}"));
            instances.get(number).copied().ok_or_else(missing)
        };
        let action = match &step.action {
            script::Action::Instantiate(number) => {
                let Some(module) = modules.get(*number) else {
                    return Err(error(step, &format!("there is no module {number}")));
                };
                let id = linker.instantiate(module, options)?;
                instances.push(id);
                Action::Instantiate(id)
            }
            script::Action::Register(number, name) => {
                let instance = instance(*number)?;
                linker.names.insert(name.clone(), instance);
                continue;
            }
            script::Action::Invoke {
                instance: number,
                export,
                arguments,
            } => {
                let instance = &linker.instances[instance(*number)?];
                linker.code_ran = true;
                let function = function(step, instance, export)?;
                let ty = linker.type_of(function);
                check_count(step, "arguments", arguments.len(), ty.params.len())?;
                if let Expected::Return(results) = &step.expected {
                    check_count(step, "results", results.len(), ty.results.len())?;
                }
                Action::Call(function, arguments.clone())
            }
            script::Action::Get {
                instance: number,
                export,
            } => {
                let instance = &linker.instances[instance(*number)?];
                let Some(ExportItem::Global(index)) = instance.module.export(export) else {
                    return Err(error(step, &format!("no global `{export}` is exported")));
                };
                let global = instance.globals[index];
                // Code knows a constant global by its value; the script reads it from its place.
                linker.globals[global].is_set = true;
                Action::Get(global)
            }
        };
        steps.push(Step {
            line: step.line,
            action,
            expected: step.expected.clone(),
        });
    }
    Ok(steps)
}

fn function(step: &script::Step, instance: &Instance<'_>, export: &str) -> Result<FuncId> {
    match instance.module.export(export) {
        Some(ExportItem::Function(index)) => Ok(instance.functions[index]),
        _ => Err(error(step, &format!("no function `{export}` is exported"))),
    }
}

fn check_count(step: &script::Step, what: &str, given: usize, needed: usize) -> Result<()> {
    if given == needed {
        return Ok(());
    }
    Err(error(step, &format!("{given} {what} instead of {needed}")))
}

fn error(step: &script::Step, what: &str) -> Error {
    Error::new(ErrorKind::Option, format!("line {}: {what}", step.line))
}
