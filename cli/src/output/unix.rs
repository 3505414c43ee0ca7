//! What Unix has of its own: permissions of a new file, and signals that end the process.

use super::Kind;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use tempfile::Builder;

/// The temporary file gets the mode that the result shall have; the kernel subtracts the umask.
pub(super) fn permit<'a, 'b>(
    builder: &'a mut Builder<'b, 'b>,
    kind: Kind,
) -> &'a mut Builder<'b, 'b> {
    builder.permissions(Permissions::from_mode(match kind {
        Kind::Executable => 0o777,
        Kind::Binary | Kind::Text => 0o666,
    }))
}

/// From now on a signal that ends the process calls `clean` first. It stays so until the process ends.
pub(super) fn watch_for_end<T>(clean: fn() -> T) -> io::Result<()>
where
    T: 'static,
{
    // With a handler, a write beyond `ulimit -f` is an error that can be told; without one, the end of the process.
    signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    let ignored = ignored_signals();
    let ending: Vec<i32> = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
        .into_iter()
        .filter(|signal| ignored & 1 << (signal - 1) == 0)
        .collect();
    let mut signals = Signals::new(ending)?;
    thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                let _kept = clean();
                // Ends as the signal would have ended it, so that a shell's loop stops on Ctrl-C.
                let _ = emulate_default_handler(signal);
            }
        })?;
    Ok(())
}

/// The signals that this process was started to ignore, as `nohup` does: they must stay ignored. One bit a signal.
/// Where `/proc` is missing, none is known to be.
fn ignored_signals() -> u64 {
    fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
