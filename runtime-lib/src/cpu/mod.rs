//! The features of the CPU: the check that an executable makes at its start when it was compiled for more than every CPU of
//! its target has, and what it finds for code that makes use of what is there. One file a target says which features are
//! missing. What can't be known counts as present.
//!
//! Only the program descriptor of such an executable refers to this.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
use aarch64 as machine;
#[cfg(target_arch = "riscv64")]
use riscv64 as machine;
#[cfg(target_arch = "x86_64")]
use x86_64 as machine;

use crate::message::Message;
use crate::start::refuse;
use core::ptr::with_exposed_provenance_mut;
use machine::CHECKS;

/// [`elfin_abi::host::intrinsic::CHECK_CPU`].
#[allow(unsafe_code)]
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_check_cpu(features: u64) {
    let missing = machine::missing(features);
    if missing != 0 {
        refuse(write(&mut Message::error(), missing));
    }
}

/// [`elfin_abi::host::intrinsic::FIND_CPU`].
#[allow(unsafe_code)]
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_find_cpu(features: u64) {
    let features = with_exposed_provenance_mut::<u64>(features as usize);
    // SAFETY: the compiler put the address of such a word of the state there. Nothing else writes it, and the guest, which
    // reads it, has not begun.
    let features = unsafe { &mut *features };
    *features &= !machine::missing(*features);
}

/// Whether a feature, by its number, is in a set.
fn has(features: u64, number: usize) -> bool {
    features >> number & 1 != 0
}

/// Those of the features that a test of one does not find.
#[cfg(not(target_arch = "riscv64"))]
fn without<T>(
    features: u64,
    checks: &[elfin_abi::cpu::Check<T>],
    mut is_there: impl FnMut(&T) -> bool,
) -> u64 {
    let mut missing = 0;
    for (number, check) in checks.iter().enumerate() {
        if has(features, number) && !is_there(&check.place) {
            missing |= 1 << number;
        }
    }
    missing
}

fn write(message: &mut Message, missing: u64) -> &mut Message {
    message.text("cannot start: this program was compiled for a CPU with ");
    let mut separator = "";
    for (number, check) in CHECKS.iter().enumerate() {
        if has(missing, number) {
            message.text(separator).text(check.title);
            separator = ", ";
        }
    }
    message.text(
        ", which this machine lacks; `elfin compile` without `--cpu` makes one that runs here",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::output::Stream;

    #[test]
    fn names_what_is_missing() {
        let mut message = Message::new(Stream::Error);
        let text = write(&mut message, 0b11).collected();
        let (first, second) = (CHECKS[0].title, CHECKS[1].title);
        assert!(
            text.contains(&std::format!("with {first}, {second}, which")),
            "{text}"
        );
    }

    #[test]
    fn keeps_what_it_finds() {
        let all = (1 << CHECKS.len()) - 1;
        let mut features = all;
        elfin_find_cpu((&raw mut features).expose_provenance() as u64);
        assert_eq!(features, all & !machine::missing(all));
    }

    #[test]
    fn asks_for_nothing_else() {
        assert_eq!(machine::missing(0), 0);
    }
}
