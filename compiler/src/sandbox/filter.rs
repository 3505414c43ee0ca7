//! Calls become a filter.
//!
//! ```text
//!     load architecture; another one: trap
//!     load number
//!     for each call with checks:  its number: load and compare; all hold: allow; else the next way, at last trap
//!     for each call without:      its number: allow
//!     trap
//! ```
//!
//! Numbers are compared as a whole, so those of x32, which have bit 30, are refused like all that are not listed. The
//! kernel (5.11 and later) finds out by itself which calls are always allowed, and asks the filter only of the others.

use super::bpf::{
    ALLOW, AND, ARCHITECTURE, Instruction, JUMP_ANY, JUMP_EQUAL, LOAD, NUMBER, RETURN, TRAP,
    argument,
};
use super::calls::{Call, Check, NONE, Test};
use crate::target::Target;
use std::collections::BTreeMap;

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// The instruction whose constant must become the number of the process.
    pub process_id_at: usize,
}

/// `AUDIT_ARCH_X86_64` and so on, of `linux/audit.h`: the ELF machine, 64-bit and little-endian.
const fn architecture(target: Target) -> u32 {
    0xc000_0000
        | match target {
            Target::X86_64 => 62,
            Target::Aarch64 => 183,
            Target::Riscv64 => 243,
        }
}

/// The number of a call on a target, if that has it.
pub fn number(call: &Call, target: Target) -> Option<u32> {
    let at = Target::ALL.iter().position(|other| *other == target);
    at.map(|at| call.numbers[at])
        .filter(|number| *number != NONE)
}

/// The filter that allows these calls and no others.
pub fn filter(target: Target, calls: &[Call]) -> Filter {
    let mut free = Vec::new();
    let mut checked: BTreeMap<u32, Vec<&'static [Check]>> = BTreeMap::new();
    for call in calls {
        let Some(number) = number(call, target) else {
            continue;
        };
        match call.checks {
            [] => free.push(number),
            checks => checked.entry(number).or_default().push(checks),
        }
    }
    free.sort_unstable();
    free.dedup();

    let mut code = vec![
        Instruction::new(LOAD, ARCHITECTURE),
        Instruction::jump(JUMP_EQUAL, architecture(target), 1, 0),
        Instruction::new(RETURN, TRAP),
        Instruction::new(LOAD, NUMBER),
    ];
    let mut process_id_at = 0;
    for (number, mut ways) in checked {
        ways.dedup();
        let mut block = Vec::new();
        for checks in ways {
            let (way, at) = way(checks);
            if let Some(at) = at {
                process_id_at = code.len() + 1 + block.len() + at;
            }
            block.extend(way);
        }
        block.push(Instruction::new(RETURN, TRAP));
        code.push(Instruction::jump(JUMP_EQUAL, number, 0, short(block.len())));
        code.extend(block);
    }
    for (index, number) in free.iter().enumerate() {
        // Behind the rest of them and the trap.
        let allow = short(free.len() - index);
        code.push(Instruction::jump(JUMP_EQUAL, *number, allow, 0));
    }
    code.push(Instruction::new(RETURN, TRAP));
    code.push(Instruction::new(RETURN, ALLOW));
    Filter {
        instructions: code,
        process_id_at,
    }
}

/// Allows if all checks hold, else goes on behind; and where it compares with the number of the process.
fn way(checks: &[Check]) -> (Vec<Instruction>, Option<usize>) {
    let mut code: Vec<(Instruction, bool)> = Vec::new();
    let mut process_id_at = None;
    // Comparisons that fail get their distances at the end; `true` stands for failure where they hold.
    let equal = |k| (Instruction::new(JUMP_EQUAL, k), false);
    for check in checks {
        let low = argument(check.argument);
        code.push((Instruction::new(LOAD, low), false));
        match check.test {
            Test::Equal(value) => code.push(equal(value)),
            Test::Within(mask) => code.push((Instruction::new(JUMP_ANY, !mask), true)),
            Test::Has(bits) => {
                code.push((Instruction::new(AND, bits), false));
                code.push(equal(bits));
            }
            Test::ProcessId => {
                process_id_at = Some(code.len());
                code.push(equal(0));
            }
            Test::Null => {
                code.push(equal(0));
                code.push((Instruction::new(LOAD, low + 4), false));
                code.push(equal(0));
            }
        }
    }
    let end = code.len();
    let mut code: Vec<Instruction> = code
        .into_iter()
        .enumerate()
        .map(|(at, (mut instruction, fails_if_true))| {
            let fail = short(end - at);
            match (instruction.code, fails_if_true) {
                (JUMP_EQUAL, _) => instruction.jump_false = fail,
                (JUMP_ANY, true) => instruction.jump_true = fail,
                _ => {}
            }
            instruction
        })
        .collect();
    code.push(Instruction::new(RETURN, ALLOW));
    (code, process_id_at)
}

/// A distance. The table has fewer calls than a distance reaches.
fn short(distance: usize) -> u8 {
    u8::try_from(distance).expect("a block of a filter has fewer than 256 instructions")
}
