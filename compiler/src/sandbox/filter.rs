//! Calls become a filter.
//!
//! ```text
//!     load architecture; another one: trap
//!     load number; find it by halves
//!     a call without checks: allow
//!     a call with checks: load and compare, one way after the other; all of one hold: allow; at last trap
//!     no such call: trap
//! ```
//!
//! Numbers are compared as a whole, so those of x32, which have bit 30, are refused like all that are not listed.
//!
//! When a filter is installed the kernel (5.11 and later) goes through it for each number there is, to find those that
//! are always allowed, of which the filter is then not asked any more. With one comparison after the other that took most
//! of the time: 2.5 us a comparison; hence the halves.

use super::bpf::{
    ALLOW, AND, ARCHITECTURE, Instruction, JUMP_ANY, JUMP_EQUAL, JUMP_NOT_BELOW, LOAD, NUMBER,
    RETURN, TRAP, argument,
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
    let mut ways: BTreeMap<u32, Vec<&'static [Check]>> = BTreeMap::new();
    for call in calls {
        if let Some(number) = number(call, target) {
            ways.entry(number).or_default().push(call.checks);
        }
    }
    let ways: Vec<_> = ways.into_iter().collect();
    let mut code = Code::default();
    code.push(Instruction::new(LOAD, ARCHITECTURE));
    code.push(Instruction::jump(JUMP_EQUAL, architecture(target), 1, 0));
    code.push(Instruction::new(RETURN, TRAP));
    code.push(Instruction::new(LOAD, NUMBER));
    code.append(search(&ways));
    Filter {
        instructions: code.instructions,
        process_id_at: code.process_id_at.expect("a program may signal itself"),
    }
}

/// Instructions, and which of them must become the number of the process.
#[derive(Default)]
struct Code {
    instructions: Vec<Instruction>,
    process_id_at: Option<usize>,
}

impl Code {
    fn push(&mut self, instruction: Instruction) {
        self.instructions.push(instruction);
    }

    fn append(&mut self, other: Code) {
        let start = self.instructions.len();
        self.instructions.extend(other.instructions);
        let moved = other.process_id_at.map(|at| start + at);
        self.process_id_at = self.process_id_at.or(moved);
    }
}

/// The number of a call, and the ways in which it may be called.
type Ways = (u32, Vec<&'static [Check]>);

/// As many calls without checks are compared one after the other.
const FEW: usize = 4;

/// Judges the calls, which are in the order of their numbers; one that is none of them is refused.
fn search(calls: &[Ways]) -> Code {
    let mut code = Code::default();
    let is_free = |(_, ways): &Ways| ways.iter().any(|checks| checks.is_empty());
    if calls.len() <= FEW && calls.iter().all(is_free) {
        for (index, (number, _)) in calls.iter().enumerate() {
            // Behind the rest of them and the trap.
            let allow = short(calls.len() - index);
            code.push(Instruction::jump(JUMP_EQUAL, *number, allow, 0));
        }
        code.push(Instruction::new(RETURN, TRAP));
        code.push(Instruction::new(RETURN, ALLOW));
        return code;
    }
    if let [(number, ways)] = calls {
        let mut judged = Code::default();
        for checks in ways {
            judged.append(way(checks));
        }
        let len = short(judged.instructions.len());
        code.push(Instruction::jump(JUMP_EQUAL, *number, 0, len));
        code.append(judged);
        code.push(Instruction::new(RETURN, TRAP));
        return code;
    }
    let (low, high) = calls.split_at(calls.len() / 2);
    let (first, _) = high[0];
    let low = search(low);
    let len = short(low.instructions.len());
    code.push(Instruction::jump(JUMP_NOT_BELOW, first, len, 0));
    code.append(low);
    code.append(search(high));
    code
}

/// Allows if all checks hold, else goes on behind.
fn way(checks: &[Check]) -> Code {
    let mut process_id_at = None;
    let mut code = Vec::new();
    let equal = |k| Instruction::new(JUMP_EQUAL, k);
    for check in checks {
        let low = argument(check.argument);
        code.push(Instruction::new(LOAD, low));
        match check.test {
            Test::Equal(value) => code.push(equal(value)),
            Test::Within(mask) => code.push(Instruction::new(JUMP_ANY, !mask)),
            Test::Has(bits) => {
                code.push(Instruction::new(AND, bits));
                code.push(equal(bits));
            }
            Test::ProcessId => {
                process_id_at = Some(code.len());
                code.push(equal(0));
            }
            Test::Null => {
                code.push(equal(0));
                code.push(Instruction::new(LOAD, low + 4));
                code.push(equal(0));
            }
        }
    }
    let end = code.len();
    for (at, instruction) in code.iter_mut().enumerate() {
        // Behind the end and the return.
        let fail = short(end - at);
        match instruction.code {
            JUMP_EQUAL => instruction.jump_false = fail,
            JUMP_ANY => instruction.jump_true = fail,
            _ => {}
        }
    }
    code.push(Instruction::new(RETURN, ALLOW));
    Code {
        instructions: code,
        process_id_at,
    }
}

/// A distance. The filter of a program that uses everything is not long enough to have a longer one.
fn short(distance: usize) -> u8 {
    u8::try_from(distance).expect("a filter has no longer jumps")
}
