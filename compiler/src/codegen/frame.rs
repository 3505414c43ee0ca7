//! Whether a function sets up a frame, and how many bytes that takes. A backtrace needs to know.

use crate::target::Target;

/// The instructions that save the return address and the frame pointer and set the new one, as Cranelift emits them
/// at the start of every function that has a frame.
fn setup(target: Target) -> &'static [&'static [u8]] {
    match target {
        // push rbp; mov rbp, rsp
        Target::X86_64 => &[&[0x55, 0x48, 0x89, 0xe5]],
        Target::Aarch64 => &[
            // stp x29, x30, [sp, #-16]!; mov x29, sp
            &[0xfd, 0x7b, 0xbf, 0xa9, 0xfd, 0x03, 0x00, 0x91],
            // paciaz; stp x29, x30, [sp, #-16]!; mov x29, sp
            &[
                0x1f, 0x23, 0x03, 0xd5, 0xfd, 0x7b, 0xbf, 0xa9, 0xfd, 0x03, 0x00, 0x91,
            ],
            // paciasp; stp x29, x30, [sp, #-16]!; mov x29, sp
            &[
                0x3f, 0x23, 0x03, 0xd5, 0xfd, 0x7b, 0xbf, 0xa9, 0xfd, 0x03, 0x00, 0x91,
            ],
        ],
        Target::Riscv64 => &[
            // c.addi16sp sp, -16; c.sdsp ra, 8(sp); c.sdsp s0, 0(sp); c.mv s0, sp
            &[0x7d, 0x71, 0x06, 0xe4, 0x22, 0xe0, 0x0a, 0x84],
            // addi sp, sp, -16; sd ra, 8(sp); sd s0, 0(sp); mv s0, sp
            &[
                0x13, 0x01, 0x01, 0xff, 0x23, 0x34, 0x11, 0x00, 0x23, 0x30, 0x81, 0x00, 0x13, 0x04,
                0x01, 0x00,
            ],
        ],
    }
}

/// The number of bytes after which a function's frame is set up; `None` if it has none.
pub(super) fn prologue(target: Target, code: &[u8]) -> Option<u32> {
    setup(target)
        .iter()
        .find(|bytes| code.starts_with(bytes))
        .map(|bytes| bytes.len() as u32)
}
