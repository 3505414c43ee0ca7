//! The names of system calls that a filter may refuse: those that the runtime can make, which it then does by mistake, and
//! those that an intruder would try first. Others are reported by their numbers.

use linux_raw_sys::general as linux;

macro_rules! names {
    ($($constant:ident $name:literal,)*) => {
        /// The name of a system call, if it is one of these.
        pub(super) fn name(number: u32) -> Option<&'static str> {
            match number {
                $(linux::$constant => Some($name),)*
                _ => None,
            }
        }
    };
}

names! {
    __NR_bind "bind",
    __NR_bpf "bpf",
    __NR_clone "clone",
    __NR_clone3 "clone3",
    __NR_connect "connect",
    __NR_execve "execve",
    __NR_execveat "execveat",
    __NR_fchmodat "fchmodat",
    __NR_fcntl "fcntl",
    __NR_io_uring_setup "io_uring_setup",
    __NR_ioctl "ioctl",
    __NR_kill "kill",
    __NR_linkat "linkat",
    __NR_memfd_create "memfd_create",
    __NR_mkdirat "mkdirat",
    __NR_mmap "mmap",
    __NR_mount "mount",
    __NR_mprotect "mprotect",
    __NR_openat "openat",
    __NR_openat2 "openat2",
    __NR_prctl "prctl",
    __NR_process_vm_readv "process_vm_readv",
    __NR_process_vm_writev "process_vm_writev",
    __NR_ptrace "ptrace",
    __NR_read "read",
    __NR_renameat2 "renameat2",
    __NR_rt_sigaction "rt_sigaction",
    __NR_sendmsg "sendmsg",
    __NR_sendto "sendto",
    __NR_setsockopt "setsockopt",
    __NR_setuid "setuid",
    __NR_socket "socket",
    __NR_symlinkat "symlinkat",
    __NR_unlinkat "unlinkat",
    __NR_unshare "unshare",
    __NR_utimensat "utimensat",
    __NR_write "write",
}
