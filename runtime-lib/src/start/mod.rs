//! From the kernel's entry to the guest's.

mod process;

pub(crate) use process::process;
