//! An interpreter for the filters that elfin emits: classic BPF, as far as they use it, on `struct seccomp_data`.
//!
//! It stands in for the kernels of machines that are not here. On x86-64 the suite `walls` compares it with the kernel.

use anyhow::{Context, Result, bail};
use elfin_compiler::sandbox::bpf::{
    ALLOW, AND, Instruction, JUMP_ANY, JUMP_EQUAL, JUMP_NOT_BELOW, LOAD, RETURN, TRAP,
};

/// What a filter is asked.
#[derive(Clone, Copy, Debug)]
pub struct SystemCall {
    /// `AUDIT_ARCH_...`.
    pub architecture: u32,
    /// Its number.
    pub number: u32,
    /// Its arguments.
    pub arguments: [u64; 6],
}

impl SystemCall {
    /// `struct seccomp_data`.
    fn bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes[..4].copy_from_slice(&self.number.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.architecture.to_le_bytes());
        for (place, argument) in bytes[16..].chunks_mut(8).zip(self.arguments) {
            place.copy_from_slice(&argument.to_le_bytes());
        }
        bytes
    }
}

/// Whether a filter allows a call; an error for a filter that the kernel would not take.
pub fn allows(filter: &[Instruction], call: &SystemCall) -> Result<bool> {
    let data = call.bytes();
    let mut accumulator = 0;
    let mut at = 0;
    loop {
        let instruction = filter.get(at).context("the filter runs past its end")?;
        let Instruction { code, k, .. } = *instruction;
        let holds = match code {
            LOAD => {
                let word = data.get(k as usize..).and_then(<[u8]>::first_chunk);
                accumulator = u32::from_le_bytes(*word.context("no such word")?);
                true
            }
            AND => {
                accumulator &= k;
                true
            }
            JUMP_EQUAL => accumulator == k,
            JUMP_NOT_BELOW => accumulator >= k,
            JUMP_ANY => accumulator & k != 0,
            RETURN if k == ALLOW => return Ok(true),
            RETURN if k == TRAP => return Ok(false),
            _ => bail!("an unexpected instruction: {instruction:?}"),
        };
        let skipped = match (code, holds) {
            (JUMP_EQUAL | JUMP_NOT_BELOW | JUMP_ANY, true) => instruction.jump_true,
            (JUMP_EQUAL | JUMP_NOT_BELOW | JUMP_ANY, false) => instruction.jump_false,
            _ => 0,
        };
        at += 1 + usize::from(skipped);
    }
}
