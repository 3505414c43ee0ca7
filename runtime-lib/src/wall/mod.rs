//! The second wall: the kernel refuses what the program has no use for. Should code of the guest ever run out of its
//! memory or past a check, it can still do no more than the program was granted.
//!
//! In comes the [`Wall`] that the compiler derived. It is built when everything is open that the program was granted, and
//! before the guest, or any thread, runs: first Landlock, which takes system calls that the filter then refuses. Landlock
//! is left out where it would add nothing, which saves four system calls: a filter without paths confines more.
//!
//! What the kernel lacks is left out, unless it is required: then the program does not start. Lacking is any refusal: the
//! calls are missing (`ENOSYS`), switched off (`EOPNOTSUPP`), forbidden by an outer sandbox (`EPERM`), or nested too
//! deeply (`E2BIG`).
//!
//! Measured on x86-64, Linux 6.18, a virtual machine: four system calls and 26 us at start without directories, nine
//! and 40 us with one; 0.02 to 0.06 us for each system call.

mod landlock;
mod names;
mod refused;

use crate::message::Message;
use crate::program::elements;
use crate::start::refuse;
use crate::sys::{process, sandbox};
use elfin_abi::layout::Wall;

/// [`elfin_abi::host::intrinsic::WALL`].
#[allow(unsafe_code)]
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_wall(wall: &'static Wall) {
    let requires = |part| wall.required & part != 0;
    let may = sandbox::give_up_new_privileges().is_ok();
    let mut confined = None;
    if wall.reaches_files != 0 || requires(Wall::LANDLOCK) {
        confined = Some(may && landlock::confine());
    }
    let filtered = may && filter(wall);
    if !filtered && confined.is_none() {
        confined = Some(may && landlock::confine());
    }
    if requires(Wall::LANDLOCK) && confined != Some(true) {
        refuse_without("Landlock of version 2 or later (Linux 5.19)");
    }
    if requires(Wall::SECCOMP) && !filtered {
        refuse_without("seccomp filters");
    }
}

/// Filters the system calls; whether that is so from now on.
fn filter(wall: &'static Wall) -> bool {
    let mut filter = [0; Wall::MAX_FILTER];
    let instructions = elements(&wall.filter);
    for (to, from) in filter.iter_mut().zip(instructions) {
        *to = *from;
    }
    if let Some(instruction) = filter.get_mut(wall.process_id_at as usize) {
        *instruction |= u64::from(process::id()) << 32;
    }
    let Some(filter) = filter.get_mut(..instructions.len()) else {
        return false;
    };
    refused::report();
    sandbox::filter_calls(filter).is_ok()
}

#[cold]
fn refuse_without(what: &str) -> ! {
    let mut message = Message::error();
    message.text("cannot start: this program was compiled to run only where the kernel has ");
    message.text(what);
    message.text(", which it refuses here; compile it with `--kernel-sandbox=auto` to do without");
    refuse(&mut message)
}
