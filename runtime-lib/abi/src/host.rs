//! The functions that the runtime offers to generated code, with their signatures.
//!
//! All use the C calling convention. A host function of WASI has the signature that the guest imports, preceded by a
//! `*const Memory` ([`crate::layout::Memory`]): the memory that its guest pointers refer to. Those stay integers.

/// The value types of a host function's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
}

/// A host function that a module can import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostFunction {
    /// The module name of the import.
    pub module: &'static str,
    /// The field name of the import.
    pub name: &'static str,
    /// The symbol that the runtime defines.
    pub symbol: &'static str,
    /// Parameters, without the memory.
    pub params: &'static [Type],
    /// Results: none or one.
    pub results: &'static [Type],
}

/// Passes the list of WASI preview 1 functions to the macro `$callback`. The order and the names are those of the
/// [specification](https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md).
#[macro_export]
macro_rules! preview1_functions {
    ($callback:ident) => {
        $callback! {
            args_get(argv: i32, argv_buf: i32) -> i32;
            args_sizes_get(count: i32, size: i32) -> i32;
            environ_get(environ: i32, environ_buf: i32) -> i32;
            environ_sizes_get(count: i32, size: i32) -> i32;
            clock_res_get(id: i32, resolution: i32) -> i32;
            clock_time_get(id: i32, precision: i64, time: i32) -> i32;
            fd_advise(fd: i32, offset: i64, len: i64, advice: i32) -> i32;
            fd_allocate(fd: i32, offset: i64, len: i64) -> i32;
            fd_close(fd: i32) -> i32;
            fd_datasync(fd: i32) -> i32;
            fd_fdstat_get(fd: i32, stat: i32) -> i32;
            fd_fdstat_set_flags(fd: i32, flags: i32) -> i32;
            fd_fdstat_set_rights(fd: i32, base: i64, inheriting: i64) -> i32;
            fd_filestat_get(fd: i32, stat: i32) -> i32;
            fd_filestat_set_size(fd: i32, size: i64) -> i32;
            fd_filestat_set_times(fd: i32, atim: i64, mtim: i64, flags: i32) -> i32;
            fd_pread(fd: i32, iovs: i32, iovs_len: i32, offset: i64, nread: i32) -> i32;
            fd_prestat_get(fd: i32, prestat: i32) -> i32;
            fd_prestat_dir_name(fd: i32, path: i32, path_len: i32) -> i32;
            fd_pwrite(fd: i32, iovs: i32, iovs_len: i32, offset: i64, nwritten: i32) -> i32;
            fd_read(fd: i32, iovs: i32, iovs_len: i32, nread: i32) -> i32;
            fd_readdir(fd: i32, buf: i32, buf_len: i32, cookie: i64, used: i32) -> i32;
            fd_renumber(fd: i32, to: i32) -> i32;
            fd_seek(fd: i32, offset: i64, whence: i32, position: i32) -> i32;
            fd_sync(fd: i32) -> i32;
            fd_tell(fd: i32, position: i32) -> i32;
            fd_write(fd: i32, iovs: i32, iovs_len: i32, nwritten: i32) -> i32;
            path_create_directory(fd: i32, path: i32, path_len: i32) -> i32;
            path_filestat_get(fd: i32, flags: i32, path: i32, path_len: i32, stat: i32) -> i32;
            path_filestat_set_times(fd: i32, flags: i32, path: i32, path_len: i32, atim: i64, mtim: i64, fst_flags: i32) -> i32;
            path_link(old_fd: i32, old_flags: i32, old_path: i32, old_path_len: i32, new_fd: i32, new_path: i32, new_path_len: i32) -> i32;
            path_open(fd: i32, dirflags: i32, path: i32, path_len: i32, oflags: i32, rights_base: i64, rights_inheriting: i64, fdflags: i32, opened: i32) -> i32;
            path_readlink(fd: i32, path: i32, path_len: i32, buf: i32, buf_len: i32, used: i32) -> i32;
            path_remove_directory(fd: i32, path: i32, path_len: i32) -> i32;
            path_rename(fd: i32, old_path: i32, old_path_len: i32, new_fd: i32, new_path: i32, new_path_len: i32) -> i32;
            path_symlink(old_path: i32, old_path_len: i32, fd: i32, new_path: i32, new_path_len: i32) -> i32;
            path_unlink_file(fd: i32, path: i32, path_len: i32) -> i32;
            poll_oneoff(subscriptions: i32, events: i32, count: i32, stored: i32) -> i32;
            proc_exit(code: i32);
            proc_raise(signal: i32) -> i32;
            random_get(buf: i32, buf_len: i32) -> i32;
            sched_yield() -> i32;
            sock_accept(fd: i32, flags: i32, accepted: i32) -> i32;
            sock_recv(fd: i32, data: i32, data_len: i32, flags: i32, received: i32, out_flags: i32) -> i32;
            sock_send(fd: i32, data: i32, data_len: i32, flags: i32, sent: i32) -> i32;
            sock_shutdown(fd: i32, how: i32) -> i32;
        }
    };
}

/// Passes the list of those functions of `wasi_unstable`, preview 1's forerunner, that differ from preview 1's of the
/// same name: in the numbers of `whence`, and the layouts of `filestat` and `subscription`.
#[macro_export]
macro_rules! unstable_functions {
    ($callback:ident) => {
        $callback! {
            fd_filestat_get(fd: i32, stat: i32) -> i32;
            fd_seek(fd: i32, offset: i64, whence: i32, position: i32) -> i32;
            path_filestat_get(fd: i32, flags: i32, path: i32, path_len: i32, stat: i32) -> i32;
            poll_oneoff(subscriptions: i32, events: i32, count: i32, stored: i32) -> i32;
        }
    };
}

/// The functions of preview 1 that `wasi_unstable` has not.
const NEW_IN_PREVIEW1: &[&str] = &["sock_accept"];

macro_rules! type_of {
    (i32) => {
        Type::I32
    };
    (i64) => {
        Type::I64
    };
}

macro_rules! describe {
    ($list:ident, $module:literal, $prefix:literal, $($name:ident($($param:ident: $type:ident),*) $(-> $result:ident)?;)*) => {
        const $list: &[HostFunction] = &[$(HostFunction {
            module: $module,
            name: stringify!($name),
            symbol: concat!($prefix, stringify!($name)),
            params: &[$(type_of!($type)),*],
            results: &[$(type_of!($result))?],
        }),*];
    };
}

macro_rules! describe_preview1 {
    ($($functions:tt)*) => {
        describe! { OF_PREVIEW1, "wasi_snapshot_preview1", "elfin_preview1_", $($functions)* }
    };
}

macro_rules! describe_unstable {
    ($($functions:tt)*) => {
        describe! { OF_UNSTABLE, "wasi_unstable", "elfin_unstable_", $($functions)* }
    };
}

preview1_functions!(describe_preview1);
unstable_functions!(describe_unstable);

/// The functions of WASI preview 1.
pub const PREVIEW1: &[HostFunction] = OF_PREVIEW1;

/// All functions that the runtime has: those of preview 1, then those that only `wasi_unstable` has. The number of a
/// host function is its place here.
pub const FUNCTIONS: &[HostFunction] = &{
    let mut all = [OF_PREVIEW1[0]; OF_PREVIEW1.len() + OF_UNSTABLE.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = match at < OF_PREVIEW1.len() {
            true => OF_PREVIEW1[at],
            false => OF_UNSTABLE[at - OF_PREVIEW1.len()],
        };
        at += 1;
    }
    all
};

/// The host function that an import names. What `wasi_unstable` has in common with preview 1 is preview 1's.
pub fn find(module: &str, name: &str) -> Option<&'static HostFunction> {
    let of = |module: &str| {
        FUNCTIONS
            .iter()
            .find(|function| function.module == module && function.name == name)
    };
    match module {
        "wasi_unstable" if NEW_IN_PREVIEW1.contains(&name) => None,
        "wasi_unstable" => of(module).or_else(|| of("wasi_snapshot_preview1")),
        _ => of(module),
    }
}

/// Functions of the runtime that generated code calls of its own accord.
pub mod intrinsic {
    /// `fn(memory: *mut Memory, pages: u64) -> u64`: the size before in pages, or -1.
    pub const MEMORY_GROW: &str = "elfin_memory_grow";
    /// `fn(word: *const u32, expected: u32, timeout: i64) -> u32`: 0 notified, 1 not equal, 2 timed out. The caller has
    /// checked the address. The timeout is in nanoseconds; a negative one never comes.
    pub const MEMORY_WAIT32: &str = "elfin_memory_wait32";
    /// `fn(word: *const u64, expected: u64, timeout: i64) -> u32`: likewise.
    pub const MEMORY_WAIT64: &str = "elfin_memory_wait64";
    /// `fn(table: *mut Table, elements: u64, value: u64) -> u64`: the number of elements before, or -1.
    pub const TABLE_GROW: &str = "elfin_table_grow";
    /// `fn(first: *mut u64, value: u64, elements: u64)`: the caller has checked the bounds.
    pub const TABLE_FILL: &str = "elfin_table_fill";
    /// `fn(invocation: *const Invocation)`: parses the arguments, calls, prints the results, each on a line.
    pub const INVOKE: &str = "elfin_invoke";
    /// `fn(script: *const Script)`: performs the steps and ends the process.
    pub const SCRIPT: &str = "elfin_script";
    /// `fn(features: u64)`: ends the process if the CPU lacks one, see [`crate::cpu`]. Called at start, where
    /// [`crate::layout::Program::check_cpu`] names it.
    pub const CHECK_CPU: &str = "elfin_check_cpu";
    /// Writes where the code of a reported frame comes from; the runtime alone knows its types. Called for a report,
    /// where [`crate::sources::Sources::report`] names it.
    pub const REPORT_SOURCE: &str = "elfin_report_source";
    /// A [`crate::layout::Preparation`], the last one: `fn(wall: *const Wall)` asks the kernel to refuse what the program
    /// has no use for.
    pub const WALL: &str = "elfin_wall";
    /// A [`crate::layout::Preparation`]: `fn(directory: *const Directory)` opens a granted directory.
    pub const OPEN_DIRECTORY: &str = "elfin_open_directory";
    /// The same, of a path below `$HOME`.
    pub const OPEN_HOME_DIRECTORY: &str = "elfin_open_home_directory";
    /// A [`crate::layout::Preparation`]: `fn(directory: *const EmbeddedDirectory)` gives the guest a directory inside
    /// the executable.
    pub const OPEN_EMBEDDED: &str = "elfin_open_embedded";
    /// `fn() -> *const ()`: what the runtime can do with [`crate::layout::Embedded`], a table of its own.
    pub const EMBEDDED: &str = "elfin_embedded";
    /// A [`crate::layout::Preparation`]: `fn(listener: *const Listener)` listens.
    pub const LISTEN: &str = "elfin_listen";
    /// A [`crate::layout::Preparation`]: `fn(hides_grants: u64)` grants all variables of the environment; unless the
    /// argument is 0, without those that are grants themselves.
    pub const INHERIT_ENVIRONMENT: &str = "elfin_inherit_environment";
    /// A [`crate::layout::Preparation`]: `fn(u64)` grants what [`crate::grant::DIRECTORIES`] says.
    pub const MORE_DIRECTORIES: &str = "elfin_more_directories";
    /// The same for [`crate::grant::VARIABLES`].
    pub const MORE_VARIABLES: &str = "elfin_more_variables";
    /// The same for [`crate::grant::LISTENERS`].
    pub const MORE_LISTENERS: &str = "elfin_more_listeners";
    /// A [`crate::layout::Preparation`]: `fn(milliseconds: u64)` lets the process end when so much time has passed.
    pub const LIMIT_TIME: &str = "elfin_limit_time";
    /// A [`crate::layout::Preparation`]: `fn(features: *mut u64)` removes from the features there those that the CPU lacks,
    /// see [`crate::cpu`]. One that can't be known stays, so only what every CPU of the target tells of is looked for.
    pub const FIND_CPU: &str = "elfin_find_cpu";
    /// `fn(exceptions: *const Exceptions, tag: u64) -> !`: throws a new exception, whose values lie at
    /// [`crate::exception::Exceptions::payload`]. The convention is Cranelift's `tail`.
    pub const THROW: &str = "elfin_throw";
    /// `fn(exceptions: *const Exceptions, exception: u64) -> !`: throws an exception again, which is not null.
    /// Likewise.
    pub const THROW_REF: &str = "elfin_throw_ref";
    /// C's `memmove`; the caller has checked the bounds.
    pub const MEMMOVE: &str = "memmove";
    /// C's `memset`; the caller has checked the bounds.
    pub const MEMSET: &str = "memset";
}
