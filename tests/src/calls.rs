//! The system calls that the runtime's code can make, read out of its machine code.
//!
//! What a linker keeps for a function is all that it can reach, by calls or through data. In that, each instruction that
//! enters the kernel has the call's number in a register, and a constant was put there not far before: anything else is
//! an error.

use crate::cpp::tools;
use crate::machine::find_tool;
use crate::place::Scratch;
use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// The runtime of a target.
pub struct Runtime {
    target: Target,
    folder: Scratch,
    object: PathBuf,
}

impl Runtime {
    /// The one that elfin links.
    pub fn new(target: Target) -> Result<Self> {
        let folder = Scratch::new("calls")?;
        let object = folder.path().join("runtime.o");
        let bytes = elfin_runtimes::get(target, false).map_err(anyhow::Error::msg)?;
        std::fs::write(&object, bytes)?;
        Ok(Self {
            target,
            folder,
            object,
        })
    }

    /// The numbers of the system calls in what these functions reach.
    pub fn calls(&self, functions: &[&str]) -> Result<BTreeSet<u32>> {
        scan(self.target, &self.disassembly(functions)?)
    }

    fn disassembly(&self, functions: &[&str]) -> Result<String> {
        let linker = find_tool("ld.lld").context("ld.lld is missing: `apt-get install lld`")?;
        let linked = self.folder.path().join("linked");
        let (first, others) = functions.split_first().context("no function is named")?;
        let mut command = Command::new(linker);
        command.args(["-static", "--gc-sections", "--defsym=elfin_program=0"]);
        command.args(["--entry", first]);
        for function in others {
            command.args(["--undefined", function]);
        }
        command.arg("-o").arg(&linked).arg(&self.object);
        run(command)?;
        let mut command = Command::new(tools()?.join("llvm-objdump"));
        command.args(["-d", "--no-show-raw-insn", "--no-leading-addr"]);
        command.arg(linked);
        run(command)
    }
}

fn run(mut command: Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    // lld only warns of an entry that does not exist.
    ensure!(
        output.status.success() && errors.is_empty(),
        "{command:?}: {errors}"
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The numbers in a disassembly.
fn scan(target: Target, text: &str) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    let mut before: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.ends_with(">:") {
            before.clear();
        }
        // A comment of the disassembler's.
        let comment = line.find(" # ").or(line.find(" // "));
        let line = &line[..comment.unwrap_or(line.len())];
        let words: Vec<&str> = line.split_whitespace().collect();
        if is_system_call(target, &words) {
            let number = before.iter().rev().find_map(|line| number(target, line));
            let number = number.flatten().with_context(|| {
                let tail = before[before.len().saturating_sub(20)..].join("\n");
                format!("{target}: a system call without a number:\n{tail}\n{line}")
            })?;
            found.insert(number);
        }
        before.push(line);
    }
    ensure!(!before.is_empty(), "the disassembly is empty");
    Ok(found)
}

fn is_system_call(target: Target, words: &[&str]) -> bool {
    match target {
        Target::X86_64 => words == ["syscall"],
        Target::Aarch64 => words.first() == Some(&"svc"),
        Target::Riscv64 => words == ["ecall"],
    }
}

/// What an instruction puts into the register of the number: nothing that concerns it (`None`), a constant, or anything
/// else (`Some(None)`).
fn number(target: Target, line: &str) -> Option<Option<u32>> {
    let line = line.replace(',', " ");
    let words: Vec<&str> = line.split_whitespace().collect();
    let constant = |text: &str| {
        let digits = text.trim_start_matches(['$', '#']);
        match digits.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        }
    };
    let operands = words.get(1..)?;
    match target {
        Target::X86_64 => {
            let is_number = |word: &&str| matches!(*word, "%rax" | "%eax" | "%ax" | "%al");
            // `push 3; pop rax`, as code for size does; the push is the next constant before.
            if words[0].starts_with("push") {
                return operands.first().and_then(|word| constant(word)).map(Some);
            }
            if words[0].starts_with("pop") || !operands.last().is_some_and(is_number) {
                return None;
            }
            match (words[0], operands) {
                (name, _) if name.starts_with("cmp") || name.starts_with("test") => None,
                ("xorl", ["%eax", "%eax"]) => Some(Some(0)),
                (name, [value, _]) if name.starts_with("mov") => Some(constant(value)),
                _ => Some(None),
            }
        }
        Target::Aarch64 => match (words[0], operands) {
            (name, ["x8" | "w8", ..]) if name.starts_with("st") || name.starts_with("c") => None,
            ("mov", ["x8" | "w8", value]) => Some(constant(value)),
            (_, ["x8" | "w8", ..]) => Some(None),
            _ => None,
        },
        Target::Riscv64 => match (words[0], operands) {
            ("li", ["a7", value]) => Some(constant(value)),
            (name, ["a7", ..]) if name.starts_with('s') || name.starts_with('b') => None,
            (_, ["a7", ..]) => Some(None),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found() {
        let text = "<f>:\n\tmovl\t$0x1f, %eax\n\tmovq\t%rax, %rbx\n\tsyscall\n";
        let found = scan(Target::X86_64, text).unwrap();
        assert_eq!(found, [0x1f].into());
        let text = "<f>:\n\tpushq\t$0x9\n\tpopq\t%rax\n\tsyscall\n";
        assert_eq!(scan(Target::X86_64, text).unwrap(), [9].into());
        let text = "<f>:\n\tmov\tw8, #0x38\n\tsvc\t#0\n";
        assert_eq!(scan(Target::Aarch64, text).unwrap(), [56].into());
        let text = "<f>:\n\tli\ta7, 0x38\n\tecall\n";
        assert_eq!(scan(Target::Riscv64, text).unwrap(), [56].into());
    }

    #[test]
    fn a_number_that_is_no_constant_is_an_error() {
        for (target, text) in [
            (Target::X86_64, "<f>:\n\tmovl\t%edi, %eax\n\tsyscall\n"),
            (Target::X86_64, "<f>:\n\tsyscall\n"),
            (Target::Aarch64, "<f>:\n\tldr\tx8, [x0]\n\tsvc\t#0\n"),
            (Target::Riscv64, "<f>:\n\tmv\ta7, a0\n\tecall\n"),
        ] {
            assert!(scan(target, text).is_err(), "{text}");
        }
    }
}
