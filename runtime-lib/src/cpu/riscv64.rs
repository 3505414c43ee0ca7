//! riscv64: what the kernel says, from Linux 6.4 on and of each extension from a version of its own on. An extension
//! that it does not name may be there all the same: an instruction of it is tried.
//!
//! V is tried in any case, since a kernel that knows it may have turned it off for this process, and vendors' kernels
//! announce a vector unit that is older than version 1.0.

use crate::arch::{hwprobe, leave_probe, try_instruction};
use crate::sys::signal;
pub(super) use elfin_abi::cpu::riscv64::CHECKS;
use elfin_abi::cpu::riscv64::V;
use linux_raw_sys::general::SIGILL;

/// Those of the features that are missing.
pub(super) fn missing(features: u64) -> u64 {
    let announced = hwprobe();
    let mut missing = 0;
    for (number, check) in CHECKS.iter().enumerate() {
        let is_announced = announced >> check.place.0 & 1 != 0 && 1 << number != V;
        if super::has(features, number) && !is_announced {
            missing |= 1 << number;
        }
    }
    if missing == 0 {
        return 0;
    }
    signal::handle(SIGILL, leave_probe, 0);
    for number in 0..CHECKS.len() {
        if super::has(missing, number) && try_instruction(number) {
            missing &= !(1 << number);
        }
    }
    signal::reset(SIGILL);
    missing
}
