//! The second wall: what the kernel is asked to refuse, derived from what a program is linked with and granted. The first
//! is the code that the guest can't leave and the runtime that checks what it asks for; the second stands should the
//! first break.
//!
//! In come the functions that the program's code refers to, which are what the linker takes from the runtime; out goes a
//! seccomp filter that allows the system calls of these functions, with the arguments that they use. A program that
//! was granted no directory has no use for calls with paths.
//!
//! A call that is refused raises SIGSYS (`SECCOMP_RET_TRAP`), whose handler says which it was and ends the process. The
//! alternative, to kill it at once, would leave no word. Nothing is lost: the call is not made, the filter does not
//! allow another handler to be set, and a SIGSYS that is blocked or has no handler ends the process as well.

pub mod bpf;
pub mod calls;
mod filter;

pub use filter::{Filter, filter, number};

use crate::options::Grants;
use calls::{ALWAYS, BEFORE_THE_FILTER, Call, FUNCTIONS, INSERT};

/// What a program needs of the kernel.
pub struct Needs {
    /// The system calls.
    pub calls: Vec<Call>,
    /// Whether it resolves paths, which a filter can't tell apart: Landlock can.
    pub reaches_files: bool,
}

/// What a program needs that is linked with these functions, named as in [`FUNCTIONS`].
pub fn needs<'n>(functions: impl IntoIterator<Item = &'n str>, grants: &Grants) -> Needs {
    let mut needs = Needs {
        calls: ALWAYS.to_vec(),
        reaches_files: false,
    };
    for name in functions {
        if BEFORE_THE_FILTER.contains(&name) {
            continue;
        }
        if name.starts_with("path_") {
            // No descriptor of the guest's is a directory of the host's then, and the runtime asks that first.
            if grants.directories.is_empty() && !grants.more_at_start {
                // A file inside the executable takes room in the descriptor table, and nothing else.
                if !grants.embedded.is_empty() {
                    needs.add(INSERT);
                }
                continue;
            }
            needs.reaches_files = true;
        }
        let row = FUNCTIONS.iter().find(|(function, _)| *function == name);
        let (_, groups) = row.unwrap_or_else(|| panic!("no system calls are listed for `{name}`"));
        for group in *groups {
            needs.add(group);
        }
    }
    needs
}

impl Needs {
    fn add(&mut self, group: &[Call]) {
        for call in group {
            if !self.calls.contains(call) {
                self.calls.push(*call);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::Intrinsic;
    use elfin_abi::host::PREVIEW1;

    #[test]
    fn every_function_is_listed_once() {
        let intrinsics = Intrinsic::ALL.iter().map(|intrinsic| intrinsic.name());
        let names = PREVIEW1.iter().map(|function| function.name);
        for name in names.chain(intrinsics) {
            let rows = FUNCTIONS.iter().map(|(function, _)| function);
            let all = rows.chain(BEFORE_THE_FILTER);
            assert_eq!(all.filter(|listed| **listed == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn paths_need_a_directory() {
        let without = needs(["path_open", "fd_write"], &Grants::default());
        assert!(!without.reaches_files);
        assert!(without.calls.iter().all(|call| call.name != "openat"));
    }
}
