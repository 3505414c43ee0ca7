//! Mappings before the guest runs.
//!
//! # Safety
//!
//! What is mapped when the process starts is known, see [`map_at_start`].
#![allow(unsafe_code)]

use super::process::process;
use super::refuse::refuse_mapping;
use crate::memory::is_apart;
use crate::sys::memory::{Access, map_anywhere, map_at, replace};
use elfin_abi::layout::Range;
use linux_raw_sys::auxvec::AT_SYSINFO_EHDR;
use rustix::io::Errno;

/// How far a mapping must stay away from the initial stack and the vDSO: more than either takes.
const DISTANCE: u64 = 64 << 20;

/// Maps zeros at exactly this range.
///
/// An executable's own segments, which the compiler has checked, the initial stack and the vDSO are all that is mapped
/// now. But qemu-user also keeps everything between the first and the last segment for itself, so that it can't be
/// mapped as if it were free: that is replaced.
pub(crate) fn map_at_start(start: u64, len: u64, access: Access) -> Result<(), Errno> {
    match map_at(start, len, access) {
        Err(Errno::EXIST) if is_far_from_kernel(start, len) => {
            // SAFETY: neither the initial stack nor the vDSO nor a segment is in the range.
            unsafe { replace(start, len, access) }
        }
        result => result,
    }
}

/// Whether the kernel has put nothing of its own into this range.
pub(crate) fn is_far_from_kernel(start: u64, len: u64) -> bool {
    let vdso = process().auxiliary(AT_SYSINFO_EHDR as usize);
    let mut mapped = [process().stack_pointer(), vdso.unwrap_or(0)].into_iter();
    mapped.all(|address| is_far(address as u64, start, len))
}

/// Whether what lies at an address is not in this range; 0 stands for nothing.
pub(crate) fn is_far(address: u64, start: u64, len: u64) -> bool {
    let end = start.saturating_add(len).saturating_add(DISTANCE);
    !(start.saturating_sub(DISTANCE)..end).contains(&address) || address == 0
}

/// Maps something that can lie anywhere but in the address space of a linear memory; gives where, or refuses to start.
/// Kernels choose addresses at the other end of the address space; one with few address bits and an unlimited stack may
/// not.
pub(crate) fn map_apart(what: &str, len: u64) -> u64 {
    let start = match map_anywhere(len) {
        Ok(start) => start,
        Err(error) => refuse_mapping(what, len, error),
    };
    if !is_apart(process().program(), Range { start, len }) {
        refuse_mapping(what, len, Errno::EXIST);
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_away_from_the_stack() {
        let stack = 0x7fff_0000_0000;
        assert!(is_far(stack, 0x4000_0000, 8 << 30));
        assert!(is_far(stack, stack - 2 * DISTANCE, DISTANCE));
        assert!(!is_far(stack, stack - 2 * DISTANCE, DISTANCE + 1));
        assert!(!is_far(stack, stack + DISTANCE, 1));
        assert!(!is_far(stack, 0x4000_0000, u64::MAX));
        assert!(is_far(0, 0x10_0000, 0x10_0000));
    }
}
