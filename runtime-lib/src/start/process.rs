//! What the kernel handed over at the start, and the program that the executable holds: read by every part of the
//! runtime through [`process`].
//!
//! Before [`Process::set`] the process has no arguments, no environment and an empty program, so that nothing here
//! can be read too early.
//!
//! ```text
//! stack -> argc
//!          argv[0] ... argv[argc - 1], 0
//!          envp[0] ..., 0
//!          (type, value) ..., (AT_NULL, 0)
//! ```
//!
//! # Safety
//!
//! The stack that the kernel set up is never written to and never unmapped, so references into it are `'static`.
#![allow(unsafe_code)]

use core::ffi::CStr;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};
use elfin_abi::layout::Program;
use linux_raw_sys::auxvec::AT_SECURE;

/// The state of the process that does not change after the start.
pub(crate) struct Process {
    stack: AtomicPtr<usize>,
    program: AtomicPtr<Program>,
}

static PROCESS: Process = Process {
    stack: AtomicPtr::new(null_mut()),
    program: AtomicPtr::new(null_mut()),
};

// SAFETY: all its fields are integers, and spans without elements.
static NO_PROGRAM: Program = unsafe { core::mem::zeroed() };

/// This process.
pub(crate) fn process() -> &'static Process {
    &PROCESS
}

impl Process {
    /// Records the initial stack and the program; called once, before anything reads them.
    ///
    /// # Safety
    ///
    /// `stack` is the stack pointer that the kernel started the process with.
    pub(crate) unsafe fn set(&self, stack: *const usize, program: &'static Program) {
        self.stack.store(stack.cast_mut(), Ordering::Relaxed);
        let program = core::ptr::from_ref(program).cast_mut();
        self.program.store(program, Ordering::Relaxed);
    }

    /// The stack pointer that the kernel started the process with.
    pub(crate) fn stack_pointer(&self) -> usize {
        self.stack.load(Ordering::Relaxed).addr()
    }

    /// The program that the executable holds.
    pub(crate) fn program(&self) -> &'static Program {
        let program = self.program.load(Ordering::Relaxed);
        // SAFETY: null or the reference that `set` was given.
        unsafe { program.as_ref() }.unwrap_or(&NO_PROGRAM)
    }

    /// The arguments, the first being the name that the program was called by.
    pub(crate) fn arguments(&self) -> Strings {
        // SAFETY: the word after argc is argv[0] or argv's end.
        unsafe { self.strings(1) }
    }

    /// The environment, each `NAME=VALUE`.
    pub(crate) fn environment(&self) -> Strings {
        let count = self.arguments().count();
        // SAFETY: argc and argv's closing null are followed by the environment.
        unsafe { self.strings(1 + count + 1) }
    }

    /// The environment's `NAME=VALUE` of this name.
    pub(crate) fn variable(&self, name: &[u8]) -> Option<&'static [u8]> {
        let mut variables = self.environment().map(CStr::to_bytes);
        variables.find(|text| is_of(text, name))
    }

    /// Whether the process has rights that its caller has not, so that the caller's environment is not to be trusted:
    /// `AT_SECURE`.
    pub(crate) fn is_secure(&self) -> bool {
        self.auxiliary(AT_SECURE as usize)
            .is_some_and(|secure| secure != 0)
    }

    /// The environment as the kernel wrote it, followed by the auxiliary vector: what rustix asks for.
    #[cfg(elfin_archive)]
    pub(crate) fn environment_array(&self) -> *mut *mut u8 {
        self.environment().next.cast_mut().cast()
    }

    /// The value of an entry of the auxiliary vector.
    pub(crate) fn auxiliary(&self, kind: usize) -> Option<usize> {
        let mut environment = self.environment();
        environment.by_ref().for_each(drop);
        let mut entry = environment.next;
        if entry.is_null() {
            return None;
        }
        loop {
            // SAFETY: the vector begins behind the environment's closing null and has not ended yet.
            let (found, value) = unsafe {
                entry = entry.add(2);
                (*entry.sub(1), *entry)
            };
            match found {
                0 => return None,
                _ if found == kind => return Some(value),
                _ => {}
            }
        }
    }

    /// The strings whose array begins at this word of the initial stack.
    ///
    /// # Safety
    ///
    /// The word is the first of `argv` or of `envp`.
    unsafe fn strings(&self, word: usize) -> Strings {
        let stack = self.stack.load(Ordering::Relaxed).cast_const();
        let next = if stack.is_null() {
            stack
        } else {
            // SAFETY: as the caller promises.
            unsafe { stack.add(word) }
        };
        Strings { next }
    }
}

/// Whether a `NAME=VALUE` is of this name.
pub(crate) fn is_of(text: &[u8], name: &[u8]) -> bool {
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| rest.first() == Some(&b'='))
}

/// The strings of a null-terminated array on the initial stack.
#[derive(Clone)]
pub(crate) struct Strings {
    /// The word that holds the next string; null when there is no array.
    next: *const usize,
}

impl Iterator for Strings {
    type Item = &'static CStr;

    fn next(&mut self) -> Option<&'static CStr> {
        if self.next.is_null() {
            return None;
        }
        // SAFETY: the array has not ended yet.
        let string = unsafe { *self.next };
        if string == 0 {
            return None;
        }
        // SAFETY: the kernel wrote the array, of addresses of null-terminated strings on the same stack.
        unsafe {
            self.next = self.next.add(1);
            Some(CStr::from_ptr(core::ptr::with_exposed_provenance(string)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_kernel_wrote() {
        let words = [
            2,
            c"app".as_ptr().addr(),
            c"--all".as_ptr().addr(),
            0,
            c"HOME=/".as_ptr().addr(),
            0,
            6,
            4096,
            51,
            3632,
            0,
            0,
        ];
        let process = Process {
            stack: AtomicPtr::new(words.as_ptr().cast_mut()),
            program: AtomicPtr::new(null_mut()),
        };
        assert!(process.arguments().eq([c"app", c"--all"]));
        assert!(process.environment().eq([c"HOME=/"]));
        assert_eq!(process.auxiliary(6), Some(4096));
        assert_eq!(process.auxiliary(51), Some(3632));
        assert_eq!(process.auxiliary(3), None);
        assert_eq!(process.variable(b"HOME"), Some(&b"HOME=/"[..]));
        assert_eq!(process.variable(b"HOM"), None);
        assert!(!process.is_secure());
    }

    #[test]
    fn a_name_is_all_of_the_name() {
        assert!(is_of(b"HOME=/root", b"HOME"));
        assert!(is_of(b"HOME=", b"HOME"));
        assert!(!is_of(b"HOMEDIR=/root", b"HOME"));
        assert!(!is_of(b"HOME", b"HOME"));
        assert!(!is_of(b"HO=/root", b"HOME"));
    }

    #[test]
    fn the_kernel_says_whose_rights_these_are() {
        for (value, secure) in [(0, false), (1, true)] {
            let words = [0, 0, 0, AT_SECURE as usize, value, 0, 0];
            let process = Process {
                stack: AtomicPtr::new(words.as_ptr().cast_mut()),
                program: AtomicPtr::new(null_mut()),
            };
            assert_eq!(process.is_secure(), secure);
        }
    }

    #[test]
    fn is_empty_before_the_start() {
        let process = Process {
            stack: AtomicPtr::new(null_mut()),
            program: AtomicPtr::new(null_mut()),
        };
        assert_eq!(process.arguments().count(), 0);
        assert_eq!(process.environment().count(), 0);
        assert_eq!(process.auxiliary(6), None);
        assert_eq!(process.program().chunks.len, 0);
    }
}
