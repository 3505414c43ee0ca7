//! Classic BPF, as seccomp understands it.
//!
//! <https://docs.kernel.org/networking/filter.html>, <https://docs.kernel.org/userspace-api/seccomp_filter.html>

/// `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// Instructions to skip where a comparison holds.
    pub jump_true: u8,
    /// Instructions to skip where it does not.
    pub jump_false: u8,
    /// The constant.
    pub k: u32,
}

/// `BPF_LD | BPF_W | BPF_ABS`: loads a word of `struct seccomp_data`.
pub const LOAD: u16 = 0x20;
/// `BPF_ALU | BPF_AND | BPF_K`.
pub const AND: u16 = 0x54;
/// `BPF_JMP | BPF_JEQ | BPF_K`.
pub const JUMP_EQUAL: u16 = 0x15;
/// `BPF_JMP | BPF_JGE | BPF_K`.
pub const JUMP_NOT_BELOW: u16 = 0x35;
/// `BPF_JMP | BPF_JSET | BPF_K`.
pub const JUMP_ANY: u16 = 0x45;
/// `BPF_RET | BPF_K`.
pub const RETURN: u16 = 0x06;

/// `SECCOMP_RET_ALLOW`.
pub const ALLOW: u32 = 0x7fff_0000;
/// `SECCOMP_RET_TRAP`: the call is not made, and the process gets SIGSYS.
pub const TRAP: u32 = 0x0003_0000;

/// Where `struct seccomp_data` has the number of the call.
pub const NUMBER: u32 = 0;
/// Where it has the architecture.
pub const ARCHITECTURE: u32 = 4;

/// Where it has the low word of an argument; the high one follows. All targets are little-endian.
pub const fn argument(index: u32) -> u32 {
    16 + 8 * index
}

impl Instruction {
    /// Without jumps.
    pub const fn new(code: u16, k: u32) -> Self {
        Self::jump(code, k, 0, 0)
    }

    /// A comparison.
    pub const fn jump(code: u16, k: u32, jump_true: u8, jump_false: u8) -> Self {
        Self {
            code,
            jump_true,
            jump_false,
            k,
        }
    }

    /// As the kernel reads it.
    pub fn bytes(self) -> [u8; 8] {
        let word = u64::from(self.code)
            | u64::from(self.jump_true) << 16
            | u64::from(self.jump_false) << 24
            | u64::from(self.k) << 32;
        word.to_le_bytes()
    }
}
