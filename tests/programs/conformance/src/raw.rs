//! The 46 functions of preview 1 as a module imports them. Each can be made to lie, so that the suite can show that
//! some case notices.

use std::cell::RefCell;

/// What one of the functions does instead of its work.
#[derive(Clone, PartialEq)]
pub enum Lie {
    /// Nothing, and says that it was done.
    Idle(String),
    /// Nothing, and says that there is no such function.
    Absent(String),
}

thread_local! {
    static LIE: RefCell<Option<Lie>> = const { RefCell::new(None) };
}

const SUCCESS: i32 = 0;
const NOSYS: i32 = 52;

/// Makes a function lie from now on.
pub fn tell(lie: Lie) {
    LIE.set(Some(lie));
}

/// What a function says without having done anything, if it is the one that lies.
fn lie(function: &str) -> Option<i32> {
    LIE.with_borrow(|lie| match lie {
        Some(Lie::Idle(name)) if name == function => Some(SUCCESS),
        Some(Lie::Absent(name)) if name == function => Some(NOSYS),
        _ => None,
    })
}

macro_rules! functions {
    ($($name:ident($($parameter:ident: $type:ty),*);)*) => {
        mod imports {
            #[link(wasm_import_module = "wasi_snapshot_preview1")]
            unsafe extern "C" {
                $(pub fn $name($($parameter: $type),*) -> i32;)*
            }
        }
        $(
            #[allow(clippy::too_many_arguments)]
            pub fn $name($($parameter: $type),*) -> i32 {
                // The runtime checks each pointer; the buffers behind them are the callers' own.
                lie(stringify!($name)).unwrap_or_else(|| unsafe { imports::$name($($parameter),*) })
            }
        )*
    };
}

functions! {
    args_get(argv: usize, buffer: usize);
    args_sizes_get(count: usize, size: usize);
    environ_get(environ: usize, buffer: usize);
    environ_sizes_get(count: usize, size: usize);
    clock_res_get(id: u32, resolution: usize);
    clock_time_get(id: u32, precision: u64, time: usize);
    fd_advise(fd: u32, offset: u64, len: u64, advice: u32);
    fd_allocate(fd: u32, offset: u64, len: u64);
    fd_close(fd: u32);
    fd_datasync(fd: u32);
    fd_fdstat_get(fd: u32, stat: usize);
    fd_fdstat_set_flags(fd: u32, flags: u32);
    fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
    fd_filestat_get(fd: u32, stat: usize);
    fd_filestat_set_size(fd: u32, size: u64);
    fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32);
    fd_pread(fd: u32, iovs: usize, count: usize, offset: u64, read: usize);
    fd_prestat_get(fd: u32, prestat: usize);
    fd_prestat_dir_name(fd: u32, path: usize, len: usize);
    fd_pwrite(fd: u32, iovs: usize, count: usize, offset: u64, written: usize);
    fd_read(fd: u32, iovs: usize, count: usize, read: usize);
    fd_readdir(fd: u32, buffer: usize, len: usize, cookie: u64, used: usize);
    fd_renumber(fd: u32, to: u32);
    fd_seek(fd: u32, offset: i64, whence: u32, position: usize);
    fd_sync(fd: u32);
    fd_tell(fd: u32, position: usize);
    fd_write(fd: u32, iovs: usize, count: usize, written: usize);
    path_create_directory(fd: u32, path: usize, len: usize);
    path_filestat_get(fd: u32, flags: u32, path: usize, len: usize, stat: usize);
    path_filestat_set_times(fd: u32, flags: u32, path: usize, len: usize, accessed: u64, modified: u64, times: u32);
    path_link(from: u32, flags: u32, old: usize, old_len: usize, to: u32, new: usize, new_len: usize);
    path_open(fd: u32, lookup: u32, path: usize, len: usize, oflags: u32, base: u64, inheriting: u64, fdflags: u32, opened: usize);
    path_readlink(fd: u32, path: usize, len: usize, buffer: usize, size: usize, used: usize);
    path_remove_directory(fd: u32, path: usize, len: usize);
    path_rename(from: u32, old: usize, old_len: usize, to: u32, new: usize, new_len: usize);
    path_symlink(text: usize, text_len: usize, fd: u32, path: usize, len: usize);
    path_unlink_file(fd: u32, path: usize, len: usize);
    poll_oneoff(subscriptions: usize, events: usize, count: usize, stored: usize);
    proc_raise(signal: u32);
    random_get(buffer: usize, len: usize);
    sched_yield();
    sock_accept(fd: u32, flags: u32, accepted: usize);
    sock_recv(fd: u32, data: usize, count: usize, flags: u32, received: usize, out_flags: usize);
    sock_send(fd: u32, data: usize, count: usize, flags: u32, sent: usize);
    sock_shutdown(fd: u32, how: u32);
}

/// `proc_exit`, which does not come back and so is tested by what the suite sees.
pub fn proc_exit(status: u32) -> ! {
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        fn proc_exit(status: u32) -> !;
    }
    if lie("proc_exit").is_some() {
        loop {}
    }
    // It touches no memory.
    unsafe { proc_exit(status) }
}
