//! The ways in which a module may be compiled: CPUs and levels of optimisation, which take turns.

use crate::machine;
use anyhow::Result;
use elfin_compiler::cpu::{self, Cpu};
use elfin_compiler::features::Features;
use elfin_compiler::options::{OptLevel, Pass};
use elfin_compiler::{Options, Target};
use std::path::Path;
use std::process::Command;

/// A CPU that code is made for, and one that has it.
#[derive(Debug)]
pub struct Machine {
    cpu: &'static str,
    /// What runs it, see [`machine::command_on`]; none is what runs the target.
    machine: Option<&'static str>,
    /// Whether it has vectors of 128 bits.
    pub vectors: bool,
}

const fn on(cpu: &'static str, machine: Option<&'static str>, vectors: bool) -> Machine {
    Machine {
        cpu,
        machine,
        vectors,
    }
}

const X86_64: &[Machine] = &[on("generic", None, true), on(cpu::NATIVE, None, true)];
const AARCH64: &[Machine] = &[
    on("generic", None, true),
    on("generic,+lse,+dotprod,+i8mm", None, true),
];
const RISCV64: &[Machine] = &[
    on("generic", None, false),
    on("rv64gcv,+zba,+zbb,+zbs,+zbc", Some("rv64gcv"), true),
    on("rv64gcv", Some("rv64gcv-256"), true),
];

/// The machines of a target.
pub fn machines(target: Target) -> &'static [Machine] {
    match target {
        Target::X86_64 => X86_64,
        Target::Aarch64 => AARCH64,
        Target::Riscv64 => RISCV64,
    }
}

/// The machine for the module of this number.
pub fn machine_of(number: u64, target: Target) -> &'static Machine {
    let machines = machines(target);
    &machines[(number / LEVELS.len() as u64) as usize % machines.len()]
}

const LEVELS: [OptLevel; 4] = [
    OptLevel::Speed,
    OptLevel::None,
    OptLevel::Basic,
    OptLevel::Size,
];

/// The options for the module of this number.
pub fn options(number: u64, target: Target) -> Options {
    let mut options = Options::new(target);
    options.features = Features::all();
    options.opt_level = LEVELS[number as usize % LEVELS.len()];
    // What is not known here is no reason to compare less: `native` needs a machine of the target.
    options.cpu = Cpu::parse(target, machine_of(number, target).cpu).unwrap_or(options.cpu);
    // Where functions are there twice, the machine that compares runs one of them.
    let turn = number / (LEVELS.len() * machines(target).len()) as u64;
    if turn.is_multiple_of(2) {
        options.without.insert(Pass::Versions);
    }
    options
}

/// A command that runs the executable of this number.
pub fn command(number: u64, target: Target, executable: &Path) -> Result<Command> {
    machine::command_on(target, machine_of(number, target).machine, executable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_has_a_name_that_elfin_knows() {
        for target in Target::ALL {
            for machine in machines(target) {
                let parsed = Cpu::parse(target, machine.cpu);
                let is_native = machine.cpu == cpu::NATIVE && Target::host() != Some(target);
                assert!(parsed.is_ok() || is_native, "{}", machine.cpu);
            }
        }
    }
}
