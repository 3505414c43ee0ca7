//! aarch64: what the kernel says in the auxiliary vector.

use crate::start::process;
pub(super) use elfin_abi::cpu::aarch64::CHECKS;

/// Those of the features that are missing. A kernel without the entry does not know.
pub(super) fn missing(features: u64) -> u64 {
    super::without(features, CHECKS, |place| {
        let entry = process().auxiliary(usize::from(place.entry));
        entry.is_none_or(|entry| entry as u64 & place.bits == place.bits)
    })
}
