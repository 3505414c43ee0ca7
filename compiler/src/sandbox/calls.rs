//! The system calls that the runtime makes once the guest runs: one table from the function that a program is linked
//! with to the calls that its code may issue, with what their arguments must be.
//!
//! A function has all calls that its code contains, whether or not a kernel makes it use them (`openat2` and the walk
//! that replaces it). The suite `calls` disassembles the runtime and compares: a call too many fails as one too few.
//!
//! Numbers are those of `arch/x86/entry/syscalls/syscall_64.tbl` and of `include/uapi/asm-generic/unistd.h`, which
//! aarch64 and riscv64 use; [`NONE`] where a target's runtime does not make the call.

use elfin_abi::host::intrinsic;

/// A system call with what must hold of its arguments: one of the ways in which it may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: &'static str,
    /// Its number on x86-64, aarch64 and riscv64, the order of [`crate::Target::ALL`].
    pub numbers: [u32; 3],
    /// All of these must hold.
    pub checks: &'static [Check],
}

/// Something that must hold of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// The argument, from 0.
    pub argument: u32,
    /// What must hold.
    pub test: Test,
}

/// What must hold of an argument. The kernel takes descriptors, commands and flags as 32 bits, or has no flags above
/// them: so the low word counts, but for a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is this.
    Equal(u32),
    /// It has no other bits.
    Within(u32),
    /// It has these bits.
    Has(u32),
    /// It is the number of the process.
    ProcessId,
    /// It is null, all 64 bits.
    Null,
}

/// Not a call of this target.
pub const NONE: u32 = u32::MAX;

const fn call(name: &'static str, numbers: [u32; 3], checks: &'static [Check]) -> Call {
    Call {
        name,
        numbers,
        checks,
    }
}

const fn check(argument: u32, test: Test) -> Check {
    Check { argument, test }
}

use Test::{Equal, Has, Null, ProcessId, Within};

/// A descriptor, and not `AT_FDCWD`.
const DIRECTORY: Check = check(0, Within(0x7fff_ffff));

/// `PROT_READ | PROT_WRITE`: never executable.
const DATA: Check = check(2, Within(3));

const SIGILL: u32 = 4;
const SIGBUS: u32 = 7;
const SIGFPE: u32 = 8;
const SIGSEGV: u32 = 11;

/// `SIG_UNBLOCK`.
const UNBLOCK: Call = call("rt_sigprocmask", [14, 135, 135], &[check(0, Equal(1))]);
const RT_SIGACTION: [u32; 3] = [13, 134, 134];
const KILL: [u32; 3] = [62, 129, 129];
const FCNTL: [u32; 3] = [72, 25, 25];
const UTIMENSAT: [u32; 3] = [280, 88, 88];
const UNLINKAT: [u32; 3] = [263, 35, 35];

/// What every program needs: to end, to say why, to come back from a signal handler, and to go on after it was stopped.
pub const ALWAYS: &[Call] = &[
    call("exit_group", [231, 94, 94], &[]),
    call("rt_sigreturn", [15, 139, 139], &[]),
    call("restart_syscall", [219, 128, 128], &[]),
    call("write", [1, 64, 64], &[check(0, Equal(2))]),
    // The process dies of a trap signal that another process has sent.
    call("getpid", [39, 172, 172], &[]),
    call("rt_sigaction", RT_SIGACTION, &[check(0, Equal(SIGILL))]),
    call("rt_sigaction", RT_SIGACTION, &[check(0, Equal(SIGBUS))]),
    call("rt_sigaction", RT_SIGACTION, &[check(0, Equal(SIGFPE))]),
    call("rt_sigaction", RT_SIGACTION, &[check(0, Equal(SIGSEGV))]),
    call("kill", KILL, &[check(0, ProcessId)]),
];

const READV: Call = call("readv", [19, 65, 65], &[]);
const WRITEV: Call = call("writev", [20, 66, 66], &[]);
const PREADV: Call = call("preadv", [295, 69, 69], &[]);
const PWRITEV: Call = call("pwritev", [296, 70, 70], &[]);
const WRITE_OUTPUT: Call = call("write", [1, 64, 64], &[check(0, Equal(1))]);
const CLOSE: Call = call("close", [3, 57, 57], &[]);
const LSEEK: Call = call("lseek", [8, 62, 62], &[]);
const FSTAT: Call = call("fstat", [5, 80, 80], &[]);
const FSYNC: Call = call("fsync", [74, 82, 82], &[]);
const FDATASYNC: Call = call("fdatasync", [75, 83, 83], &[]);
const FTRUNCATE: Call = call("ftruncate", [77, 46, 46], &[]);
const FALLOCATE: Call = call("fallocate", [285, 47, 47], &[check(1, Equal(0))]);
const FADVISE: Call = call("fadvise64", [221, 223, 223], &[]);
const GETDENTS: Call = call("getdents64", [217, 61, 61], &[]);
const DUPLICATE: Call = call("fcntl", FCNTL, &[check(1, Equal(1030))]); // F_DUPFD_CLOEXEC
const GET_FLAGS: Call = call("fcntl", FCNTL, &[check(1, Equal(3))]); // F_GETFL
const SET_FLAGS: Call = call(
    "fcntl",
    FCNTL,
    &[check(1, Equal(4)), check(2, ANY_BUT_ASYNC)],
); // F_SETFL
/// No `O_ASYNC`, which sends signals.
const ANY_BUT_ASYNC: Test = Within(!0x2000);
/// `SOL_SOCKET`, `SO_TYPE`.
const SOCKET_TYPE: Call = call(
    "getsockopt",
    [55, 209, 209],
    &[check(1, Equal(1)), check(2, Equal(3))],
);
/// `FIONREAD`.
const READABLE: Call = call("ioctl", [16, 29, 29], &[check(1, Equal(0x541b))]);
const SET_TIMES: Call = call(
    "utimensat",
    UTIMENSAT,
    &[DIRECTORY, check(1, Null), check(3, Equal(0))],
);
/// `AT_SYMLINK_NOFOLLOW`.
const SET_TIMES_AT: Call = call("utimensat", UTIMENSAT, &[DIRECTORY, check(3, Equal(0x100))]);

/// `struct open_how` has 24 bytes.
const OPENAT2: Call = call("openat2", [437; 3], &[DIRECTORY, check(3, Equal(24))]);
/// `O_NOFOLLOW`.
const OPENAT: Call = call(
    "openat",
    [257, NONE, 56],
    &[DIRECTORY, check(2, Has(0x2_0000))],
);
const OPENAT_ARM: Call = call(
    "openat",
    [NONE, 56, NONE],
    &[DIRECTORY, check(2, Has(0x8000))],
);
const READLINKAT: Call = call("readlinkat", [267, 78, 78], &[DIRECTORY]);
const MKDIRAT: Call = call("mkdirat", [258, 34, 34], &[DIRECTORY]);
const UNLINK: Call = call("unlinkat", UNLINKAT, &[DIRECTORY, check(2, Equal(0))]);
/// `AT_REMOVEDIR`.
const RMDIR: Call = call("unlinkat", UNLINKAT, &[DIRECTORY, check(2, Equal(0x200))]);
const RENAMEAT: Call = call(
    "renameat",
    [264, 38, NONE],
    &[DIRECTORY, check(2, Within(0x7fff_ffff))],
);
const RENAMEAT2: Call = call(
    "renameat2",
    [NONE, NONE, 276],
    &[DIRECTORY, check(2, Within(0x7fff_ffff)), check(4, Equal(0))],
);
const LINKAT: Call = call(
    "linkat",
    [265, 37, 37],
    &[DIRECTORY, check(2, Within(0x7fff_ffff)), check(4, Equal(0))],
);
const SYMLINKAT: Call = call("symlinkat", [266, 36, 36], &[check(1, Within(0x7fff_ffff))]);

/// Private, anonymous, `MAP_NORESERVE` and `MAP_FIXED_NOREPLACE` perhaps.
const MMAP: Call = call(
    "mmap",
    [9, 222, 222],
    &[DATA, check(3, Has(0x22)), check(3, Within(0x10_4022))],
);
const MUNMAP: Call = call("munmap", [11, 215, 215], &[]);
const MPROTECT: Call = call("mprotect", [10, 226, 226], &[DATA]);

const CLOCK_GETTIME: Call = call("clock_gettime", [228, 113, 113], &[]);
const CLOCK_GETRES: Call = call("clock_getres", [229, 114, 114], &[]);
const PPOLL: Call = call("ppoll", [271, 73, 73], &[]);
/// `FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG`.
const FUTEX: Call = call("futex", [202, 98, 98], &[check(1, Equal(137))]);
const GETRANDOM: Call = call("getrandom", [318, 278, 278], &[check(2, Equal(0))]);
const SCHED_YIELD: Call = call("sched_yield", [24, 124, 124], &[]);
const ACCEPT: Call = call("accept4", [288, 242, 242], &[]);
const RECVMSG: Call = call("recvmsg", [47, 212, 212], &[]);
/// `MSG_NOSIGNAL`.
const SENDMSG: Call = call("sendmsg", [46, 211, 211], &[check(2, Equal(0x4000))]);
const SHUTDOWN: Call = call("shutdown", [48, 210, 210], &[]);

/// Entering a file into the descriptor table.
pub const INSERT: &[Call] = &[DUPLICATE, CLOSE, MMAP, MUNMAP];
/// Looking at a file.
const LOOK: &[Call] = &[FSTAT, SOCKET_TYPE];
/// Resolving a path by a walk.
const WALK: &[Call] = &[OPENAT, OPENAT_ARM, READLINKAT, CLOSE];
/// Resolving a path by whatever the kernel has.
const KERNEL: &[Call] = &[OPENAT2];

/// Functions of the compiler's own that have run when the filter is installed.
pub const BEFORE_THE_FILTER: &[&str] = &[
    intrinsic::CHECK_CPU,
    intrinsic::OPEN_DIRECTORY,
    intrinsic::OPEN_HOME_DIRECTORY,
    intrinsic::OPEN_EMBEDDED,
    intrinsic::LISTEN,
    intrinsic::INHERIT_ENVIRONMENT,
    intrinsic::MORE_DIRECTORIES,
    intrinsic::MORE_VARIABLES,
    intrinsic::MORE_LISTENERS,
    intrinsic::LIMIT_TIME,
    intrinsic::FIND_CPU,
    intrinsic::WALL,
];

/// The calls of each function: of a WASI function by its name, of the compiler's own ([`elfin_abi::host::intrinsic`]) by
/// its symbol. A function that is missing here and in [`BEFORE_THE_FILTER`] can't be linked with a wall.
pub const FUNCTIONS: &[(&str, &[&[Call]])] = &[
    ("args_get", &[]),
    ("args_sizes_get", &[]),
    ("environ_get", &[]),
    ("environ_sizes_get", &[]),
    ("clock_res_get", &[&[CLOCK_GETRES]]),
    ("clock_time_get", &[&[CLOCK_GETTIME]]),
    ("fd_advise", &[&[FADVISE]]),
    ("fd_allocate", &[&[FALLOCATE]]),
    ("fd_close", &[&[CLOSE, MUNMAP]]),
    ("fd_datasync", &[&[FDATASYNC]]),
    ("fd_fdstat_get", &[LOOK, &[LSEEK, GET_FLAGS]]),
    ("fd_fdstat_set_flags", &[&[GET_FLAGS, SET_FLAGS]]),
    ("fd_fdstat_set_rights", &[LOOK, &[LSEEK, GET_FLAGS]]),
    ("fd_filestat_get", &[LOOK]),
    ("fd_filestat_set_size", &[&[FTRUNCATE]]),
    ("fd_filestat_set_times", &[&[SET_TIMES]]),
    ("fd_pread", &[&[PREADV]]),
    ("fd_prestat_get", &[]),
    ("fd_prestat_dir_name", &[]),
    ("fd_pwrite", &[&[PWRITEV]]),
    ("fd_read", &[&[READV]]),
    ("fd_readdir", &[&[FSTAT, LSEEK, GETDENTS, MMAP, MUNMAP]]),
    ("fd_renumber", &[&[CLOSE, MUNMAP]]),
    ("fd_seek", &[&[FSTAT, LSEEK]]),
    ("fd_sync", &[&[FSYNC]]),
    ("fd_tell", &[&[FSTAT, LSEEK]]),
    ("fd_write", &[&[WRITEV]]),
    ("path_create_directory", &[KERNEL, WALK, &[MKDIRAT]]),
    ("path_filestat_get", &[KERNEL, WALK, LOOK]),
    ("path_filestat_set_times", &[WALK, &[SET_TIMES_AT]]),
    ("path_link", &[KERNEL, WALK, &[LINKAT]]),
    ("path_open", &[KERNEL, WALK, INSERT]),
    ("path_readlink", &[KERNEL, WALK]),
    ("path_remove_directory", &[KERNEL, WALK, &[RMDIR]]),
    ("path_rename", &[KERNEL, WALK, &[RENAMEAT, RENAMEAT2]]),
    ("path_symlink", &[KERNEL, WALK, &[SYMLINKAT]]),
    ("path_unlink_file", &[KERNEL, WALK, &[UNLINK]]),
    (
        "poll_oneoff",
        &[&[PPOLL, READABLE, CLOCK_GETTIME, MMAP, MUNMAP]],
    ),
    ("proc_exit", &[]),
    ("proc_raise", &[&[UNBLOCK]]),
    ("random_get", &[&[GETRANDOM]]),
    ("sched_yield", &[&[SCHED_YIELD]]),
    ("sock_accept", &[&[ACCEPT], INSERT]),
    ("sock_recv", &[&[RECVMSG, CLOSE]]),
    ("sock_send", &[&[SENDMSG]]),
    ("sock_shutdown", &[&[SHUTDOWN]]),
    ("elfin_memory_grow", &[&[MPROTECT, MMAP, MUNMAP]]),
    ("elfin_memory_wait32", &[&[FUTEX, CLOCK_GETTIME]]),
    ("elfin_memory_wait64", &[&[FUTEX, CLOCK_GETTIME]]),
    ("elfin_table_grow", &[]),
    ("elfin_table_fill", &[]),
    ("elfin_invoke", &[&[WRITE_OUTPUT]]),
    ("elfin_script", &[&[WRITE_OUTPUT]]),
    ("elfin_throw", &[&[MMAP, MUNMAP]]),
    ("elfin_throw_ref", &[]),
    // Part of a report, whose calls are allowed always.
    ("elfin_report_source", &[]),
    ("elfin_embedded", &[]),
    ("memmove", &[]),
    ("memset", &[]),
];
