//! What a process asks of the kernel to give up rights for good: seccomp filters and Landlock.
//!
//! # Safety
//!
//! The structures live until the system call returns, which copies them, and touches no other memory.
#![allow(unsafe_code)]

use super::file::{AsRawFd, BorrowedFd, Errno, FromRawFd, OwnedFd};
use crate::arch::system_call;
use core::ptr::from_ref;
use linux_raw_sys::general as linux;
use linux_raw_sys::landlock::{
    LANDLOCK_CREATE_RULESET_VERSION, landlock_path_beneath_attr, landlock_rule_type,
};
use linux_raw_sys::ptrace::{SECCOMP_SET_MODE_FILTER, sock_filter, sock_fprog};

pub(crate) use linux_raw_sys::landlock::landlock_ruleset_attr as Handled;

const _: () = assert!(size_of::<sock_filter>() == size_of::<u64>());

/// Gives up that `execve` could grant more rights, which a process must before it can filter or restrict itself.
pub(crate) fn give_up_new_privileges() -> Result<(), Errno> {
    rustix::thread::set_no_new_privs(true)
}

/// Filters all further system calls; each word is a `struct sock_filter`.
pub(crate) fn filter_calls(filter: &mut [u64]) -> Result<(), Errno> {
    let program = sock_fprog {
        len: filter.len() as u16,
        filter: filter.as_mut_ptr().cast(),
    };
    let program = from_ref(&program).expose_provenance();
    let mode = SECCOMP_SET_MODE_FILTER as usize;
    // SAFETY: see above.
    result(unsafe { system_call(linux::__NR_seccomp, [mode, 0, program, 0]) })?;
    Ok(())
}

/// The version of Landlock that the kernel has.
pub(crate) fn landlock_version() -> Result<usize, Errno> {
    let flags = LANDLOCK_CREATE_RULESET_VERSION as usize;
    // SAFETY: no memory is involved.
    result(unsafe { system_call(linux::__NR_landlock_create_ruleset, [0, 0, flags, 0]) })
}

/// A set of rules for these kinds of access. The kernel knows the first `size` bytes of the structure.
pub(crate) fn create_ruleset(handled: &Handled, size: usize) -> Result<OwnedFd, Errno> {
    let arguments = [from_ref(handled).expose_provenance(), size, 0, 0];
    // SAFETY: see above.
    let fd = result(unsafe { system_call(linux::__NR_landlock_create_ruleset, arguments) })?;
    // SAFETY: the kernel has just opened it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

/// Adds the rule that allows these kinds of access beneath a directory.
pub(crate) fn allow_beneath(
    ruleset: BorrowedFd<'_>,
    directory: BorrowedFd<'_>,
    allowed: u64,
) -> Result<(), Errno> {
    let rule = landlock_path_beneath_attr {
        allowed_access: allowed,
        parent_fd: directory.as_raw_fd(),
    };
    let kind = landlock_rule_type::LANDLOCK_RULE_PATH_BENEATH as usize;
    let rule = from_ref(&rule).expose_provenance();
    let arguments = [ruleset.as_raw_fd() as usize, kind, rule, 0];
    // SAFETY: see above.
    result(unsafe { system_call(linux::__NR_landlock_add_rule, arguments) })?;
    Ok(())
}

/// Forbids this process what the rules handle and don't allow.
pub(crate) fn restrict(ruleset: BorrowedFd<'_>) -> Result<(), Errno> {
    let arguments = [ruleset.as_raw_fd() as usize, 0, 0, 0];
    // SAFETY: no memory is involved.
    result(unsafe { system_call(linux::__NR_landlock_restrict_self, arguments) })?;
    Ok(())
}

fn result(value: isize) -> Result<usize, Errno> {
    usize::try_from(value).map_err(|_| Errno::from_raw_os_error(-value as i32))
}
